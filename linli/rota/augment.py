"""Filling an empty seat by passing duties on: one takes it and leaves another duty to the next.

A chain ends with somebody who has room. As each person in it is another, and each swaps one duty
for one, every step can be checked by itself; a breadth-first search finds the shortest chain.
"""

from dataclasses import dataclass

import numpy as np

from linli.rota.descent import Stop
from linli.rota.grid import Bools, Ints
from linli.rota.state import State


@dataclass(frozen=True, slots=True)
class Step:
    """`person` takes `wanted` and leaves `left`, whose seat the chain fills next."""

    person: int
    wanted: int
    left: int
    before: "Step | None"


def augment(state: State, stop: Stop) -> int:
    """Fill empty seats by chains until none is found; how many were filled."""
    filled = 0
    while not stop() and _fill_one(state):
        filled += 1
    return filled


def _fill_one(state: State) -> bool:
    """Fill one seat by the shortest chain from any empty seat to somebody with room, if any.

    All empty seats start at once, so that a duty that leads nowhere is looked at once, not once
    for each of them.
    """
    grid = state.grid
    free = state.free(np.arange(grid.shape[1]))
    empty = np.nonzero(state.filled < grid.seats)[0]
    people, duties = np.nonzero(state.plan & ~grid.fixed)
    seen = set(empty.tolist())
    front: list[tuple[int, Step | None]] = [(int(s), None) for s in empty]
    for s in empty[free[:, empty].any(axis=0)]:
        state.add(_cheapest(state, free[:, s], int(s)), int(s))
        return True
    while front:
        following: list[tuple[int, Step | None]] = []
        for wanted, before in front:
            used = _people(before)
            for at in np.nonzero(_could_swap(state, people, duties, wanted))[0]:
                person, left = int(people[at]), int(duties[at])
                if left in seen or person in used:
                    continue
                seen.add(left)
                step = Step(person, wanted, left, before)
                last = free[:, left].copy()
                last[[*used, person]] = False
                if last.any():
                    _carry_out(state, step, _cheapest(state, last, left))
                    return True
                following.append((left, step))
        front = following
    return False


def _could_swap(state: State, people: Ints, duties: Ints, wanted: int) -> Bools:
    """For each cell of the plan: could this person do `wanted` instead of this duty?"""
    grid = state.grid
    cells = np.arange(len(people))
    clash = np.zeros(len(people), dtype=np.int64)
    for number, matrix in enumerate(grid.clashes):
        ours = cells[grid.rest_class[people] == number]
        clash[ours] = matrix[duties[ours], wanted]
    more = int(grid.minutes[wanted])
    less = grid.minutes[duties]
    week, month = grid.week[wanted], grid.month[wanted]
    weeks = state.weeks[people, week] - less * (grid.week[duties] == week) + more
    months = state.months[people, month] - less * (grid.month[duties] == month) + more
    could: Bools = (
        grid.fit[people, wanted]
        & ~state.plan[people, wanted]
        & (state.blocked[people, wanted] == clash)
        & (weeks <= grid.week_cap[people])
        & (months <= grid.month_cap[people])
    )
    return could


def _people(step: Step | None) -> set[int]:
    found: set[int] = set()
    while step is not None:
        found.add(step.person)
        step = step.before
    return found


def _cheapest(state: State, who: Bools, shift: int) -> int:
    prices = state.price(np.array([shift]))[:, 0]
    return int(np.argmin(np.where(who, prices, np.inf)))


def _carry_out(state: State, step: Step, last: int) -> None:
    """Walk the chain back from its end: everybody leaves one duty and takes another."""
    state.add(last, step.left)
    at: Step | None = step
    while at is not None:
        state.drop(at.person, at.left)
        state.add(at.person, at.wanted)
        at = at.before
