"""Objections: to a line of one's own, or because one is missing; somebody else decides."""

from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli import playbook
from linli.journal.models import Entry
from linli.journal.record import record
from linli.lib import clock
from linli.lib.workdays import Span, add
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.points import keeping
from linli.points.actions import earning
from linli.points.actions.core import is_closed, local, post
from linli.points.actions.joining import joined
from linli.points.actions.reversing import take_back
from linli.points.models import Card, Objection, Transfer
from linli.points.models.consent import given
from linli.points.policies import check_reviews

ANSWERED_WITHIN: Final = Span(7, "days")


@transaction.atomic
def to_line(transfer: Transfer, words: str, *, by: Actor) -> Objection:
    """Say that a line of one's own is wrong. Raises Denied."""
    if by.user is None or transfer.card.user_id != by.user.pk:
        raise Denied(_("In your present role you cannot do this."))
    return _file(transfer.card, transfer.rule, transfer.evidence, transfer.place, words, by,
                 transfer)  # fmt: skip


@transaction.atomic
def missing(evidence: int, rule_id: str, words: str, *, by: Actor) -> Objection:
    """Say that a line of the journal about oneself has not counted. Raises Denied."""
    rule = playbook.current().awards.get(rule_id)
    entry = Entry.objects.filter(seq=evidence).first()
    if by.user is None or joined(by.user) is None:
        raise Denied(_("You do not collect points."))
    # The same sentence for a line of somebody else and for none: numbers tell nobody anything.
    if (
        rule is None or entry is None or not earning.fits(rule, entry)
        or earning.person_of(entry) != by.id or not given({by.id}, entry.when)
    ):  # fmt: skip
        raise Denied(_("The journal has no such line about you that this rule counts."))
    if keeping.is_folded(local(entry.when).year):
        raise Denied(_("Only the total of that year is kept; its lines have been removed."))
    card = earning.card_of(by.user, local(entry.when).year)
    if Transfer.objects.earned().filter(card=card, rule=rule.id, evidence=entry.seq).exists():
        raise Denied(_("It has counted already."))
    return _file(card, rule.id, entry.seq, entry.place, words, by, None)


@transaction.atomic
def decide(objection: Objection, *, upheld: bool, answer: str, by: Actor) -> None:
    """Answer an objection; upheld, the ledger follows in the same moment. Raises Denied."""
    check_reviews(by, objection)
    said = answer.strip()
    if not said:
        raise Denied(_("Write an answer; the person concerned reads it."))
    state = Objection.State.UPHELD if upheld else Objection.State.REJECTED
    rows = Objection.objects.filter(pk=objection.pk, state=Objection.State.OPEN)
    if not rows.update(state=state, answer=said[:1000], reviewer=by.id, decided_at=clock.now()):
        raise Denied(_("Someone else has just changed this. Look at it again before you go on."))
    if upheld:
        _put_right(objection, said, by)
    record("points.objection_decided", on=objection, by=by, place=objection.place,
           facts={"rule": objection.rule, "evidence": objection.evidence, "as": state})  # fmt: skip


def _put_right(objection: Objection, said: str, by: Actor) -> None:
    owner = str(objection.card.user_id or "")
    if objection.transfer is not None:
        take_back(objection.transfer, said, by=owner, second=by)
        return
    rule = playbook.current().awards.get(objection.rule)
    entry = Entry.objects.get(seq=objection.evidence)
    if rule is None or post(objection.card, rule, entry, by=owner, second=by.id) is None:
        raise Denied(_("A cap leaves no room for it, or the rule is not in force any more."))


def _file(
    card: Card, rule: str, evidence: int, place: str, words: str, by: Actor,
    transfer: Transfer | None,
) -> Objection:  # fmt: skip
    by.check("points.appeal", own=True)
    said = words.strip()
    if not said:
        raise Denied(_("Say in a few words what is wrong."))
    if is_closed(card):
        raise Denied(_("The stars of that year are fixed; its lines stay as they are."))
    now = clock.now()
    try:
        with transaction.atomic():
            row = Objection.objects.create(
                card=card, transfer=transfer, rule=rule, evidence=evidence, place=place,
                words=said[:1000], filed_at=now, due_at=add(now, ANSWERED_WITHIN),
            )  # fmt: skip
    except IntegrityError as error:
        raise Denied(_("You have objected to this already; it is being looked at.")) from error
    record("points.objected", on=row, by=by, place=place, facts={"rule": rule})
    return row
