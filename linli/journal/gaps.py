"""How far the journal can be read without passing a line that is still being written.

On SQLite one transaction writes at a time, so lines become visible in the order of their numbers.
On PostgreSQL they do not: number 7 may be committed while the transaction that drew number 6 still
runs. A reader who goes on to 7 would never see 6. But a number that is missing may also have been
drawn by a transaction that failed, and then waiting for it would never end.

Every transaction takes its own id before it draws a number (`linli_next_line`). So when a line can
be read, each transaction that drew a smaller number either has ended or runs in this database with
an id. We note the ids that run after that moment, and when each of them has ended, whatever is
still missing will never come. Transactions of other databases on the same server have ids too, but
cannot draw our numbers; nobody waits for them. What we note lives in memory: after a restart we
only wait once more.
"""

import threading
from dataclasses import dataclass
from typing import Final

from django.db import connection

from linli.journal.models import Entry


@dataclass(frozen=True)
class _Mark:
    upto: int  # a line that could be read when `running` was taken
    running: frozenset[str]  # ids of transactions; who drew a number up to `upto` is among them


class GapWatch:
    """One watch for the whole process, whoever follows: what has ended has ended for all."""

    def __init__(self) -> None:
        self._final = 0
        self._mark: _Mark | None = None
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Start anew, as after a restart."""
        self._final, self._mark = 0, None

    def final(self, upto: int) -> int:
        """Up to which number nothing can appear any more; asked when lines up to `upto` were read.

        A mark is kept until it is reached, so that busy writers do not push it ahead for ever.
        """
        with self._lock:
            self._look()
            if self._final < upto and self._mark is None:
                self._mark = _Mark(upto, _running())
                self._look()
            return self._final

    def _look(self) -> None:
        if self._mark is not None and not self._mark.running & _running():
            self._final, self._mark = self._mark.upto, None


WATCH = GapWatch()


def settled(after: int, most: int, watch: GapWatch = WATCH) -> int:
    """The last number up to which the journal is final, at most `most` lines behind `after`.

    Returns `after` if nothing behind it is final yet. Asks the database that is written to, never
    a replica: there a transaction that still runs is not seen.
    """
    rows = Entry.objects.filter(seq__gt=after).order_by("seq")
    numbers = list(rows.values_list("seq", flat=True)[:most])
    if not numbers:
        return after
    last = numbers[-1]
    if connection.vendor != "postgresql" or last - after == len(numbers):
        return last
    if connection.in_atomic_block:  # only a test reads inside its own transaction (followers.run)
        return last
    whole = after
    for number in numbers:
        if number != whole + 1:
            break
        whole = number
    return max(whole, min(last, watch.final(last)))


def _running() -> frozenset[str]:
    """The ids of this database's transactions that write: those at work, and those prepared.

    First the ones at work, then the prepared: read the other way round, one that is prepared
    between the two would be in neither. Every role may see both columns of all others.
    """
    return frozenset(_ids(AT_WORK)) | frozenset(_ids(PREPARED))


AT_WORK: Final = (
    "SELECT backend_xid::text FROM pg_stat_activity"
    " WHERE datname = current_database() AND backend_xid IS NOT NULL"
)
PREPARED: Final = (
    "SELECT transaction::text FROM pg_prepared_xacts WHERE database = current_database()"
)


def _ids(statement: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [str(row[0]) for row in cursor.fetchall()]
