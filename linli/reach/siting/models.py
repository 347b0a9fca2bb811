"""The four questions: cover most people, cover all, least way in all, least worst way.

Whatever a method found, the objective is counted again in float64 from the table that was given.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from threadpoolctl import threadpool_limits

from linli.reach.errors import ReachError
from linli.reach.siting.costs import Cover, Dense, merged
from linli.reach.siting.lagrange import Proof
from linli.reach.siting.problem import Problem
from linli.reach.siting.search import search

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Model = Literal["mclp", "lscp", "pmedian", "pcenter"]
SECONDS: Final = 60.0
KICKS: Final = (8, 64)  # at least, and at most
KICKED: Final = 400_000_000  # cells of the table times sites: what many kicks may look at


@dataclass(frozen=True, slots=True)
class Answer:
    """``chosen`` are columns of the table. No answer is better than ``bound``."""

    model: Model
    chosen: Sequence[int]
    objective: float
    bound: float
    unreached: float  # weight that no site at all can serve within the limit
    seconds: float

    @property
    def gap(self) -> float:
        """How far the answer may be from the best, as a share of it."""
        if self.objective == self.bound:
            return 0.0
        return abs(self.objective - self.bound) / max(abs(self.objective), 1e-300)

    @property
    def proven(self) -> bool:
        return self.gap <= 1e-9


def solve(
    model: Model, problem: Problem, *, p: int | None = None, limit: float | None = None,
    seconds: float = SECONDS,
) -> Answer:  # fmt: skip
    """The best sites, with a bound, within ``seconds`` (more or less).

    ``p`` sites for mclp, pmedian and pcenter; ``limit`` in the table's unit for mclp and lscp.
    Raises ReachError for a question without an answer.
    """
    if model != "lscp" and (p is None or not 1 <= p <= len(problem.sites)):
        raise ReachError(f"p must be from 1 to {len(problem.sites)}, the number of sites.")
    if model in {"mclp", "lscp"} and limit is None:
        raise ReachError(f"{model} needs a limit: the longest time that counts as covered.")
    began = time.perf_counter()
    until = began + seconds
    with threadpool_limits(1, "blas"):  # its threads spin over sums as short as these
        chosen, bound = _METHODS[model](problem, p or 0, limit or 0.0, until)
    within = problem.times <= (np.inf if limit is None else limit)
    unreached = float(problem.weight[~(within & np.isfinite(problem.times)).any(axis=1)].sum())
    found = objective(model, problem, chosen, limit)
    return Answer(model, sorted(chosen), found, bound, unreached, time.perf_counter() - began)


def objective(
    model: Model, problem: Problem, chosen: Sequence[int], limit: float | None
) -> float:  # fmt: skip
    """What these sites come to, counted from the table itself."""
    if model == "lscp":
        return float(len(chosen))
    least = problem.times[:, list(chosen)].min(axis=1)
    counts = problem.weight > 0
    if model == "mclp":
        return float(problem.weight[least <= (limit or 0.0)].sum())
    if model == "pmedian":
        return float(problem.weight[counts] @ least[counts])
    return float(least[counts].max(initial=0))


Found = tuple[Sequence[int], float]


def _mclp(problem: Problem, p: int, limit: float, until: float) -> Found:
    within = problem.times <= limit
    costs = Cover.of(problem.weight, within)
    reachable = float(problem.weight[within.any(axis=1)].sum())
    if not len(costs.weight):
        return range(p), reachable
    chosen, left = _least(costs, p, until, _whole(problem.weight))
    best = objective("mclp", problem, chosen, limit)
    return chosen, best if left is None else reachable - left


def _pmedian(problem: Problem, p: int, limit: float, until: float) -> Found:
    times, weight = _served(problem)
    if not len(weight):
        return range(p), 0.0
    finite = np.where(np.isfinite(times), times, 0)
    # a pair without a way costs more than any answer that does without it
    forbidden = float(weight @ finite.max(axis=1)) / float(weight.min()) + 1
    costs = Dense.of(weight, np.where(np.isfinite(times), times, forbidden))
    chosen, bound = _least(costs, p, until, _whole(weight) and _whole(finite))
    best = objective("pmedian", problem, chosen, None)
    if not np.isfinite(best):
        raise ReachError(f"no {p} sites were found that everybody has a way to.")
    return chosen, best if bound is None else bound


def _least(
    costs: Cover | Dense, p: int, until: float, whole: bool
) -> tuple[list[int], float | None]:  # fmt: skip
    """The best columns found, and the bound; None if they are proven to be the best."""
    kicks = int(np.clip(KICKED // (len(costs.weight) * costs.sites * p + 1), *KICKS))
    proof = Proof(costs, p, search(costs, p, kicks, until), until, whole)
    proof.run()
    return [int(j) for j in proof.best], None if proof.proven else proof.bound


def _lscp(problem: Problem, p: int, limit: float, until: float) -> Found:
    within = (problem.times <= limit)[problem.weight > 0]
    chosen, bound = fewest(within, until)
    if chosen is None:
        raise ReachError("no answer was found in time; give it more seconds.")
    return chosen, float(bound)


def _pcenter(problem: Problem, p: int, limit: float, until: float) -> Found:
    """The least limit at which p sites cover all, by bisection over the times of the table."""
    times, weight = _served(problem)
    if not len(weight):
        return range(p), 0.0
    reach = Dense.of(np.ones(len(weight)), np.where(np.isfinite(times), times, 1e9))
    best: Sequence[int] = [int(j) for j in search(reach, p, 0, until)]
    worst = float(times[:, list(best)].min(axis=1).max())
    steps = np.unique(times[np.isfinite(times)])
    low = int(np.searchsorted(steps, times.min(axis=1).max()))
    high = int(np.searchsorted(steps, worst)) if np.isfinite(worst) else len(steps)
    while low < high and time.perf_counter() < until:
        middle = (low + high) // 2
        chosen, bound = fewest(times <= steps[middle], until, enough=p)
        if chosen is not None and len(chosen) <= p:
            best, high = _filled(chosen, p, times.shape[1]), middle
        elif bound > p:
            low = middle + 1
        else:
            break
    if high == len(steps):
        raise ReachError(f"no {p} sites were found that everybody has a way to.")
    return best, float(steps[low])


def fewest(
    within: Bools, until: float, enough: int = 0
) -> tuple[Sequence[int] | None, int]:  # fmt: skip
    """The fewest columns that cover every row that can be covered, and a bound, by HiGHS.

    With ``enough`` any cover of so many columns will do, and a proof that there is none.
    """
    sites = within.shape[1]
    _weight, rows = merged(np.ones(len(within)), within)
    if not len(rows):
        return [], 0
    total = csr_array(np.ones((1, sites)))
    constraints = [LinearConstraint(csr_array(rows.astype(float)), 1, np.inf)]
    if enough:
        constraints.append(LinearConstraint(total, 0, enough))
    left = max(0.1, until - time.perf_counter())
    found = milp(
        np.zeros(sites) if enough else np.ones(sites), integrality=np.ones(sites),
        bounds=Bounds(0, 1), constraints=constraints, options={"time_limit": left},
    )  # fmt: skip
    if found.status == 2:  # infeasible: enough is not enough
        return None, enough + 1
    chosen = None if found.x is None else [int(j) for j in np.flatnonzero(found.x > 0.5)]
    bound = getattr(found, "mip_dual_bound", None) or 0.0
    return chosen, max(1, int(np.ceil(bound - 1e-6)))


def _served(problem: Problem) -> tuple[Floats, Floats]:
    """The rows that count; every one of them must have a way to some site."""
    counts = problem.weight > 0
    times = problem.times[counts]
    stranded = np.flatnonzero(~np.isfinite(times).any(axis=1))
    if len(stranded):
        name = problem.points[np.flatnonzero(counts)[stranded[0]]]
        raise ReachError(
            f'{len(stranded)} points have no way to any site, the first is "{name}"; '
            "leave them out, or ask for mclp, which counts them as not covered."
        )
    return times, problem.weight[counts]


def _filled(chosen: Sequence[int], p: int, sites: int) -> list[int]:
    others = (j for j in range(sites) if j not in set(chosen))
    return [*chosen, *(next(others) for _more in range(p - len(chosen)))]


def _whole(values: Floats) -> bool:
    return bool(np.array_equal(values, np.rint(values)))


_METHODS: Final[dict[Model, Callable[[Problem, int, float, float], Found]]] = {
    "mclp": _mclp, "lscp": _lscp, "pmedian": _pmedian, "pcenter": _pcenter,
}  # fmt: skip
