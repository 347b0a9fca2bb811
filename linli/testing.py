"""`make test` and `make check`: every test on SQLite and on PostgreSQL; lint, types, contracts."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import IO

from linli import postgres

BIN = Path(sys.executable).parent
ROOT = Path(__file__).resolve().parent.parent

CHECKS: list[tuple[str, list[object]]] = [
    ("lint", [BIN / "ruff", "check", "."]),
    ("format", [BIN / "ruff", "format", "--check", "."]),
    ("types", [BIN / "mypy", "linli"]),
    ("import contracts", [BIN / "lint-imports"]),
    ("migrations", [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"]),
    ("playbook", [BIN / "linli", "playbook", "check", "linli/playbooks/liyang"]),
    ("translations", [BIN / "linli", "i18n", "check"]),
]


def run(
    name: str, command: Sequence[object], env: dict[str, str], to: IO[str] | None = None
) -> bool:  # fmt: skip
    """Run it and print how it ended; with ``to`` all that is said goes there."""
    print(f"── {name}", file=to, flush=True)
    began = time.monotonic()
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "linli.settings"} | env,
        stdout=to,
        stderr=to and subprocess.STDOUT,
        check=False,
    )
    verdict = "ok" if done.returncode == 0 else f"FAILED ({done.returncode})"
    print(f"── {name}: {verdict}, {time.monotonic() - began:.0f} s", file=to, flush=True)
    return done.returncode == 0


def check() -> bool:
    with tempfile.TemporaryDirectory(prefix="linli-check-") as data:
        results = [run(name, command, {"LINLI_DATA": data}) for name, command in CHECKS]
        return all(results)


def test(words: list[str]) -> bool:
    """The whole suite on both engines at the same time. `--sqlite` or `--postgres` runs one."""
    engines = {"--sqlite", "--postgres"}
    asked = engines & set(words) or engines
    pytest = [sys.executable, "-m", "pytest", *(w for w in words if w not in engines)]
    # The browser's walks prove pages, not engines: once is enough.
    other = [*pytest, "-m", "not browser"]
    with ExitStack() as stack:
        folders = [stack.enter_context(tempfile.TemporaryDirectory(prefix="linli-test-"))
                   for _engine in engines]  # fmt: skip
        sqlite = {"LINLI_DATA": folders[0], "LINLI_DATABASE_URL": ""}
        here = partial(run, "tests on SQLite", pytest, sqlite)
        if asked == {"--sqlite"}:
            return here()
        url = postgres.start()
        there = {"LINLI_DATA": folders[1], "LINLI_DATABASE_URL": url}
        if asked == {"--postgres"}:
            return run("tests on PostgreSQL", other, there)
        said = stack.enter_context(tempfile.TemporaryFile("a+"))
        beside = stack.enter_context(ThreadPoolExecutor(1)).submit(
            run, "tests on PostgreSQL", other, there, said
        )
        good = here()
        good &= _follow(beside, said)
        return good


def _follow(running: Future[bool], said: IO[str]) -> bool:
    """Print what a run beside this one has said, and go on as it says more; its verdict."""
    read = 0
    while True:
        over = running.done()
        while new := os.pread(said.fileno(), 65_536, read):
            read += len(new)
            sys.stdout.buffer.write(new)
            sys.stdout.buffer.flush()
        if over:
            return running.result()
        time.sleep(1)


def main() -> None:
    words = sys.argv[1:]
    good = check() if "--checks" in words else test(words)
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()
