"""The rota as rows and columns of a linear programme, sparse, for HiGHS inside scipy.

Cells that cannot be (unfit, or excluded by a fixed cell) never become variables, fixed cells are
taken off seats and limits instead of being rows, and rest is said by cliques, not by pairs: the
matrix stays sparse and its relaxation tight.
"""

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from linli.lib.lazily import Lazy
from linli.rota.grid import NO_LIMIT, Floats, Grid, Ints
from linli.rota.state import State

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

sparse = Lazy("scipy.sparse")
ROUNDING: Final = 1e-6
FINEST: Final = 30  # minutes; hours squared are followed in steps no finer than this


@dataclass
class Rows:
    """Rows of a matrix as they are written: sum of value x variable <= limit."""

    row: list[Ints] = field(default_factory=list)
    column: list[Ints] = field(default_factory=list)
    value: list[Floats] = field(default_factory=list)
    limit: list[Floats] = field(default_factory=list)
    count: int = 0

    def add(self, row: Ints, column: Ints, value: Floats, limit: Floats) -> None:
        """Many rows at once; `row` counts from 0 within `limit`."""
        self.row.append(row + self.count)
        self.column.append(column)
        self.value.append(value)
        self.limit.append(limit)
        self.count += len(limit)

    def matrix(self, columns: int) -> tuple["csr_matrix", Floats]:
        if not self.count:
            return sparse.csr_matrix((0, columns)), np.zeros(0)
        entries = (
            np.concatenate(self.value),
            (np.concatenate(self.row), np.concatenate(self.column)),
        )
        return sparse.coo_matrix(entries, shape=(self.count, columns)).tocsr(), np.concatenate(
            self.limit
        )


@dataclass(frozen=True)
class Cells:
    """The free cells of a grid, one variable each, under the hard rules."""

    grid: Grid
    person: Ints
    shift: Ints
    rows: Rows
    seats: Ints  # still empty, by shift
    fixed: State

    @property
    def count(self) -> int:
        return len(self.person)


def cells(grid: Grid, *, rest: bool = True) -> Cells:
    """Every cell that is still to be decided, with seats, hours and rest as rows.

    Without `rest` only duties are left out that a fixed one excludes: a relaxation with a third
    of the rows, nearly as tight wherever hours bind before rest does.
    """
    fixed = State(grid)
    person, shift = np.nonzero(fixed.free(np.arange(grid.shape[1])))
    seats = grid.seats - fixed.filled
    kept = seats[shift] > 0
    made = Cells(grid, person[kept], shift[kept], Rows(), seats, fixed)
    each = np.arange(made.count)
    _group(made, each, made.shift, np.ones(made.count), seats.astype(float))
    if rest:
        _rest(made)
    _hours(made, grid.week, fixed.weeks, grid.week_cap)
    _hours(made, grid.month, fixed.months, grid.month_cap)
    return made


def _rest(made: Cells) -> None:
    grid = made.grid
    for number, cliques in enumerate(grid.cliques):
        ours = np.nonzero(grid.rest_class[made.person] == number)[0]
        for clique in cliques:
            inside = np.zeros(grid.shape[1], dtype=bool)
            inside[clique] = True
            hit = ours[inside[made.shift[ours]]]
            _group(made, hit, made.person[hit], np.ones(len(hit)), np.ones(grid.shape[0]))


def _hours(made: Cells, period: Ints, done: Ints, cap: Ints) -> None:
    """Hours of each person in each period, for those who set a limit."""
    limited = np.nonzero(cap[made.person] < NO_LIMIT)[0]
    key = made.person[limited] * done.shape[1] + period[made.shift[limited]]
    left = np.maximum(cap[:, None] - done, 0).ravel().astype(float)  # fixed ones may go over
    _group(made, limited, key, made.grid.minutes[made.shift[limited]].astype(float), left)


