"""The processes of one installation: started, watched, and stopped together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

APPLICATION = "linli.wsgi:application"
PATIENCE = 60.0  # seconds until the first page must have answered
STOPPING = 8.0  # seconds a child gets to end by itself; granian's own limit is 5


class NotServing(RuntimeError):
    """The server did not come up; the message says why."""


def server_command(
    host: str, port: int, workers: int, application: str = APPLICATION, *, before: str = "nothing"
) -> list[str]:
    """granian, the WSGI server; `before` it listens: nothing, check or migrate.

    No access log: it would keep who looked at what (R34).
    """
    return [
        sys.executable, "-m", "linli.site.server", before, application, "--interface", "wsgi",
        "--host", host, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", "2", "--no-ws", "--no-access-log", "--log-level", "warning",
        # A SIGTERM that arrives while workers still import is lost on them; this ends the wait.
        "--workers-kill-timeout", "5s",
        # A worker that dies is replaced; one dead process is no dead site.
        "--respawn-failed-workers",
    ]  # fmt: skip


def worker_command() -> list[str]:
    """The background process, by this Python: a shell's PATH may know another one."""
    return [sys.executable, "-c", "from linli.cli import main; main()", "worker"]


def address(host: str, port: int) -> str:
    """How a browser on this machine reaches a server bound to `host`."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)
    return f"http://{shown}:{port}"


def refuse_taken_port(host: str, port: int) -> None:
    """Raise NotServing if somebody else listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise NotServing(
                f"{host}:{port} cannot be used ({error.strerror}). "
                "Choose another with --port or LINLI_PORT."
            ) from None


def wait_for_page(url: str, alive: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Return once the page at `url` really answers; NotServing if it does not in time."""
    # Straight to this machine: a proxy of the environment has nothing to do with it.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    until = time.monotonic() + patience
    problem, pause = "no answer", 0.1
    while time.monotonic() < until:
        if not alive():
            raise NotServing("The server ended before its first page; its words are above.")
        try:
            with opener.open(url, timeout=10) as page:
                page.read()
                return
        except urllib.error.HTTPError as error:
            problem, pause = (
                f"it answers {error.code}",
                pause * 2,
            )  # it is up, but something is wrong
        except OSError:
            pass
        time.sleep(pause)
    raise NotServing(f"{url} was not ready within {patience:.0f} seconds: {problem}.")


@dataclass
class Child:
    """One process; `restart` says whether the others can go on while it is begun again."""

    command: Sequence[str]
    environment: dict[str, str]
    restart: bool
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    again_at: float = 0.0

    def start(self) -> None:
        # A group of its own: Ctrl-C in a terminal reaches us alone, and we end the others in order.
        # granian's workers hang for seconds when the terminal's SIGINT reaches them directly.
        self.process = subprocess.Popen(
            self.command, env={**os.environ, **self.environment}, process_group=0
        )

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Team:
    """Child processes that live and end together."""

    children: list[Child] = field(default_factory=list)
    asked_to_stop: bool = False

    def start(
        self, command: Sequence[str], environment: dict[str, str], *, restart: bool = False
    ) -> Child:
        """Start a process with these additions to our environment; it belongs to us from now on."""
        child = Child(command, environment, restart)
        child.start()
        self.children.append(child)
        return child

    def listen(self) -> None:
        """From now on SIGTERM, Ctrl-C and a closed terminal end the wait of `watch`, not us."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True

    def watch(self) -> int:
        """Wait until somebody stops us (0) or a child that we need dies (1); then stop all."""
        lost = False
        while not self.asked_to_stop and not lost:
            time.sleep(0.2)
            lost = any(not self._goes_on(child) for child in self.children)
        self.stop()
        return int(not self.asked_to_stop)

    def _goes_on(self, child: Child) -> bool:
        if child.alive:
            return True
        if not child.restart:
            return False
        now = time.monotonic()
        if child.again_at == 0.0:  # just died: wait longer after each death, at most half a minute
            child.deaths += 1
            child.again_at = now + min(2.0**child.deaths, 30.0)
        elif now >= child.again_at:
            child.again_at = 0.0
            child.start()
        return True

    def stop(self) -> None:
        """Ask every child to end; end those that do not."""
        living = [child.process for child in self.children if child.process and child.alive]
        for process in living:
            process.terminate()
        until = time.monotonic() + STOPPING
        for process in living:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
