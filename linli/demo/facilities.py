"""Invented service centres, canteens and halls; who booked a room, and who eats where tomorrow."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from linli.demo.days import Story, at, local_day
from linli.demo.homes import estate_of_the_walk
from linli.demo.society import Society
from linli.demo.stories.scene import Scene
from linli.facilities.actions import eating, keeping, lending
from linli.facilities.models import Facility, Room
from linli.lib import clock
from linli.people.actors import SYSTEM, as_resident
from linli.people.models import User
from linli.places.models import Kind, Place

CENTRES: Final = 9
CANTEENS: Final = 16
HALLS: Final = 6
STATIONS: Final = 6  # on Road No. 1
CLASSROOMS: Final = 4
COUNCILS, TALKS, CHILDREN = 40, 12, 8  # villages with each of these halls
ASIDE: Final = 0.0006  # degrees from the middle of a village, some 60 metres
SEATS: Final = 16
DINERS: Final = 12  # tomorrow in the village of the walk-throughs: four places are left
ORDERED: Final = 4  # days
ROOMS: Final = (("议事厅", "Council room", 30), ("小会议室", "Small meeting room", 10))


def settle(society: Society) -> None:
    """The register of facilities, before the month begins."""
    home = society.ground.places[str(estate_of_the_walk()["village"])]
    centres = [home, *_near_seats(society, home)][:CENTRES]
    for village in centres:
        _open(society, "service-centre", village, "党群服务中心", "Service Centre",
              rooms=ROOMS, services=["desk", "reading"], floor_area=420)  # fmt: skip
    others = [place for place in society.ground.villages if place.kind == Kind.VILLAGE]
    for village in [home, *others[:: len(others) // CANTEENS][: CANTEENS - 1]]:
        _open(society, "canteen", village, "如意小食堂", "Canteen", seats=SEATS, floor_area=90)
    for village in others[3 :: len(others) // STATIONS][:STATIONS]:
        _open(society, "road-station", village, "驿站", "Station", services=["rest", "socket"])
    for village in others[7 :: len(others) // CLASSROOMS][:CLASSROOMS]:
        _open(society, "living-classroom", village, "实境课堂", "Living Classroom",
              rooms=(("田头课堂", "Classroom in the field", 50),))  # fmt: skip
    for village in [home, *others[2 :: len(others) // COUNCILS][:COUNCILS]]:
        _open(society, "council-room", village, "百姓议事堂", "Council Hall",
              rooms=(("议事堂", "Council hall", 40),))  # fmt: skip
    _open(society, "giving-station", home, "爱心站", "Giving Station")
    for village in [home, *others[:: len(others) // TALKS][:TALKS]]:
        _open(society, "talk-hall", village, "道德讲堂", "Civic Talks")
    for village in [home, *others[:: len(others) // CHILDREN][:CHILDREN]]:
        _open(society, "children-hall", village, "幼童小学堂", "Children's Hall")
    for village in [home, *others[5 :: len(others) // HALLS][:HALLS]]:
        _open(society, "culture-hall", village, "文化小礼堂", "Culture Hall", floor_area=260,
              rooms=(("礼堂", "Hall", 150),))  # fmt: skip


def _near_seats(society: Society, home: Place) -> Iterator[Place]:
    """The village nearest to the seat of each town."""
    for town in society.ground.of_kind(Kind.TOWN):
        inside = [v for v in society.ground.inside(town, Kind.VILLAGE, Kind.COMMUNITY) if v != home]
        if town.lon is not None and inside and not home.path.startswith(town.path):
            yield min(inside, key=lambda village: _gap(town, village))


def _gap(town: Place, village: Place) -> float:
    assert None not in (town.lon, town.lat, village.lon, village.lat)
    return float(abs(town.lon - village.lon) + abs(town.lat - village.lat))  # type: ignore[operator]


def _open(
    society: Society, kind: str, village: Place, zh: str, en: str, *,
    rooms: Sequence[tuple[str, str, int]] = (), **more: object,
) -> Facility:  # fmt: skip
    assert village.lon is not None
    assert village.lat is not None
    return keeping.open_facility(
        kind, code=f"{kind}-{village.code}", name=f"{village.name}{zh}",
        name_en=f"{village.name_en} {en}", organisation=society.committee(village), place=village,
        lon=village.lon + ASIDE, lat=village.lat, by=SYSTEM, rooms=rooms,
        valid_from=society.since, **more,
    )  # fmt: skip


class Facilities:
    """What happened at them in the last days."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.society = scene, scene.society
        self.today = local_day(scene.until)
        home = self.society.ground.places[str(estate_of_the_walk()["village"])]
        self.centre = Facility.objects.get(code=f"service-centre-{home.code}")
        self.canteen = Facility.objects.get(code=f"canteen-{home.code}")

    def stories(self) -> Iterator[Story]:
        yield self.rooms()
        yield self.lunch()

    def _diners(self) -> list[User]:
        cast = self.society.cast
        return [cast["resident"], cast["neighbour"], *self.society.volunteers]

    def rooms(self) -> Story:
        """A firm without a meeting room, a dance group every week, and somebody who waits."""
        yield at(self.today - timedelta(days=2), time(19, 20))
        large, small = self.centre.rooms.order_by("-seats")
        people = self._diners()
        day = next(_weekdays(self.today + timedelta(days=1)))
        self._book(small, day, 9, 11, people[2], 6)
        self._book(large, day, 14, 16, people[3], 20, weeks=4)
        self._book(large, day, 9, 12, people[1], 24)
        start, end = _span(day, 9, 12)
        lending.wait(large, start, end, people=18, by=as_resident(people[0]))

    def _book(
        self, room: Room, day: date, begin: int, end: int, user: User, people: int, weeks: int = 1
    ) -> None:  # fmt: skip
        start, finish = _span(day, begin, end)
        lending.book(room, start, finish, people=people, weeks=weeks, by=as_resident(user))

    def lunch(self) -> Story:
        """Cards, and who eats on the next day on which the canteen cooks."""
        yield at(self.today - timedelta(days=1), time(9, 5))
        classes = ("plain", "plain", "helped", "full")
        for number, user in enumerate(self._diners()[:DINERS]):
            price = classes[number % len(classes)]
            eating.give_card("canteen", user, price, facility=self.canteen, by=SYSTEM)
        for day in list(eating.days(self.canteen))[:ORDERED]:
            for user in self._diners()[:DINERS]:
                eating.order(self.canteen, day, by=as_resident(user))


def _weekdays(first: date) -> Iterator[date]:
    while True:
        if first.weekday() < 4:
            yield first
        first += timedelta(days=1)


def _span(day: date, begin: int, end: int) -> tuple[datetime, datetime]:
    return (
        datetime.combine(day, time(begin), clock.LOCAL), datetime.combine(day, time(end), clock.LOCAL)
    )  # fmt: skip
