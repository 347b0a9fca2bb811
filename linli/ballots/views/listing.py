"""Which ballots the list shows."""

from dataclasses import dataclass
from typing import Final

from linli.ballots.models import Ballot
from linli.lib import clock

MOST: Final = 60


@dataclass(frozen=True)
class Listed:
    """Ballots in three groups, each the nearest first."""

    open: list[Ballot]
    coming: list[Ballot]
    over: list[Ballot]


def listed() -> Listed:
    """The newest sixty, grouped by what one can do about them. One query."""
    now = clock.now()
    rows = list(Ballot.objects.with_names().order_by("-closes_at", "pk")[:MOST])
    runs = [row for row in rows if row.runs(now)]
    coming = [row for row in rows if row.is_open and row.opens_at > now]
    over = [row for row in rows if row not in runs and row not in coming]
    return Listed(runs[::-1], coming[::-1], over)
