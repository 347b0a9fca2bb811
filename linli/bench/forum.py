"""Pages of the forum among many floors, measured in a process of its own (talking.py)."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import click

from linli import postgres


def pages(floors: int, engine: str, passes: int) -> Iterator[dict[str, Any]]:
    """One row for each page: milliseconds of CPU and by the clock, made anew each time.

    At least ten thousand floors, all of them in one topic; more go into topics of a hundred each.
    """
    with ExitStack() as open_ones:
        folder = open_ones.enter_context(tempfile.TemporaryDirectory(prefix="linli-bench-"))
        env = {**os.environ, "LINLI_DATA": folder, "LINLI_DATABASE_URL": ""}
        if engine == "postgres":
            server = postgres.make(durable=True)
            open_ones.callback(server.remove)
            env["LINLI_DATABASE_URL"] = server.url
        said = open_ones.enter_context(tempfile.TemporaryFile())
        done = subprocess.run(
            [sys.executable, "-m", "linli.bench.talking", str(floors), str(passes)],
            env=env, stdout=subprocess.PIPE, stderr=said, check=False,
        )  # fmt: skip
        if done.returncode:
            said.seek(0)
            raise click.ClickException(
                f"The forum failed: {said.read().decode(errors='replace')[-400:]}"
            )
    found = json.loads(done.stdout)
    load = round(os.getloadavg()[0], 1)
    for name, figures in found.pop("pages").items():
        yield {"name": f"forum, {name}", "engine": engine, **found, **figures, "load": load}
