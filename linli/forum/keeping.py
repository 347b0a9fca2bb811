"""How long words are kept: those taken back 30 days, those hidden 180; numbers and reasons stay."""

from datetime import timedelta
from typing import Final

from linli.forum.actions.own import erase_words
from linli.forum.models import Floor, FloorState, Report
from linli.forum.models.moderation import ReportKind
from linli.lib import clock

TAKEN_BACK: Final = timedelta(days=30)  # R16
HIDDEN: Final = timedelta(days=180)  # R17, from the last decision
REPORTS: Final = timedelta(days=365)
BATCH: Final = 500


def forget() -> int:
    """Erase the words whose time is over; how many floors lost theirs."""
    now = clock.now()
    rows = Floor.objects.exclude(text="")
    old = [
        *rows.filter(state=FloorState.TAKEN_BACK, state_at__lt=now - TAKEN_BACK)[:BATCH],
        *rows.filter(state=FloorState.HIDDEN, state_at__lt=now - HIDDEN).exclude(
            reports__settled_at=None, reports__kind=ReportKind.APPEAL
        )[:BATCH],
    ]
    for floor in old:
        erase_words(floor)
    Report.objects.filter(settled_at__lt=now - REPORTS).delete()
    return len(old)
