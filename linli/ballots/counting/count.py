"""From votes to an outcome, by the rule of the ballot."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from linli.ballots.counting import equal_shares, schulze
from linli.ballots.counting.choices import BUDGET, RANKED, Choice


@dataclass(frozen=True)
class Terms:
    """What was frozen when the ballot was opened, as far as counting needs it."""

    rule: str
    options: tuple[str, ...]
    seats: int = 1
    budget: int | None = None
    costs: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    lot: str = ""  # what decides the order of projects that are equal in everything

    def lot_of(self, option: str) -> str:
        """A number drawn for each project when the ballot was opened; the lowest comes first."""
        return hashlib.sha256(f"{self.lot}|lot|{option}".encode()).hexdigest()


@dataclass(frozen=True)
class Outcome:
    """How many papers named each option, who won, and what nobody won.

    `counts`: papers that name the option (in a ranking: that put it first). `winners`: in the order
    in which they won, at most `seats`, for a budget any number. `ties`: options between which this
    count does not decide, for the seats that are left; empty for a budget, where `more["lots"]`
    names the groups whose order was drawn.
    """

    valid: int
    abstentions: int
    counts: dict[str, int]
    winners: tuple[str, ...]
    ties: tuple[str, ...]
    more: dict[str, Any]


def count(terms: Terms, votes: Mapping[Choice, int]) -> Outcome:
    """Count papers, given as choice -> how many. An abstention is valid and names nothing."""
    valid, abstentions = sum(votes.values()), votes.get((), 0)
    named = {choice: n for choice, n in votes.items() if choice and n}
    if terms.rule == RANKED:
        return _ranked(terms, named, valid, abstentions)
    counts = dict.fromkeys(terms.options, 0)
    for choice, n in named.items():
        for one in choice:
            counts[one] += n
    if terms.rule == BUDGET:
        assert terms.budget is not None
        found = equal_shares.share(terms.costs, named, terms.budget, terms.lot_of)
        return Outcome(valid, abstentions, counts, found.chosen, (), found.told())
    winners, ties = most(counts, terms.seats)
    return Outcome(valid, abstentions, counts, winners, ties, {})


def most(counts: Mapping[str, int], seats: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The options with most votes that fit the seats, and those that tie for what is left.

    An option that nobody named wins nothing.
    """
    groups: dict[int, list[str]] = {}
    for option, n in counts.items():
        if n:
            groups.setdefault(n, []).append(option)
    return fill([groups[n] for n in sorted(groups, reverse=True)], seats)


def fill(levels: Sequence[Sequence[str]], seats: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Seats filled level by level; the first level that does not fit is a tie."""
    winners: list[str] = []
    for level in levels:
        if len(winners) + len(level) > seats:
            return tuple(winners), tuple(level) if len(winners) < seats else ()
        winners += level
    return tuple(winners), ()


def _ranked(
    terms: Terms, named: Mapping[Choice, int], valid: int, abstentions: int
) -> Outcome:  # fmt: skip
    first: Counter[str] = Counter()
    for choice, n in named.items():
        first[choice[0]] += n
    duels = schulze.duels(terms.options, named)
    levels = schulze.levels(terms.options, duels) if named else []
    winners, ties = fill(levels, terms.seats)
    counts = {option: first[option] for option in terms.options}
    told = {"duels": [[a, b, n] for (a, b), n in sorted(duels.items()) if n], "levels": levels}
    return Outcome(valid, abstentions, counts, winners, ties, told)
