"""Taking a line back: a new transfer the other way, by two people; the old one stays."""

from django.db import transaction
from django.utils.translation import gettext as _

from linli import playbook
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied, NeedsSecond
from linli.points.actions.core import is_closed, local, locked, pool
from linli.points.models import Kind, Pool, Reversal, Transfer
from linli.points.policies import check_takes_back


@transaction.atomic
def ask(transfer: Transfer, reason: str, *, by: Actor) -> Reversal:
    """The first of two says why a line is wrong. Raises Denied."""
    check_takes_back(by, transfer)
    words = reason.strip()
    if not words:
        raise Denied(_("Write down why; the person concerned reads it."))
    _check_stands(transfer)
    row, new = Reversal.objects.get_or_create(
        transfer=transfer,
        defaults={"reason": words[:300], "asked_by": by.id, "asked_at": clock.now()},
    )
    if not new:
        raise Denied(_("Somebody has asked for this already."))
    return row


@transaction.atomic
def agree(asked: Reversal, *, by: Actor) -> Transfer:
    """The second agrees, and the line is taken back. Raises Denied, NeedsSecond."""
    check_takes_back(by, asked.transfer)
    if asked.asked_by == by.id:
        raise NeedsSecond(_("The second person must be somebody else."))
    rows = Reversal.objects.filter(pk=asked.pk, agreed_at=None)
    if not rows.update(agreed_by=by.id, agreed_at=clock.now()):
        raise Denied(_("Someone else has just changed this. Look at it again before you go on."))
    return take_back(asked.transfer, asked.reason, by=asked.asked_by, second=by)


@transaction.atomic
def keep(asked: Reversal, *, by: Actor) -> None:
    """The second does not agree, or the first takes it back: the line stays as it is."""
    check_takes_back(by, asked.transfer)
    if not Reversal.objects.filter(pk=asked.pk, agreed_at=None).delete()[0]:
        raise Denied(_("Someone else has just changed this. Look at it again before you go on."))


def take_back(transfer: Transfer, reason: str, *, by: str, second: Actor) -> Transfer:
    """The transfer the other way, inside the caller's transaction; both have been asked."""
    card = locked(transfer.card)
    _check_stands(transfer)
    # What has ended already is taken out of the pool in which it ended.
    lapsed = Transfer.objects.filter(kind=Kind.LAPSED, card=card, source=transfer.target)
    source = (
        pool(Pool.LAPSED, card.year, transfer.target.dimension)
        if lapsed.exists() else transfer.target
    )  # fmt: skip
    row = Transfer.objects.create(
        kind=Kind.REVERSED, card=card, source=source,
        target=pool(Pool.REVERSED, card.year, transfer.target.dimension),
        amount=transfer.amount, worth=transfer.amount, rule=transfer.rule,
        version=playbook.current().version, evidence=transfer.evidence, on=local(clock.now()),
        at=clock.now(), place=transfer.place, organisation=transfer.organisation,
        reverses=transfer, reason=reason[:300], by=by, second=second.id,
    )  # fmt: skip
    record("points.reversed", on=transfer, by=second, place=transfer.place,
           facts={"rule": transfer.rule, "evidence": transfer.evidence, "first": by})  # fmt: skip
    return row


def _check_stands(transfer: Transfer) -> None:
    if transfer.kind != Kind.EARNED or Transfer.objects.filter(reverses=transfer).exists():
        raise Denied(_("There is nothing to take back here."))
    if is_closed(transfer.card):
        raise Denied(_("The stars of that year are fixed; its lines stay as they are."))
