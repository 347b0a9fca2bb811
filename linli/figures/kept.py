"""Figures that many people look at: counted once, kept until the journal has a new line.

A board that is counted quickly is kept by the process for a minute or until something happens. One
that took long (a large county) is kept in the database: everybody gets it as it stood, the page
says when that was, and the worker counts it again. Nobody waits for it twice.
"""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.core.cache import cache
from django.db.models import F
from django.utils.translation import gettext as _

from linli import playbook
from linli.figures import packing, queries
from linli.figures.models import KeptBoard
from linli.figures.periods import Period, this_month
from linli.figures.queries import Board
from linli.figures.rates import Rate
from linli.figures.share import SMALLEST
from linli.lib import clock

FRESH: Final = 60  # seconds
DEAR: Final = 0.5  # seconds of counting from which a board is kept in the database
TOO_MANY: Final = 40_000  # cases from which nobody's request counts: the worker does
MOST: Final = 150_000  # cases that are counted at all, since each one's story is read
WANTED_FOR: Final = timedelta(days=1)  # boards nobody asked for since are not counted again
NO_WORKER: Final = timedelta(minutes=15)  # older than this, a visitor's request counts again
SHARE: Final = 10  # the worker spends a tenth of its time on figures


class NotYet(Exception):
    """The board is so large that the worker counts it; it is there in a while."""


class TooLarge(Exception):
    """More than MOST cases: fewer days must be chosen."""


@dataclass(frozen=True)
class _Cheap:
    """A board that was counted quickly, and the line and minute it was counted at."""

    board: Board
    mark: tuple[int, int]


def board(path: str, period: Period) -> Board:
    """The board as it stands, or as it stood lately where counting takes long.

    Raises NotYet for one that is too large to wait for and was never counted, TooLarge for one that
    never will be.
    """
    now = clock.now()
    mark = (queries.newest_line(), int(now.timestamp() // FRESH))
    key = f"{path}:{period.first}:{period.last}:{period.key}"
    cheap: _Cheap | None = cache.get(f"board:{key}")
    if cheap is not None and cheap.mark == mark:
        return cheap.board
    if cheap is None:
        row = KeptBoard.objects.filter(key=key).first()
        if row is not None and row.body is not None and not _is_over(row):
            _ask_again(row)
            return packing.unpack(row.body)
        if queries.is_many(path, period, TOO_MANY):
            return _not_now(key, path, period, row)
    return _count(key, path, period, mark)


def _not_now(key: str, path: str, period: Period, row: KeptBoard | None) -> Board:
    """What there is of a board that only the worker counts."""
    if row is not None and row.body is not None:
        return packing.unpack(row.body)
    if queries.is_many(path, period, MOST):
        raise TooLarge
    _wish(key, path, period)
    raise NotYet


def _is_over(row: KeptBoard) -> bool:
    """Whether the worker has had its time: then it is away, and a request counts."""
    if row.counted_at is None:
        return False
    patience = max(NO_WORKER, timedelta(seconds=2 * SHARE * row.took))
    return clock.now() - row.counted_at > patience


def _ask_again(row: KeptBoard) -> None:
    """Note that the board is still looked at, once an hour at most."""
    if clock.now() - row.asked_at > timedelta(hours=1):
        KeptBoard.objects.filter(pk=row.pk).update(asked_at=clock.now())


def _wish(key: str, path: str, period: Period) -> None:
    KeptBoard.objects.get_or_create(key=key, defaults={
        "path": path, "first": period.first, "last": period.last, "period": period.key,
        "asked_at": clock.now(),
    })  # fmt: skip


def _count(key: str, path: str, period: Period, mark: tuple[int, int]) -> Board:
    began = time.perf_counter()
    found = packing.without_cases(queries.board(path, period))
    took = time.perf_counter() - began
    if took > DEAR:
        now = clock.now()
        values = {"body": packing.pack(found), "upto": mark[0], "took": took, "counted_at": now}
        who = {"path": path, "first": period.first, "last": period.last, "period": period.key}
        KeptBoard.objects.update_or_create(
            key=key, defaults=values, create_defaults={**values, **who, "asked_at": now}
        )
    else:
        cache.set(f"board:{key}", _Cheap(found, mark), FRESH)
    return found


def count_again() -> int:
    """Count the kept boards again that somebody looks at and that have news; how many were.

    The worker's job: the longest unread first, and never more than a tenth of its time.
    """
    now, newest, spent = clock.now(), queries.newest_line(), 0.0
    KeptBoard.objects.filter(asked_at__lt=now - WANTED_FOR).delete()
    done = 0
    for row in KeptBoard.objects.order_by(F("counted_at").asc(nulls_first=True), "asked_at"):
        rested = row.counted_at is None or (
            (now - row.counted_at).total_seconds() > max(FRESH, SHARE * row.took)
        )
        if spent > FRESH / SHARE or not rested or (row.body is not None and row.upto == newest):
            continue
        began = time.perf_counter()
        _count(row.key, row.path, Period(row.first, row.last, row.period), (newest, 0))
        spent += time.perf_counter() - began
        done += 1
    return done


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
    try:
        now = board(county, this_month(clock.today())).now
    except NotYet:
        return Front(*["–"] * 4, *[_("being counted")] * 3)
    rates = (now.response, now.resolution, now.satisfaction)
    return Front(str(now.received), *map(_share, rates), *map(_of, rates))


def _share(rate: Rate) -> str:
    return f"{100 * rate.part / rate.n:.0f} %" if rate.n >= SMALLEST else "–"


def _of(rate: Rate) -> str:
    if rate.n < SMALLEST:
        return _("too few to say")
    return _("%(part)s of %(n)s") % {"part": rate.part, "n": rate.n}
