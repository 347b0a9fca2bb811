"""P1: what we confirmed is kept when the server dies.

Real server processes, killed with -9 again and again while people send the real form. In the end
every receipt that somebody holds must be a row, and every thing said must be there once.

A killed process does not test flushing: the page cache survives. This proof speaks of processes
that die and answers that are lost on the way, not of power cuts.
"""

import os
import signal
import socket
import statistics
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from threading import Event

from django.conf import settings
from django.db import connection

from linli.cases.models import Asker, Case
from linli.journal.models import Entry
from linli.postgres import Server
from linli.proofs.clients import Client
from linli.proofs.county import prepare
from linli.proofs.ground import own_server
from linli.proofs.result import Result, Watch
from linli.site import static_files
from linli.site.processes import APPLICATION, address, server_command, wait_for_page

PROMISE = "What we confirmed is kept when the server dies"
BROKEN = ("ack-first",)
CLIENTS = 8
LONGEST = 60.0  # seconds in which everybody must hold a receipt once nobody kills any more


def prove(n: int, seed: int, broken: str) -> Result:
    """Kill the server `n` times; on a PostgreSQL of its own every second time the database too."""
    prepare()
    connection.close()
    settings.DATA.joinpath("static").mkdir(exist_ok=True)
    static_files.collect_when_stale()
    result, watch, stop = Result(PROMISE, n, seed, faults=n), Watch(), Event()
    target = "linli.proofs.ack_first:application" if broken else APPLICATION
    web = Web(free_port(), target)
    web.start()
    clients = [Client(k, [web.port], seed, stop, watch) for k in range(CLIENTS)]
    try:
        for client in clients:
            client.start()
        kill_often(web, own_server(), n, Random(seed))
        stop.set()
        until = time.monotonic() + LONGEST
        for client in clients:
            client.join(max(0.0, until - time.monotonic()))
    finally:
        web.kill()
    compare(result, clients)
    result.p99_ms = watch.percentile(0.99)
    result.more |= {"recovery_s": round(statistics.median(web.recoveries), 2),
                    "database_kills": web.database_kills}  # fmt: skip
    return result


@dataclass
class Web:
    """The server's processes, in a group that one signal reaches."""

    port: int
    target: str = APPLICATION
    workers: int = 2
    process: "subprocess.Popen[bytes] | None" = None
    recoveries: list[float] = field(default_factory=list)
    database_kills: int = 0

    def start(self) -> None:
        began = time.monotonic()
        self.launch()
        self.wait()
        self.recoveries.append(time.monotonic() - began)

    def launch(self) -> None:
        """Start it, without waiting until it answers."""
        command = server_command("127.0.0.1", self.port, self.workers, self.target)
        self.process = subprocess.Popen(command, start_new_session=True)

    def wait(self) -> None:
        """Until the first page answers."""
        process = self.process
        assert process is not None
        wait_for_page(f"{address('127.0.0.1', self.port)}/tell/", lambda: process.poll() is None)

    def kill(self) -> None:
        """kill -9 of every process at once."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


def kill_often(web: Web, database: Server | None, n: int, rng: Random) -> None:
    """After each start wait 0.2 to 0.6 seconds under load, then kill."""
    for k in range(n):
        time.sleep(rng.uniform(0.2, 0.6))
        if database is not None and k % 2:
            database.kill()
            web.database_kills += 1
        web.kill()
        if database is not None and k % 2:
            database.launch()
        web.start()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def compare(result: Result, clients: list[Client]) -> None:
    """Receipts against rows, in a database that nobody writes to any more."""
    held = [one for client in clients for one in client.held]
    rows = {row.client_id: row for row in Asker.objects.select_related("case")}
    for receipt in held:
        row = rows.get(receipt.client_id)
        if row is None or row.number != receipt.number or row.case.text != receipt.text:
            result.lost += 1
    begun = set().union(*(client.begun for client in clients))
    for unfinished in begun - {one.client_id for one in held}:
        result.violated(f"somebody never got a receipt for {unfinished}")
    texts = Counter(Case.objects.values_list("text", flat=True))
    result.duplicated = sum(count - 1 for count in texts.values())
    for client in clients:
        for words in client.odd:
            result.violated(words)
    _check_whole(result)
    again = sum(one.tries > 1 for one in held)
    result.more |= {"receipts": len(held), "sent_again": again, "cases": sum(texts.values())}
    if not held or not again:
        result.violated("nothing was tested: no receipt had to be asked for twice")


def _check_whole(result: Result) -> None:
    """No half-written matter: each has its asker and its first two lines; the file is sound."""
    lines = Counter(Entry.objects.filter(verb__in=["case.received", "case.routed"])
                    .values_list("subject", flat=True))  # fmt: skip
    askers = Counter(Asker.objects.values_list("case_id", flat=True))
    for case in Case.objects.all():
        if lines[f"cases.Case:{case.pk}"] != 2 or askers[case.pk] != 1:
            result.violated(f"{case} is half-written")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            if cursor.fetchone()[0] != "ok":
                result.violated("the database file is damaged")
