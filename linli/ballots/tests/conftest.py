"""A village that votes: twelve people on a roll, of whom some have accounts."""

from datetime import UTC, datetime, timedelta

import pytest

from linli.ballots.actions.open import OptionSpec, Voter, open_ballot
from linli.lib import clock
from linli.people import actions
from linli.people.actors import as_resident

NOON = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
EVENING = NOON + timedelta(hours=8)
AFTER = EVENING + timedelta(minutes=5)
COLOURS = [OptionSpec("red", "红"), OptionSpec("green", "绿"), OptionSpec("blue", "蓝")]


@pytest.fixture
def noon():
    """It is noon on the day of the poll."""
    with clock.moved_to(NOON):
        yield


@pytest.fixture
def people(db, noon):
    """Twelve residents with accounts."""
    return [as_resident(actions.open_account(display_name=f"村民{n}")) for n in range(12)]


@pytest.fixture
def hold(cast, noon):
    """`hold(people, rule="single", …)`: a ballot of Peach Garden that opens now."""

    def open_one(people, extra=8, **given):
        roll = [Voter(f"v{n}", one.id) for n, one in enumerate(people)]
        roll += [Voter(f"x{n}") for n in range(extra)]
        rule = given.get("rule", "yes_no")
        options = [] if rule == "yes_no" else COLOURS
        if rule == "budget":
            options = [OptionSpec("road", "路", 60), OptionSpec("lamp", "灯", 30),
                       OptionSpec("well", "井", 40)]  # fmt: skip
        return open_ballot(**{
            "about": "deliberation.Motion:1", "place": cast.places["community"],
            "organisation": cast.manager.organisation, "title": "停车还是种树",
            "question": "这块空地作停车场吗？", "options": options, "rule": rule,
            "secrecy": "secret", "roll": roll, "channels": {"web", "kiosk", "paper"},
            "opens_at": NOON, "closes_at": EVENING,
            "budget": 100 if rule == "budget" else None, "by": cast.manager,
        } | given)  # fmt: skip

    return open_one
