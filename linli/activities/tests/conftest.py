"""A small piece of county with something on in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from linli.activities.actions import planning
from linli.activities.models import Occurrence, SignUp
from linli.lib import clock
from linli.people import actions
from linli.people.actors import SYSTEM, Actor, as_resident, under
from linli.people.cast import Cast
from linli.people.cast import cast as gather
from linli.people.models import Appointment, Organisation, Post
from linli.places.models import Place

# A Wednesday morning in a month without holidays.
START = datetime(2026, 11, 4, 9, 0, tzinfo=clock.LOCAL)


@dataclass
class Field:
    """The cast, and short ways to plan."""

    cast: Cast

    def person(self, name: str = "somebody") -> Actor:
        return as_resident(actions.open_account(display_name=name))

    def hold(self, kind: str, unit: Organisation, *, place: Place | None = None) -> Actor:
        post = Post.objects.filter(kind=kind, organisation=unit, place=place).first()
        post = post or actions.open_post(
            kind, unit, by=SYSTEM, place=place, valid_from=clock.today() - timedelta(days=9)
        )
        user = actions.open_account(display_name=kind)
        row = actions.appoint(post, user, by=SYSTEM, from_date=clock.today() - timedelta(days=5))
        return under(Appointment.objects.with_posts().get(pk=row.pk))

    @property
    def office(self) -> Organisation:
        return self.cast.bodies["town_office"]

    @property
    def host(self) -> Actor:
        return self.cast.town_handler

    def stall(self, **changes: Any) -> Occurrence:
        values: dict[str, Any] = {
            "kind": "square-stall", "organisation": self.office,
            "place": self.cast.places["community"], "by": self.host, "spot": "社区广场",
            "starts_at": START + timedelta(days=1),
        }  # fmt: skip
        return planning.plan_occurrence(**{**values, **changes})

    def round(self, homes: list[Any], **changes: Any) -> Occurrence:
        values: dict[str, Any] = {
            "kind": "home-visits", "organisation": self.cast.bodies["committee"],
            "place": self.cast.places["community"], "by": self.cast.manager, "stops": homes,
            "starts_at": START + timedelta(days=3),
        }  # fmt: skip
        return planning.plan_occurrence(**{**values, **changes})


def state(row: SignUp) -> str:
    row.refresh_from_db()
    return row.state


@pytest.fixture
def moved():
    """The clock stands at START; `moved(...)` is `clock.moved_to`."""
    with clock.moved_to(START):
        yield clock.moved_to


@pytest.fixture
def field(db, moved) -> Field:
    return Field(gather())
