"""The one place where Linli asks what time it is.

Everything that decides by time calls ``now()``; so a test or a demonstration can move the whole
system to another moment, and no deadline depends on which clock some module happened to read.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")

_moved: ContextVar[datetime | None] = ContextVar("linli_clock_moved", default=None)
_ahead = timedelta()


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _moved.get() or datetime.now(UTC) + _ahead


def go_ahead(by: timedelta) -> None:
    """Let this whole process live so much later, for good: to see what a deadline does."""
    global _ahead
    _ahead = by


def today() -> date:
    """The date on the wall calendar of the county."""
    return now().astimezone(LOCAL).date()


def is_moved() -> bool:
    """Whether ``now()`` answers another moment than the real one."""
    return _moved.get() is not None or bool(_ahead)


@contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Hold the clock still at ``moment`` inside the block; blocks may be nested.

    Only this thread (or asyncio task) is moved: a thread started inside the block reads the real
    clock. Raises ValueError for a moment without a time zone.
    """
    token = _moved.set(in_utc(moment))
    try:
        yield
    finally:
        _moved.reset(token)


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC; ValueError if it does not say its time zone."""
    if moment.utcoffset() is None:
        raise ValueError(
            f"{moment.isoformat()} has no time zone; give one, for example clock.LOCAL."
        )
    return moment.astimezone(UTC)
