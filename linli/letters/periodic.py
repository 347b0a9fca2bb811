"""What time does by itself: each job has a row, so that two workers do not both run it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from linli.letters.failures import place_of
from linli.letters.models import Job
from linli.lib import clock

log = logging.getLogger(__name__)
# A worker that dies in a job blocks it for so long; jobs are safe to run again from the start.
HOLD: Final = timedelta(minutes=10)
FIRST_PAUSE: Final = timedelta(seconds=30)
LONGEST_PAUSE: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Periodic:
    """Something that time does: a name, how often, and a function that may be run twice."""

    name: str
    every: timedelta
    run: Callable[[], object]


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
        if _is_due(job, rows.get(job.name) or Job(name=job.name)) and _claim(job):
            _run(job)
            count += 1
    return count


def _is_due(job: Periodic, row: Job) -> bool:
    now = clock.now()
    free = row.held_until is None or row.held_until <= now
    return free and (row.ran_at is None or row.ran_at <= now - job.every)


def _claim(job: Periodic) -> bool:
    """The same question to the database, and the answer is ours alone."""
    now = clock.now()
    free = Q(held_until=None) | Q(held_until__lte=now)
    due = Q(ran_at=None) | Q(ran_at__lte=now - job.every)
    return bool(Job.objects.filter(free, due, name=job.name).update(held_until=now + HOLD))


def _run(job: Periodic) -> None:
    began = clock.now()
    try:
        job.run()
    except Exception as error:  # one job that fails must not keep the others from running
        log.error("job %r failed: %s", job.name, place_of(error))
        _failed(job, began, error)
    else:
        rows = Job.objects.filter(name=job.name)
        rows.update(ran_at=began, held_until=None, failures=0, error="")


def _failed(job: Periodic, began: datetime, error: Exception) -> None:
    """Leave it for half a minute, then for longer each time."""
    row = Job.objects.get(name=job.name)
    pause = min(FIRST_PAUSE * 2 ** min(row.failures, 10), LONGEST_PAUSE)
    Job.objects.filter(name=job.name).update(
        held_until=began + pause, failures=row.failures + 1, error=place_of(error)[:120]
    )
