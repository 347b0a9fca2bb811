"""A good answer soon: greedy, then exchanges until none helps, then kicks.

Teitz and Bart's vertex substitution (1968), all pairs weighed at once; after a local optimum a few
sites are thrown out at random and the search goes on (iterated local search).
"""

import time

import numpy as np
import numpy.typing as npt

from linli.reach.siting.costs import Costs

Ints = npt.NDArray[np.int64]


def greedy(costs: Costs, p: int) -> Ints:
    """One site after another, each the one that saves most."""
    paid = np.full(len(costs.weight), _beyond(costs))
    chosen: list[int] = []
    for _step in range(p):
        gain = costs.gains(paid)
        gain[chosen] = -np.inf
        chosen.append(int(gain.argmax()))
        paid = np.minimum(paid, costs.paid(np.array(chosen[-1:], np.int64)))
    return np.array(chosen, np.int64)


def improve(costs: Costs, chosen: Ints, until: float = np.inf) -> Ints:
    """Exchange one site for another as long as that helps, the best exchange first."""
    chosen = chosen.copy()
    value = costs.value(chosen)
    while time.perf_counter() < until:
        saved = costs.exchanges(chosen)
        saved[:, chosen] = -np.inf
        out, into = np.unravel_index(int(saved.argmax()), saved.shape)
        tried = chosen.copy()
        tried[out] = into
        after = costs.value(tried)
        if not after < value * (1 - 1e-12):
            break
        chosen, value = tried, after
    return chosen


def search(
    costs: Costs, p: int, kicks: int, until: float, seed: int = 1
) -> Ints:  # fmt: skip
    """The best of a greedy start and ``kicks`` kicks, each improved to a local optimum."""
    draw = np.random.default_rng(seed)
    best = improve(costs, greedy(costs, p), until)
    value = costs.value(best)
    for _kick in range(kicks):
        if time.perf_counter() >= until or p >= costs.sites:
            break
        tried = improve(costs, _kicked(best, costs.sites, draw), until)
        after = costs.value(tried)
        if after < value:
            best, value = tried, after
    return best


def _kicked(chosen: Ints, sites: int, draw: np.random.Generator) -> Ints:
    p = len(chosen)
    out = draw.choice(p, size=min(p, max(1, round(p * 0.3))), replace=False)
    others = np.setdiff1d(np.arange(sites), chosen)
    kicked = chosen.copy()
    count = min(len(out), len(others))
    kicked[out[:count]] = draw.choice(others, size=count, replace=False)
    return kicked


def _beyond(costs: Costs) -> float:
    """A price above every other, for rows that have no site yet."""
    if np.isfinite(costs.most):
        return float(costs.most)
    return float(max(costs.paid(np.array([j], np.int64)).max() for j in range(costs.sites)))
