"""HiGHS on the rota: bounds that no plan can pass, and the best plan where the rota is small.

`scipy.optimize` is asked with a time limit each time, and what it says about how it ended decides
what we may claim: a bound is given only when the relaxation was solved to its end.
"""

from typing import TYPE_CHECKING, Final

import numpy as np

from linli.lib.lazily import Lazy
from linli.rota.grid import Bools, Floats, Grid
from linli.rota.linear import ROUNDING, Cells, cells, priced

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult
    from scipy.sparse import csr_matrix

optimize = Lazy("scipy.optimize")
SOLVED: Final = 0
LEVELS: Final = 12  # of repeated duties at one place that an exact answer follows


def trivial_cover(grid: Grid) -> int:
    """Seats filled if everybody could be everywhere at once: no plan fills more."""
    free = cells(grid, rest=False)
    could = np.bincount(free.shift, minlength=grid.shape[1])
    return int(free.fixed.filled.sum() + np.minimum(free.seats, could).sum())


def cover_bound(grid: Grid, seconds: float) -> int | None:
    """Seats that no plan can exceed, by the relaxation; None if the time did not suffice."""
    free = cells(grid)
    matrix, limit = free.rows.matrix(free.count)
    # So many plans fill the same number of seats that the simplex walks long among them; the
    # interior point does not mind.
    ones = np.ones(free.count)
    found = _relaxed(-ones, matrix, limit, ones, seconds, "highs-ipm")
    if found is None:
        return None
    return int(free.fixed.filled.sum()) + int(np.floor(ROUNDING - found))


def cost_bound(grid: Grid, filled: int, seconds: float) -> float | None:
    """A cost that no plan with so many filled seats can go below; None if time did not suffice."""
    free = cells(grid, rest=False)
    cost = priced(free, levels=1)
    _at_least(free, filled)
    matrix, limit = free.rows.matrix(cost.columns)
    found = _relaxed(cost.price, matrix, limit, cost.upper, seconds, "highs-ds")
    return None if found is None else cost.base + found - cost.slack


def _relaxed(
    price: Floats, matrix: "csr_matrix", limit: Floats, upper: Floats, seconds: float, way: str
) -> float | None:
    if not len(price):
        return 0.0
    bounds = np.stack([np.zeros(len(upper)), upper], axis=1)
    options = {"time_limit": max(seconds, 0.1)}
    found = optimize.linprog(
        price, A_ub=matrix, b_ub=limit, bounds=bounds, method=way, options=options
    )
    return float(found.fun) if found.status == SOLVED else None


def _at_least(free: Cells, filled: int) -> None:
    more = filled - int(free.fixed.filled.sum())
    each = np.arange(free.count)
    free.rows.add(np.zeros(free.count, int), each, -np.ones(free.count), np.array([-float(more)]))


def fullest(grid: Grid, seconds: float) -> tuple[Bools, bool] | None:
    """A plan with as many seats filled as can be, and whether that is proven; None if none."""
    free = cells(grid)
    matrix, limit = free.rows.matrix(free.count)
    found = _whole(free, -np.ones(free.count), matrix, limit, np.ones(free.count), seconds)
    return None if found is None else (_plan(free, found), found.status == SOLVED)


def cheapest(grid: Grid, filled: int, seconds: float) -> tuple[Bools, float, bool] | None:
    """The plan of least cost with so many seats filled, a bound of it, and whether it is proven."""
    free = cells(grid)
    cost = priced(free, levels=LEVELS)
    _at_least(free, filled)
    matrix, limit = free.rows.matrix(cost.columns)
    found = _whole(free, cost.price, matrix, limit, cost.upper, seconds)
    if found is None:
        return None
    bound = cost.base - cost.slack + float(found.get("mip_dual_bound", found.fun) or 0.0)
    return _plan(free, found), bound, found.status == SOLVED


def _whole(
    free: Cells, price: Floats, matrix: "csr_matrix", limit: Floats, upper: Floats, seconds: float
) -> "OptimizeResult | None":
    """HiGHS with the cells as zero or one; None if it found no plan in time."""
    if not free.count:
        return optimize.OptimizeResult(
            x=np.zeros(len(price)), status=SOLVED, fun=0.0, mip_dual_bound=0.0
        )
    whole = (np.arange(len(price)) < free.count).astype(int)
    found = optimize.milp(
        price,
        constraints=optimize.LinearConstraint(matrix, -np.inf, limit),
        bounds=optimize.Bounds(0, upper),
        integrality=whole,
        options={"time_limit": max(seconds, 0.1), "mip_rel_gap": 0.0},
    )
    return None if found.x is None else found


def _plan(free: Cells, found: "OptimizeResult") -> Bools:
    made = free.grid.fixed.copy()
    chosen = found.x[: free.count] > 0.5
    made[free.person[chosen], free.shift[chosen]] = True
    return made
