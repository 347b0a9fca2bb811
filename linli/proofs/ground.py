"""A data folder and an empty database for one proof, thrown away after it."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from linli import postgres as servers

INSIDE = "LINLI_PROOF_GROUND"  # set in the process that may write into the fresh database
READY = "LINLI_PROOF_READY"  # what `ready_ground` has prepared, for many proofs one after another
SERVER = "LINLI_PROOF_POSTGRES"  # the server that this proof may kill

MAKE = """
import django, linli.cli
django.setup()
from django.conf import settings
from django.core.management import call_command
from linli.site import static_files
call_command("migrate", verbosity=0, interactive=False)
settings.DATA.joinpath("static").mkdir(exist_ok=True)
static_files.collect_when_stale()
"""


@contextmanager
def fresh_ground(*, postgres: bool = False, copy: bool = False) -> Iterator[dict[str, str]]:
    """The environment of a process that works on its own folder and its own empty database.

    With `postgres` on a server of its own that flushes, and that the proof may kill; else on the
    server that LINLI_DATABASE_URL names, or on SQLite. With `copy` the settings also name a standby
    of that server, on a port that is free; the proof starts it.
    """
    with tempfile.TemporaryDirectory(prefix="linli-proof-") as folder:
        surroundings = {**os.environ, INSIDE: "1", "LINLI_DATA": folder, "LINLI_DATABASE_URL": ""}
        surroundings.pop("LINLI_DEMO", None)
        surroundings["LINLI_REQUIRE_SECOND_FACTOR"] = "0"
        ready = json.loads(os.environ.get(READY, "{}"))
        if ready:
            shutil.copytree(ready["folder"], folder, dirs_exist_ok=True)
        if postgres:
            server = servers.make(durable=True)
            try:
                told = {"home": str(server.home), "bin": str(server.bin), "port": server.port}
                if copy:
                    there = f"postgresql://postgres@127.0.0.1:{servers.free_port()}/postgres"
                    surroundings["LINLI_REPLICA_URLS"] = there
                yield surroundings | {"LINLI_DATABASE_URL": server.url, SERVER: json.dumps(told)}
            finally:
                server.remove()
        elif os.environ.get("LINLI_DATABASE_URL"):
            with fresh_database(os.environ["LINLI_DATABASE_URL"], ready.get("database", "")) as url:
                yield surroundings | {"LINLI_DATABASE_URL": url}
        else:
            yield surroundings


@contextmanager
def ready_ground() -> Iterator[dict[str, str]]:
    """What `fresh_ground` copies while this is in the environment: tables and static files.

    Whoever proves twenty promises one after another makes them once.
    """
    server = os.environ.get("LINLI_DATABASE_URL", "")
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="linli-ready-"))
        url = stack.enter_context(fresh_database(server)) if server else ""
        surroundings = {**os.environ, "LINLI_DATA": folder, "LINLI_DATABASE_URL": url}
        surroundings.pop("LINLI_DEMO", None)
        subprocess.run([sys.executable, "-c", MAKE], env=surroundings, check=True)
        yield {READY: json.dumps({"folder": folder, "database": url.rpartition("/")[2]})}


def own_server() -> servers.Server | None:
    """The PostgreSQL that this proof may kill, if it has one."""
    told = os.environ.get(SERVER)
    if not told:
        return None
    found = json.loads(told)
    return servers.Server(Path(found["home"]), Path(found["bin"]), found["port"], durable=True)


@contextmanager
def fresh_database(server: str, like: str = "") -> Iterator[str]:
    """The URL of a database on that server, empty or a copy of `like`, dropped at the end."""
    name = f"linli_proof_{secrets.token_hex(4)}"
    _say(server, f"CREATE DATABASE {name}" + (f" TEMPLATE {like}" if like else ""))
    try:
        yield f"{server.rpartition('/')[0]}/{name}"
    finally:
        _say(server, f"DROP DATABASE {name} WITH (FORCE)")


def _say(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement)
