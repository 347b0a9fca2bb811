"""Calling a meeting, and opening it: the roll is frozen at that moment."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from linli.ballots.actions.open import OptionSpec, Voter, open_ballot
from linli.deliberation import quorum
from linli.deliberation.actions.core import open_step, raced, tell
from linli.deliberation.actions.showing import put_up
from linli.deliberation.models import Motion, RollEntry, Sitting, Slip, Step
from linli.deliberation.policies import check_public_words, check_sets
from linli.deliberation.standing import bases_of, why_not_open
from linli.journal.record import subject_of
from linli.lib import clock, workdays
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.playbook.procedure import Stage
from linli.web import dates

CHANNELS: Final = {"open": {"web"}, "secret": {"web", "kiosk", "paper"}}


@transaction.atomic
def call(
    motion: Motion, *, body: str, secrecy: str, begins_at: datetime, spot: str, by: Actor,
    ends_at: datetime | None = None, merged: bool = False,
) -> Sitting:  # fmt: skip
    """Call the meeting of one body, with its notice. Raises Denied for a day that is too early."""
    check_sets(by, motion)
    step = open_step(motion, "meet")
    stage = step.rule
    if body not in {one.id for one in stage.bodies}:
        raise Denied(_("This body does not decide here."))
    _check_manner(motion, stage, secrecy, begins_at, ends_at)
    earliest = workdays.add(clock.now(), stage.notice) if stage.notice else clock.now()
    if begins_at < earliest:
        raise Denied(
            _("The meeting has to be announced before: it can begin after %(when)s.")
            % {"when": dates.day_and_time(earliest)}
        )
    if Sitting.objects.filter(step=step).exists():
        raise Denied(_("The meeting has been called already."))
    sitting = Sitting.objects.create(
        step=step, body=body, secrecy=secrecy, begins_at=begins_at, ends_at=ends_at,
        spot=check_public_words(spot, _("where it is"), most=120),
    )  # fmt: skip
    if merged:
        _merge(step)
    if stage.notice:
        put_up(step, "call", stage.notice, by=by)
    Motion.objects.filter(pk=motion.pk).update(due_at=begins_at)
    tell(motion, "motion.called", by=by, facts={"body": body, "begins": begins_at.isoformat(),
         "secrecy": secrecy, "merged": merged, "sitting": sitting.pk})  # fmt: skip
    return sitting


def _check_manner(
    motion: Motion, stage: Stage, secrecy: str, begins_at: datetime, ends_at: datetime | None
) -> None:
    if secrecy not in stage.votes:
        raise Denied(_("This stage is not decided in that way."))
    if motion.persons and secrecy == "hands":
        raise Denied(_("Hands are never shown about named people: choose a secret vote."))
    if secrecy != "hands" and (ends_at is None or ends_at <= begins_at):
        raise Denied(_("Say until when votes are taken, later than the beginning."))
    if motion.choice == "approval" and secrecy == "hands":
        raise Denied(_("By hands everybody chooses one thing."))


def _merge(step: Step) -> None:
    """Sit together with the stage behind this one, where the procedure allows it."""
    stages = step.motion.rule.stages
    position = [stage.id for stage in stages].index(step.stage) + 1
    after = stages[position] if position < len(stages) else None
    if after is None or after.merge is None:
        raise Denied(_("The next stage cannot be sat together with this one."))
    Step.objects.filter(pk=step.pk).update(merged=after.id)
    step.merged = after.id


@transaction.atomic
def call_off(motion: Motion, *, by: Actor) -> None:
    """Take a call back before the meeting has opened; it can be called anew."""
    check_sets(by, motion)
    step = open_step(motion, "meet")
    if not Sitting.objects.filter(step=step, state=Sitting.State.CALLED).delete()[0]:
        raise Denied(_("There is no call to take back: the meeting has opened."))
    step.notices.filter(what="call").delete()
    Step.objects.filter(pk=step.pk).update(merged="")
    tell(motion, "motion.called_off", by=by)


@transaction.atomic
def open_sitting(motion: Motion, *, by: Actor) -> Sitting:
    """Open the meeting: everything before is complete, the notice is over, the roll is frozen.

    Raises Denied with every reason why it cannot open yet.
    """
    check_sets(by, motion)
    step = open_step(motion, "meet")
    sitting = Sitting.objects.filter(step=step).first()
    if lacking := list(why_not_open(step, sitting)):
        raise Denied(_("It cannot open yet: %(why)s.") % {"why": "; ".join(lacking)})
    assert sitting is not None  # "not called" is one of the reasons
    sitting.step = step
    if sitting.state != Sitting.State.CALLED:
        raise raced()
    slips = _freeze(sitting)
    before = _marks_before(sitting)
    changed = quorum.diff(before, [slip.mark for slip in slips]) if before else None
    now = clock.now()
    rows = Sitting.objects.filter(pk=sitting.pk, state=Sitting.State.CALLED)
    if not rows.update(
        state=Sitting.State.OPEN, opened_at=now, size=len(slips), digest=digest(slips),
        came=changed.came if changed else 0, left=changed.left if changed else 0,
    ):  # fmt: skip
        raise raced()
    sitting.refresh_from_db()
    sitting.step = step
    tell(motion, "motion.roll_frozen", by=by, facts={"size": sitting.size, "came": sitting.came,
         "left": sitting.left, "digest": sitting.digest})  # fmt: skip
    if sitting.secrecy != "hands":
        _open_ballot(motion, sitting, slips, by)
    return sitting


def _freeze(sitting: Sitting) -> list[Slip]:
    """Copy the roll. Two bodies that sit together are one roll on which nobody stands twice."""
    bases = bases_of(sitting.step, sitting)
    entries = RollEntry.objects.current().filter(
        roll__organisation=sitting.step.motion.organisation_id, roll__base__in=bases
    )
    found: dict[str, RollEntry] = {}
    people: set[object] = set()
    for entry in entries.order_by("roll_id", "number"):
        if entry.mark in found or (entry.user_id and entry.user_id in people):
            continue
        found[entry.mark] = entry
        people.add(entry.user_id)
    several = len(bases) > 1
    return Slip.objects.bulk_create(
        Slip(sitting=sitting, number=n if several else entry.number, mark=entry.mark,
             user_id=entry.user_id, group=entry.group)
        for n, entry in enumerate(found.values(), 1)
    )  # fmt: skip


def digest(slips: Iterable[Slip]) -> str:
    """The fingerprint of a frozen roll, published before the first vote."""
    lines = sorted([slip.number, str(slip.key)] for slip in slips)
    return hashlib.sha256(json.dumps(lines, separators=(",", ":")).encode()).hexdigest()


def _marks_before(sitting: Sitting) -> list[str]:
    """Who was on the roll when the same body was frozen last, as marks."""
    motion = sitting.step.motion
    body = Q(body=sitting.body, step__motion__procedure=motion.procedure)
    last = (
        Sitting.objects.filter(body, step__motion__organisation=motion.organisation_id)
        .exclude(pk=sitting.pk).exclude(opened_at=None).order_by("-opened_at").first()
    )  # fmt: skip
    return list(last.slips.values_list("mark", flat=True)) if last else []


def _open_ballot(motion: Motion, sitting: Sitting, slips: list[Slip], by: Actor) -> None:
    assert sitting.ends_at is not None  # a ballot is called with its end
    ballot = open_ballot(
        about=subject_of(motion), place=motion.place, organisation=motion.organisation,
        title=motion.title, question=question(motion),
        options=[OptionSpec(str(o["id"]), str(o["text"])) for o in motion.options],
        rule=motion.choice, secrecy=sitting.secrecy,
        roll=[Voter(str(s.key), str(s.user_id) if s.user_id else None, s.group) for s in slips],
        channels=CHANNELS[sitting.secrecy], opens_at=clock.now(),
        closes_at=max(sitting.ends_at, clock.now()), by=by, method=motion.procedure,
    )  # fmt: skip
    Sitting.objects.filter(pk=sitting.pk).update(ballot=str(ballot.pk))
    sitting.ballot = str(ballot.pk)


def question(motion: Motion) -> str:
    """What the paper asks."""
    draft = motion.draft
    words = draft.text if draft else motion.text
    return words if len(words) <= 600 else f"{words[:599]}…"
