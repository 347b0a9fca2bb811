"""What is on in the demonstration: series of all kinds, people who come, homes that agree."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from linli import playbook
from linli.activities import homes
from linli.activities.actions import enrolling, planning, rounds, seats, standing
from linli.activities.models import Home, Occurrence, Series
from linli.demo.days import at
from linli.demo.homes import estate_of_the_walk
from linli.demo.invented import table
from linli.demo.stories.scene import Scene
from linli.people.actors import Actor, as_resident, under
from linli.people.models import Appointment, Organisation, User
from linli.places.models import VILLAGES, Kind, Place

STALLS = ("civil-affairs", "human-resources", "health", "market-supervision")
ROUND = 6  # homes of a morning, as in the walk of the volunteer
TEAM = 7  # people who come to more than one thing


@dataclass
class Ground:
    """Who and where, as all stories of what is on use it."""

    scene: Scene
    today: date
    village: Place = field(init=False)
    town: Place = field(init=False)
    committee: Organisation = field(init=False)
    manager: Actor = field(init=False)
    host: Actor = field(init=False)
    visitor: Actor = field(init=False)
    keeper: Actor = field(init=False)
    office: Organisation = field(init=False)
    company: Organisation = field(init=False)
    clerk: Actor = field(init=False)
    line: Place = field(init=False)

    def __post_init__(self) -> None:
        society = self.scene.society
        places = society.ground.places
        self.village = places[str(estate_of_the_walk()["village"])]
        self.town = next(p for p in self.village.ancestors() if p.kind == Kind.TOWN)
        self.committee = society.committee(self.village)
        self.manager = society.roles["manager"]
        self.host = society.staff[self.committee.pk][0]
        self.office = society.unit("town-office", self.town)
        county = society.ground.of_kind(Kind.COUNTY)[0]
        self.company = society.unit("bus-company", county)
        self.clerk = society.staff[self.company.pk][0]
        self.keeper = society.roles["volunteer"]
        self.line = society.ground.of_kind(Kind.LINE)[0]

    @property
    def volunteer(self) -> User:
        """The one who walks the walk of the volunteer."""
        return self.scene.society.cast["volunteer"]

    def words(self, name: str) -> list[Any]:
        return list(table("activities")[name])

    def phrase(self, name: str) -> str:
        return str(table("activities")[name])


def plan(ground: Ground) -> None:
    """Everything that was arranged before the month begins."""
    _posts(ground)
    _in_the_community(ground)
    _stalls(ground)
    _on_the_lines(ground)
    _people(ground)
    _homes(ground)


def _posts(ground: Ground) -> None:
    """The volunteer visits homes and keeps a stall as well; departments have keepers."""
    society, volunteer = ground.scene.society, ground.volunteer
    ground.visitor = society.hold("visitor", ground.committee, volunteer)
    society.hold("stall-keeper", ground.office, volunteer)
    society.hold("team-lead", ground.committee, society.person())
    for kind in STALLS:
        unit = next((u for (k, _p), u in society.units.items() if k == kind), None)
        if unit is not None:
            society.hold("stall-keeper", unit, society.person())
    society.hold("service-driver", ground.company, society.person("老杜"), place=ground.line)


def _series(ground: Ground, kind: str, unit: Organisation, place: Place, first: date,
            hour: time, rrule: str, by: Actor, **more: Any) -> Series:  # fmt: skip
    return planning.plan_series(
        kind=kind, organisation=unit, place=place, first_on=first, begins=hour, rrule=rrule,
        by=by, **more,
    )  # fmt: skip


def _in_the_community(ground: Ground) -> None:
    start = ground.scene.society.since + timedelta(days=6)
    common = (ground.committee, ground.village)
    theme = ground.words("theme")[0]
    _series(ground, "theme-day", *common, start, time(9), "FREQ=MONTHLY;BYDAY=2SA,4SA",
            ground.manager, title=theme[0], spot=theme[2], note=theme[3],
            seats={"volunteer": {"seats": 8, "standby": 3}})  # fmt: skip
    for n, (title, spot) in enumerate(ground.words("duty")):
        _series(ground, "standing-duty", *common, start + timedelta(days=n), time(15, 30),
                f"FREQ=WEEKLY;BYDAY={('MO', 'WE', 'FR')[n]}", ground.manager, title=title,
                spot=spot)  # fmt: skip
    _series(ground, "community-service", *common, start, time(14), "FREQ=MONTHLY;BYDAY=1SU,3SU",
            ground.manager, spot="社区服务站")  # fmt: skip
    _series(ground, "team-visit", *common, start, time(9), "FREQ=MONTHLY;BYDAY=2WE,4WE",
            ground.manager, spot="小区东门")  # fmt: skip
    _series(ground, "civic-talk", *common, start, time(19), "FREQ=MONTHLY;BYDAY=1TH,3TH",
            ground.manager, spot="文化活动室")  # fmt: skip
    house = ground.scene.society.ground.places[f"{ground.village.code}-b7"]
    _series(ground, "steward-round", ground.committee, house, start, time(17),
            "FREQ=MONTHLY;BYDAY=2TU", ground.manager)  # fmt: skip


def _stalls(ground: Ground) -> None:
    """Each department on its own weekday, from square to square of four villages."""
    society = ground.scene.society
    start = society.since + timedelta(days=6)
    villages = [ground.village, *(v for v in society.ground.inside(ground.town, *VILLAGES)
                                  if v != ground.village)][:4]  # fmt: skip
    squares = ground.words("square")
    turns = [(village, squares[n % len(squares)]) for n, village in enumerate(villages)]
    units = [u for (kind, _p), u in society.units.items() if kind in STALLS]
    for n, unit in enumerate(units):
        by = society.staff[unit.pk][0]
        _series(ground, "square-stall", unit, unit.place, start + timedelta(days=n), time(9),
                f"FREQ=WEEKLY;BYDAY={('MO', 'TU', 'WE', 'TH', 'FR')[n % 5]}", by,
                turns=turns[n % len(turns) :] + turns[: n % len(turns)])  # fmt: skip


def _on_the_lines(ground: Ground) -> None:
    start = ground.scene.society.since + timedelta(days=6)
    for n, line in enumerate(ground.scene.society.ground.of_kind(Kind.LINE)[:2]):
        _series(ground, "empty-the-box", ground.company, line, start, time(16, n * 30),
                "FREQ=WEEKLY;BYDAY=FR", ground.clerk)  # fmt: skip


def _people(ground: Ground) -> None:
    """Some hold a role each time, some registered, some come to what is next."""
    society = ground.scene.society
    team = [as_resident(user) for user in society.volunteers[:TEAM]]
    for series, person in zip(
        Series.objects.filter(kind="standing-duty").order_by("made_at"), team, strict=False
    ):
        standing.claim(series, "keeper", by=person)
    units = [u for (kind, _p), u in society.units.items() if kind in STALLS] or [ground.office]
    for n, person in enumerate(team):
        row = enrolling.enrol(kind="community-service", organisation=ground.committee, by=person,
                              unit=units[0], tell_unit=n < 6)  # fmt: skip
        if n < TEAM - 1:
            enrolling.confirm(row, by=ground.manager)
    kinds = playbook.current().activities
    for occurrence in Occurrence.objects.select_related("organisation").order_by("starts_at"):
        _lead(ground, occurrence, [r.id for r in kinds[occurrence.kind].roles if r.leads])
    for occurrence in Occurrence.objects.filter(kind__in=["theme-day", "community-service"]):
        for person in team:
            seats.sign_up(occurrence, "volunteer", by=person)


def _lead(ground: Ground, occurrence: Occurrence, roles: list[str]) -> None:
    """Each has somebody who keeps its list: the first who holds the post it takes."""
    for role_id in roles[:1]:
        role = occurrence.rule.role(role_id)
        if role.by == "volunteer":
            if occurrence.kind == "theme-day":
                user = ground.scene.society.volunteers[-1]
                seats.assign(occurrence, role_id, user, by=ground.manager)
            continue
        held = Appointment.objects.in_force(occurrence.day).filter(
            post__kind=role.by, post__organisation=occurrence.organisation
        )
        near = held.filter(post__place=occurrence.place).first() or held.order_by("pk").first()
        if near is not None:
            seats.sign_up(occurrence, role_id, by=_acting(near))


def _acting(row: Appointment) -> Actor:
    return under(Appointment.objects.with_posts().get(pk=row.pk))


def _homes(ground: Ground) -> None:
    rule = playbook.current().activities["home-visits"]
    for label, way in zip(ground.words("homes"), ground.words("ways"), strict=True):
        homes.agree(rule, organisation=ground.committee, place=ground.village, label=label,
                    way=way, consent=True, by=ground.visitor)  # fmt: skip


def plan_round(ground: Ground, day: date, count: int) -> Occurrence:
    """A morning of visits; the homes are those that were not visited for longest."""
    rule = playbook.current().activities["home-visits"]
    visit = planning.plan_occurrence(
        kind=rule.id, organisation=ground.committee, place=ground.village, by=ground.manager,
        starts_at=at(day, time(8, 30)), stops=_free(ground, day)[:count],
    )  # fmt: skip
    seats.assign(visit, "visitor", ground.volunteer, by=ground.manager)
    return visit


def _free(ground: Ground, day: date) -> list[Home]:
    rule = playbook.current().activities["home-visits"]
    return rounds.free_homes(rule, ground.committee.pk, day)


def plan_run(ground: Ground, day: date) -> Occurrence:
    """The service vehicle goes along the line and stops in six villages."""
    villages = list(ground.scene.society.ground.inside(ground.town, *VILLAGES))[:ROUND]
    run = planning.plan_occurrence(
        kind="service-run", organisation=ground.company, place=ground.line, by=ground.clerk,
        starts_at=at(day, time(8)), stops=villages,
    )  # fmt: skip
    first = at(day, time(8, 20))
    rounds.plan_times(run, {
        stop.pk: (first + n * timedelta(minutes=45)).time() for n, stop in enumerate(run.stops.all())
    }, by=ground.clerk)  # fmt: skip
    _lead(ground, run, ["driver"])
    return run
