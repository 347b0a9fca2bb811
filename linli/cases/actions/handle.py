"""What the unit does with a case: accept, note, extend, answer, decline."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.cases import clocks
from linli.cases.actions.core import fit_for_the_public, said, tell, win
from linli.cases.models import Asker, Case, State, Words
from linli.cases.models.case import WORKING
from linli.cases.policies import (
    check_can_accept,
    check_can_answer,
    check_can_decline,
    check_can_extend,
    check_can_handle,
    check_can_note,
    check_can_publish,
)
from linli.cases.steps import done_of
from linli.lib import clock, workdays
from linli.people.actors import Actor
from linli.people.models import User
from linli.people.policies import Denied
from linli.web.language import lang


@transaction.atomic
def accept(case: Case, *, by: Actor) -> None:
    """The owner takes it on."""
    check_can_accept(case, by)
    _check_steps(case, "accept")
    win(
        case,
        states=(State.ROUTED,),
        state=State.ACCEPTED,
        handler=by.user,
        accepted_at=clock.now(),
        accept_due_at=None,
    )
    tell(case, "case.accepted", by=by, when=_when())


@transaction.atomic
def assign(case: Case, to: User, *, by: Actor) -> None:
    """Name the person of the unit who deals with it."""
    check_can_handle(case, by)
    win(case, states=tuple(WORKING), handler=to)
    tell(case, "case.assigned", by=by, facts={"to": str(to.pk)}, when=_when())


@transaction.atomic
def note(case: Case, words: str, *, by: Actor) -> None:
    """An internal note; never shown to the public, screened like everything else."""
    check_can_note(case, by)
    clean = said(words, _("the note"))
    tell(case, "case.noted", by=by, words=clean, purpose=Words.Purpose.NOTE, when=_when())


@transaction.atomic
def extend(case: Case, until: datetime, reason: str, *, by: Actor) -> None:
    """More time, asked for before it runs out, with a reason that the asker is told."""
    check_can_extend(case, by)
    clean = fit_for_the_public(said(reason, _("why more time is needed")))
    if until <= case.answer_due_at:
        raise Denied(_("The new date must be later than the present one."))
    most = case.rule.at_most
    if most and until > workdays.add(case.received_at, most.within):
        raise Denied(
            _("Altogether the answer may take %(span)s and no more.")
            % {"span": most.within.text(lang())}
        )
    before = case.answer_due_at
    win(
        case,
        states=tuple(WORKING),
        answer_due_at=until,
        due_at=until,
        extensions=F("extensions") + 1,
    )
    facts = {"from": before.isoformat(), "to": until.isoformat()}
    tell(case, "case.extended", by=by, facts=facts, words=clean, public=True, when=_when())


@transaction.atomic
def answer(case: Case, words: str, *, by: Actor, public: bool = True) -> None:
    """The unit's answer. The asker is asked whether it is solved; nothing closes by itself here."""
    check_can_answer(case, by)
    _check_steps(case, "answer")
    clean = said(words, _("the answer"))
    if public and case.visibility == "public":
        fit_for_the_public(clean)
    now = clock.now()
    in_time = now <= case.answer_due_at
    win(
        case,
        states=tuple(WORKING),
        state=State.ANSWERED,
        answered_at=now,
        accept_due_at=None,
        due_at=clocks.silence(case.rule, now),
    )
    asked = Asker.objects.filter(case=case).update(
        asked_at=now, reply="", replied_at=None, satisfied=None
    )
    facts = {
        "due": case.answer_due_at.isoformat(),
        "in_time": in_time,
        "askers": asked,
        "round": case.reopened + 1,
        "received": case.received_at.isoformat(),
    }
    shown = public and case.visibility == "public"
    tell(case, "case.answered", by=by, facts=facts, words=clean,
         purpose=Words.Purpose.ANSWER, public=shown, when=_when())  # fmt: skip


@transaction.atomic
def decline(case: Case, reason: str, right_address: str, *, by: Actor) -> None:
    """Nobody here can do it: say why, and who can."""
    check_can_decline(case, by)
    clean = fit_for_the_public(said(reason, _("why it cannot be done here")))
    address = fit_for_the_public(said(right_address, _("who is the right one to ask")))
    win(
        case,
        states=tuple(WORKING),
        state=State.DECLINED,
        closed_at=clock.now(),
        due_at=None,
        accept_due_at=None,
    )
    words = _("%(reason)s The right address: %(address)s") % {"reason": clean, "address": address}
    tell(case, "case.declined", by=by, words=words, public=True, when=_when())


@transaction.atomic
def publish(case: Case, words: str, *, by: Actor) -> None:
    """Put a text on the public page, after a person has read it and taken the personal out.

    Of a sealed matter the topic alone becomes public, once everybody concerned has agreed.
    """
    check_can_publish(case, by)
    rule = case.rule
    topic_only = rule.public_text == "topic"
    clean = "" if topic_only else fit_for_the_public(said(words, _("the public text")))
    if rule.public_text == "none":
        raise Denied(_("For this kind of matter no text is ever public."))
    _check_public_needs(case)
    win(case, states=(*WORKING, State.ANSWERED, State.CONFIRMED, State.SILENT, State.DECLINED),
        public_text=clean, published_at=clock.now())  # fmt: skip
    tell(case, "case.published", by=by, when=_when())


def _check_public_needs(case: Case) -> None:
    """Nothing becomes public without the ticks that the kind asks for (both parties' consent …)."""
    done = done_of(case)
    for need in case.rule.public_needs:
        step, _dot, name = need.partition(".")
        if not done.get(step, {}).get(name):
            raise Denied(
                _("It can become public only after “%(step)s” says so.")
                % {"step": case.rule.step(step).name.text(lang())}
            )


def _check_steps(case: Case, stage: str) -> None:
    """Say which special step of the kind still stands in the way."""
    missing = case.rule.missing(stage, done_of(case))  # type: ignore[arg-type]
    if missing:
        raise Denied(
            _("First comes: %(steps)s")
            % {"steps": "、".join(step.name.text(lang()) for step in missing)}
        )


def _when() -> datetime | None:
    """The moved clock's moment, when tests and the demo tell of another day."""
    return clock.now() if clock.is_moved() else None
