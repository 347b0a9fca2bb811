"""The bounded load that is put on a server: wrk where it is installed, else threads of Python."""

import http.client
import json
import random
import re
import shutil
import subprocess
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

LUA = Path(__file__).with_name("load.lua")
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Load:
    """GETs of `paths` in turn; or, with a `form_path`, its `forms`, each with a new client id."""

    port: int
    connections: int
    seconds: float
    paths: Sequence[str] = ()
    cookie: str = ""
    form_path: str = ""
    forms: Sequence[str] = ()
    gzip: bool = False

    @property
    def headers(self) -> dict[str, str]:
        found = {"Cookie": self.cookie} if self.cookie else {}
        return found | ({"Accept-Encoding": "gzip"} if self.gzip else {})


@dataclass(frozen=True)
class Pass:
    """What one pass saw: requests a second, latency in ms, answers by status, bytes with headers."""

    done: int
    rps: float
    p50: float
    p99: float
    size: float
    broken: int  # connections refused or cut, answers that never came
    statuses: dict[int, int] = field(default_factory=dict)

    def failures(self, good: int) -> int:
        return self.broken + sum(n for status, n in self.statuses.items() if status != good)


def run(load: Load) -> Pass:
    """One pass. For GETs wrk knows only "bad" from "not bad": what is bad counts as status 500."""
    wrk = shutil.which("wrk")
    return _by_wrk(wrk, load) if wrk else _by_threads(load)


def _by_wrk(wrk: str, load: Load) -> Pass:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as lines:
        lines.write("\n".join(load.forms or load.paths) + "\n")
        lines.flush()
        seed = str(random.SystemRandom().randrange(2**31))
        words = ["post", lines.name, load.form_path, load.cookie, seed]
        script = words if load.form_path else ["get", lines.name, seed]
        headers = [
            part for name, value in load.headers.items() for part in ("-H", f"{name}: {value}")
        ]
        done = subprocess.run(
            [wrk, "-t1", f"-c{load.connections}", f"-d{max(1, round(load.seconds))}s", "-s", LUA,
             "--timeout", "30s", *headers, f"http://127.0.0.1:{load.port}/", "--", *script],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    return parse(done.stdout + done.stderr)


def parse(words: str) -> Pass:
    """The line that load.lua prints at the end; ClickException if there is none."""
    found = re.search(r"^RESULT (\{.*\})$", words, re.MULTILINE)
    if found is None:
        raise click.ClickException(f"wrk gave no result: {words.strip()[-400:]}")
    row = json.loads(found[1])
    statuses = {int(code): int(n) for code, n in row["statuses"].items()}
    if not statuses:
        statuses = {200: row["done"] - row["bad"]} | ({500: row["bad"]} if row["bad"] else {})
    seconds = max(row["micros"], 1) / 1e6
    return Pass(row["done"], row["done"] / seconds, row["p50"] / 1000, row["p99"] / 1000,
                row["bytes"] / max(row["done"], 1), row["broken"], statuses)  # fmt: skip


def _by_threads(load: Load) -> Pass:
    """The same by clients in this process: as many threads as connections."""
    clients = [_Client(load, n) for n in range(load.connections)]
    threads = [threading.Thread(target=client.work) for client in clients]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.monotonic() - began
    times = sorted(ms for client in clients for ms in client.times) or [0.0]
    statuses = sum((client.statuses for client in clients), Counter[int]())
    return Pass(
        sum(statuses.values()), sum(statuses.values()) / spent, times[len(times) // 2],
        times[min(len(times) - 1, int(len(times) * 0.99))],
        sum(client.size for client in clients) / len(times),
        sum(client.broken for client in clients), dict(statuses),
    )  # fmt: skip


class _Client:
    """One connection that asks again as soon as it was answered."""

    def __init__(self, load: Load, number: int) -> None:
        self.load, self.number = load, number
        self.times: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.size = self.broken = 0

    def work(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.load.port, timeout=30)
        end = time.monotonic() + self.load.seconds
        ask, n = self._sender(connection), self.number
        while time.monotonic() < end:
            began = time.monotonic()
            try:
                ask(n)
                answer = connection.getresponse()
                self.size += len(answer.read())
            except (OSError, http.client.HTTPException):
                self.broken += 1
                connection.close()
                continue
            self.times.append(1000 * (time.monotonic() - began))
            self.statuses[answer.status] += 1
            n += self.load.connections
        connection.close()

    def _sender(self, connection: http.client.HTTPConnection) -> Callable[[int], None]:
        load, headers, draw = self.load, self.load.headers, random.SystemRandom()

        def read(n: int) -> None:
            connection.request("GET", load.paths[n % len(load.paths)], headers=headers)

        def send(n: int) -> None:
            network = ".".join(str(draw.randrange(1, 255)) for _part in range(3))
            connection.request(
                "POST", load.form_path, f"{load.forms[n % len(load.forms)]}&client_id={uuid.uuid4()}",
                {**headers, "Content-Type": FORM, "X-Forwarded-For": f"10.{network}"},
            )  # fmt: skip

        return send if load.form_path else read
