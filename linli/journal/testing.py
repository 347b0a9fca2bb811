"""For tests alone: letting a transactional test empty tables that otherwise only grow."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import TransactionTestCase

from linli.journal import gaps, guards


@contextmanager
def wipe_allowed() -> Iterator[None]:
    """Inside the block the guarded tables can be changed and emptied, as by a superuser."""
    for table in guards.GUARDED:
        guards.take_down(connection, table)
    try:
        yield
    finally:
        for table in guards.GUARDED:
            guards.put_up(connection, table)


def let_tests_flush() -> None:
    """Have every TransactionTestCase lift the guards while it empties the database."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def teardown(self: TransactionTestCase) -> Any:
        gaps.WATCH.forget()
        with wipe_allowed():
            return flush(self)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]
