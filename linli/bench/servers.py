"""Servers started for a measurement, and the processor time that they and the database spend."""

import http.client
import os
import subprocess
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import click

from linli.postgres import free_port
from linli.site.processes import server_command

WORKERS = 2
STOPPING = 8.0  # seconds a server gets to end by itself


class Server:
    """granian with two workers for one WSGI application, as `linli serve` starts it."""

    def __init__(self, application: str, env: Mapping[str, str], log: IO[bytes]) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            server_command("127.0.0.1", self.port, WORKERS, application),
            env={**os.environ, **env}, stdout=log, stderr=log, process_group=0,
        )  # fmt: skip

    def wait(self, path: str, seconds: float = 60) -> None:
        """Until the page at `path` answers with 200; raises ClickException."""
        end, status = time.monotonic() + seconds, "no answer"
        while time.monotonic() < end and self.process.poll() is None:
            try:
                answer = fetch(self.port, path)
            except OSError:
                time.sleep(0.02)
                continue
            if answer.status == 200:
                return
            status = str(answer.status)
            time.sleep(0.2)
        raise click.ClickException(f"The server did not show {path}: {status}.")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(STOPPING)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass(frozen=True)
class Answer:
    """One answer as a browser sees it."""

    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    body: bytes


def fetch(port: int, path: str, headers: Mapping[str, str] | None = None) -> Answer:
    """One GET on this machine."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        cookies = tuple(value.split(";")[0] for value in answer.headers.get_all("Set-Cookie") or ())
        return Answer(answer.status, dict(answer.headers), cookies, answer.read())
    finally:
        connection.close()


def cpu_seconds(tops: Iterable[int]) -> float:
    """Processor time of these processes and all below them so far, ended ones included (Linux).

    Children that were collected count through their parent; so nothing is lost when a backend of
    PostgreSQL ends in the middle of a pass.
    """
    rows = _processes()
    pids = {pid for top in tops for pid in below(top, rows)}
    return sum(rows[pid][1] for pid in pids) / os.sysconf("SC_CLK_TCK")


def below(top: int, rows: Mapping[int, tuple[int, int]] | None = None) -> list[int]:
    """A process and all that descend from it."""
    known = _processes() if rows is None else rows
    children: dict[int, list[int]] = {}
    for pid, (parent, _ticks) in known.items():
        children.setdefault(parent, []).append(pid)
    found = [top] if top in known else []
    for pid in found:
        found += children.get(pid, ())
    return found


def _processes() -> dict[int, tuple[int, int]]:
    """Parent and ticks (own, and of collected children) of every process; nothing off Linux."""
    found: dict[int, tuple[int, int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended while we looked
            continue
        found[int(stat.parent.name)] = (int(fields[1]), sum(map(int, fields[11:15])))
    return found
