"""What is forgotten: the roll, 30 days after the count (promises R20). Its size stays."""

from datetime import timedelta
from typing import Final

from linli.ballots.models import RollEntry
from linli.lib import clock

KEEP_ROLL: Final = timedelta(days=30)


def forget() -> int:
    """Delete the rolls of ballots that were counted long enough ago; how many lines."""
    before = clock.now() - KEEP_ROLL
    return RollEntry.objects.filter(ballot__closed_at__lt=before).delete()[0]
