"""Doing something at the very same moment, each over an own connection to the database."""

from collections.abc import Callable, Sequence
from threading import Barrier, Thread
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def at_once(jobs: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Start all jobs together; what each returned or raised, in their order."""
    start = Barrier(len(jobs))
    found: list[T | Exception] = [RuntimeError("did not run")] * len(jobs)

    def run(place: int, job: Callable[[], T]) -> None:
        try:
            connection.ensure_connection()
            start.wait(30)
            found[place] = job()
        except Exception as error:
            found[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
