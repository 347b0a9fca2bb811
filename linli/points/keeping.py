"""How long lines of points stay somebody's: two years after the end of their year (R22).

The ledger refuses every deletion, and it should: what was given out, taken back and ended adds up
for ever. So the tie is cut instead. The card is nobody's then, what was written in words about its
lines is gone, and the person keeps the total of the year and the stars. What a line's evidence
names goes by the clock of the evidence itself (R23).
"""

from typing import Final

from django.db import transaction

from linli.lib import clock
from linli.points.models import Card, Claim, Objection

YEARS: Final = 2


def is_folded(year: int) -> bool:
    """Whether only the total of this year is still somebody's."""
    return clock.today().year > year + YEARS


@transaction.atomic
def fold() -> int:
    """Cut the ties of the lines of years that ended two years ago; how many cards."""
    cards = Card.objects.filter(user__isnull=False, year__lt=clock.today().year - YEARS)
    about = Objection.objects.filter(card__in=cards)
    about.exclude(answer="").update(answer="—")
    about.update(words="—")
    Claim.objects.filter(card__in=cards).delete()
    return cards.update(user=None)
