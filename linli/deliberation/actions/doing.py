"""Carrying it out: who, by when, for how much, with what to show; then what people think of it."""

from datetime import date
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from linli.deliberation import money
from linli.deliberation.actions.core import go_back, go_on, leave, open_step, raced, tell
from linli.deliberation.models import Motion, Opinion, Rating, State, Step, Task
from linli.deliberation.policies import check_carries, check_public_words
from linli.deliberation.standing import why_not
from linli.files import photos
from linli.files.models import Photo
from linli.journal.models import Entry
from linli.journal.record import subject_of
from linli.lib import clock
from linli.people.actors import SYSTEM, Actor
from linli.people.models import Organisation
from linli.people.policies import Denied, NeedsSecond

BATCH: Final = 200


@transaction.atomic
def add_task(
    motion: Motion, *, what: str, doer: Organisation, due: date, by: Actor,
    money_fen: int | None = None,
) -> Task:  # fmt: skip
    """Name who does what by when. From the decision on, until it is carried out."""
    check_carries(by, motion)
    if motion.state != State.DOING:
        raise Denied(_("Nothing is carried out before it is decided."))
    if due < clock.today():
        raise Denied(_("The day lies in the past."))
    last = motion.tasks.order_by("-number").values_list("number", flat=True).first() or 0
    task = Task.objects.create(
        motion=motion, number=last + 1, doer=doer, due=due, money_fen=money.check(money_fen),
        what=check_public_words(what, _("what has to be done"), most=200),
    )  # fmt: skip
    tell(motion, "motion.task_set", by=by, facts={"task": task.number, "due": due.isoformat(),
         "doer": doer.code, "money_fen": money_fen})  # fmt: skip
    return task


@transaction.atomic
def finish_task(
    task: Task, *, evidence: str, by: Actor, spent_fen: int | None = None,
    photo: Photo | None = None,
) -> Task:  # fmt: skip
    """It is done: what shows it, what it cost."""
    motion = task.motion
    check_does(by, task)
    words = check_public_words(evidence, _("what shows that it is done"))
    if photo is not None and not photo.claimed and not photos.claim(photo):
        raise raced()
    _end(task, Task.State.DONE, evidence=words, spent_fen=money.check(spent_fen), photo=photo)
    tell(motion, "motion.task_done", by=by,
         facts={"task": task.number, "late": task.due < clock.today(), "spent_fen": spent_fen,
                "by_doer": by.organisation is not None and by.organisation.pk == task.doer_id},
         )  # fmt: skip
    return task


def check_does(by: Actor, task: Task) -> None:
    """The body that does it, or the one that carries the motion."""
    if by.organisation is not None and by.organisation.pk == task.doer_id:
        by.check("matter.carry", in_scope=True, assigned=True)
        return
    check_carries(by, task.motion)


@transaction.atomic
def drop_task(task: Task, *, reason: str, by: Actor) -> Task:
    """It will not be done, and everybody reads why."""
    check_carries(by, task.motion)
    words = check_public_words(reason, _("why it is not done"))
    _end(task, Task.State.DROPPED, evidence=words, spent_fen=None, photo=None)
    tell(task.motion, "motion.task_dropped", by=by, facts={"task": task.number})
    return task


def _end(
    task: Task, state: str, *, evidence: str, spent_fen: int | None, photo: Photo | None
) -> None:
    rows = Task.objects.filter(pk=task.pk, state=Task.State.OPEN)
    if not rows.update(state=state, evidence=evidence, spent_fen=spent_fen, photo=photo,
                       ended_at=clock.now()):  # fmt: skip
        raise raced()
    task.refresh_from_db()


@transaction.atomic
def finish_doing(motion: Motion, *, by: Actor) -> None:
    """Every task is done or dropped: on to the next stage."""
    check_carries(by, motion)
    step = open_step(motion, "do")
    if lacking := why_not(motion):
        raise Denied(_("It cannot go on yet: %(why)s.") % {"why": "; ".join(lacking)})
    if not motion.tasks.filter(state=Task.State.DONE).exists():
        raise Denied(_("Everything was dropped. That is not carrying it out."))
    leave(step, Step.Outcome.DONE, by=by)
    go_on(motion, step.stage, by=by)


@transaction.atomic
def rate(motion: Motion, *, good: bool, by: Actor) -> Rating:
    """One word of each resident, which they may change while it runs; only totals are shown."""
    by.check("objection.file", own=True)
    step = open_step(motion, "rate")
    row, _new = Rating.objects.update_or_create(
        motion=motion, round=step.round, user=by.user,
        defaults={"good": good, "at": clock.now()},
    )  # fmt: skip
    tell(motion, "motion.rated", by="anonymous")
    return row


@transaction.atomic
def opinion(
    motion: Motion, *, good: bool, words: str, heard: int, content: int, by: Actor
) -> Opinion:
    """What the supervisors found. Never by somebody who ticked off one of the tasks."""
    check_carries(by, motion)
    step = open_step(motion, "rate")
    did = Entry.objects.filter(
        subject=subject_of(motion), verb="motion.task_done", actor=by.id
    )  # fmt: skip
    if did.exists():
        raise NeedsSecond(_("Whoever reported it as done does not judge it; ask somebody else."))
    if not 0 <= content <= heard:
        raise Denied(_("No more can be content than were asked."))
    row, new = Opinion.objects.get_or_create(
        motion=motion, round=step.round,
        defaults={"good": good, "heard": heard, "content": content, "by": by.id,
                  "words": check_public_words(words, _("what you found"), most=1000)},
    )  # fmt: skip
    if not new:
        raise Denied(_("The supervisors have said what they found."))
    tell(motion, "motion.judged", by=by, facts={"good": good, "heard": heard, "content": content})
    return row


def is_bad(motion: Motion, round_: int) -> bool:
    """Whether it was rated bad: by the supervisors, or by more of the residents than not."""
    found = Opinion.objects.filter(motion=motion, round=round_).first()
    rows = motion.ratings.filter(round=round_)
    bad, good = rows.filter(good=False).count(), rows.filter(good=True).count()
    return bool(found and not found.good) or bad > good


@transaction.atomic
def finish_rating(motion: Motion, *, by: Actor) -> None:
    """The evaluation is closed: the motion ends, or a bad rating opens it again."""
    check_carries(by, motion)
    step = open_step(motion, "rate")
    if lacking := why_not(motion):
        raise Denied(_("It cannot go on yet: %(why)s.") % {"why": "; ".join(lacking)})
    back = motion.rule.reopens
    if back and is_bad(motion, step.round):
        leave(step, Step.Outcome.FAILED, by=by)
        go_back(motion, back, by=by)
        return
    leave(step, Step.Outcome.DONE, by=by)
    go_on(motion, step.stage, by=by)


def note_late() -> int:
    """Write once for each task whose day has passed: a decision not carried out is a gap."""
    rows = Task.objects.filter(
        state=Task.State.OPEN, due__lt=clock.today(), late_noted=False, motion__state=State.DOING
    ).select_related("motion")[:BATCH]
    count = 0
    for task in rows:
        with transaction.atomic():
            if Task.objects.filter(pk=task.pk, late_noted=False).update(late_noted=True):
                tell(task.motion, "motion.overdue", by=SYSTEM,
                     facts={"task": task.number, "due": task.due.isoformat()})  # fmt: skip
                count += 1
    return count
