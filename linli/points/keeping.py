"""How long lines of points are kept: two years after the end of their year (R22).

Then a year becomes numbers by dimension that name nobody, and its lines, accounts, claims,
objections and reversals go. The ledger refuses every other deletion: the database lets a line go
only where a total counts it (guards.py). Cutting the tie of the card alone was not enough: from
somebody's stars the card led back to every line.

Stars stay, and are not under R22: they are the yearly total that the promise leaves, a person's
own thanks and one number without place, day or evidence. The card of a year with stars stays for
them as an empty frame that is nobody's. Bulletins and certificates name nobody, and stay.

A year with an open objection waits until it is answered: whoever asked has a right to an answer,
and answering needs the line. A line somebody only asked to take back does not hold it.
"""

from collections.abc import Iterable
from typing import Final

from django.db import transaction
from django.db.models import Count, F, Q, Sum

from linli.lib import clock
from linli.points.actions import years
from linli.points.models import Account, Card, Claim, Objection, Reversal, Transfer, YearTotal

YEARS: Final = 2


def is_folded(year: int) -> bool:
    """Whether the lines of this year have had their time: no evidence is counted anew."""
    return year < _first_kept()


def fold() -> int:
    """Leave only totals of the years that ended two years ago; how many rows went or were cut."""
    if not _due():
        return 0
    years.keep_time()  # whoever has no stars yet would lose the year altogether
    return sum(_fold(year) for year in _due())


def totals(year: int) -> Iterable[YearTotal]:
    """What the lines of a year come to, not saved."""
    rows = Transfer.objects.filter(card__year=year).values("target__dimension", "kind")
    found = rows.annotate(
        lines=Count("pk"), points=Sum("amount"), people=Count("card", distinct=True)
    )
    for row in found.order_by("target__dimension", "kind"):
        yield YearTotal(
            year=year, dimension=row["target__dimension"], kind=row["kind"],
            lines=row["lines"], points=row["points"], people=row["people"],
        )  # fmt: skip


def _first_kept() -> int:
    return clock.today().year - YEARS


def _due() -> list[int]:
    """The years of which there is more than totals, stars and bulletins, oldest first."""
    tied = Card.objects.filter(Q(user__isnull=False) | Q(stars=None), year__lt=_first_kept())
    accounts = Account.objects.filter(year__lt=_first_kept())
    found = {*tied.values_list("year", flat=True), *accounts.values_list("year", flat=True)}
    return sorted(found)


@transaction.atomic
def _fold(year: int) -> int:
    cards = Card.objects.filter(year=year)
    # Held until the end: nobody files, counts or takes back on these cards meanwhile.
    list(cards.select_for_update().order_by("pk"))
    if Objection.objects.filter(card__year=year, state=Objection.State.OPEN).exists():
        return 0
    YearTotal.objects.bulk_create(totals(year))
    lines = Transfer.objects.filter(card__year=year)
    gone = [
        rows.delete()[0] for rows in (
            Objection.objects.filter(card__year=year),
            Claim.objects.filter(card__year=year),
            Reversal.objects.filter(transfer__card__year=year),
            lines.filter(reverses__isnull=False),
            lines,
            Account.objects.filter(year=year),
            cards.filter(stars=None),
        )
    ]  # fmt: skip
    return sum(gone) + cards.filter(user__isnull=False).update(user=None)


def check() -> list[str]:
    """What does not add up in the totals that are kept, in words."""
    rows = YearTotal.objects.values("year", "dimension").annotate(
        given=Sum("points", filter=Q(kind="earned"), default=0),
        gone=Sum("points", filter=~Q(kind="earned"), default=0),
    )
    said = [
        f"{row['year']} {row['dimension']}: {row['given']} given out, {row['gone']} gone"
        for row in rows.filter(given__lt=F("gone")).order_by("year", "dimension")
    ]
    folded = YearTotal.objects.values("year")
    left = Transfer.objects.filter(card__year__in=folded).count()
    return said + ([f"{left} lines of years of which only totals are kept"] if left else [])
