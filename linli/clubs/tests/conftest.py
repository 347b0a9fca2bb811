"""A club of two places at a community's hall, with three checked adults, on a Wednesday."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from linli.clubs.actions import door, enrolling, running
from linli.clubs.models import Child, Club, Helper, Session
from linli.facilities.actions import keeping
from linli.lib import clock
from linli.people import actions
from linli.people.actors import SYSTEM, Actor, as_resident
from linli.people.cast import Cast
from linli.people.cast import cast as gather

START = datetime(2026, 11, 4, 15, 30, tzinfo=clock.LOCAL)
CONSENT = "2026-09-01"


@dataclass
class Hall:
    """What the tests stand on."""

    cast: Cast
    club: Club
    helpers: list[Helper]

    @property
    def desk(self) -> Actor:
        return self.cast.manager

    def person(self) -> Actor:
        return as_resident(actions.open_account(display_name="somebody"))

    def apply(self, by: Actor | None = None, **more) -> Child:
        said = {"name": "王小雨", "notes": "花生过敏", "age": 8, "own_name": "王大山",
                "consent": CONSENT, **more}  # fmt: skip
        return enrolling.apply(self.club, by=by or self.person(), **said)

    def enrolled(self, by: Actor | None = None) -> Child:
        child = self.apply(by)
        enrolling.accept(child, by=self.desk)
        child.refresh_from_db()
        return child

    def open(self, adults: int = 2) -> Session:
        ends = clock.now() + timedelta(hours=2)
        return door.open_session(self.club, self.helpers[:adults], ends_at=ends, by=self.desk)


def build() -> Hall:
    """The hall; in a test with threads it has to be committed."""
    cast = gather()
    committee = cast.bodies["committee"]
    facility = keeping.open_facility(
        "service-centre", code="centre", name="中心", organisation=committee,
        place=cast.places["community"], lon=119.5, lat=31.4, by=SYSTEM,
    )  # fmt: skip
    club = running.open_club("children-club", facility, code="club", name="小学堂",
                             name_en="After School", places=2, by=cast.manager)  # fmt: skip
    people = [actions.open_account(display_name=f"adult {n}") for n in range(3)]
    helpers = [
        running.list_helper(club, user, checked_on=clock.today(), by=cast.manager)
        for user in people
    ]
    return Hall(cast, club, helpers)


@pytest.fixture
def hall(db):
    with clock.moved_to(START):
        yield build()
