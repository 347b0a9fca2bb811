"""Which copies of the database are close enough to the original to be read.

How far a copy is behind is measured without clocks of other machines: now and then we note how far
the original has written, with our own time; a copy that has replayed as far as a note is no older
than that note. A copy that does not answer, or that has become an original itself, is not read.
"""

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections

log = logging.getLogger(__name__)
EVERY: Final = 1.0  # seconds between two looks, made by the request that comes first after it
REST: Final = 5.0  # seconds for which a copy that did not answer is left alone; then twice as long
LONGEST_REST: Final = 60.0
WRITTEN: Final = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint"
REPLAYED: Final = (
    "SELECT pg_is_in_recovery(),"
    " coalesce(pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint, 0)"
)


@dataclass
class Copy:
    """What this process knows of one copy."""

    alias: str
    as_of: float = float("-inf")  # our time at which the original was as the copy is now
    failures: int = 0
    again_at: float = float("-inf")


class Health:
    """The knowledge of one process; one thread looks, the others use what was seen before."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now, self._lock = now, threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Start anew."""
        self._copies: dict[str, Copy] = {}
        self._notes: deque[tuple[float, int]] = deque()
        self._looked = float("-inf")

    def fresh(self) -> str | None:
        """A copy that is at most `LINLI_REPLICA_LAG` seconds behind; None if there is none."""
        if self._now() - self._looked > EVERY and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        since = self._now() - settings.LINLI_REPLICA_LAG
        near = [copy.alias for copy in list(self._copies.values()) if copy.as_of >= since]
        return random.choice(near) if near else None

    def behind(self, alias: str) -> float:
        """Seconds by which the copy is behind at most, as last seen; infinite if unknown."""
        copy = self._copies.get(alias)
        return self._now() - copy.as_of if copy else float("inf")

    def doubt(self, alias: str) -> None:
        """It failed a page: not before it has rested and was looked at again."""
        copy = self._copies.setdefault(alias, Copy(alias))
        rest = min(REST * 2**copy.failures, LONGEST_REST)
        copy.as_of, copy.failures = float("-inf"), copy.failures + 1
        copy.again_at = self._now() + rest
        connections[alias].close()

    def _look(self) -> None:
        self._looked = now = self._now()
        try:
            self._notes.append((now, _number(DEFAULT_DB_ALIAS, WRITTEN)[0]))
        except (DatabaseError, InterfaceError):
            return  # the original is away: the copies grow old by themselves
        while len(self._notes) > 1 and self._notes[1][0] < now - settings.LINLI_REPLICA_LAG:
            self._notes.popleft()
        for alias in settings.LINLI_REPLICAS:
            copy = self._copies.setdefault(alias, Copy(alias))
            if copy.again_at <= now:
                self._ask(copy)

    def _ask(self, copy: Copy) -> None:
        try:
            is_copy, replayed = _number(copy.alias, REPLAYED)
        except (DatabaseError, InterfaceError) as error:
            if not copy.failures:
                log.warning("%s does not answer: %s", copy.alias, type(error).__name__)
            self.doubt(copy.alias)
            return
        copy.failures = 0
        reached = [at for at, written in self._notes if written <= replayed]
        # One that was made an original of its own has nothing to do with ours any more.
        copy.as_of = max(reached, default=float("-inf")) if is_copy else float("-inf")


def _number(alias: str, statement: str) -> tuple[int, ...]:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)
        return tuple(cursor.fetchone())


HEALTH: Final = Health()
