"""The cast, with the water company as a unit of the area and two people who can be tied."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from django.utils import translation

from linli.lib import clock
from linli.pairings.actions import tying
from linli.pairings.actions.tying import Who
from linli.pairings.models import Tie
from linli.people import actions
from linli.people.actors import Actor, as_resident
from linli.people.cast import Cast
from linli.people.cast import cast as gather
from linli.people.contact import parse
from linli.people.sign_in import add_address

START = datetime(2026, 11, 2, 9, 0, tzinfo=clock.LOCAL)
EN = {"HTTP_ACCEPT_LANGUAGE": "en"}


@dataclass
class Ties:
    """The cast, and short ways to a tie."""

    cast: Cast

    @property
    def unit(self) -> Who:
        return Who(body=self.cast.bodies["water"])

    @property
    def community(self) -> Who:
        return Who(body=self.cast.bodies["committee"])

    def person(self, phone: str = "") -> Actor:
        user = actions.open_account(display_name=f"P{phone[-4:]}")
        if phone:
            add_address(user, parse(phone))
        return as_resident(user)

    def partners(self, agree: bool = True) -> Tie:
        tie = tying.propose("unit-community", self.unit, self.community, purpose="一起修好老管道。",
                            by=self.cast.manager)  # fmt: skip
        if agree:
            tying.agree(tie, by=self.cast.water_handler)
        return tie

    def household(self, official: Actor, home: str = "王家", consent: bool = True) -> Tie:
        return tying.propose(
            "official-household", Who(user=official.user), Who(home=home, consent=consent),
            purpose="看看有什么要帮的。", by=self.cast.manager,
        )  # fmt: skip


@pytest.fixture(autouse=True)
def _english():
    """Sentences are compared as they are in the source."""
    with translation.override("en"):
        yield


@pytest.fixture
def moved():
    """The clock stands at START; `moved(...)` is `clock.moved_to`."""
    with clock.moved_to(START):
        yield clock.moved_to


@pytest.fixture
def ties(db, moved) -> Ties:
    return Ties(gather())
