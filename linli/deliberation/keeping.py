"""Who was on a frozen roll is forgotten after a year; counts and the fingerprint stay."""

from datetime import timedelta
from typing import Final

from linli.deliberation.models import Sheet, Slip
from linli.lib import clock

KEEP: Final = timedelta(days=365)


def forget() -> int:
    """Erase the lines of frozen rolls, and who counted, a year after the meeting closed."""
    old = {"sitting__closed_at__lt": clock.now() - KEEP}
    Sheet.objects.filter(**old).delete()
    return int(Slip.objects.filter(**old).delete()[0])
