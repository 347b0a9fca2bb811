"""What each demand point pays for each site: dense times (p-median) or covered or not (cover).

Maximal covering is p-median in disguise: a site that covers a point costs it 0, any other 1, and
what is paid is the weight left uncovered. Both tables answer the same few questions, so one search
and one bound serve both.
"""

from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array, csr_array

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
BLOCK = 128  # rows of a dense table looked at together: they stay in the cache


class Costs(Protocol):
    """Rows are demand points with ``weight``; columns are sites."""

    weight: Floats
    most: float  # no multiplier above this is of use

    @property
    def sites(self) -> int: ...

    def value(self, chosen: Ints) -> float:
        """What all pay if these columns are open."""
        ...

    def penalties(self, u: Floats) -> Floats:
        """For each column, the sum of weight times min(0, cost - u): what opening it takes off."""
        ...

    def hits(self, chosen: Ints, u: Floats) -> Floats:
        """For each row, how many of these columns cost it less than u."""
        ...

    def gains(self, paid: Floats) -> Floats:
        """For each column, what all save who pay ``paid`` now and may use it as well."""
        ...

    def paid(self, chosen: Ints) -> Floats:
        """For each row the cheapest of these columns."""
        ...

    def exchanges(self, chosen: Ints) -> Floats:
        """[chosen, columns]: what all save if that column takes the place of that chosen one."""
        ...

    def only(self, columns: Ints) -> "Costs":
        """The same with these columns alone."""
        ...


class Dense:
    """Times of every row to every column. Kept in float32 where that is exact, else in float64."""

    def __init__(self, weight: Floats, times: npt.NDArray[np.floating]) -> None:
        self.weight = weight
        self.times = times
        self.most = np.inf

    @classmethod
    def of(cls, weight: Floats, times: Floats) -> "Dense":
        half = times.astype(np.float32)
        return cls(weight, half if np.array_equal(half, times) else times)

    @property
    def sites(self) -> int:
        return int(self.times.shape[1])

    def value(self, chosen: Ints) -> float:
        return float(self.weight @ self.paid(chosen))

    def paid(self, chosen: Ints) -> Floats:
        found: Floats = self.times[:, chosen].min(axis=1).astype(np.float64)
        return found

    def penalties(self, u: Floats) -> Floats:
        return -self.gains(u)

    def gains(self, paid: Floats) -> Floats:
        total = np.zeros(self.sites)
        for first in range(0, len(paid), BLOCK):
            rows = slice(first, first + BLOCK)
            saved = np.subtract(paid[rows, None], self.times[rows], dtype=np.float64)
            total += self.weight[rows] @ np.maximum(saved, 0, out=saved)
        return total

    def hits(self, chosen: Ints, u: Floats) -> Floats:
        found: Floats = (self.times[:, chosen] < u[:, None]).sum(axis=1).astype(np.float64)
        return found

    def exchanges(self, chosen: Ints) -> Floats:
        """Whitaker's fast interchange, for all pairs at once (Resende and Werneck 2007).

        A row that loses its column pays its second-best or the new column, whichever is less.
        """
        mine = self.times[:, chosen]
        near = mine.argmin(axis=1)
        first, second = _two_least(mine)
        saved = np.zeros((len(chosen), self.sites))
        gain = np.zeros(self.sites)
        by_owner = np.argsort(near, kind="stable")
        ends = np.searchsorted(near[by_owner], np.arange(len(chosen) + 1))
        for owner in range(len(chosen)):
            for begin in range(ends[owner], ends[owner + 1], BLOCK):
                rows = by_owner[begin : min(begin + BLOCK, ends[owner + 1])]
                times, weight = self.times[rows], self.weight[rows]
                better = np.minimum(times, first[rows, None])
                gain += (weight @ first[rows]) - weight @ better
                then = np.clip(times, first[rows, None], second[rows, None])
                saved[owner] -= weight @ np.subtract(then, first[rows, None], dtype=np.float64)
        return saved + gain

    def only(self, columns: Ints) -> "Dense":
        return Dense(self.weight, np.ascontiguousarray(self.times[:, columns]))


class Cover:
    """Which rows each column covers, as compressed columns; rows covered alike are one row."""

    def __init__(self, weight: Floats, covers: csc_array) -> None:
        self.weight = weight
        self.covers = covers
        self._rows: csr_array = covers.T  # columns as rows: the product below runs along memory
        self.most = 1.0

    @classmethod
    def of(cls, weight: Floats, within: npt.NDArray[np.bool_]) -> "Cover":
        """From a table of who is within reach of which site. Rows nobody covers are left out."""
        weight, within = merged(weight, within)
        return cls(weight, csc_array(within.astype(np.float64)))

    @property
    def sites(self) -> int:
        return int(self.covers.shape[1])

    def value(self, chosen: Ints) -> float:
        return float(self.weight @ self.paid(chosen))

    def paid(self, chosen: Ints) -> Floats:
        return np.where(self._count(chosen) > 0, 0.0, 1.0)

    def penalties(self, u: Floats) -> Floats:
        found: Floats = -(self._rows @ (self.weight * u))
        return found

    def gains(self, paid: Floats) -> Floats:
        return -self.penalties(paid)

    def hits(self, chosen: Ints, u: Floats) -> Floats:
        return self._count(chosen) * (u > 0)

    def exchanges(self, chosen: Ints) -> Floats:
        count = self._count(chosen)
        gain = self.gains(np.where(count > 0, 0.0, 1.0))
        alone = self.weight * (count == 1)
        mine = self.covers[:, chosen]
        kept = csc_array((alone[mine.indices], mine.indices, mine.indptr), shape=mine.shape)
        kept.eliminate_zeros()
        both = (kept.T @ self.covers).toarray()  # lost by the one, covered by the other
        loss = np.asarray(kept.sum(axis=0)).ravel()
        found: Floats = gain - loss[:, None] + both
        return found

    def only(self, columns: Ints) -> "Cover":
        return Cover(self.weight, self.covers[:, columns])

    def _count(self, chosen: Ints) -> Floats:
        count = np.zeros(len(self.weight))
        starts, rows = self.covers.indptr, self.covers.indices
        for column in chosen:
            count[rows[starts[column] : starts[column + 1]]] += 1
        return count


def merged(
    weight: Floats, within: npt.NDArray[np.bool_]
) -> tuple[Floats, npt.NDArray[np.bool_]]:  # fmt: skip
    """Rows that the same columns cover become one, with their weights added."""
    some = within.any(axis=1) & (weight > 0)
    packed = np.packbits(within[some], axis=1)
    wide = np.ascontiguousarray(packed).view(np.dtype((np.void, packed.shape[1]))).ravel()
    _kinds, first, which = np.unique(wide, return_index=True, return_inverse=True)
    added = np.bincount(which, weights=weight[some], minlength=len(first))
    return np.asarray(added, np.float64), within[some][first]


def _two_least(mine: npt.NDArray[np.floating]) -> tuple[Floats, Floats]:
    if mine.shape[1] == 1:
        only = mine[:, 0].astype(np.float64)
        # without its one site a row has nowhere to go: the price only has to be beyond all others
        return only, np.full(len(only), np.inf)
    two = np.partition(mine, 1, axis=1)[:, :2].astype(np.float64)
    return two[:, 0], two[:, 1]
