"""A centre with two rooms and two canteens, on a Wednesday without holidays near."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from linli.facilities.actions import eating, keeping
from linli.facilities.models import Facility, Room
from linli.lib import clock
from linli.people import actions
from linli.people.actors import SYSTEM, Actor, as_resident
from linli.people.cast import Cast
from linli.people.cast import cast as gather

START = datetime(2026, 11, 4, 9, 0, tzinfo=clock.LOCAL)


@dataclass
class Houses:
    """What the tests stand on."""

    cast: Cast
    centre: Facility
    room: Room
    canteen: Facility
    other: Facility

    def person(self, price: str = "plain") -> Actor:
        """Somebody with a meal card."""
        user = actions.open_account(display_name="somebody")
        eating.give_card("canteen", user, price, facility=self.canteen, by=SYSTEM)
        return as_resident(user)

    def at(self, days: int, hour: int, minute: int = 0) -> datetime:
        return (START + timedelta(days=days)).replace(hour=hour, minute=minute)


@pytest.fixture
def houses(db):
    with clock.moved_to(START):
        cast = gather()
        place, committee = cast.places["community"], cast.bodies["committee"]

        def opened(kind, code, **more):
            return keeping.open_facility(
                kind, code=code, name=code, organisation=committee, place=place, lon=119.5,
                lat=31.4, by=SYSTEM, **more,
            )  # fmt: skip

        centre = opened("service-centre", "centre", rooms=[("大", "Large", 30), ("小", "Small", 6)])
        yield Houses(
            cast, centre, centre.rooms.get(name="小"), opened("canteen", "one", seats=2),
            opened("canteen", "two", seats=2),
        )  # fmt: skip
