"""Filling a rota block by block, each block at its optimum while the rest stands.

A block is a set of shifts of which nobody can do two (a clique of the rests, mostly a day). Given
everything else, who takes its seats is an assignment problem, and what one more duty costs a person
is known exactly, because nobody gets two; so `linear_sum_assignment` finds the best filling of the
block, and no step ever loses a seat or raises the cost. Steps go round until none helps.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from linli.lib.lazily import Lazy
from linli.rota.grid import Grid, Ints
from linli.rota.state import State

optimize = Lazy("scipy.optimize")
EMPTY: Final = 1e7  # an empty seat: more than any plan can gain elsewhere
NEVER: Final = 1e10  # a seat that this person cannot take
LEAST_GAIN: Final = 1e-6

Stop = Callable[[], bool]


def blocks(grid: Grid) -> list[Ints]:
    """Sets of shifts that exclude each other for everybody; every shift is in one at least."""
    least = grid.cliques[0]  # who rests longer cannot do what these forbid either
    found = [clique for clique in least if len(clique)]
    covered = np.zeros(grid.shape[1], dtype=bool)
    for clique in found:
        covered[clique] = True
    return found + [np.array([s], dtype=np.int64) for s in np.nonzero(~covered)[0]]


def settle(state: State, block: Ints) -> float:
    """Fill the block anew, at the least price; how much better the plan is now (never negative).

    An empty seat counts `EMPTY`.
    """
    grid = state.grid
    held = state.plan[:, block] & ~grid.fixed[:, block]
    old = [(int(p), int(block[b])) for p, b in zip(*np.nonzero(held), strict=True)]
    for p, s in old:
        state.drop(p, s)
    seats = np.repeat(np.arange(len(block)), grid.seats[block] - state.filled[block])
    if not len(seats):
        return 0.0
    prices = np.where(state.free(block), state.price(block), NEVER)
    people = np.nonzero((prices < NEVER).any(axis=1))[0]
    table = np.full((len(seats), len(people) + len(seats)), EMPTY)
    table[:, : len(people)] = prices[people][:, seats].T
    before = sum(float(prices[p, np.searchsorted(block, s)]) for p, s in old)
    before += EMPTY * (len(seats) - len(old))
    rows, columns = optimize.linear_sum_assignment(table)
    after = float(table[rows, columns].sum())
    chosen = [
        (int(people[c]), int(block[seats[r]]))
        for r, c in zip(rows, columns, strict=True)
        if c < len(people)
    ]
    better = before - after > LEAST_GAIN
    for p, s in chosen if better else old:
        state.add(p, s)
    return before - after if better else 0.0


def descend(state: State, among: Sequence[Ints], stop: Stop) -> float:
    """Settle block after block until a whole round gains nothing; what was gained."""
    gained = 0.0
    waiting = list(range(len(among)))
    while waiting and not stop():
        gains = 0.0
        for at in waiting:
            if stop():
                break
            gains += settle(state, among[at])
        gained += gains
        if gains <= LEAST_GAIN:
            break
    return gained
