"""BOARD.json: everything that anybody needs to count a ballot again, and nothing about who voted.

Every list is sorted by what it holds, so that its order says nothing. The parts have a fingerprint
each, and the head is the fingerprint of these; the head is in the journal, whose days are sealed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from linli.ballots import definition
from linli.ballots.counting import Outcome, count
from linli.ballots.models import Ballot
from linli.ballots.models.ballot import Secrecy
from linli.ballots.policies import FEWEST

FORMAT: Final = "linli-board-1"
PARTS: Final = ("ballot", "receipts", "votes", "papers", "hands", "result")
Choice = tuple[str, ...]


@dataclass
class Collected:
    """What came out of the slots, the box and the meeting, in no order."""

    sealed: list[Choice] = field(default_factory=list)  # own device and kiosk
    numbered: list[tuple[int, Choice]] = field(default_factory=list)  # an open ballot's
    receipts: list[str] = field(default_factory=list)
    papers: dict[Choice, int] | None = None
    hands: dict[Choice, int] | None = None
    spoilt: int = 0
    unused: int = 0
    printed: int = 0
    given: int = 0  # papers handed to people
    codes_given: int = 0
    note: str = ""

    def votes(self) -> Counter[Choice]:
        """How many papers of every kind say what."""
        found = Counter(self.sealed)
        found.update(choice for _number, choice in self.numbered)
        for counted in (self.papers, self.hands):
            found.update(counted or {})
        return found


def build(ballot: Ballot, collected: Collected) -> tuple[dict[str, Any], Outcome]:
    """The board of a ballot that is being closed, and the outcome in full."""
    outcome = count(ballot.terms, collected.votes())
    hidden = ballot.is_secret and outcome.valid < FEWEST
    parts: dict[str, Any] = {
        "ballot": dict(definition.of(ballot)),
        "receipts": sorted(collected.receipts),
        "votes": None if hidden else _votes(ballot, collected),
        "papers": _papers(collected, hidden),
        "hands": None if collected.hands is None else _lines(collected.hands),
        "result": _result(ballot, collected, outcome, hidden),
    }
    digests = {name: definition.digest(parts[name]) for name in PARTS}
    head = definition.digest(digests)
    return {"format": FORMAT, **parts, "digests": digests, "head": head}, outcome


def _votes(ballot: Ballot, collected: Collected) -> list[Any]:
    if ballot.secrecy == Secrecy.OPEN:
        return [[number, list(choice)] for number, choice in sorted(collected.numbered)]
    return sorted(list(choice) for choice in collected.sealed)


def _lines(counted: Mapping[Choice, int]) -> list[list[Any]]:
    return sorted([list(choice), n] for choice, n in counted.items() if n)


def _papers(collected: Collected, hidden: bool) -> dict[str, Any] | None:
    if collected.papers is None:
        return None
    return {
        "printed": collected.printed,
        "given": collected.given,
        "valid": sum(collected.papers.values()),
        "spoilt": collected.spoilt,
        "unused": collected.unused,
        "note": collected.note,
        "votes": None if hidden else _lines(collected.papers),
    }


def _result(
    ballot: Ballot, collected: Collected, outcome: Outcome, hidden: bool
) -> dict[str, Any]:  # fmt: skip
    told: dict[str, Any] = {
        "roll": ballot.roll_size,
        "codes_given": collected.codes_given,
        "cast": outcome.valid + collected.spoilt,
        "valid": outcome.valid,
        "spoilt": collected.spoilt,
        "winners": list(outcome.winners),
        "ties": list(outcome.ties),
        "abstentions": None if hidden else outcome.abstentions,
        "counts": None if hidden else outcome.counts,
        "more": {} if hidden else outcome.more,
    }
    return told


def open_votes(found: Sequence[Mapping[str, Any]]) -> list[tuple[int, Choice]]:
    """Votes of an open ballot with their numbers on the roll."""
    return [(int(vote["n"]), tuple(vote["c"])) for vote in found]
