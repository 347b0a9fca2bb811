"""What branch and bound leaves over goes to HiGHS, written as a covering problem.

A point whose sites in reach cost c1 < c2 < ... pays c1, and for every level it cannot reach the
step to the next: so p-median is covering with one row for each point and level (the radius
formulation: Cornuejols, Nemhauser and Wolsey 1980; Garcia, Labbe and Marin 2011). Rows that the
same sites cover are one row. This is far smaller than a variable for every pair.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack

from linli.reach.siting.costs import Cover, Dense, merged

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
CELLS = 40_000_000  # more cells of rows by columns than this are not handed over
INFEASIBLE = 2


@dataclass(frozen=True, slots=True)
class Covering:
    """Pay ``fixed``, and ``weight`` for every row none of whose columns (``within``) is open."""

    fixed: float
    weight: Floats
    within: Bools


@dataclass(frozen=True, slots=True)
class Finished:
    """``chosen`` if something below the cutoff was found; no answer is below ``bound``."""

    chosen: Ints | None
    bound: float


def covering(
    costs: Cover | Dense, forced: Bools, most: Floats, cutoff: float
) -> Covering | None:  # fmt: skip
    """The problem in the columns that are not forced; None if it is too large to write down.

    In an answer below the cutoff no row pays more than its ``most``.
    """
    if isinstance(costs, Cover):
        within = costs.covers.toarray() > 0
        open_rows = ~within[:, forced].any(axis=1)
        weight, rows = costs.weight[open_rows], within[open_rows][:, ~forced]
        never = ~rows.any(axis=1)
        return Covering(float(weight[never].sum()), *merged(weight, rows))
    return _levels(costs, forced, most, cutoff)


def _levels(costs: Dense, forced: Bools, most: Floats, cutoff: float) -> Covering | None:
    times = costs.times[:, ~forced].astype(np.float64)
    cap = costs.times[:, forced].min(axis=1, initial=np.inf).astype(np.float64)
    cap = np.where(np.isfinite(cap), cap, times.max(axis=1, initial=0))
    order = np.argsort(times, axis=1, kind="stable")
    ranked = np.minimum(np.take_along_axis(times, order, axis=1), cap[:, None])
    ranked = np.column_stack([ranked, cap])
    steps = np.diff(ranked, axis=1)
    allowed = ranked <= np.maximum(most, ranked[:, 0])[:, None]
    steps *= allowed[:, :-1]  # beyond the first level that is too dear nothing needs to be told,
    price = np.where(allowed[:, 1:], costs.weight[:, None], 2 * cutoff / np.maximum(steps, 1e-9))
    if np.count_nonzero(steps) * times.shape[1] > CELLS:
        return None
    member = np.zeros(times.shape, bool)
    weights, rows = [np.zeros(0)], [np.zeros((0, times.shape[1]), bool)]
    everyone = np.arange(len(times))
    for level in range(times.shape[1]):
        member[everyone, order[:, level]] = True
        real = steps[:, level] > 0
        weights.append(price[real, level] * steps[real, level])  # and that one breaks the cutoff
        rows.append(member[real])
    fixed = float(costs.weight @ ranked[:, 0])
    return Covering(fixed, *merged(np.concatenate(weights), np.concatenate(rows)))


def finish(problem: Covering, p: int, cutoff: float, seconds: float) -> Finished | None:
    """The best p columns below the cutoff by HiGHS; None if it came to nothing in time."""
    rows, sites = problem.within.shape
    covered = hstack([csr_array(problem.within.astype(float)), eye_array(rows)])
    total = csr_array(np.concatenate([np.ones(sites), np.zeros(rows)])[None])
    paid = csr_array(np.concatenate([np.zeros(sites), problem.weight])[None])
    low = np.concatenate([np.ones(rows), [p, -np.inf]])
    high = np.concatenate([np.full(rows, np.inf), [p, cutoff - problem.fixed]])
    found = milp(
        np.concatenate([np.zeros(sites), problem.weight]),
        integrality=np.concatenate([np.ones(sites), np.zeros(rows)]),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(vstack([covered, total, paid], format="csr"), low, high),
        options={"time_limit": max(0.1, seconds), "mip_rel_gap": 1e-9},
    )
    if found.status == INFEASIBLE:
        return Finished(None, cutoff)
    chosen = None if found.x is None else np.flatnonzero(found.x[:sites] > 0.5)
    if found.status == 0 and chosen is not None and len(chosen) == p:
        return Finished(chosen, problem.fixed + float(found.fun) * (1 - 1e-9))
    bound = getattr(found, "mip_dual_bound", None)
    if bound is None or not np.isfinite(bound):
        return None
    good = chosen if chosen is not None and len(chosen) == p else None
    return Finished(good, problem.fixed + float(bound))
