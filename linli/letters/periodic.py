"""What time does by itself: each job runs once an interval, however many workers there are.

A job has a row. Whose turn it is, the row says for a minute, and who runs it says so again while
it runs; of a worker that dies the others take the job over after that minute. Workers on several
machines compare moments, so their clocks must agree to a few seconds (any time service does that).
"""

import contextvars
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from django.db import DatabaseError, connection
from django.db.models import Q

from linli.letters.failures import place_of
from linli.letters.models import Job
from linli.lib import clock

log = logging.getLogger(__name__)
# A worker that dies in a job blocks it for so long; jobs are safe to run again from the start.
HOLD: Final = timedelta(minutes=1)
FIRST_PAUSE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Periodic:
    """Something that time does: a name, how often, and a function that may be run twice."""

    name: str
    every: timedelta
    run: Callable[[], object]
    hold: timedelta = HOLD


def run_due(jobs: Sequence[Periodic], stop: Callable[[], bool] = lambda: False) -> int:
    """Run what is due and held by nobody, a job that never ran at once; how many were run."""
    rows = {row.name: row for row in Job.objects.all()}  # one read; nothing is written when idle
    missing = [Job(name=job.name) for job in jobs if job.name not in rows]
    if missing:
        Job.objects.bulk_create(missing, ignore_conflicts=True)
    count = 0
    for job in jobs:
        if stop():
            break
        if _is_due(job, rows.get(job.name) or Job(name=job.name)):
            holder = _claim(job)
            if holder:
                _run(job, holder)
                count += 1
    return count


def _is_due(job: Periodic, row: Job) -> bool:
    now = clock.now()
    free = row.held_until is None or row.held_until <= now
    return free and (row.ran_at is None or row.ran_at <= now - job.every)


def _claim(job: Periodic) -> str:
    """The same question to the database; a word that names this run if it is ours alone, else ""."""
    now, holder = clock.now(), uuid4().hex
    free = Q(held_until=None) | Q(held_until__lte=now)
    due = Q(ran_at=None) | Q(ran_at__lte=now - job.every)
    rows = Job.objects.filter(free, due, name=job.name)
    return holder if rows.update(held_until=now + job.hold, holder=holder) else ""


def _run(job: Periodic, holder: str) -> None:
    began = clock.now()
    try:
        with _held(job, holder):
            job.run()
    except Exception as error:  # one job that fails must not keep the others from running
        log.error("job %r failed: %s", job.name, place_of(error))
        _failed(job, holder, began, error)
    else:
        # Only our own run ends here: if it was taken over meanwhile, the other one will say so.
        rows = Job.objects.filter(name=job.name, holder=holder)
        rows.update(ran_at=began, held_until=None, holder="", failures=0, error="")


def _failed(job: Periodic, holder: str, began: datetime, error: Exception) -> None:
    """Leave it for half a minute, then for longer each time."""
    row = Job.objects.get(name=job.name)
    pause = min(FIRST_PAUSE * 2 ** min(row.failures, 10), LONGEST_PAUSE)
    Job.objects.filter(name=job.name, holder=holder).update(
        held_until=began + pause, holder="", failures=row.failures + 1,
        error=place_of(error)[:120],
    )  # fmt: skip


@contextmanager
def _held(job: Periodic, holder: str) -> Iterator[None]:
    """While the block runs, say again and again that the job is ours; from another thread."""
    over = threading.Event()
    ours = contextvars.copy_context()  # a test's clock goes along
    thread = threading.Thread(target=ours.run, args=(_hold_on, job, holder, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _hold_on(job: Periodic, holder: str, over: threading.Event) -> None:
    while not over.wait(job.hold.total_seconds() / 3):
        try:
            rows = Job.objects.filter(name=job.name, holder=holder)
            rows.update(held_until=clock.now() + job.hold)
        except DatabaseError as error:  # busy or away: the next turn may do it in time
            log.warning("job %r: %s", job.name, place_of(error))
        finally:
            connection.close()
