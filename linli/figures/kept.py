"""Figures that many people look at: computed once, kept until the journal has a new line."""

import time
from dataclasses import dataclass
from typing import Final

from django.core.cache import cache
from django.utils.translation import gettext as _

from linli import playbook
from linli.figures import queries
from linli.figures.periods import Period, this_month
from linli.figures.queries import Board
from linli.figures.rates import Rate
from linli.figures.share import SMALLEST
from linli.lib import clock

FRESH: Final = 60  # seconds
DEAR: Final = 0.5  # seconds


@dataclass(frozen=True)
class _Kept:
    """A board, the line and minute it was computed at, and until when it is too dear to redo."""

    board: Board
    mark: tuple[int, int]
    until: float


def board(path: str, period: Period) -> Board:
    """The board, kept for a minute or until the journal has a new line.

    One that took long (a large county) is kept for ten times as long as it took, lines or not:
    so a busy hour never spends more than a tenth of its time on figures.
    """
    mark = (queries.newest_line(), int(clock.now().timestamp() // FRESH))
    key = f"board:{path}:{period.first}:{period.last}:{period.key}"
    kept: _Kept | None = cache.get(key)
    if kept and (kept.mark == mark or time.time() < kept.until):
        return kept.board
    began = time.perf_counter()
    found = queries.board(path, period)
    took = time.perf_counter() - began
    until = time.time() + 10 * took if took > DEAR else 0.0
    cache.set(key, _Kept(found, mark, until), max(FRESH, int(20 * took)))
    return found


@dataclass(frozen=True)
class Front:
    """The four numbers of the front page, in words; a dash where too few cases stand behind one."""

    received: str
    response: str
    resolution: str
    satisfaction: str
    response_note: str
    resolution_note: str
    satisfaction_note: str


def front() -> Front:
    """This month in the whole county, as everybody may see it."""
    county = playbook.current().county.place + "/"
    now = board(county, this_month(clock.today())).now
    rates = (now.response, now.resolution, now.satisfaction)
    return Front(str(now.received), *map(_share, rates), *map(_of, rates))


def _share(rate: Rate) -> str:
    return f"{100 * rate.part / rate.n:.0f} %" if rate.n >= SMALLEST else "–"


def _of(rate: Rate) -> str:
    if rate.n < SMALLEST:
        return _("too few to say")
    return _("%(part)s of %(n)s") % {"part": rate.part, "n": rate.n}
