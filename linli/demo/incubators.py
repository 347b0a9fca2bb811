"""The incubator of the demonstration: who is in, who applied, what became of those who left."""

from datetime import date, time, timedelta
from typing import Final

from linli.demo.days import at
from linli.demo.homes import estate_of_the_walk
from linli.demo.society import Society
from linli.facilities.actions import keeping
from linli.incubators import actions
from linli.incubators.models import Tenancy
from linli.lib import clock
from linli.people.actors import SYSTEM, Actor, as_resident
from linli.places.models import Kind

# name, field, people, desks, may be named, months since moving in, how it ended
TEAMS: Final = (
    ("小满农机", "丘陵小农机", 9, 6, True, 46, "graduated"),
    ("青杉软件", "园区软件", 6, 4, True, 34, "graduated"),
    ("云上茶事", "茶叶电商", 3, 2, False, 26, "left"),
    ("南山竹构", "竹材新用法", 5, 4, True, 14, ""),
    ("慢病小助手", "社区健康服务", 4, 3, False, 8, ""),
    ("碳循环实验室", "秸秆利用", 7, 5, True, 3, ""),
)
STAY: Final = 8  # months until those who left did so
DESKS: Final = 30
MONTH: Final = timedelta(days=30)
DAY: Final = timedelta(days=1)


def settle(society: Society, today: date) -> None:
    """A house at the walk's home, kept by the town, with four years of teams; one team applies."""
    home = society.ground.places[str(estate_of_the_walk()["village"])]
    town = next(place for place in home.ancestors() if place.kind == Kind.TOWN)
    office = society.unit("town-office", town)
    keeper = society.staff[office.pk][0]
    assert home.lon is not None
    assert home.lat is not None
    facility = keeping.open_facility(
        "incubator", code="incubator-yanshan", name="燕山“三合一”孵化器",
        name_en="Yanshan Three-in-one Incubator", organisation=office, place=home,
        lon=home.lon, lat=home.lat, by=SYSTEM, services=["branch", "maker-space", "service-desk"],
        floor_area=1800, valid_from=society.since,
    )  # fmt: skip
    site = actions.set_up(facility, DESKS, by=SYSTEM)
    for name, field, people, desks, named, months, ended in TEAMS:
        with clock.moved_to(at(today - months * MONTH, time(9))):
            row = actions.apply(site, name=name, field=field, people=people, desks=desks,
                                named=named, by=as_resident(society.person()))  # fmt: skip
            actions.admit(row, by=keeper)
            actions.begin(row, by=keeper)
        _go_on(row, today - months * MONTH, today, ended, keeper)
    waits = as_resident(society.cast["resident"])
    actions.apply(site, name="桃花小厨", field="预制素菜", people=2, desks=2, named=True, by=waits)
    with clock.moved_to(at(today - DAY, time(9))):
        for n, (service, times) in enumerate((("law", 14), ("funding", 9), ("hiring", 21))):
            day = today.replace(day=1) - (n + 1) * MONTH
            actions.count_use(site, service, day, times, by=keeper)


def _go_on(row: Tenancy, since: date, today: date, ended: str, keeper: Actor) -> None:
    """A project, the reviews of every half year, and the end."""
    with clock.moved_to(at(since + 2 * MONTH, time(10))):
        project = actions.sign(row, f"{row.field}试点", clock.today(), by=keeper)
    with clock.moved_to(at(min(today - DAY, since + 5 * MONTH), time(10))):
        actions.advance(project, clock.today(), by=keeper)
        project.refresh_from_db()
        if not ended:
            actions.look(row, goes_on=True, by=keeper)
    if not ended:
        return
    with clock.moved_to(at(since + STAY * MONTH, time(10))):
        if ended == "graduated":
            actions.advance(project, clock.today(), by=keeper)
        words = "项目已经独立运营。" if ended == "graduated" else "团队散了。"
        actions.end(row, graduated=ended == "graduated", reason=words, by=keeper)
    with clock.moved_to(at(since + (STAY + 13) * MONTH, time(10))):
        if ended == "graduated":
            actions.ask_after(row, 1, exists=True, by=keeper)
