"""The method of equal shares, with the greedy completion.

Source: D. Peters, G. Pierczyński, P. Skowron, "Proportional Participatory Budgeting with Additive
Utilities", NeurIPS 2021; in the form for cost satisfaction that equalshares.net describes and that
Wieliczka (2023) and Aarau (2023) used. Completion: what is left of the money goes to the projects
with most supporters that still fit ("utilitarian" or "greedy" completion, section 4 of the paper).

In words: everybody who votes gets the same part of the money. A project can be bought if its
supporters together still have its cost; they share it as evenly as their parts allow. Each time the
project is bought whose supporters pay the smallest share of it each. What remains goes to the
most-supported projects that still fit. Equal in all: more supporters, then the cheaper one, then
the order that was drawn when the ballot was opened.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Votes = Mapping[tuple[str, ...], int]


@dataclass
class Shared:
    """What was bought, in order: by equal shares, then by completion; and what the lot decided."""

    by_shares: list[str] = field(default_factory=list)
    by_completion: list[str] = field(default_factory=list)
    lots: list[list[str]] = field(default_factory=list)
    spent: int = 0

    @property
    def chosen(self) -> tuple[str, ...]:
        return (*self.by_shares, *self.by_completion)

    def told(self) -> dict[str, Any]:
        """As the board says it."""
        return {
            "by_shares": self.by_shares, "by_completion": self.by_completion,
            "lots": self.lots, "spent": self.spent,
        }  # fmt: skip


def share(
    costs: Mapping[str, int],
    votes: Votes,
    budget: int,
    lot: Callable[[str], str],
    *,
    complete: bool = True,
) -> Shared:
    """Spend `budget` on projects; `votes` says how many people support each set of projects."""
    result = Shared()
    people = {choice: n for choice, n in votes.items() if choice and n}
    if not people:
        return result
    support = {one: sum(n for c, n in people.items() if one in c) for one in costs}
    part = Fraction(budget, sum(people.values()))
    purses = dict.fromkeys(people, part)  # who voted alike has the same left
    left = [one for one in costs if support[one]]
    while True:
        prices = {one: price(costs[one], one, people, purses) for one in left}
        open_ = {one: paid for one, paid in prices.items() if paid is not None}
        if not open_:
            break
        left = list(open_)
        least = min(paid / costs[one] for one, paid in open_.items())
        equal = [one for one in open_ if open_[one] / costs[one] == least]
        bought = _first(equal, support, costs, lot, result)
        for choice in people:
            if bought in choice:
                purses[choice] -= min(purses[choice], open_[bought])
        result.by_shares.append(bought)
        result.spent += costs[bought]
        left.remove(bought)
    if complete:
        _complete(result, costs, support, budget, lot)
    return result


def price(
    cost: int, project: str, people: Votes, purses: Mapping[tuple[str, ...], Fraction]
) -> Fraction | None:
    """The most that a supporter has to pay; None if together they have too little.

    Who has less pays all they have, and the others share the rest evenly.
    """
    supporters = sorted((purses[c], n) for c, n in people.items() if project in c)
    if sum(purse * n for purse, n in supporters) < cost:
        return None
    missing, heads = Fraction(cost), sum(n for _purse, n in supporters)
    for purse, n in supporters:
        if purse * heads >= missing:
            return missing / heads
        missing -= purse * n
        heads -= n
    return supporters[-1][0]  # exactly everything that they have


def _first(
    equal: list[str], support: Mapping[str, int], costs: Mapping[str, int],
    lot: Callable[[str], str], result: Shared,
) -> str:  # fmt: skip
    """Of projects with the same price: more supporters, then cheaper, then the lot."""
    best = min((-support[one], costs[one]) for one in equal)
    same = sorted(one for one in equal if (-support[one], costs[one]) == best)
    if len(same) > 1:
        result.lots.append(same)
    return min(same, key=lot)


def _complete(
    result: Shared, costs: Mapping[str, int], support: Mapping[str, int], budget: int,
    lot: Callable[[str], str],
) -> None:  # fmt: skip
    left = [one for one in costs if support[one] and one not in result.by_shares]
    while left:
        left = [one for one in left if costs[one] <= budget - result.spent]
        if not left:
            return
        best = min((-support[one], costs[one]) for one in left)
        bought = _first([one for one in left if (-support[one], costs[one]) == best],
                        support, costs, lot, result)  # fmt: skip
        result.by_completion.append(bought)
        result.spent += costs[bought]
        left.remove(bought)
