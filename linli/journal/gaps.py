"""How far the journal can be read without passing a line that is still being written.

On SQLite one transaction writes at a time, so lines become visible in the order of their numbers.
On PostgreSQL they do not: number 7 may be committed while the transaction that drew number 6 still
runs. A reader who goes on to 7 would never see 6. But a number that is missing may also have been
drawn by a transaction that failed, and then waiting for it would never end.

Every transaction takes its own id before it draws a number (`linli_next_line`). So when a line can
be read, each transaction that drew a smaller number has an id already. We note an id given out
after that moment, and when every transaction with a smaller id has ended, whatever is still missing
will never come. What we note lives in memory: after a restart we only wait once more.
"""

import threading
from dataclasses import dataclass

from django.db import connection

from linli.journal.models import Entry


@dataclass(frozen=True)
class _Mark:
    upto: int  # a line that could be read when `horizon` was taken
    horizon: int  # a transaction id; those that drew numbers up to `upto` have smaller ones


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
                self._mark = _Mark(upto, _new_transaction_id())
                self._look()
            return self._final

    def _look(self) -> None:
        if self._mark is not None and _oldest_running() >= self._mark.horizon:
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


def _oldest_running() -> int:
    return _number("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")


def _new_transaction_id() -> int:
    return _number("SELECT pg_current_xact_id()::text")


def _number(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