def _group(made: Cells, hit: Ints, key: Ints, value: Floats, limits: Floats) -> None:
    """One row for each key; rows that nothing can break are left out."""
    if not len(hit):
        return
    keys, row = np.unique(key, return_inverse=True)
    limit = limits[keys]
    can_break = np.bincount(row, weights=value) > limit + ROUNDING
    kept = can_break[row]
    number = np.cumsum(can_break) - 1
    made.rows.add(number[row[kept]], hit[kept], value[kept], limit[can_break])


@dataclass(frozen=True)
class Priced:
    """Cells with what they cost: further columns follow hours squared and repeated places."""

    price: Floats
    upper: Floats
    base: float  # what the fixed cells cost
    slack: float  # by how much the steps may lie above the curve of hours squared

    @property
    def columns(self) -> int:
        return len(self.price)


def priced(made: Cells, *, levels: int) -> Priced:
    """Add the cost of a plan to the rows.

    Pairs of duties at one place are the sum over k of the duties above k; `levels` says how many
    k are followed. Fewer cost less than the truth and give a bound.
    """
    grid, weights = made.grid, made.grid.problem.weights
    step = _step(grid)
    load = grid.before + made.fixed.minutes / 60.0
    count = _segments(made, step)
    person = np.repeat(np.arange(len(count)), count)
    nth = np.arange(len(person)) - np.repeat(np.cumsum(count) - count, count)
    hours = step / 60.0
    # The slope in the middle of a step: right at both of its ends.
    slope = weights.fairness * (2 * load[person] + hours * (2 * nth + 1))
    each, extra = np.arange(made.count), made.count + np.arange(len(person))
    made.rows.add(
        np.concatenate([made.person, person]),
        np.concatenate([each, extra]),
        np.concatenate([grid.hours[made.shift], -np.ones(len(person))]),
        np.zeros(grid.shape[0]),
    )
    again = weights.variety * made.fixed.places[made.person, grid.place[made.shift]]
    plain = grid.liking[made.person, made.shift] + again
    pairs = _pairs(made, made.count + len(person), levels)
    even = bool((grid.minutes % step == 0).all())
    return Priced(
        np.concatenate([plain, slope, np.full(pairs, weights.variety)]),
        np.concatenate([np.ones(made.count), np.full(len(person), hours), np.full(pairs, np.inf)]),
        made.fixed.cost(),
        0.0 if even else weights.fairness * grid.shape[0] * hours**2 / 4,
    )


def _step(grid: Grid) -> int:
    """Minutes of one step: what divides all shifts, unless that is too fine."""
    return max(math.gcd(*(int(minutes) for minutes in grid.minutes)), FINEST)


def _segments(made: Cells, step: int) -> Ints:
    """For each person, how many steps of hours could still come."""
    grid = made.grid
    most = np.zeros(grid.shape[0])
    np.add.at(most, made.person, grid.minutes[made.shift])
    left = np.maximum(grid.month_cap[:, None] - made.fixed.months, 0)
    steps: Ints = np.ceil(np.minimum(most, left.sum(axis=1)) / step).astype(np.int64)
    return steps


def _pairs(made: Cells, first: int, levels: int) -> int:
    """Columns for the duties of a person at one place above the k-th; how many were added."""
    grid = made.grid
    key = made.person * (int(grid.place.max(initial=0)) + 1) + grid.place[made.shift]
    _keys, group = np.unique(key, return_inverse=True)
    size = np.bincount(group)
    added = 0
    for k in range(1, levels + 1):
        more = size > k
        if not more.any():
            break
        number = np.cumsum(more) - 1
        hit = np.nonzero(more[group])[0]
        count = int(more.sum())
        made.rows.add(
            np.concatenate([number[group[hit]], np.arange(count)]),
            np.concatenate([hit, first + added + np.arange(count)]),
            np.concatenate([np.ones(len(hit)), -np.ones(count)]),
            np.full(count, float(k)),
        )
        added += count
    return added
