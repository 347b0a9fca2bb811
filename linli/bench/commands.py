"""`linli bench NAME`: pages measured beside a floor, in the same run, on the same rows."""

import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click

from linli.bench.drive import Pass, Server, read_pass, write_pass

NAMES = ("list", "case", "create")
PASSES = 5
SECONDS = 2.0
HEADERS = {"Content-Type": "application/x-www-form-urlencoded"}


@click.command()
@click.argument("name", type=click.Choice([*NAMES, "all"]))
@click.option("--rows", default=1_000, show_default=True, help="Cases in the database.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each name.")
def bench(name: str, rows: int, as_json: bool) -> None:
    """Fill a fresh database, start the server and a floor, and measure both in turns."""
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder:
        env = {"LINLI_DATA": folder, "LINLI_BENCH": "1"}
        _prepare(rows, env)
        app = Server("linli.wsgi:application", _port(), env)
        floor = Server("linli.bench.floor:application", _port(), env)
        try:
            app.wait("/near/")
            floor.wait("/floor/list")
            for each in NAMES if name == "all" else [name]:
                _say(measure(each, rows, app, floor, Path(folder)), as_json)
        finally:
            app.stop()
            floor.stop()


def _prepare(rows: int, env: dict[str, str]) -> None:
    click.echo(f"filling {rows} cases …", err=True)
    subprocess.run(
        [sys.executable, "-m", "linli.bench.prepare", str(rows)],
        env={**os.environ, **env},
        check=True,
    )


def measure(name: str, rows: int, app: Server, floor: Server, folder: Path) -> dict[str, Any]:
    """Interleaved passes of page and floor; medians, and the ratio of the two."""
    real, least = _passes_of(name, app, floor, folder)
    real(), least()  # warm both, so that no first page stands for all
    ours, theirs = [], []
    probe = []
    for _ in range(PASSES):
        ours.append(real())
        theirs.append(least())
        probe.append(_flush_ms(folder))
    row: dict[str, Any] = {
        "name": name,
        "rows": rows,
        "page": _median(ours),
        "floor": _median(theirs),
    }
    row["ratio_rps"] = round(row["page"]["rps"] / max(row["floor"]["rps"], 0.01), 3)
    if name == "create":
        row["disk_flush_ms"] = round(statistics.median(probe), 2)
    return row


def _passes_of(
    name: str, app: Server, floor: Server, folder: Path
) -> tuple[Callable[[], Pass], Callable[[], Pass]]:
    if name == "list":
        path = "/search/?q=lamp"
        return lambda: read_pass(app, path, SECONDS), lambda: read_pass(
            floor, "/floor/list", SECONDS
        )
    if name == "case":
        number, subject = (folder / "case.txt").read_text().split()
        return (
            lambda: read_pass(app, f"/case/{number}/", SECONDS),
            lambda: read_pass(floor, f"/floor/case/{number}/{subject}/", SECONDS),
        )
    return (
        lambda: write_pass(app, lambda _n: _teller(app.port), SECONDS),
        lambda: write_pass(floor, lambda _n: _inserter(floor.port), SECONDS),
    )


def _teller(port: int) -> Callable[[], bool]:
    """A client that sends the real form, with its session and CSRF token."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/tell/")
    answer = connection.getresponse()
    html = answer.read().decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', html)
    cookies = "; ".join(v.split(";")[0] for v in answer.headers.get_all("Set-Cookie") or [])
    token = found[1] if found else ""

    def send() -> bool:
        body = urlencode({
            "csrfmiddlewaretoken": token, "client_id": str(uuid.uuid4()), "send": "1",
            "text": "The lamp is dark.", "place": "320481999001", "category": "street-light",
            "visibility": "public",
        })  # fmt: skip
        connection.request("POST", "/tell/", body, {**HEADERS, "Cookie": cookies})
        answer = connection.getresponse()
        answer.read()
        return answer.status == 302

    return send


def _inserter(port: int) -> Callable[[], bool]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)

    def send() -> bool:
        connection.request("POST", "/floor/create", "words=x", HEADERS)
        answer = connection.getresponse()
        answer.read()
        return answer.status == 200

    return send


def _flush_ms(folder: Path) -> float:
    """What one flush of the disk costs just now: the ground under every durable figure."""
    with (folder / "probe").open("ab") as file:
        began = time.monotonic()
        for _ in range(20):
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
        return 1000 * (time.monotonic() - began) / 20


def _median(passes: list[Pass]) -> dict[str, float]:
    out = {name: round(statistics.median(getattr(p, name) for p in passes), 2)
           for name in ("rps", "p50", "p99", "cpu_ms", "size")}  # fmt: skip
    out["errors"] = sum(p.errors for p in passes)
    return out


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _say(row: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(row))
        return
    page, floor = row["page"], row["floor"]
    click.echo(
        f"{row['name']:>8} at {row['rows']} rows: {page['rps']:.0f} requests/s "
        f"(p50 {page['p50']} ms, p99 {page['p99']} ms, {page['cpu_ms']} CPU-ms, "
        f"{page['size']} bytes); floor {floor['rps']:.0f}/s ({floor['cpu_ms']} CPU-ms); "
        f"ratio {row['ratio_rps']}"
    )
