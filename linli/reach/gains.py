"""What one more site would change: for every candidate, and the best next k with a bound."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linli.reach.network import FAR

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
BLOCK = 1024  # rows of the table looked at together


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


def gains(table: Ints, now: Ints, people: Floats, limit: int) -> Gains:
    """``table[i, j]``: tenths of a second from point i to candidate j; ``now[i]``: to what is there.

    All in tenths of a second; what is beyond ``limit`` counts as not covered.
    """
    covered, saved = np.zeros(table.shape[1]), np.zeros(table.shape[1])
    capped = np.minimum(now, limit).astype(np.float64)
    for first in range(0, len(table), BLOCK):
        rows = slice(first, first + BLOCK)
        mine = table[rows]
        new = people[rows] * (now[rows] > limit)
        covered += new @ (mine <= limit)
        less = capped[rows, None] - np.minimum(mine, limit)
        saved += people[rows] @ np.maximum(less, 0, out=less)
    return Gains(covered, saved / 600)


def best_next(table: Ints, now: Ints, people: Floats, limit: int, k: int) -> Next:
    """The next ``k`` sites, each the one that covers most people more.

    Covering is submodular, so what any k sites add to a set is at most the sum of the k largest
    single gains over it (Nemhauser, Wolsey and Fisher 1978): the least such sum on the way bounds
    every choice. Greedy itself is never below 1 - 1/e of it.
    """
    now = now.copy()
    covered = float(people[now <= limit].sum())
    bound, chosen, steps = np.inf, list[int](), list[float]()
    for _step in range(min(k, table.shape[1])):
        gain = gains(table, now, people, limit).covered
        bound = min(bound, covered + float(np.sort(gain)[-k:].sum()))
        gain[chosen] = -1
        best = int(gain.argmax())
        covered += float(gain[best])
        chosen.append(best)
        steps.append(covered)
        now = np.minimum(now, table[:, best])
    last = gains(table, now, people, limit).covered
    bound = min(bound, covered + float(np.sort(last)[-k:].sum()))
    return Next(chosen, steps, max(bound, covered))


def nobody(points: int) -> Ints:
    """``now`` where there is no facility yet."""
    return np.full(points, FAR, np.int32)
