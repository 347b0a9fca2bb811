"""Quorum and majority: whole numbers in, a verdict out. Nothing here knows of a database.

Everything is counted exactly: "two thirds of 91" is never a rounded number.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from linli.playbook.procedure import Body, Whole
from linli.playbook.share import Share


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was counted at one sitting, on its frozen roll.

    ``aside`` are those who stand aside because it is about themselves: they are not due.
    ``present`` are those who are there, spoken for by somebody, or who voted from elsewhere.
    """

    all: int
    aside: int = 0
    present: int = 0
    yes: int = 0
    no: int = 0
    abstained: int = 0
    spoilt: int = 0

    def __post_init__(self) -> None:
        if min(asdict(self).values()) < 0:
            raise ValueError("a count below nought")
        if self.aside + self.present > self.all:
            raise ValueError("more people than are on the roll")
        if self.yes + self.no + self.abstained + self.spoilt > self.present:
            raise ValueError("more votes than people")

    @property
    def due(self) -> int:
        """Who should be there."""
        return self.all - self.aside

    @property
    def cast(self) -> int:
        """Who said yes or no: abstentions and spoilt papers are present, and vote for nothing."""
        return self.yes + self.no

    def whole(self, of: Whole) -> int:
        """The number that a share is taken of."""
        return {"all": self.all, "due": self.due, "present": self.present, "cast": self.cast}[of]

    def left(self, people: int) -> Self:
        """The same sitting after so many went home before the vote."""
        return type(self)(self.all, self.aside, max(self.present - people, 0))


@dataclass(frozen=True, slots=True)
class Line:
    """One condition: how many there were, of how many, and how many it takes."""

    share: str
    of: str
    count: int | None  # None where so few voted that it is not said
    whole: int
    needed: int
    reached: bool

    @classmethod
    def of_share(cls, share: Share, of: str, count: int, whole: int) -> Self:
        """The line of a share."""
        return cls(
            str(share), of, count, whole, share.needed(whole), share.reached(count, whole)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows from the numbers. ``tie``: as many on one side as on the other."""

    quorum: Line
    majority: Line
    tie: bool

    @property
    def passed(self) -> bool:
        """It is decided: enough were there and enough of them agreed."""
        return self.quorum.reached and self.majority.reached and not self.tie

    def as_dict(self) -> dict[str, Any]:
        """As it is kept beside the sitting."""
        return asdict(self) | {"passed": self.passed}


def judge(body: Body, numbers: Numbers, *, tie: bool | None = None) -> Verdict:
    """The verdict of one body on yes and no.

    With several options ``yes`` is the count of the one in front, ``no`` that of all others, and
    ``tie`` says whether another one has as many.
    """
    quorum = Line.of_share(body.quorum, body.of, numbers.present, numbers.whole(body.of))
    rule = body.majority
    majority = Line.of_share(rule.share, rule.of, numbers.yes, numbers.whole(rule.of))
    even = numbers.yes == numbers.no and numbers.cast > 0 if tie is None else tie
    return Verdict(quorum, majority, even)


def passed_together(verdicts: Iterable[Verdict]) -> bool:
    """Stages sat together: each keeps its own rule, and all of them have to be met."""
    found = list(verdicts)
    return bool(found) and all(verdict.passed for verdict in found)


def leader(counts: Mapping[str, int]) -> tuple[str, int, bool]:
    """The option in front, its votes, and whether it shares them; ("", 0, False) without votes."""
    most = max(counts.values(), default=0)
    if most == 0:
        return "", 0, False
    first = [name for name, count in counts.items() if count == most]
    return first[0], most, len(first) > 1


@dataclass(frozen=True, slots=True)
class Diff:
    """How a roll changed, as numbers alone."""

    came: int
    left: int
    stayed: int


def diff(before: Iterable[Hashable], after: Iterable[Hashable]) -> Diff:
    """How many came and left between two rolls."""
    old, new = set(before), set(after)
    return Diff(len(new - old), len(old - new), len(old & new))


class ProxyError(ValueError):
    """Somebody speaks for others in a way that the procedure does not allow."""


def check_proxies(pairs: Mapping[int, int], present: Iterable[int], most: int) -> int:
    """How many are spoken for: ``pairs`` is absent person -> who speaks, by number on the roll.

    Raises ProxyError with "carrier" (who speaks is not there), "there" (the one spoken for is),
    "own" or "many" (one speaks for more than ``most``), and the number of the person.
    """
    here = set(present)
    for absent, carrier in pairs.items():
        if absent == carrier:
            raise ProxyError("own", absent)
        if absent in here:
            raise ProxyError("there", absent)
        if carrier not in here:
            raise ProxyError("carrier", carrier)
    for carrier, count in Counter(pairs.values()).items():
        if count > most:
            raise ProxyError("many", carrier)
    return len(pairs)
