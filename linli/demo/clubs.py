"""Two invented clubs: children on numbers, a waiting list, a week of sessions, one open today."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Final

from linli.clubs.actions import door, enrolling, fetching, running
from linli.clubs.models import Child, Club, Session
from linli.demo.days import Story, at, local_day
from linli.demo.homes import estate_of_the_walk
from linli.demo.stories.scene import Scene
from linli.facilities.models import Facility
from linli.lib import clock
from linli.people.actors import Actor, as_resident
from linli.people.models import User
from linli.places.models import Place

CHILDREN: Final = ("小禾", "小满", "小雨", "小石头", "小鱼", "小苗", "小树", "小溪", "小雪", "小松")
NOTES: Final = ("花生过敏", "", "", "戴眼镜，黑板要坐前排", "", "", "牛奶过敏", "", "", "")
PLACES: Final = 6
OPEN_SINCE: Final = timedelta(minutes=50)


class Clubs:
    """What happened at them in the last days."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.society = scene, scene.society
        self.today = local_day(scene.until)

    def stories(self) -> Iterator[Story]:
        home = self.society.ground.places[str(estate_of_the_walk()["village"])]
        centres = Facility.objects.filter(kind="service-centre").select_related("place")
        yield self.club(home, self._cast_guardians(), open_today=True)
        other = centres.exclude(place=home).order_by("code")[0].place
        yield self.club(other, self.society.volunteers[6:10], open_today=False)

    def _cast_guardians(self) -> list[User]:
        cast = self.society.cast
        own = [cast["resident"], cast["resident"], cast["neighbour"]]
        return [*own, *self.society.volunteers[4:11]]

    def club(self, village: Place, guardians: list[User], *, open_today: bool) -> Story:
        """From the first application to a session with children inside."""
        yield at(self.today - timedelta(days=6), time(9, 30))
        desk = self.society.staff[self.society.committee(village).pk][0]
        club = self._open(village, desk)
        children = [
            self._apply(club, user, number) for number, user in enumerate(guardians)
        ]  # fmt: skip
        yield at(self.today - timedelta(days=5), time(10, 15))
        for child in children[: PLACES + 2]:
            enrolling.accept(child, by=desk)
        for day in _workdays_before(self.today):
            yield from self._afternoon(club, desk, day)
        if open_today:
            yield self.scene.until - OPEN_SINCE
            session = self._begin(club, desk, timedelta(hours=2))
            for child in _with_a_place(club)[:4]:
                door.check_in(session, child, by=desk)

    def _open(self, village: Place, desk: Actor) -> Club:
        facility = Facility.objects.select_related("organisation").get(
            code=f"service-centre-{village.code}"
        )
        club = running.open_club(
            "children-club", facility, code=f"club-{village.code}", name=f"{village.name}幼童小学堂",
            name_en=f"{village.name_en} Children's Club", places=PLACES, by=desk,
        )  # fmt: skip
        adults = [self.society.cast["volunteer"], *self.society.volunteers[:2]]
        if village.code != estate_of_the_walk()["village"]:
            adults = self.society.volunteers[2:5]
        for user in adults:
            running.list_helper(club, user, checked_on=clock.today(), by=desk)
        return club

    def _apply(self, club: Club, user: User, number: int) -> Child:
        rule = club.rule
        assert rule is not None
        me = as_resident(user)
        child = enrolling.apply(
            club, name=CHILDREN[number], notes=NOTES[number], age=6 + number % 5,
            own_name=user.display_name, consent=rule.consent.version, by=me,
        )  # fmt: skip
        fetching.add(child, "grandparent", f"{CHILDREN[number]}的外婆", by=me)
        return child

    def _begin(self, club: Club, desk: Actor, lasts: timedelta) -> Session:
        helpers = list(club.helpers.filter(ended_on=None).select_related("club"))[:2]
        return door.open_session(club, helpers, ends_at=clock.now() + lasts, by=desk)

    def _afternoon(self, club: Club, desk: Actor, day: date) -> Story:
        yield at(day, time(15, 30))
        session = self._begin(club, desk, timedelta(hours=2, minutes=30))
        children = _with_a_place(club)[: 3 + day.day % 3]
        for child in children:
            door.check_in(session, child, by=desk)
        yield at(day, time(17, 40))
        for child in children:
            adult = child.pickups.filter(ended_at=None).order_by("added_at", "pk").last()
            assert adult is not None
            door.hand_over(session, child, adult, by=desk)
        door.end_session(session, by=desk)


def _with_a_place(club: Club) -> list[Child]:
    return list(club.children.filter(state=Child.State.ENROLLED).order_by("number"))


def _workdays_before(today: date) -> list[date]:
    days = [today - timedelta(days=n) for n in range(4, 0, -1)]
    return [day for day in days if day.weekday() < 5]
