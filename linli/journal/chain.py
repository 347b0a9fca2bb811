"""The hash chain over the journal: what is hashed, in which spelling, in which order.

The rules are simple enough to check with other tools: SHA-256 over the hash before it followed by
the line as JSON in UTF-8, keys sorted, no spaces, times in UTC with microseconds. The first hash
before all others is that of the text `linli journal`.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from linli.journal.models import Entry

START: Final = hashlib.sha256(b"linli journal").hexdigest()
COLUMNS: Final = (
    "seq", "id", "at", "when", "verb", "subject", "place", "org", "actor", "method", "facts",
)  # fmt: skip


def canonical(value: Any) -> bytes:
    """JSON with one spelling for each value."""
    text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def link(previous: str, line: dict[str, Any]) -> str:
    """The hash after one line, from the hash before it (both hex)."""
    return hashlib.sha256(bytes.fromhex(previous) + canonical(line)).hexdigest()


def lines(after: int | None = None, upto: int | None = None) -> Iterator[dict[str, Any]]:
    """The journal's lines with all their columns, in order, without holding them all in memory."""
    rows = Entry.objects.order_by("seq")
    if after is not None:
        rows = rows.filter(seq__gt=after)
    if upto is not None:
        rows = rows.filter(seq__lte=upto)
    for row in rows.values_list(*COLUMNS).iterator(chunk_size=2000):
        yield dict(zip(COLUMNS, row, strict=True))


def moment(when: datetime) -> str:
    """A time in its one spelling: UTC with microseconds."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)  # the engines do not agree whether 1.0 stays 1.0
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
