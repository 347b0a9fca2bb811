"""What only the asker does: say whether it is solved, add a word, withdraw, become anonymous."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from linli.cases import clocks, routing
from linli.cases.actions.core import locked, said, tell, win
from linli.cases.actions.handle import _when
from linli.cases.models import Asker, Case, Reply, State, Words
from linli.cases.models.case import WORKING
from linli.cases.policies import check_can_withdraw
from linli.cases.steps import done_of
from linli.lib import clock, workdays
from linli.people.actors import SYSTEM, Actor
from linli.people.policies import Denied
from linli.vault import sealing

RATING_OPEN = 7  # days in which a rating may be changed, by the rater only (domain 6.12)


@transaction.atomic
def reply(
    asker: Asker, word: str, *, by: Actor, satisfied: bool | None = None, words: str = ""
) -> None:
    """ "Solved", "not solved" or "cannot judge", and whether the manner was right.

    "Not solved" goes back to the same owner on the old clock; the second time one level up.
    """
    if word not in {Reply.SOLVED, Reply.UNSOLVED, Reply.UNSURE}:
        raise Denied(_("Please choose one of the three answers."))
    case = locked(asker.case_id)
    _check_asked(case, asker)
    if asker.reply and asker.reply != Reply.SILENT:
        raise Denied(_("You have already told us. Thank you."))
    mine = Asker.objects.filter(pk=asker.pk, reply="", asked_at=asker.asked_at)
    at = clocks.to_the_hour(clock.now()) if _coarse(asker) else clock.now()
    if not mine.update(reply=word, replied_at=at, satisfied=satisfied):
        raise Denied(_("You have already told us. Thank you."))
    asker.refresh_from_db()
    facts = {"asker": str(asker.pk), "reply": str(word), "satisfied": satisfied,
             "round": case.reopened + 1}  # fmt: skip
    tell(case, "case.replied", by=by, facts=facts, words=words.strip()[:1000],
         purpose=Words.Purpose.MESSAGE, when=_when(), coarse=_coarse(asker))  # fmt: skip
    if word == Reply.UNSOLVED:
        _reopen(case, by)
    else:
        settle(case, by=by)


def _check_asked(case: Case, asker: Asker) -> None:
    """Whether an answer waits for this asker's word."""
    if case.state == State.ANSWERED and asker.asked_at is not None:
        return
    if case.state in WORKING and case.reopened and asker.asked_at and not asker.reply:
        raise Denied(
            _("Another asker has said that it is not solved, so it is being worked on again. "
              "You will be asked again when there is a new answer.")
        )  # fmt: skip
    raise Denied(_("There is nothing to confirm just now: it has not been answered, or is closed."))


def _reopen(case: Case, by: Actor) -> None:
    """Back to work. There is no way from here to closed without a new answer."""
    higher = case.reopened >= 1
    now = clock.now()
    owner = case.owner
    due = case.answer_due_at
    if higher:
        avoid = [case.about] if case.about else []
        owner = routing.backstop(case.rule, case.owner, case.place, avoid=avoid).organisation
        # The level above needs a moment of its own; the promise that the rates count stays broken.
        due = max(due, workdays.add(now, case.rule.answer_for(case.category).within))
    changes: dict[str, Any] = (
        {"owner": owner, "owner_post": None, "sender": case.owner, "handler": None}
        if higher
        else {}
    )
    win(
        case,
        states=(State.ANSWERED,),
        state=State.ACCEPTED if not higher else State.ROUTED,
        due_at=due,
        reopened=F("reopened") + 1,
        late_noted_at=None,
        **changes,
    )
    facts = {"ordinal": case.reopened, "to": owner.pk, "higher": higher}
    tell(case, "case.reopened", by=by, facts=facts, when=_when())


def settle(case: Case, *, by: Actor, over: bool = False) -> None:
    """Close an answered case once its askers have spoken, or (`over`) their time is up.

    One "solved" among the words closes it as confirmed; silence alone never does.
    """
    words = list(Asker.objects.filter(case=case).values_list("reply", flat=True))
    waiting = words.count("")
    solved = words.count(Reply.SOLVED)
    if waiting and not over:
        return
    missing = case.rule.missing("close", done_of(case))
    if missing:
        if over:  # a step still owed (originals not returned …): look again tomorrow
            win(case, states=(State.ANSWERED,), due_at=workdays.add(clock.now(), TOMORROW))
        return
    state = State.CONFIRMED if solved else State.SILENT
    if not over and not solved:
        return  # everybody says "cannot judge": leave the door open until the time is up
    Asker.objects.filter(case=case, reply="").update(reply=Reply.SILENT)
    win(case, states=(State.ANSWERED,), state=state, closed_at=clock.now(), due_at=None)
    verb = "case.confirmed" if solved else "case.silent"
    facts = {"solved": solved, "silent": waiting, "unsure": words.count(Reply.UNSURE)}
    tell(case, verb, by=SYSTEM if over else by, facts=facts, when=_when())


TOMORROW = workdays.Span.parse("1 day")


@transaction.atomic
def add_words(asker: Asker, words: str, *, by: Actor) -> None:
    """The asker adds something; the unit reads it, the public does not."""
    case = Case.objects.get(pk=asker.case_id)
    if not case.is_open:
        raise Denied(_("This matter is closed. Send a new one and name this number in it."))
    clean = said(words, _("what you want to add"))
    tell(
        case,
        "case.added",
        by=by,
        facts={"asker": str(asker.pk)},
        words=clean,
        purpose=Words.Purpose.MESSAGE,
        when=_when(),
        coarse=_coarse(asker),
    )


@transaction.atomic
def withdraw(asker: Asker, *, by: Actor) -> None:
    """The asker takes it back. A case that others joined goes on without them."""
    case = Case.objects.get(pk=asker.case_id)
    check_can_withdraw(case, asker)
    if case.askers_count > 1:
        raise Denied(_("Others have joined this matter, so it goes on. You need not do anything."))
    win(
        case,
        states=(State.ROUTED, State.ACCEPTED, State.ANSWERED),
        only=Q(askers_count=1),
        state=State.WITHDRAWN,
        closed_at=clock.now(),
        due_at=None,
        accept_due_at=None,
    )
    tell(case, "case.withdrawn", by=by, when=_when(), coarse=_coarse(asker))


@transaction.atomic
def go_anonymous(asker: Asker, *, by: Actor, word: str) -> str:
    """Cut every tie to the person, for ever; the number and the receipt word stay valid."""
    if asker.anonymity == Asker.Anonymity.NOTHING:
        return word
    case = Case.objects.get(pk=asker.case_id)
    if case.rule.identity == "required" and case.is_open:
        raise Denied(_("This kind of matter needs to know who asks until it is closed."))
    own_file = asker.user is not None and asker.subject == str(asker.user.vault_subject)
    if asker.subject and not own_file:
        sealing.destroy(asker.subject, by=by, reason="the asker wished to be anonymous")
    asker.user, asker.subject, asker.anonymity = None, "", Asker.Anonymity.NOTHING
    asker.save(update_fields=["user", "subject", "anonymity"])
    tell(case, "case.made_anonymous", by=SYSTEM, when=_when(), coarse=True)
    return word


def _coarse(asker: Asker) -> bool:
    return asker.anonymity == Asker.Anonymity.NOTHING


def confirm_until(case: Case) -> datetime | None:
    """Until when the asker may still say whether it is solved."""
    return case.due_at if case.state == State.ANSWERED else None
