"""A volunteer who comes to stalls and theme days, and the people of the desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.utils import translation

from linli.activities.actions import hours, planning, seats
from linli.activities.models import SignUp
from linli.journal.models import Entry
from linli.journal.record import record
from linli.lib import clock
from linli.people import actions
from linli.people.actors import Actor, as_resident
from linli.people.cast import Cast
from linli.people.cast import cast as gather
from linli.points.actions import earning, joining

# A Wednesday morning in a month without holidays.
START = datetime(2026, 11, 4, 9, 0, tzinfo=clock.LOCAL)


@dataclass
class Ground:
    """The cast, and short ways to come and go."""

    cast: Cast

    def person(self, name: str = "somebody") -> Actor:
        return as_resident(actions.open_account(display_name=name))

    def volunteer(self, *, joins: bool = True) -> Actor:
        """Somebody who has come once before, for ten minutes that are worth nothing."""
        who = self.person()
        with clock.moved_to(clock.now() - timedelta(days=40)):
            self.stay(who, minutes=10)
        if joins:
            joining.join(by=who)
        return who

    def stay(self, who: Actor, *, minutes: int, kind: str = "theme-day", role: str = "volunteer",
             days: int = 1) -> Entry:  # fmt: skip
        """Come, stay so long, and go: the line of the journal that says so."""
        begins = clock.now() + timedelta(days=days)
        office = self.cast.bodies["town_office"]
        one = planning.plan_occurrence(
            kind=kind, organisation=office, place=self.cast.places["community"],
            by=self.cast.town_handler, spot="社区广场", starts_at=begins,
        )  # fmt: skip
        row: SignUp = seats.sign_up(one, role, by=who)
        with clock.moved_to(begins):
            hours.check_in(row, by=self.cast.town_handler)
        with clock.moved_to(begins + timedelta(minutes=minutes)):
            hours.check_out(row, by=self.cast.town_handler)
        line = Entry.objects.filter(verb="activity.checked_out").order_by("-seq").first()
        assert line is not None
        return line

    def earned(self, who: Actor, **stay):
        """A stay, heard by the follower."""
        entry = self.stay(who, **stay)
        earning.handle([entry])
        return entry

    def task(self, who: Actor, *, procedure: str = "five-steps") -> Entry:
        """The line about work that a rule wants looked at."""
        return record(
            "motion.task_done", on="deliberation.Motion:00000000-0000-4000-8000-000000000000",
            by=who, place=self.cast.places["community"].path,
            facts={"procedure": procedure, "task": 1},
        )  # fmt: skip


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def moved():
    with clock.moved_to(START):
        yield clock.moved_to


@pytest.fixture
def ground(db, moved) -> Ground:
    return Ground(gather())


@pytest.fixture
def client_as(client_as):
    """The same, for readers of English."""

    def sign_in(actor: Actor):
        client = client_as(actor)
        client.cookies["django_language"] = "en"
        return client

    return sign_in
