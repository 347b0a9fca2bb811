"""What every verb does: lock the card, find the accounts, write one transfer."""

from datetime import date, datetime

from django.db.models import Sum

from linli import playbook
from linli.journal.models import Entry
from linli.lib import clock
from linli.people.models import Organisation
from linli.playbook.award import Award, Cap
from linli.points.models import Account, Card, Kind, Pool, Stars, Transfer
from linli.points.models.ledger import quarter_of


def local(moment: datetime) -> date:
    """The day in the county."""
    return moment.astimezone(clock.LOCAL).date()


def locked(card: Card) -> Card:
    """The card's row, held until the transaction ends: caps are counted by one at a time."""
    return Card.objects.select_for_update().get(pk=card.pk)


def account_of(card: Card, dimension: str) -> Account:
    """The account of a card, made if it is the first time."""
    return Account.objects.get_or_create(
        card=card, dimension=dimension, defaults={"year": card.year}
    )[0]


def pool(kind: Pool, year: int, dimension: str) -> Account:
    """The county's own account on the other side."""
    return Account.objects.get_or_create(
        card=None, pool=kind, year=year, dimension=dimension
    )[0]  # fmt: skip


def room(card: Card, rule: Award, on: date) -> int:
    """How much this rule may still give on this day; the lock on the card is held."""
    return max(0, min(cap.points - used(card, rule.id, cap, on) for cap in rule.caps))


def used(card: Card, rule: str, cap: Cap, on: date) -> int:
    """What the rule has given in the cap's period, without what was taken back."""
    rows = Transfer.objects.standing().filter(card=card, rule=rule)
    if cap.per == "day":
        rows = rows.filter(on=on)
    elif cap.per == "month":
        rows = rows.filter(on__month=on.month)
    elif cap.per == "quarter":
        first = 3 * (quarter_of(on) - 1) + 1
        rows = rows.filter(on__month__gte=first, on__month__lte=first + 2)
    return int(rows.aggregate(n=Sum("amount"))["n"] or 0)


def is_closed(card: Card) -> bool:
    """Whether the stars of the year are fixed: nothing is added after that."""
    return Stars.objects.filter(card=card).exists()


def post(
    card: Card, rule: Award, entry: Entry, *, by: str = "system", second: str = ""
) -> Transfer | None:
    """Give what the evidence is worth, as far as the caps let; None if that is nothing.

    The same evidence by the same rule never counts twice for one person.
    """
    card = locked(card)
    on = local(entry.when)
    if is_closed(card) or Transfer.objects.filter(
        kind=Kind.EARNED, card=card, rule=rule.id, evidence=entry.seq
    ).exists():  # fmt: skip
        return None
    worth = rule.worth(int(entry.facts.get("minutes") or 0))
    amount = min(worth, room(card, rule, on))
    if amount < 1:
        return None
    return Transfer.objects.create(
        kind=Kind.EARNED, card=card, source=pool(Pool.ISSUED, card.year, rule.dimension),
        target=account_of(card, rule.dimension), amount=amount, worth=worth, rule=rule.id,
        version=playbook.current().version, evidence=entry.seq, on=on, at=clock.now(),
        place=entry.place, organisation=_organisation(entry.org), by=by, second=second,
    )  # fmt: skip


def _organisation(org: str) -> Organisation | None:
    return Organisation.objects.filter(pk=org).first() if org.isdigit() else None
