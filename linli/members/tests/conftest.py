"""A branch in Peach Garden and a committee above it; a volunteers' chapter beside them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from django.utils import translation

from linli.lib import clock
from linli.members.actions import entering, moving
from linli.members.models import Member
from linli.people import actions
from linli.people.actors import SYSTEM, Actor, as_resident, under
from linli.people.cast import Cast
from linli.people.cast import cast as gather
from linli.people.models import Appointment, Organisation, Post

START = datetime(2026, 11, 2, 9, 0, tzinfo=clock.LOCAL)


@dataclass
class Rolls:
    """The cast, its branch, and short ways."""

    cast: Cast
    branch: Organisation
    chapter: Organisation

    @property
    def secretary(self) -> Actor:
        """The community's manager looks after the branch at the community's place."""
        return self.cast.manager

    @property
    def above(self) -> Actor:
        """Somebody of the town, which lies above."""
        return self.cast.town_handler

    def third(self) -> Actor:
        """Somebody else of the town."""
        post = self.cast.town_handler.appointment.post
        user = actions.open_account(display_name="third")
        Post.objects.filter(pk=post.pk).update(seats=2)
        post.refresh_from_db()
        made = actions.appoint(post, user, by=SYSTEM, from_date=clock.today())
        return under(Appointment.objects.with_posts().get(pk=made.pk))

    def person(self, name: str = "somebody") -> Actor:
        return as_resident(actions.open_account(display_name=name))

    def enter(self, name="张三", **given) -> Member:
        values = {"by": self.secretary, "on": date(2026, 1, 5), **given}
        body = values.pop("body", self.branch)
        kind = "party" if body == self.branch else "volunteers"
        return entering.enter(kind, body, name=name, **values)

    def full(self, name="李四", on=date(2026, 1, 5), **given) -> Member:
        """A full member from elsewhere, by two people."""
        member = self.enter(name, stage="full", on=on, **given)
        moving.agree(member.moves.get(), by=self.above)
        member.refresh_from_db()
        return member

    def paper(self, member: Member, *kinds: str, dated: date | None = None) -> None:
        for kind in kinds:
            entering.note_paper(member, kind, dated or clock.today(), by=self.secretary)


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
def rolls(db, moved) -> Rolls:
    cast = gather()
    community = cast.places["community"]
    made = {
        kind: actions.open_organisation(
            code=f"peach-{kind}", kind=kind, name=name, name_en=en, place=community, by=SYSTEM,
            valid_from=START.date() - timedelta(days=400),
        )
        for kind, name, en in (("branch", "桃花社区党支部", "Peach Garden branch"),
                               ("volunteer-chapter", "桃花志愿者分会", "Peach Garden volunteers"))
    }  # fmt: skip
    return Rolls(cast, made["branch"], made["volunteer-chapter"])
