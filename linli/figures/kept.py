"""Figures that many people look at: computed once, kept until the journal has a new line."""

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


def board(path: str, period: Period) -> Board:
    """The board, kept for a minute or until the journal has a new line."""
    minute = int(clock.now().timestamp() // FRESH)
    key = f"board:{queries.newest_line()}:{minute}:{path}:{period.first}:{period.last}:{period.key}"
    found = cache.get(key)
    if found is None:
        found = queries.board(path, period)
        cache.set(key, found, FRESH)
    return found  # type: ignore[no-any-return]


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
