"""Planning a rota: as many seats as can be first, then as fair, varied and near as can be.

Small rotas are solved to the end by HiGHS. Larger ones are filled block by block (`descent`), empty
seats by chains (`augment`) and by HiGHS on a few people at a time, and then measured against bounds
that HiGHS proves on a relaxation, so that everybody sees how far from the best a plan can be.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import Final

import numpy as np

from linli.rota import exact
from linli.rota.augment import augment
from linli.rota.descent import LEAST_GAIN, blocks, descend
from linli.rota.grid import Bools, Grid, grid
from linli.rota.model import Cell, Problem
from linli.rota.report import Report, report
from linli.rota.state import State, cost

SMALL: Final = 1200  # cells; so many HiGHS decides to the end in a second or two
TIME_LIMIT: Final = 10.0  # seconds
FEW: Final = 10  # people whose duties are dealt anew at a time
ROUNDS: Final = 40
DEALING: Final = 0.6  # of the time may be gone before dealing anew ends: the bound needs the rest


@dataclass(frozen=True)
class Rota:
    """A plan and what is known about it."""

    problem: Problem
    cells: frozenset[Cell]
    report: Report


def solve(problem: Problem, *, time_limit: float = TIME_LIMIT, seed: int = 1) -> Rota:
    """The plan, with cover, fairness, bounds and the reason of each empty seat.

    Fixed cells stay, whatever they break; no other cell breaks a hard rule. `time_limit` is in
    seconds of wall time; what is unproven when it ends is said to be so.
    """
    clock = Clock(time_limit)
    arrays = grid(problem)
    state = State(arrays)
    _search(state, clock)
    most = _most(arrays, state, clock)
    proven: float | None = None
    free = int((arrays.fit & ~arrays.fixed).sum())
    if free <= SMALL:
        state, most, proven = _to_the_end(state, most, clock)
    elif state.filled.sum() < most:
        _deal_anew(state, most, clock, Random(seed))
    if proven is None:
        proven = exact.cost_bound(arrays, int(state.filled.sum()), clock.left())
    return Rota(
        problem,
        arrays.cells(state.plan),
        report(state, cover_bound=most, cost_bound=proven, seconds=clock.gone()),
    )


def again(
    problem: Problem, plan: Iterable[Cell], *, away: Iterable[tuple[str, date]],
    time_limit: float = TIME_LIMIT,
) -> Rota:  # fmt: skip
    """Plan the seats that absences left; every other cell of the plan stays.

    `away` names people and the dates on which they cannot come. Raises KeyError for somebody who
    is not in the problem.
    """
    people = dict(problem.person)
    gone: dict[str, set[date]] = {}
    for who, day in away:
        gone.setdefault(people[who].id, set()).add(day)
    shifts = problem.shift
    kept = frozenset(
        (who, what) for who, what in plan
        if not gone.get(who, set()) & {shifts[what].day, shifts[what].last_day}
    )  # fmt: skip
    away_now = tuple(
        replace(person, off=person.off | gone.get(person.id, set())) for person in problem.people
    )
    return solve(replace(problem, people=away_now, fixed=kept), time_limit=time_limit)


class Clock:
    """How much of the time limit is left."""

    def __init__(self, limit: float) -> None:
        self.began = time.monotonic()
        self.limit = limit

    def gone(self) -> float:
        return time.monotonic() - self.began

    def left(self) -> float:
        return max(self.limit - self.gone(), 0.0)

    def over(self, share: float = 1.0) -> bool:
        return self.gone() >= self.limit * share


def _search(state: State, clock: Clock) -> None:
    """Blocks and chains in turn until neither helps."""
    among = blocks(state.grid)
    while True:
        descend(state, among, clock.over)
        if not augment(state, clock.over):
            return


def _most(arrays: Grid, state: State, clock: Clock) -> int:
    """Seats that no plan can exceed; looks no further than needed."""
    most = exact.trivial_cover(arrays)
    if most > state.filled.sum():
        found = exact.cover_bound(arrays, clock.left() * 0.6)
        most = most if found is None else min(most, found)
    return most


def _to_the_end(state: State, most: int, clock: Clock) -> tuple[State, int, float | None]:
    """HiGHS on the whole rota: first the seats, then the cost."""
    arrays = state.grid
    if state.filled.sum() < most:
        found = exact.fullest(arrays, clock.left() * 0.5)
        if found is not None:
            plan, proven = found
            if plan.sum() > state.plan.sum():
                state = State(arrays, plan)
                _search(state, clock)
            most = int(plan.sum()) if proven else most
    best = exact.cheapest(arrays, int(state.filled.sum()), clock.left())
    if best is None:
        return state, most, None
    plan, bound, _proven = best
    if plan.sum() == state.plan.sum() and cost(arrays, plan) < state.cost() - LEAST_GAIN:
        state = State(arrays, plan)
    return state, most, min(bound, state.cost())


def _deal_anew(state: State, most: int, clock: Clock, rng: Random) -> None:
    """Take the duties of a few people at a time and let HiGHS deal them so that more seats fill."""
    for _round in range(ROUNDS):
        empty = np.nonzero(state.filled < state.grid.seats)[0]
        if clock.over(DEALING) or not len(empty) or state.filled.sum() >= most:
            break
        wanted = int(rng.choice(list(empty)))
        found = exact.fullest(_only(state, _few(state, wanted, rng)), min(clock.left(), 1.0))
        if found is not None and found[0].sum() > state.plan.sum():
            _become(state, found[0])
    _search(state, clock)


def _few(state: State, wanted: int, rng: Random) -> list[int]:
    """Half of them could take the empty seat, half are anybody."""
    fit = [int(p) for p in np.nonzero(state.grid.fit[:, wanted])[0]]
    half = rng.sample(fit, min(FEW // 2, len(fit)))
    everybody = range(state.grid.shape[0])
    return sorted({*half, *rng.sample(everybody, min(FEW - len(half), len(everybody)))})


def _only(state: State, people: list[int]) -> Grid:
    """The same rota with everybody's duties fixed but theirs."""
    inside = np.zeros(state.grid.shape[0], dtype=bool)
    inside[people] = True
    fixed: Bools = state.plan & (~inside[:, None] | state.grid.fixed)
    return replace(state.grid, fixed=fixed, fit=state.grid.fit & (inside[:, None] | fixed))


def _become(state: State, plan: Bools) -> None:
    for p, s in zip(*np.nonzero(state.plan & ~plan), strict=True):
        state.drop(int(p), int(s))
    for p, s in zip(*np.nonzero(plan & ~state.plan), strict=True):
        state.add(int(p), int(s))
