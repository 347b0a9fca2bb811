"""The cast, people of the county desk and the town who review, and somebody who is proposed."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from django.utils import translation

from linli import playbook
from linli.facilities.actions import keeping
from linli.facilities.models import Facility
from linli.lib import clock
from linli.people import actions
from linli.people.actors import SYSTEM, Actor, as_resident, under
from linli.people.cast import Cast
from linli.people.cast import cast as gather
from linli.people.contact import parse
from linli.people.models import Appointment
from linli.people.sign_in import add_address
from linli.talent.actions import nominating, reviewing
from linli.talent.models import Candidate

START = datetime(2026, 11, 2, 9, 0, tzinfo=clock.LOCAL)
POOL = "successors"
MEMBERS_OF_OFFICES = (("town_office", "镇甲"), ("county_desk", "县乙"), ("county_desk", "县丙"))


@dataclass
class Talent:
    """Short ways through a pool."""

    cast: Cast
    reviewers: list[Actor]  # of two offices that host the pool

    @property
    def first(self) -> Actor:
        return self.reviewers[0]

    @property
    def second(self) -> Actor:
        return self.reviewers[1]

    @property
    def third(self) -> Actor:
        return self.reviewers[2]

    def person(self, name: str = "小吴", phone: str = "") -> Actor:
        user = actions.open_account(display_name=name)
        if phone:
            add_address(user, parse(phone))
        return as_resident(user)

    def proposed(self, person: Actor | None = None) -> Candidate:
        who = person or self.person()
        return nominating.nominate_self(POOL, "我管车间三年，带过四个徒弟。", by=who)

    def review(self, row: Candidate, by: Actor, met: int = 4, free: bool = True) -> None:
        rule = playbook.current().pools[POOL]
        answers = {one.id: (n < met, "看过任命书。") for n, one in enumerate(rule.criteria)}
        reviewing.review(row, answers, free=free, by=by)

    def reviewed(self, person: Actor | None = None, met: int = 4) -> Candidate:
        row = self.proposed(person)
        self.review(row, self.first, met)
        self.review(row, self.second, met)
        return row

    def decided(self, outcome: str, person: Actor | None = None, met: int = 4) -> Candidate:
        row = self.reviewed(person, met)
        reviewing.decide(row, outcome, "两位评审都认可。", by=self.first)
        row.refresh_from_db()
        return row

    def place(self, kind: str = "living-classroom", code: str = "field") -> Facility:
        return keeping.open_facility(
            kind, code=code, name="田头课堂", name_en="Field", lon=119.5, lat=31.4, by=SYSTEM,
            organisation=self.cast.bodies["committee"], place=self.cast.places["community"],
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


def gathered() -> Talent:
    """The cast with three more people in offices that host the pool."""
    cast = gather()
    staff = []
    for body, name in MEMBERS_OF_OFFICES:
        office = cast.bodies[body]
        posts = office.posts.filter(kind="handler")
        post = posts.first() or actions.open_post("handler", office, by=SYSTEM, seats=9)
        user = actions.open_account(display_name=name)
        row = actions.appoint(post, user, by=SYSTEM)
        staff.append(under(Appointment.objects.with_posts().get(pk=row.pk)))
    return Talent(cast, staff)


@pytest.fixture
def talent(db, moved) -> Talent:
    return gathered()
