"""The one background process: followers of the journal, the outbox, and what time does by itself."""

import logging
import signal
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, InterfaceError, close_old_connections, connection, transaction

from linli.journal import followers as journal_followers
from linli.journal.followers import Follower
from linli.letters.delivery import deliver
from linli.letters.models import Job
from linli.lib import clock

log = logging.getLogger(__name__)
IDLE = 1.0  # seconds
LONGEST_PAUSE = 30.0


@dataclass(frozen=True)
class Periodic:
    """Something that time does: a name, how often, and a function of no arguments."""

    name: str
    every: timedelta
    run: Callable[[], object]


def work_once(followers: Iterable[Follower], jobs: Iterable[Periodic] = ()) -> int:
    """One round: each follower a batch, the outbox a batch, each job that is due. How much was done."""
    done = sum(journal_followers.run(follower) for follower in followers)
    done += sum(deliver().values())
    return done + sum(_run_if_due(job) for job in jobs)


def _run_if_due(job: Periodic) -> int:
    """Run a job unless it, or another worker, did so within its time."""
    now = clock.now()
    with transaction.atomic():
        _row, made = Job.objects.get_or_create(name=job.name, defaults={"ran_at": now})
        mine = Job.objects.filter(name=job.name, ran_at__lte=now - job.every)
        if not made and not mine.update(ran_at=now):
            return 0
    job.run()
    return 1


def work(
    followers: Sequence[Follower], jobs: Sequence[Periodic], stop: threading.Event | None = None
) -> None:
    """Work until told to stop; a database that is away is waited for, longer each time."""
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
    pause = IDLE
    while not stop.is_set():
        try:
            busy = work_once(followers, jobs)
            pause = IDLE
        except (DatabaseError, InterfaceError) as error:
            # The class only: a database's message can hold a row's content.
            log.warning("the worker waits for the database: %s", type(error).__name__)
            connection.close()
            busy, pause = 0, min(pause * 2, LONGEST_PAUSE)
        close_old_connections()
        if not busy:
            stop.wait(pause)
