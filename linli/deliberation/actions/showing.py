"""Putting something up with proof, objecting to it, answering in public."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from linli.deliberation.actions.core import go_back, go_on, leave, open_step, raced, tell
from linli.deliberation.models import Motion, Notice, Objection, Step
from linli.deliberation.policies import (
    check_can_object,
    check_can_take_back,
    check_carries,
    check_public_words,
)
from linli.deliberation.standing import notice_of, why_not
from linli.files import photos
from linli.files.models import Photo
from linli.lib import clock, workdays
from linli.lib.workdays import Span
from linli.people.actors import Actor
from linli.people.policies import Denied

LONGEST = 1000
MOST_OBJECTIONS = 3  # of one person in one step


@transaction.atomic
def publish(motion: Motion, *, by: Actor, spot: str = "") -> Notice:
    """Put up what this stage publishes: from now on it is on the motion's page as well."""
    check_carries(by, motion)
    step = open_step(motion, "publish")
    stage = step.rule
    assert stage.lasts is not None  # the playbook's checks
    draft = motion.draft
    if stage.publishes == "draft" and draft is None:
        raise Denied(_("There is no draft to publish."))
    return put_up(
        step, stage.publishes or "draft", stage.lasts, by=by, spot=spot,
        version=draft.version if draft else 0,
    )  # fmt: skip


def put_up(
    step: Step, what: str, lasts: Span, *, by: Actor, spot: str = "", version: int = 0
) -> Notice:
    """One notice for each step and kind; put up again it is the one that hangs already."""
    now = clock.now()
    words = check_public_words(spot, _("where the board stands"), most=80) if spot.strip() else ""
    notice, new = Notice.objects.get_or_create(
        step=step, what=what,
        defaults={"version": version, "posted_at": now, "starts_at": now, "spot": words,
                  "ends_at": workdays.add(now, lasts)},
    )  # fmt: skip
    if new:
        tell(step.motion, "motion.published", by=by,
             facts={"what": what, "until": notice.ends_at.isoformat()})  # fmt: skip
        Motion.objects.filter(pk=step.motion_id).update(due_at=notice.ends_at)
    return notice


@transaction.atomic
def prove(notice: Notice, photo: Photo, *, day: date, by: Actor) -> Notice:
    """Add the photo of the board and the day on which it was taken.

    Taken later than the notice says, the notice begins on that day: people could not read it
    before. Raises Denied for a day that cannot be.
    """
    motion = notice.step.motion
    check_carries(by, motion)
    if notice.step.closed_at is not None:
        raise Denied(_("This stage is over; nothing is added to it."))
    if day > clock.today():
        raise Denied(_("The photo cannot be of a day to come."))
    if not photo.claimed and not photos.claim(photo):
        raise raced()
    posted = notice.posted_at.astimezone(clock.LOCAL)
    starts = notice.posted_at
    if day > posted.date():
        starts = datetime.combine(day, time(0, 0), clock.LOCAL)
    Notice.objects.filter(pk=notice.pk).update(
        photo=photo, photo_day=day, starts_at=starts,
        ends_at=workdays.add(starts, _length(notice)),
    )  # fmt: skip
    notice.refresh_from_db()
    tell(motion, "motion.proved", by=by, facts={"what": notice.what, "day": day.isoformat()})
    Motion.objects.filter(pk=motion.pk).update(due_at=notice.ends_at)
    return notice


def _length(notice: Notice) -> Span:
    rule = notice.step.rule
    span = rule.notice if notice.what == "call" else rule.lasts
    assert span is not None  # without a length nothing is put up
    return span


@transaction.atomic
def object_to(motion: Motion, words: str, *, by: Actor, on_paper: bool = False) -> Objection:
    """File an objection. Staff write down what came on paper. It is answered in public."""
    if on_paper:
        check_carries(by, motion)
    else:
        check_can_object(by, motion)
    step = open_step(motion, "publish")
    rule = step.rule.objections
    notice = notice_of(step, step.rule.publishes or "draft")
    if rule is None or notice is None:
        raise Denied(_("Nothing is published at the moment that could be objected to."))
    if notice.ends_at <= clock.now():
        raise Denied(_("The time for objections is over."))
    mine = Objection.objects.filter(step=step, user=by.user, on_paper=False).count()
    if not on_paper and mine >= MOST_OBJECTIONS:
        raise Denied(_("You have objected %(n)s times; that is all there is.") % {"n": mine})
    last = motion.objections.order_by("-number").values_list("number", flat=True).first() or 0
    row = Objection.objects.create(
        motion=motion, step=step, number=last + 1, user=None if on_paper else by.user,
        on_paper=on_paper, words=check_public_words(words, _("your objection"), most=LONGEST),
        due_at=workdays.add(clock.now(), rule.answer),
    )  # fmt: skip
    tell(motion, "motion.objected", by=by if on_paper else "anonymous",
         facts={"number": row.number, "paper": on_paper})  # fmt: skip
    return row


@transaction.atomic
def answer(objection: Objection, *, outcome: str, words: str, by: Actor) -> Objection:
    """Answer in public: it stays and why, or it will be changed, and then it is drafted again."""
    motion = objection.motion
    check_carries(by, motion)
    if by.user is not None and objection.user_id == by.user.pk:
        raise Denied(_("Nobody answers their own objection."))
    if outcome not in (Objection.Outcome.KEPT, Objection.Outcome.CHANGED):
        raise Denied(_("Choose whether it stays or is changed."))
    if outcome == Objection.Outcome.CHANGED and not can_redraft(objection.step):
        raise Denied(_("What is decided is not changed by an answer; it takes a new motion."))
    said = check_public_words(words, _("an answer"), most=LONGEST)
    return _settle(objection, outcome, said, by)


def can_redraft(step: Step) -> bool:
    """Whether what is published can still be changed."""
    return step.rule.publishes == "draft" and step.motion.rule.first("draft") is not None


@transaction.atomic
def take_back(objection: Objection, *, by: Actor) -> Objection:
    """Whoever objected takes it back."""
    check_can_take_back(by, objection)
    return _settle(objection, Objection.Outcome.TAKEN_BACK, "", by)


def _settle(objection: Objection, outcome: str, words: str, by: Actor) -> Objection:
    rows = Objection.objects.filter(pk=objection.pk, outcome="", step__closed_at=None)
    if not rows.update(outcome=outcome, answer=words, answered_at=clock.now()):
        raise raced()
    objection.refresh_from_db()
    own = outcome == Objection.Outcome.TAKEN_BACK
    tell(objection.motion, "motion.objection_answered", by="anonymous" if own else by,
         facts={"number": objection.number, "as": outcome, "objection": objection.pk})  # fmt: skip
    return objection


@transaction.atomic
def finish_publishing(motion: Motion, *, by: Actor) -> None:
    """The notice is over and every objection answered: on to the next stage, or to a new draft."""
    check_carries(by, motion)
    step = open_step(motion, "publish")
    if lacking := why_not(motion):
        raise Denied(_("It cannot go on yet: %(why)s.") % {"why": "; ".join(lacking)})
    changed = Objection.objects.filter(step=step, outcome=Objection.Outcome.CHANGED).exists()
    draft = motion.rule.first("draft")
    if changed and draft is not None:
        leave(step, Step.Outcome.REDRAFT, by=by)
        go_back(motion, draft.id, by=by)
        return
    leave(step, Step.Outcome.DONE, by=by)
    go_on(motion, step.stage, by=by)
