"""A community that decides something: its committee, its representatives, two people who count."""

import io
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.utils import translation
from PIL import Image

from linli import playbook
from linli.deliberation.actions import (
    calling,
    doing,
    drafting,
    meeting,
    proposing,
    rolls,
    showing,
)
from linli.deliberation.models import Motion, Roll
from linli.deliberation.sheets import Line, ReadList
from linli.deliberation.standing import notice_of
from linli.files import photos
from linli.lib import clock
from linli.people import actions
from linli.people.actors import Actor, as_resident
from linli.people.cast import Cast
from linli.people.cast import cast as gather
from linli.people.models import Organisation

START = datetime(2026, 11, 2, 9, 0, tzinfo=clock.LOCAL)  # a Monday in a month without holidays


def picture(colour="red"):
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415  settings first

    file = io.BytesIO()
    Image.new("RGB", (320, 240), colour).save(file, "JPEG")
    return SimpleUploadedFile("board.jpg", file.getvalue(), "image/jpeg")


@dataclass
class Council:
    """The cast, and short ways through a procedure."""

    cast: Cast

    @property
    def manager(self) -> Actor:
        return self.cast.manager

    @property
    def second(self) -> Actor:
        """Somebody of the town who serves this community as well."""
        return self.cast.town_handler

    @property
    def committee(self) -> Organisation:
        return self.cast.bodies["committee"]

    @property
    def resident(self) -> Actor:
        return self.cast.resident

    def person(self, name: str = "somebody") -> Actor:
        return as_resident(actions.open_account(display_name=name))

    def roll(self, base: str, lines, organisation=None, groups=None) -> Roll:
        """A roll, by the two who have to agree."""
        rows = [line if isinstance(line, Line) else Line(line) for line in lines]
        read = ReadList(lines=rows)
        unit = organisation or self.committee
        change = rolls.bring(unit, base, read, by=self.manager)
        roll = rolls.agree(change, by=self.second)
        if groups:
            Roll.objects.filter(pk=roll.pk).update(groups=groups)
        roll.refresh_from_db()
        return roll

    def representatives(self, count: int = 9, people=()) -> Roll:
        lines = [Line(f"代表{n}", f"{n % 3 + 1}组") for n in range(count - len(people))]
        lines += [Line(f"代表{one.id[:6]}", "1组", user=one.id) for one in people]
        return self.roll("representatives", lines)

    def propose(self, **changes) -> Motion:
        values = {
            "procedure": "five-steps", "place": self.cast.places["community"],
            "title": "修村口的路", "text": "村口到学校的路坑洼，下雨走不了，建议修一修。",
            "by": self.resident,
        }  # fmt: skip
        return proposing.propose(**values | changes)

    def drafted(self, **changes) -> Motion:
        motion = self.propose(**changes)
        proposing.take_up(motion, by=self.manager)
        drafting.write_draft(
            motion, text="修 600 米水泥路，宽 4 米。", cost_fen=18_000_000, by=self.manager
        )
        drafting.finish_draft(motion, by=self.manager)
        return motion

    def prove(self, motion: Motion, what: str = "draft") -> None:
        notice = notice_of(motion.step, what)
        showing.prove(notice, photos.keep(picture()), day=clock.today(), by=self.manager)

    def published(self, **changes) -> Motion:
        """Published with its photo, and the notice is over: the meeting can be called."""
        motion = self.drafted(**changes)
        with clock.moved_to(START):
            showing.publish(motion, by=self.manager, spot="村口公告栏")
            self.prove(motion)
        with clock.moved_to(START + timedelta(days=8)):
            showing.finish_publishing(motion, by=self.manager)
        return motion

    def called(self, *, body="representatives", secrecy="hands", **changes) -> Motion:
        motion = self.published(**changes)
        with clock.moved_to(START + timedelta(days=8)):
            calling.call(
                motion, body=body, secrecy=secrecy, begins_at=START + timedelta(days=20),
                ends_at=START + timedelta(days=21), spot="村委会会议室", by=self.manager,
            )  # fmt: skip
            self.prove(motion, "call")
        return motion

    def sitting(self, motion: Motion, present, **votes) -> None:
        """The meeting by hands from opening to verdict; time has to have come."""
        calling.open_sitting(motion, by=self.manager)
        meeting.note_presence(motion, present, by=self.manager)
        for who in (self.manager, self.second):
            meeting.count_hands(motion, by=who, **votes)
        motion.refresh_from_db()

    def adopted(self) -> Motion:
        """Decided by nine representatives, and published: it is carried out now."""
        self.representatives()
        motion = self.called()
        with clock.moved_to(START + timedelta(days=20)):
            self.sitting(motion, range(1, 9), yes=7, no=1)
            showing.publish(motion, by=self.manager)
            self.prove(motion, "decision")
        with clock.moved_to(START + timedelta(days=29)):
            showing.finish_publishing(motion, by=self.manager)
        motion.refresh_from_db()
        return motion

    def done(self) -> Motion:
        """Carried out, and the result is published and over: it is rated now."""
        motion = self.adopted()
        with clock.moved_to(START + timedelta(days=30)):
            task = doing.add_task(
                motion, what="浇筑路面", doer=self.committee, due=clock.today(), by=self.manager
            )
            doing.finish_task(task, evidence="验收合格", spent_fen=17_500_000, by=self.manager)
            doing.finish_doing(motion, by=self.manager)
            showing.publish(motion, by=self.manager)
        with clock.moved_to(START + timedelta(days=40)):
            showing.finish_publishing(motion, by=self.manager)
        motion.refresh_from_db()
        return motion


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
def council(db, moved) -> Council:
    return Council(gather())


@pytest.fixture
def cast_rule():
    """A procedure of Liyang by its id."""
    return lambda name: playbook.current().procedures[name]
