"""Two invented giving stations and a month of what came in and went out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Final

from linli.cases.models import Case
from linli.demo.days import Story, at, local_day
from linli.demo.facilities import ASIDE
from linli.demo.society import Society
from linli.demo.stories.scene import Scene
from linli.facilities.actions import keeping
from linli.facilities.models import Facility
from linli.lib import clock, ids, workdays
from linli.people.actors import SYSTEM, Actor
from linli.people.models import Organisation
from linli.places.models import Kind
from linli.stores.actions import correcting, giving, moving
from linli.stores.models import Account, Movement, Request, Side

KIND: Final = "giving-station"
SECONDS: Final = ("老梁", "小夏")


def settle(society: Society) -> None:
    """The county's station and one of a town, each with two who can sign."""
    for body, name in zip(_bodies(society), SECONDS, strict=True):
        place = body.place
        assert place.lon is not None
        assert place.lat is not None
        keeping.open_facility(
            KIND, code=f"{KIND}-{place.code}", name=body.name, name_en=body.name_en,
            organisation=body, place=place, lon=place.lon + ASIDE, lat=place.lat, by=SYSTEM,
            valid_from=society.since,
        )  # fmt: skip
        society.hold("station-worker", body, society.person(name))


def _bodies(society: Society) -> list[Organisation]:
    county = next(iter(society.ground.of_kind(Kind.COUNTY)))
    town = society.ground.of_kind(Kind.TOWN)[-1]
    return [society.unit("wish-station", place) for place in (county, town)]


@dataclass
class Desk:
    """One station and its two people."""

    facility: Facility
    first: Actor
    second: Actor

    def take_in(self, item: str, amount: int, good: int = 0, name: str = "") -> None:
        giving.receive(
            self.facility, item, amount, by=self.first, key=ids.new_uuid(),
            best_before=clock.today() + timedelta(days=good) if good else None,
            name=name, agreed=bool(name),
        )  # fmt: skip

    def hand(self, item: str, amount: int, household: str = "", wish: str = "") -> None:
        moving.hand_out(self.facility, item, amount, by=self.first, key=ids.new_uuid(),
                        household=household, wish=wish)  # fmt: skip

    def buy(self, item: str, amount: int, cost: int, good: int = 0) -> Movement | Request:
        return moving.buy(
            self.facility, item, amount, cost, by=self.first, key=ids.new_uuid(),
            best_before=clock.today() + timedelta(days=good) if good else None,
        )  # fmt: skip

    def agree(self, asked: Movement | Request | None) -> None:
        if isinstance(asked, Request):
            correcting.agree(asked, by=self.second)

    def lot(self, item: str) -> Account:
        """The lot that expires first."""
        lots = Account.objects.filter(facility=self.facility, item=item, side=Side.SHELF)
        return lots.filter(balance__gt=0).order_by("best_before").select_related("facility")[0]


class Stores:
    """A month at both stations, in the order in which it is told."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.today = local_day(scene.until)
        society = scene.society
        self.county, self.town = (
            Desk(Facility.objects.get(code=f"{KIND}-{body.place.code}"),
                 society.staff[body.pk][0], society.staff[body.pk][1])
            for body in _bodies(society)
        )  # fmt: skip

    def stories(self) -> Iterator[Story]:
        yield self.month_of_the_county()
        yield self.month_of_the_town()

    def _day(self, ago: int) -> date:
        day = max(self.today - timedelta(days=ago), self.scene.society.since)
        while not workdays.is_workday(day):
            day -= timedelta(days=1)
        return day

    def month_of_the_county(self) -> Story:
        """Gifts, purchases below and above the limit, a count, expired milk, a wish."""
        desk = self.county
        yield at(self._day(27), time(9, 40))
        desk.take_in("money", 200_000, name="城南一位老师傅")
        desk.take_in("rice", 150, good=120)
        desk.take_in("quilt", 24)
        yield at(self._day(24), time(10, 5))
        desk.take_in("milk", 12, good=18)
        desk.take_in("school-bag", 30, name="溧阳某中学初二（3）班")
        desk.buy("oil", 20, 31_800, good=300)
        yield at(self._day(20), time(14, 20))
        for home in ("梅花一号", "梅花二号", "竹子三号"):
            desk.hand("rice", 15, home)
            desk.hand("oil", 2, home)
        desk.hand("milk", 6, "竹子三号")
        yield at(self._day(16), time(9, 15))
        moving.move(desk.facility, self.town.facility, "quilt", 8, by=desk.first,
                    key=ids.new_uuid())  # fmt: skip
        coats = desk.buy("coat", 16, 96_000)
        yield at(self._day(15), time(15, 30))
        desk.agree(coats)
        yield at(self._day(11), time(10, 45))
        desk.take_in("rice", 400, good=90)
        yield at(self._day(11), time(11, 5))
        yield from self._mistyped(desk)
        yield at(self._day(7), time(16, 0))
        desk.hand("coat", 5, "松树小组")
        desk.hand("quilt", 2, "梅花一号")
        for number in self._wishes()[:2]:
            desk.hand("school-bag", 1, wish=number)
        yield at(self._day(4), time(9, 30))
        desk.agree(correcting.count(desk.facility, "quilt", 13, "清点少一床，找不到", by=desk.first,
                                    key=ids.new_uuid()))  # fmt: skip
        yield at(self._day(2), time(9, 0))
        desk.take_in("milk", 8, good=12)
        correcting.write_off(desk.lot("milk"), 6, "过了保质期", by=desk.first, key=ids.new_uuid())
        desk.buy("rice", 100, 52_000, good=150)

    def _mistyped(self, desk: Desk) -> Story:
        """Forty kilos were written as four hundred; two people put it right."""
        wrong = Movement.objects.filter(facility=desk.facility).latest("pk")
        asked = correcting.take_back(wrong, "多写了一个零", by=desk.first, key=ids.new_uuid())
        yield at(self._day(10), time(9, 10))
        desk.agree(asked)
        desk.take_in("rice", 40, good=90)

    def _wishes(self) -> list[str]:
        rows = Case.objects.filter(kind="wish", state__in=["accepted", "answered", "confirmed"])
        return list(rows.order_by("received_at", "pk").values_list("number", flat=True))

    def month_of_the_town(self) -> Story:
        """A smaller one: food for some homes, appliances, help in money."""
        desk = self.town
        yield at(self._day(25), time(9, 20))
        desk.take_in("money", 60_000)
        desk.take_in("appliance", 4)
        desk.take_in("rice", 60, good=25)
        yield at(self._day(18), time(10, 30))
        desk.hand("rice", 20, "柳树一号")
        desk.hand("appliance", 1, "柳树二号")
        yield at(self._day(9), time(14, 0))
        desk.hand("money", 30_000, "柳树一号")
        desk.hand("quilt", 3, "柳树三号")
        yield at(self._day(3), time(10, 0))
        desk.take_in("oil", 10, good=20)
