"""What one more site would change: for every candidate, and the best next k with a bound."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from linli.reach import kernels
from linli.reach.compiled import AVAILABLE, THREADS
from linli.reach.network import FAR
from linli.reach.table import LANES, Table

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gains:
    """For each candidate: people newly within the limit, and person-minutes saved by all.

    Minutes are counted up to the limit: nobody's way beyond it is known in the table.
    """

    covered: Floats
    minutes: Floats


@dataclass(frozen=True, slots=True)
class Next:
    """Candidates in the order to open them, and people covered after each of them.

    No choice of as many candidates covers more than ``bound``.
    """

    chosen: list[int]
    covered: list[float]
    bound: float


def gains(table: Table, now: Ints, people: Floats) -> Gains:
    """``now[i]``: tenths of a second from point i to what is there already.

    What is beyond the table's limit counts as not covered.
    """
    limit = table.limit
    capped = np.minimum(now, limit).astype(np.float64)
    new = people * (now > limit)
    covered = np.zeros((len(table.blocks), LANES))
    saved = np.zeros_like(covered)
    weigh = kernels.gain_pass if AVAILABLE else _weigh

    def block(b: int) -> None:
        weigh(table.blocks[b], new, capped, people, limit, covered[b], saved[b])

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(block, range(len(table.blocks))))
    return Gains(covered.ravel()[: table.sites], saved.ravel()[: table.sites] / 600)


def _weigh(
    block: npt.NDArray[Any], new: Floats, capped: Floats, people: Floats, limit: int,
    covered: Floats, saved: Floats,
) -> None:  # fmt: skip
    """The kernel of the same shape, without numba."""
    covered += new @ (block <= limit)
    saved += people @ np.maximum(capped[:, None] - block, 0)


def best_next(table: Table, now: Ints, people: Floats, k: int) -> Next:
    """The next ``k`` sites, each the one that covers most people more.

    Covering is submodular, so what any k sites add to a set is at most the sum of the k largest
    single gains over it (Nemhauser, Wolsey and Fisher 1978): the least such sum on the way bounds
    every choice. Greedy itself is never below 1 - 1/e of it.
    """
    now = now.copy()
    covered = float(people[now <= table.limit].sum())
    bound, chosen, steps = np.inf, list[int](), list[float]()
    for _step in range(min(k, table.sites)):
        gain = gains(table, now, people).covered
        bound = min(bound, covered + float(np.sort(gain)[-k:].sum()))
        gain[chosen] = -1
        best = int(gain.argmax())
        covered += float(gain[best])
        chosen.append(best)
        steps.append(covered)
        now = np.minimum(now, table.column(best))
    last = gains(table, now, people).covered
    bound = min(bound, covered + float(np.sort(last)[-k:].sum()))
    return Next(chosen, steps, max(bound, covered))


def nobody(points: int) -> Ints:
    """``now`` where there is no facility yet."""
    return np.full(points, FAR, np.int32)
