"""For tests and proofs alone: letting a transactional test empty the ledger."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from linli.stores import guards


@contextmanager
def wipe_allowed() -> Iterator[None]:
    """Inside the block the ledger can be changed and emptied, as by a superuser."""
    guards.take_down(connection)
    try:
        yield
    finally:
        guards.put_up(connection)
