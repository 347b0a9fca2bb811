"""Recomputing the chain from the rows and comparing it with every seal, and with witnesses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count as numbers
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from linli.journal import chain, seal
from linli.journal.models import Seal

WITNESSED = ("day", "upto_seq", "count", "head", "previous", "made_at")


class NoWitness(ValueError):
    """The witness file is not what `/journal/heads.json` gives out; the message says why."""


@dataclass
class Report:
    """What verify() found; `bad` has one sentence for each thing that does not hold."""

    entries: int = 0
    seals: int = 0
    unsealed: int = 0  # lines behind the last seal: nothing vouches for them yet
    bad: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.bad

    @property
    def first_bad(self) -> str | None:
        return self.bad[0] if self.bad else None

    def summary(self) -> dict[str, Any]:
        """The machine-readable form, promise P18 of the promises."""
        return {
            "promise": "P18",
            "ok": self.ok,
            "entries": self.entries,
            "seals": self.seals,
            "first_bad": self.first_bad,
            "unsealed": self.unsealed,
        }


def verify(witness: Mapping[str, Any] | None = None) -> Report:
    """Recompute every head from the rows and check signatures; with a witness, its heads too.

    Without a witness, somebody who holds the signing key can rebuild the whole chain unnoticed.
    Raises NoWitness if the witness is not in the form of `/journal/heads.json`.
    """
    report = Report()
    seals = list(Seal.objects.order_by("number"))
    keys = set(seal.public_keys())
    lines = _Reader(report)
    previous: Seal | None = None
    for expected, row in zip(numbers(1), seals, strict=False):
        report.bad += _order(row, previous, expected)
        head, count = lines.read_to(row.upto_seq, previous.head if previous else chain.START)
        if (head, count) != (row.head, row.count):
            start = previous.upto_seq if previous else 0
            report.bad.append(
                f"{_name(row)}: the lines {start + 1} to {row.upto_seq} are not those that were "
                f"sealed ({count} lines, {row.count} were sealed)."
            )
        report.bad += _signature(row, keys)
        previous = row
    report.seals, report.unsealed = len(seals), lines.rest()
    if witness is not None:
        report.bad += _witness(witness, seals, keys)
    return report


class _Reader:
    """The journal's lines, hashed in one go from the first to the last."""

    def __init__(self, report: Report) -> None:
        self._lines = chain.lines()
        self._next = next(self._lines, None)
        self._report = report

    def read_to(self, upto: int, head: str) -> tuple[str, int]:
        """The head after the lines up to a number, starting from `head`, and how many they are."""
        count = 0
        while self._next is not None and self._next["seq"] <= upto:
            head, count = chain.link(head, self._next), count + 1
            self._advance()
        return head, count

    def rest(self) -> int:
        count = 0
        while self._next is not None:
            count += 1
            self._advance()
        return count

    def _advance(self) -> None:
        self._report.entries += 1
        self._next = next(self._lines, None)


def _name(row: Seal) -> str:
    return f"Seal {row.number} of {row.day}"


def _order(row: Seal, previous: Seal | None, expected: int) -> Iterator[str]:
    if row.number != expected:
        yield f"{_name(row)}: seal {expected} should stand here."
    if row.previous != (previous.head if previous else chain.START):
        yield f"{_name(row)}: it does not continue from the seal before it."
    if previous and (row.day < previous.day or row.upto_seq < previous.upto_seq):
        yield f"{_name(row)}: it goes back behind the seal before it."


def _signature(row: Seal, keys: set[str]) -> Iterator[str]:
    if row.key not in keys:
        yield f"{_name(row)}: signed with a key that is not ours ({row.key[:16]}…)."
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(row.key))
        key.verify(bytes.fromhex(row.signature), chain.canonical(seal.statement(row)))
    except (InvalidSignature, ValueError):
        yield f"{_name(row)}: its signature does not fit."


def _witness(witness: Mapping[str, Any], seals: Sequence[Seal], keys: set[str]) -> Iterator[str]:
    kept = {row.number: seal.statement(row) for row in seals}
    for seen in _heads(witness):
        name = f"Seal {seen['number']} of {seen['day']}"
        now = kept.get(seen["number"])
        if now is None:
            yield f"{name}: the witness has it, the journal has it no longer."
        elif any(now[part] != seen[part] for part in WITNESSED):
            then = str(seen["head"])[:16]
            yield f"{name}: the witness saw head {then}…, now it is {now['head'][:16]}…."
    strange = {str(head["key"]) for head in _heads(witness)} - keys
    if strange:
        yield f"The witness knows the signing key {min(strange)[:16]}…, which is not here."


def _heads(witness: Mapping[str, Any]) -> list[dict[str, Any]]:
    heads = witness.get("heads") if isinstance(witness, Mapping) else None
    parts = {"number", "key", *WITNESSED}
    if not isinstance(heads, list) or not all(
        isinstance(head, dict) and parts <= head.keys() for head in heads
    ):
        raise NoWitness("A witness file is what /journal/heads.json gave out: {heads: [...]}.")
    return heads
