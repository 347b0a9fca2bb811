"""What a plan is worth, in the field's terms: cover, fairness, variety, bounds, and empty seats."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linli.rota.grid import Floats
from linli.rota.model import Shift
from linli.rota.rules import Conflict, conflicts
from linli.rota.state import State


@dataclass(frozen=True)
class Empty:
    """Seats that nobody takes, and what stands in the way of each person by name."""

    shift: str
    seats: int
    why: tuple[tuple[str, Conflict], ...]  # person and the first thing that bars them

    def counts(self) -> dict[str, int]:
        """How many people each reason keeps away, the most frequent first."""
        found: dict[str, int] = {}
        for _who, met in self.why:
            found[met.bar] = found.get(met.bar, 0) + 1
        return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


@dataclass(frozen=True)
class Fairness:
    """How evenly hours lie on the people who could take any seat; hours done before count in."""

    people: int
    least_hours: float
    most_hours: float
    mean_hours: float
    gini: float  # of hours; 0: all the same, towards 1: one does everything
    least_duties: int
    most_duties: int

    @property
    def spread_hours(self) -> float:
        return self.most_hours - self.least_hours


@dataclass(frozen=True)
class Report:
    """Cover comes first, cost second; a bound is what no plan can pass, None if unknown."""

    seats: int
    filled: int
    cover_bound: int
    cost: float
    cost_bound: float | None
    fairness: Fairness
    places_each: float  # different places for every duty of a person, on average; 1: never twice
    empty: tuple[Empty, ...]
    seconds: float

    @property
    def cover(self) -> float:
        return self.filled / self.seats if self.seats else 1.0

    @property
    def cover_proven(self) -> bool:
        """Whether no plan fills more seats."""
        return self.filled >= self.cover_bound

    @property
    def gap(self) -> float | None:
        """By which share of itself the cost could at most still fall; None if unknown."""
        if self.cost_bound is None:
            return None
        if self.cost <= self.cost_bound:
            return 0.0
        return (self.cost - self.cost_bound) / self.cost


def report(state: State, *, cover_bound: int, cost_bound: float | None, seconds: float) -> Report:
    """Measure a plan."""
    filled = int(state.filled.sum())
    price = state.cost()
    return Report(
        seats=int(state.grid.seats.sum()),
        filled=filled,
        cover_bound=max(cover_bound, filled),
        cost=price,
        cost_bound=None if cost_bound is None else min(cost_bound, price),
        fairness=fairness(state),
        places_each=_variety(state),
        empty=tuple(_empty(state)),
        seconds=seconds,
    )


def fairness(state: State) -> Fairness:
    """Over everybody who is fit for any seat."""
    grid = state.grid
    counted = grid.fit.any(axis=1)
    hours = (grid.before + state.plan @ grid.hours)[counted]
    duties = state.plan.sum(axis=1)[counted]
    if not len(hours):
        return Fairness(0, 0.0, 0.0, 0.0, 0.0, 0, 0)
    return Fairness(
        len(hours), float(hours.min()), float(hours.max()), float(hours.mean()), gini(hours),
        int(duties.min()), int(duties.max()),
    )  # fmt: skip


def gini(values: Floats) -> float:
    """The Gini coefficient: half the mean difference of two people, over the mean."""
    total = float(values.sum())
    if total <= 0:
        return 0.0
    ordered = np.sort(values)
    count = len(ordered)
    rank = np.arange(1, count + 1)
    return float((2 * rank - count - 1) @ ordered / (count * total))


def _variety(state: State) -> float:
    duties = state.plan.sum(axis=1)
    busy = duties > 0
    if not busy.any():
        return 1.0
    return float(((state.places > 0).sum(axis=1)[busy] / duties[busy]).mean())


def _empty(state: State) -> list[Empty]:
    grid, problem = state.grid, state.grid.problem
    duties = [[problem.shifts[s] for s in np.nonzero(row)[0]] for row in state.plan]
    found: list[Empty] = []
    for s in np.nonzero(state.filled < grid.seats)[0]:
        shift = problem.shifts[s]
        why = [
            (person.id, met)
            for p, person in enumerate(problem.people)
            if not state.plan[p, s] and (met := _first(state, p, shift, duties[p]))
        ]
        found.append(Empty(shift.id, int(grid.seats[s] - state.filled[s]), tuple(why)))
    return found


def _first(state: State, p: int, shift: Shift, duties: Sequence[Shift]) -> Conflict | None:
    problem = state.grid.problem
    found = conflicts(problem, problem.people[p], shift, duties)
    return found[0] if found else None
