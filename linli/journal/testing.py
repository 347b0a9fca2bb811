"""For tests alone: letting a transactional test empty tables that otherwise only grow."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
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


def let_tests_flush(*others: Callable[[], AbstractContextManager[None]]) -> None:
    """Have every TransactionTestCase lift the guards while it empties the database.

    `others` lift the guards of tables of other floors that only grow.
    """
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def teardown(self: TransactionTestCase) -> Any:
        gaps.WATCH.forget()
        with ExitStack() as lifted:
            for allowed in (wipe_allowed, *others):
                lifted.enter_context(allowed())
            return flush(self)

    TransactionTestCase._fixture_teardown = teardown  # type: ignore[attr-defined]
