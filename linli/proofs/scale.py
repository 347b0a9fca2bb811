"""Design §10: several web servers and workers on one database, killed and begun again.

Two servers and two workers, all of them processes of their own, any of them killed with -9 while
people send the real form and go to the other server when one is gone. In the end every receipt is
a row, every follower has handled every line of the journal once, every letter was written once and
handed over under one key, and what runs by the clock ran once an interval.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from threading import Event

from django.conf import settings
from django.db import connection
from django.db.models import Max

from linli.cases.models import Asker, Case
from linli.journal import followers
from linli.journal.models import Bookmark, Entry
from linli.letters.channels import sms
from linli.letters.models import Letter, State
from linli.proofs.clients import Client
from linli.proofs.county import people_of_today, prepare
from linli.proofs.receipts import LONGEST, Web, compare, free_port
from linli.proofs.result import Result, Watch
from linli.proofs.scale_worker import EVERY, TABLES, TALLY
from linli.site import static_files
from linli.site.wiring import FOLLOWERS

PROMISE = "However many servers and workers there are, everything happens once"
BROKEN = ("bookmark-apart", "own-clocks")
CLIENTS = 6
PHONE = "199000012{:02d}"  # of the range that nobody has


def prove(n: int, seed: int, broken: str) -> Result:
    """Kill one of two servers or of two workers `n` times, all of them in turn."""
    prepare()
    people_of_today()
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(table)
    connection.close()
    settings.DATA.joinpath("static").mkdir(exist_ok=True)
    static_files.collect_when_stale()
    result, watch, stop = Result(PROMISE, n, seed, faults=n), Watch(), Event()
    team = Team([Web(free_port(), workers=1) for _k in range(2)],
                [Worker(broken) for _k in range(2)])  # fmt: skip
    ports = [web.port for web in team.webs]
    clients = [Client(k, ports, seed, stop, watch, PHONE.format(k)) for k in range(CLIENTS)]
    try:
        team.start()
        for client in clients:
            client.start()
        team.kill_often(n, Random(seed))
        stop.set()
        until = time.monotonic() + LONGEST
        for client in clients:
            client.join(max(0.0, until - time.monotonic()))
        result.more["drained_s"] = round(wait_until(drained), 1)
    finally:
        team.kill()
    compare(result, clients)
    for check in (_numbers, _lines, _letters, _handed_over, _jobs):
        check(result)
    result.p99_ms = watch.percentile(0.99)
    result.more |= {"lines": Entry.objects.count(), "killed": dict(team.killed)}
    return result


@dataclass
class Worker:
    """One background process."""

    variant: str
    process: "subprocess.Popen[bytes] | None" = None

    def launch(self) -> None:
        command = [sys.executable, "-m", "linli.proofs.scale_worker", self.variant]
        self.process = subprocess.Popen(command, start_new_session=True)

    def kill(self) -> None:
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@dataclass
class Team:
    """The processes of an installation on several machines, here on one."""

    webs: list[Web]
    workers: list[Worker]
    killed: Counter[str] = field(default_factory=Counter)

    def start(self) -> None:
        everybody: list[Web | Worker] = [*self.webs, *self.workers]
        for process in everybody:
            process.launch()
        for web in self.webs:
            web.wait()

    def kill_often(self, n: int, rng: Random) -> None:
        """A server, a worker, the other server, the other worker; one server always answers."""
        for k in range(n):
            time.sleep(rng.uniform(0.2, 0.6))
            mates: list[Web] | list[Worker] = self.workers if k % 2 else self.webs
            victim = mates[k // 2 % 2]
            other = mates[(k // 2 + 1) % 2]
            if isinstance(other, Web):
                other.wait()
            victim.kill()
            self.killed["worker" if k % 2 else "server"] += 1
            victim.launch()

    def kill(self) -> None:
        everybody: list[Web | Worker] = [*self.webs, *self.workers]
        for process in everybody:
            process.kill()


def drained() -> bool:
    """Whether every follower has read everything and no letter waits."""
    last = Entry.objects.aggregate(last=Max("seq"))["last"] or 0
    behind = dict(Bookmark.objects.values_list("follower", "seq"))
    names = [TALLY, *(follower.name for follower in FOLLOWERS)]
    waiting = Letter.objects.filter(state=State.WAITING).exists()
    return not waiting and all(behind.get(name, 0) >= last for name in names)


def wait_until(true: Callable[[], bool], patience: float = LONGEST) -> float:
    """How many seconds it took; the checks that follow say what is missing if it never came."""
    began = time.monotonic()
    while not true() and time.monotonic() - began < patience:
        time.sleep(0.1)
    return time.monotonic() - began


def _numbers(result: Result) -> None:
    """No number twice, neither of a case nor of an asker."""
    for model in (Case, Asker):
        numbers = list(model.objects.values_list("number", flat=True))
        result.duplicated += len(numbers) - len(set(numbers))


def _lines(result: Result) -> None:
    """Each line handled once; each case's lines in order; nothing stuck."""
    lines = set(Entry.objects.values_list("seq", flat=True))
    handled = Counter(row[0] for row in _read("SELECT seq FROM proof_tally"))
    result.lost += len(lines - set(handled))
    result.duplicated += sum(count - 1 for count in handled.values())
    if handled.keys() - lines:
        result.violated("lines were handled that nobody wrote")
    if followers.stuck().exists():
        result.violated("a follower could not digest a line")
    order = Entry.objects.order_by("seq").values_list("subject", "verb")
    first = dict(reversed(list(order)))
    odd = [s for s, verb in first.items() if s.startswith("cases.Case") and verb != "case.received"]
    if odd:
        result.violated(f"{len(odd)} matters do not begin with their receipt")
    result.more["numbers_never_used"] = max(lines, default=0) - len(lines)


def _letters(result: Result) -> None:
    """Of every case two inbox letters to its unit and one message to who asked: no more, no less."""
    found = Counter(Letter.objects.values_list("template", "channel"))
    cases = Case.objects.count()
    wanted = {("case.dispatched", "inapp"): 2 * cases, ("case.received", "sms"): cases}
    for what, count in wanted.items():
        result.lost += max(0, count - found[what])
        result.duplicated += max(0, found[what] - count)
    result.more["letters"] = sum(found.values())


def _handed_over(result: Result) -> None:
    """What the gateway got: each message under the one key by which it knows a second sending."""
    path = sms.log_path()
    got = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    keys = Counter(one["key"] for one in got)
    wanted = {str(pk) for pk in Letter.objects.filter(channel="sms").values_list("pk", flat=True)}
    result.lost += len(wanted - keys.keys())
    result.duplicated += len(keys.keys() - wanted)
    result.more["sent_twice_under_one_key"] = sum(keys.values()) - len(keys)


def _jobs(result: Result) -> None:
    """The job ran at most once in each interval, whoever lived."""
    beats = sorted(row[0] for row in _read("SELECT at FROM proof_beat"))
    if not beats:
        result.violated("the job never ran")
        return
    most = int((beats[-1] - beats[0]) / EVERY.total_seconds()) + 2
    result.duplicated += max(0, len(beats) - most)
    result.more["job_runs"] = len(beats)


def _read(statement: str) -> list[tuple[int]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())
