"""Passes of pages and floors in turns, and what they say together."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from linli.bench import drive
from linli.bench.drive import Load, Pass
from linli.bench.pages import Look
from linli.bench.servers import Server, cpu_seconds, fetch
from linli.bench.stand import Stand
from linli.bench.weight import SQUEEZED, weigh

APPLICATION, FLOOR = "linli.wsgi:application", "linli.bench.floor.application:application"
CONNECTIONS = 8
CROWDS = (1, 8, 32)  # connections that `create` is measured with


@dataclass(frozen=True)
class Bench:
    """A stand with its two servers running."""

    stand: Stand
    app: Server
    floor: Server
    log: Path

    @property
    def database(self) -> list[int]:
        pid = self.stand.database.pid if self.stand.database else None
        return [pid] if pid else []

    def locked(self) -> int:
        """How often the application's log says that the database was locked."""
        return self.log.read_text(errors="replace").count("database is locked")


@contextmanager
def serving(stand: Stand) -> Iterator[Bench]:
    """Start both servers on the stand; they end with the block."""
    log = stand.folder / "servers.log"
    with log.open("wb") as out:
        servers = [Server(APPLICATION, stand.env, out), Server(FLOOR, stand.env, out)]
        try:
            servers[0].wait("/about/")
            servers[1].wait("/floor/list/")
            yield Bench(stand, servers[0], servers[1], log)
        finally:
            for server in servers:
                server.stop()


@dataclass
class Series:
    """Passes of one page or floor."""

    passes: list[Pass] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        def middle(values: Sequence[float], digits: int = 2) -> float:
            return round(statistics.median(values), digits)

        return {
            "rps": middle([row.rps for row in self.passes], 1),
            "p50_ms": middle([row.p50 for row in self.passes]),
            "p99_ms": middle([row.p99 for row in self.passes]),
            "cpu_ms": middle(self.cpu_ms, 3),
            "done": sum(row.done for row in self.passes),
        }


@dataclass(frozen=True)
class How:
    """How long, how often and in which shape a page is asked for."""

    passes: int = 5
    seconds: float = 2.0
    gzip: bool = False


def page(bench: Bench, look: Look, how: How) -> Iterator[dict[str, Any]]:
    """The figures of one page; of one that writes, at each number of connections."""
    for crowd in CROWDS if look.writes else (CONNECTIONS,):
        yield _page(bench, look, crowd, how)


def _page(bench: Bench, look: Look, crowd: int, how: How) -> dict[str, Any]:
    ours, least, flushes = Series(), Series(), []
    locked, size = bench.locked(), _look_at(bench, look)
    if not look.writes:
        size |= weigh(bench.app.port, look.paths[0], _headers(look))
    for number in range(how.passes + 1):  # the first one warms up and is forgotten
        kept = number > 0
        _one(bench, look, crowd, how, ours if kept else Series())
        _one_floor(bench, look, crowd, how, least if kept else Series())
        if look.writes:
            flushes.append(flush_ms(bench.stand.folder))
    page, floor = ours.figures(), least.figures()
    row: dict[str, Any] = {
        "name": look.name, "who": look.who, "engine": bench.stand.engine, "rows": bench.stand.rows,
        "connections": crowd, **page, **size, "floor": floor,
        "rps_to_floor": round(page["rps"] / max(floor["rps"], 0.01), 3),
        "cpu_to_floor": round(floor["cpu_ms"] / max(page["cpu_ms"], 0.001), 3),
        "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip
    if look.writes:
        row |= {"flush_ms": round(statistics.median(flushes), 2), "locked": bench.locked() - locked}
    return row


def growth(small: Bench, large: Bench, pair: tuple[Look, Look], how: How) -> dict[str, Any]:
    """One page on a small and on a large stand, in turns: how many times as much it costs there."""
    series = Series(), Series()
    for number in range(how.passes + 1):
        for bench, look, into in zip((small, large), pair, series, strict=True):
            _one(bench, look, CONNECTIONS, how, into if number else Series())
    few, many = (each.figures() for each in series)
    return {
        "name": pair[0].name, "who": pair[0].who, "engine": small.stand.engine,
        "rows": [small.stand.rows, large.stand.rows], "small": few, "large": many,
        "cpu_growth": round(many["cpu_ms"] / max(few["cpu_ms"], 0.001), 2),
        "p50_growth": round(many["p50_ms"] / max(few["p50_ms"], 0.001), 2),
        "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def _one(bench: Bench, look: Look, crowd: int, how: How, into: Series) -> None:
    """One pass of the page: looked at before and after, nothing but the right answer within."""
    _look_at(bench, look)
    load = Load(bench.app.port, crowd, how.seconds, look.paths, look.cookie,
                look.paths[0] if look.writes else "", look.forms, how.gzip)  # fmt: skip
    _go(bench, bench.app, load, 302 if look.writes else 200, look.title, into)
    _look_at(bench, look)


def _one_floor(bench: Bench, look: Look, crowd: int, how: How, into: Series) -> None:
    forms = ["words=" + "x" * 200] if look.writes else []
    load = Load(bench.floor.port, crowd, how.seconds, [look.floor],
                form_path=look.floor if look.writes else "", forms=forms)  # fmt: skip
    _go(bench, bench.floor, load, 302 if look.writes else 200, f"floor of {look.name}", into)


def _go(bench: Bench, server: Server, load: Load, good: int, title: str, into: Series) -> None:
    tops = [server.process.pid, *bench.database]
    before = cpu_seconds(tops)
    seen = drive.run(load)
    spent = cpu_seconds(tops) - before
    if seen.failures(good) or not seen.done:
        raise click.ClickException(
            f"{title} at {load.connections} connections: {seen.done} answers, by status "
            f"{seen.statuses}, {seen.broken} broken off. Look into {bench.log}."
        )
    into.passes.append(seen)
    into.cpu_ms.append(1000 * spent / seen.done)


def _look_at(bench: Bench, look: Look) -> dict[str, int]:
    """Open the page, refuse to go on if it is another one; its bytes as they are and squeezed."""
    path, headers = look.paths[0], _headers(look)
    answer = fetch(bench.app.port, path, headers)
    look.check(answer, path)
    if look.writes:
        return {}
    squeezed = fetch(bench.app.port, path, headers | SQUEEZED)
    return {"bytes": len(answer.body), "bytes_gzip": len(squeezed.body)}


def _headers(look: Look) -> dict[str, str]:
    return {"Cookie": look.cookie} if look.cookie else {}


def flush_ms(folder: Path) -> float:
    """What one flush of the disk costs just now: the ground under every durable figure."""
    with (folder / "probe").open("ab") as file:
        began = time.monotonic()
        for _n in range(20):
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno()) if hasattr(os, "fdatasync") else os.fsync(file.fileno())
        return 1000 * (time.monotonic() - began) / 20


def statements(stand: Stand, looks: Sequence[Look]) -> dict[str, dict[str, int]]:
    """SQL statements of each page, counted in a process of its own: first, and when asked again."""
    asked = [
        {
            "title": look.title,
            "paths": look.paths[:2],
            "cookie": look.cookie,
            "form": look.forms[:1],
        }
        for look in looks
    ]
    done = subprocess.run(
        [sys.executable, "-m", "linli.bench.counting"], input=json.dumps(asked),
        env={**os.environ, **stand.env}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise click.ClickException(f"Counting statements failed: {done.stderr.strip()[-500:]}")
    found: dict[str, dict[str, int]] = json.loads(done.stdout)
    return found
