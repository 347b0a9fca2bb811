"""Figures of the processes themselves: memory, cold start, and finding the place of a point."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from linli.bench import drive
from linli.bench.drive import Load
from linli.bench.measure import APPLICATION, Bench
from linli.bench.servers import Server, below, cpu_seconds, fetch
from linli.bench.stand import Stand, stand
from linli.postgres import free_port

BUILDINGS = 60_000
POINTS = 1_000_000
SINGLE = 2_000  # points asked for one by one
STARTS = 5


def memory(bench: Bench, looks: list[tuple[str, str]]) -> dict[str, Any]:
    """PSS of the server with its two workers, after both have shown every page in `looks`."""
    for path, cookie in looks:
        seen = drive.run(Load(bench.app.port, 16, 1.0, [path], cookie))
        if seen.failures(200):
            raise click.ClickException(f"{path} answered {seen.statuses}.")
    parts = {pid: pss_mb(pid) for pid in below(bench.app.process.pid)}
    biggest = sorted(parts.values(), reverse=True)[:2]
    return {
        "name": "memory", "engine": bench.stand.engine, "rows": bench.stand.rows,
        "pss_mb": round(sum(parts.values()), 1), "two_workers_mb": round(sum(biggest), 1),
        "processes": len(parts),
    }  # fmt: skip


def pss_mb(pid: int) -> float:
    """Proportional set size of one process in MB: what is shared counts by its share (Linux)."""
    try:
        words = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next(int(row.split()[1]) for row in words.splitlines() if row.startswith("Pss:")) / 1024


def cold(ground: Stand) -> dict[str, Any]:
    """From starting a process to the end of its first page: the server, and `linli serve` whole."""
    found: dict[str, Any] = {"name": "cold", "engine": ground.engine, "rows": ground.rows}
    for name, start in (("server", _server_start), ("serve", _serve_start)):
        times = [start(ground) for _n in range(STARTS)]
        found[f"{name}_s"] = round(statistics.median(wall for wall, _cpu in times), 2)
        found[f"{name}_cpu_s"] = round(statistics.median(cpu for _wall, cpu in times), 2)
    return found | {"load": round(os.getloadavg()[0], 1)}


def _server_start(ground: Stand) -> tuple[float, float]:
    with (ground.folder / "servers.log").open("ab") as log:
        began = time.monotonic()
        server = Server(APPLICATION, ground.env, log)
        try:
            server.wait("/")
            return time.monotonic() - began, cpu_seconds([server.process.pid])
        finally:
            server.stop()


def _serve_start(ground: Stand) -> tuple[float, float]:
    """`linli serve`: it looks whether database, keys and files are sound, then starts the server."""
    port = free_port()
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-c", "from linli.cli import main; main()", "serve", "--port", str(port)],
        env={**os.environ, **ground.env}, stdout=subprocess.DEVNULL, process_group=0,
    )  # fmt: skip
    try:
        while process.poll() is None:
            try:
                if fetch(port, "/").status == 200:
                    return time.monotonic() - began, cpu_seconds([process.pid])
            except OSError:
                time.sleep(0.02)
        raise click.ClickException("linli serve ended before its first page.")
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def built(engine: str, keep: Path | None) -> Iterator[Stand]:
    """A stand with few cases and a county full of houses."""
    with stand(1_000, engine, keep, buildings=BUILDINGS) as ground:
        yield ground


def locate(ground: Stand) -> dict[str, Any]:
    """Points among the houses of this stand, in a process of its own: one by one, and all at once."""
    with tempfile.TemporaryFile() as quiet:
        done = subprocess.run(
            [sys.executable, "-m", "linli.bench.locating", str(SINGLE), str(POINTS)],
            env={**os.environ, **ground.env}, stdout=subprocess.PIPE, stderr=quiet, check=False,
        )  # fmt: skip
        if done.returncode:
            quiet.seek(0)
            words = quiet.read().decode(errors="replace")
            raise click.ClickException(f"Locating failed: {words[-400:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    return {
        "name": "locate",
        "engine": ground.engine,
        **found,
        "load": round(os.getloadavg()[0], 1),
    }
