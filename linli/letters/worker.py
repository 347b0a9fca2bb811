"""The one background process: followers of the journal, the outbox, and what time does by itself."""

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Final

from django.db import close_old_connections, connection

from linli.journal import followers as journal_followers
from linli.journal.followers import Follower
from linli.letters import periodic
from linli.letters.delivery import deliver
from linli.letters.failures import place_of
from linli.letters.periodic import Periodic as Periodic

log = logging.getLogger(__name__)
IDLE: Final = 1.0  # seconds between two looks when there is nothing to do
LONGEST_PAUSE: Final = 30.0
GRACE: Final = 1.0  # seconds that what is under way gets when we are asked to stop

Stop = Callable[[], bool]


def never() -> bool:
    return False


def work_once(
    followers: Sequence[Follower], jobs: Sequence[Periodic] = (), stop: Stop = never
) -> int:
    """One round: each follower a batch, the outbox a batch, each job that is due.

    Returns how much was done, 0 if there was nothing to do.
    """
    done = 0
    for follower in followers:
        if not stop():
            done += journal_followers.run(follower)
    done += deliver(stop=stop).total()
    return done + periodic.run_due(jobs, stop)


def work(
    followers: Sequence[Follower], jobs: Sequence[Periodic], stop: threading.Event | None = None
) -> None:
    """Work until told to stop by the event, SIGTERM or Ctrl-C; then ends within two seconds.

    Whatever goes wrong in a round, a database that is away above all, is waited out, longer each
    time; a letter or a line that is the cause is set aside by those who handle it.
    """
    stop = stop or threading.Event()
    if threading.current_thread() is threading.main_thread():
        _listen(stop)
    try:
        _loop(followers, jobs, stop)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _loop(followers: Sequence[Follower], jobs: Sequence[Periodic], stop: threading.Event) -> None:
    pause = IDLE
    while not stop.is_set():
        try:
            busy = work_once(followers, jobs, stop.is_set)
            pause = IDLE
        except Exception as error:
            # Class and place only: a database's message can hold a row's content.
            log.warning("the worker pauses for %.0f s: %s", pause, place_of(error))
            connection.close()
            stop.wait(pause)
            busy, pause = 1, min(pause * 2, LONGEST_PAUSE)
        close_old_connections()
        if not busy:
            stop.wait(IDLE)


def _listen(stop: threading.Event) -> None:
    """A signal asks us to stop; what still runs then is cut off, as a kill would, only tidier."""

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()
        signal.setitimer(signal.ITIMER_REAL, GRACE)

    def cut(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGALRM, cut)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
