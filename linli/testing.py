"""`make test` and `make check`: every test on SQLite and on PostgreSQL; lint, types, contracts."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

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


def run(name: str, command: Sequence[object], **env: str) -> bool:
    print(f"── {name}", flush=True)
    began = time.monotonic()
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "linli.settings", **env},
        check=False,
    )
    verdict = "ok" if done.returncode == 0 else f"FAILED ({done.returncode})"
    print(f"── {name}: {verdict}, {time.monotonic() - began:.0f} s", flush=True)
    return done.returncode == 0


def check() -> bool:
    with tempfile.TemporaryDirectory(prefix="linli-check-") as data:
        results = [run(name, command, LINLI_DATA=data) for name, command in CHECKS]
        return all(results)


def test(words: list[str]) -> bool:
    """The whole suite, once an engine. `--sqlite` or `--postgres` runs one of them."""
    engines = {"--sqlite", "--postgres"}
    asked = engines & set(words) or engines
    pytest = [sys.executable, "-m", "pytest", *(w for w in words if w not in engines)]
    good = True
    with tempfile.TemporaryDirectory(prefix="linli-test-") as data:
        if "--sqlite" in asked:
            good &= run("tests on SQLite", pytest, LINLI_DATA=data, LINLI_DATABASE_URL="")
        if "--postgres" in asked:
            url = postgres.start()
            # The browser's walks prove pages, not engines: once is enough.
            other = [*pytest, "-m", "not browser"]
            good &= run("tests on PostgreSQL", other, LINLI_DATA=data, LINLI_DATABASE_URL=url)
    return good


def main() -> None:
    words = sys.argv[1:]
    good = check() if "--checks" in words else test(words)
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()
