"""A corner of a county with buildings, committees and people, at a fixed day."""

from datetime import datetime, timedelta

import pytest

from linli.lib import clock
from linli.people import actions
from linli.people.actors import SYSTEM
from linli.people.cast import cast as gather
from linli.people.models import Appointment, Post
from linli.places.models import Place
from linli.places.tree import NewPlace, add_many

START = datetime(2026, 11, 4, 9, 0, tzinfo=clock.LOCAL)  # a Wednesday without holidays near


@pytest.fixture
def moved():
    with clock.moved_to(START):
        yield clock.moved_to


@pytest.fixture
def cast(db, moved):
    return gather()


@pytest.fixture
def houses(cast):
    """Twelve more buildings in the grid of the cast; none has a steward."""
    since = clock.today() - timedelta(days=60)
    add_many(
        NewPlace(code=f"320481901001-x{n:02}", kind="building", name=f"{n}号",
                 parent=cast.places["grid"].code, lon=119.5, lat=31.4, valid_from=since)
        for n in range(12)
    )  # fmt: skip
    return list(Place.objects.filter(code__startswith="320481901001-x").order_by("code"))


@pytest.fixture
def steward(cast):
    """`steward(place, since, until)`: somebody holds the post of this building, in days from now."""

    def hold(place, since=-20, until=200, *, deputy=False):
        post = Post.objects.filter(kind="building-steward", place=place).first()
        post = post or actions.open_post(
            "building-steward", cast.bodies["committee"], place=place, by=SYSTEM,
            valid_from=clock.today() - timedelta(days=30),
        )  # fmt: skip
        day = clock.today()
        row = actions.appoint(
            post, actions.open_account(display_name="somebody"), by=SYSTEM, deputy=deputy,
            from_date=day + timedelta(days=since), to_date=day + timedelta(days=until),
        )  # fmt: skip
        return Appointment.objects.with_posts().get(pk=row.pk)

    return hold
