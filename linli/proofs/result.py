"""What a proof says: one JSON line, the same figures for every promise."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

HERE = Path(__file__).resolve().parent


@dataclass
class Result:
    """`n` things were tried under `faults` faults; ok means that nothing was lost or broken."""

    promise: str
    n: int
    seed: int
    faults: int = 0
    lost: int = 0
    duplicated: int = 0
    violations: int = 0
    p99_ms: float = 0.0
    more: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not (self.lost or self.duplicated or self.violations)

    def violated(self, words: str) -> None:
        """Count a violation; the first few are kept in words."""
        self.violations += 1
        if len(self.notes) < 10:
            self.notes.append(words)

    def line(self) -> str:
        """The published JSON line."""
        said = asdict(self) | {"commit": commit(), "engine": engine(), "ok": self.ok}
        more = said.pop("more")
        if not said["notes"]:
            del said["notes"]
        return json.dumps(said | more, ensure_ascii=False)


def commit() -> str:
    """The short hash of the source that ran, or "unknown" outside a checkout."""
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=HERE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return found.stdout.strip() or "unknown"


def engine() -> str:
    """The database and its version, as the database says it."""
    ask = "SHOW server_version" if connection.vendor == "postgresql" else "SELECT sqlite_version()"
    with connection.cursor() as cursor:
        cursor.execute(ask)
        return f"{connection.vendor} {cursor.fetchone()[0]}"


class Watch:
    """Times of single operations, in milliseconds."""

    def __init__(self) -> None:
        self.times: list[float] = []

    @contextmanager
    def time(self) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.times.append((time.perf_counter() - began) * 1000)

    def percentile(self, share: float) -> float:
        if not self.times:
            return 0.0
        line = sorted(self.times)
        return round(line[min(len(line) - 1, int(len(line) * share))], 1)
