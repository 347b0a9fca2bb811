"""A plan under construction: who does what, and the sums by which the next step is judged."""

import numpy as np

from linli.rota.grid import Bools, Floats, Grid, Ints


class State:
    """A plan with its running sums; `add` and `drop` keep them right."""

    def __init__(self, grid: Grid, plan: Bools | None = None) -> None:
        self.grid = grid
        people, shifts = grid.shape
        self.plan: Bools = np.zeros((people, shifts), dtype=bool)
        self.filled: Ints = np.zeros(shifts, dtype=np.int64)
        self.minutes: Ints = np.zeros(people, dtype=np.int64)
        self.weeks: Ints = np.zeros((people, _kinds(grid.week)), dtype=np.int64)
        self.months: Ints = np.zeros((people, _kinds(grid.month)), dtype=np.int64)
        self.places: Ints = np.zeros((people, _kinds(grid.place)), dtype=np.int64)
        # How many duties of the person exclude this shift.
        self.blocked: Ints = np.zeros((people, shifts), dtype=np.int64)
        for p, s in zip(*np.nonzero(grid.fixed if plan is None else plan), strict=True):
            self.add(int(p), int(s))

    def add(self, p: int, s: int) -> None:
        self._count(p, s, 1)

    def drop(self, p: int, s: int) -> None:
        self._count(p, s, -1)

    def _count(self, p: int, s: int, sign: int) -> None:
        grid = self.grid
        self.plan[p, s] = sign > 0
        self.filled[s] += sign
        minutes = sign * int(grid.minutes[s])
        self.minutes[p] += minutes
        self.weeks[p, grid.week[s]] += minutes
        self.months[p, grid.month[s]] += minutes
        self.places[p, grid.place[s]] += sign
        self.blocked[p] += sign * grid.clashes[grid.rest_class[p]][s]

    def free(self, shifts: Ints) -> Bools:
        """People x `shifts`: who could take one of them as things stand."""
        grid = self.grid
        minutes = grid.minutes[shifts]
        could: Bools = (
            grid.fit[:, shifts]
            & ~self.plan[:, shifts]
            & (self.blocked[:, shifts] == 0)
            & (self.weeks[:, grid.week[shifts]] + minutes <= grid.week_cap[:, None])
            & (self.months[:, grid.month[shifts]] + minutes <= grid.month_cap[:, None])
        )
        return could

    def price(self, shifts: Ints) -> Floats:
        """People x `shifts`: by how much one of them more would raise the cost of the plan."""
        grid, weights = self.grid, self.grid.problem.weights
        load = (grid.before + self.minutes / 60.0)[:, None]
        hours = grid.hours[shifts]
        squares = weights.fairness * hours * (2 * load + hours)
        again = weights.variety * self.places[:, grid.place[shifts]]
        priced: Floats = squares + again + grid.liking[:, shifts]
        return priced

    def cost(self) -> float:
        """The cost of the plan, as `model.Weights` defines it; what was done before costs nothing."""
        return cost(self.grid, self.plan)


def cost(grid: Grid, plan: Bools) -> float:
    """Fairness, variety, wishes and distance of a plan, each with its weight."""
    weights = grid.problem.weights
    hours = plan @ grid.hours
    squares = float(((grid.before + hours) ** 2 - grid.before**2).sum())
    kinds = np.zeros((len(grid.place), _kinds(grid.place)))
    kinds[np.arange(len(grid.place)), grid.place] = 1
    visits = plan @ kinds
    pairs = float((visits * (visits - 1) / 2).sum())
    return weights.fairness * squares + weights.variety * pairs + float(grid.liking[plan].sum())


def _kinds(numbers: Ints) -> int:
    return int(numbers.max()) + 1 if len(numbers) else 0
