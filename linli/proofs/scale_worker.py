"""The worker of the proof `scale`: an ordinary one that also notes what it did, line by line.

Run as ``python -m linli.proofs.scale_worker [VARIANT]``. It holds letters and jobs for seconds
instead of a minute, so that what a killed worker held is soon taken over, and it lingers in the
middle of a follower's transaction, so that kills hit there.
"""

import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

import django

django.setup()

from django.db import connection, transaction  # noqa: E402

from linli.journal import followers  # noqa: E402
from linli.journal.followers import Follower  # noqa: E402
from linli.journal.models import Bookmark, Entry  # noqa: E402
from linli.letters import delivery, periodic, worker  # noqa: E402
from linli.letters.periodic import Periodic  # noqa: E402
from linli.lib import clock  # noqa: E402
from linli.site.wiring import FOLLOWERS, JOBS  # noqa: E402

TALLY = "proof: tally"
EVERY = timedelta(seconds=0.5)
LINGER = 0.02  # seconds between an effect and the end of its transaction
TABLES = (
    "CREATE TABLE proof_tally (seq bigint NOT NULL)",
    "CREATE TABLE proof_beat (at float NOT NULL)",
)


def note(entries: Sequence[Entry]) -> None:
    """One row for each line that this follower was given; nothing keeps a second one out."""
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO proof_tally VALUES (%s)", [(e.seq,) for e in entries])
    time.sleep(LINGER)


def beat() -> None:
    """A job that leaves a mark each time it runs."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO proof_beat VALUES (%s)", [clock.now().timestamp()])


def pass_apart(follower: Follower, upto: int) -> int:
    """Broken: the effect in one transaction, the bookmark in another, as queues often have it."""
    bookmark = Bookmark.objects.get(follower=follower.name)
    entries = list(followers._heard(follower, bookmark.seq, upto))
    with transaction.atomic():
        follower.handle(entries)
    Bookmark.objects.filter(pk=bookmark.pk).update(seq=upto)
    return len(entries)


def run_by_own_clock() -> None:
    """Broken: every worker remembers by itself when a job last ran, as a crontab on each does."""
    last: dict[str, datetime] = {}

    def mine(job: Periodic) -> str:
        now = clock.now()
        if now - last.get(job.name, now - job.every) < job.every:
            return ""
        last[job.name] = now
        return "mine"

    vars(periodic).update(_is_due=lambda job, row: True, _claim=mine)


def main(variant: str) -> None:
    """Work until killed."""
    vars(delivery).update(LEASE=timedelta(seconds=2), STEP=timedelta(seconds=0.2))
    vars(worker)["IDLE"] = 0.05
    if variant == "bookmark-apart":
        vars(followers)["_pass"] = pass_apart
    elif variant == "own-clocks":
        run_by_own_clock()
    mark = Periodic("proof: beat", EVERY, beat, hold=timedelta(seconds=1))
    worker.work((*FOLLOWERS, Follower(TALLY, (), note)), (*JOBS, mark))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
