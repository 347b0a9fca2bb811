"""The proof: Lagrangian bounds, columns fixed by reduced cost, and branch and bound on the rest.

Relaxing "each row is served once" with a multiplier u for each row leaves a problem that sorting
solves: open the p columns with the least penalty. Any u >= 0 gives a valid lower bound; a
subgradient walk looks for a good one (Cornuejols, Fisher and Nemhauser 1977; Beasley 1985). A
column whose opening would lift the bound over the best answer known can never be in a better one
and is dropped; one whose closing would is kept for good.
"""

import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linli.reach.siting.costs import Cover, Dense
from linli.reach.siting.residue import covering, finish
from linli.reach.siting.search import improve

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
ROOT_STEPS = 800
NODE_STEPS = 60
STILL = 20  # steps without a better bound: then they have become too long
PATIENCE = 150  # nodes of branch and bound before the rest may be handed to HiGHS,
ENTRIES = 700  # if it has not more entries than this for each node: few columns, or much patience
NEAR = 0.02  # an answer so little worse than the best is worth exchanges,
VERY_NEAR = 0.003  # and after the root, where the best is nearly always known, so little
LOOK = 25  # steps between two looks at which columns can be dropped


@dataclass(slots=True)
class Node:
    """A part of all answers: columns that may be in, of which some must."""

    costs: Cover | Dense
    columns: Ints
    forced: Bools
    u: Floats
    bound: float
    theta: float = 1.0


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The relaxed problem at one u: its bound, the penalties, and the columns it opens."""

    bound: float
    penalty: Floats
    opened: Bools


class Proof:
    """Looks for the optimum of ``costs`` with p columns, from a good answer to begin with."""

    def __init__(
        self, costs: Cover | Dense, p: int, start: Ints, until: float, whole: bool
    ) -> None:
        self.costs, self.p, self.until = costs, p, until
        self.best, self.value = start, costs.value(start)
        self.whole = whole  # every value is a whole number: what is not one better is no better
        self.tried = set[bytes]()  # choices that were improved by exchanges before
        self.nodes = 0
        self.bound = 0.0
        self.began = time.perf_counter()

    @property
    def cutoff(self) -> float:
        """A part whose bound reaches this holds nothing better."""
        if self.whole:
            return self.value - 1 + 1e-6 * max(1.0, self.value * 1e-6)
        return self.value * (1 - 1e-9)

    @property
    def proven(self) -> bool:
        return self.bound >= self.cutoff

    def run(self) -> None:
        """Until proven or out of time; then ``best``, ``value`` and ``bound`` say how far."""
        root = Node(
            self.costs, np.arange(self.costs.sites), np.zeros(self.costs.sites, bool),
            self._first(), 0.0,
        )  # fmt: skip
        self._ascend(root, ROOT_STEPS)
        stack = [root]
        closed = np.inf
        ask = PATIENCE
        while stack and time.perf_counter() < self.until:
            if self.nodes >= ask:
                ask *= 4
                if self._handed_over(root):
                    return
            node = stack.pop()
            if node is not root and node.bound < self.cutoff:
                self._ascend(node, NODE_STEPS)
            self.nodes += 1
            if node.bound >= self.cutoff or self._is_leaf(node):
                closed = min(closed, max(node.bound, self.cutoff))
                continue
            stack += self._branches(node)
        self.bound = max(root.bound, min([closed, *(node.bound for node in stack)]))
        self.bound = self.value if self.bound >= self.cutoff else self.bound

    def _handed_over(self, root: Node) -> bool:
        """Let HiGHS finish what is left after the root; False if it is too large or too hard."""
        root.theta = 0.5  # better answers were found since: the walk may go on
        self._ascend(root, ROOT_STEPS)
        self._shrink_again(root)
        if root.bound >= self.cutoff or self._is_leaf(root):
            self.bound = self.value
            return True
        # a row that pays c > u lifts the bound by weight times (c - u): so far, and no farther
        slack = max(0.0, self.cutoff - self._relax(root).bound)
        most = root.u + slack / np.maximum(root.costs.weight, 1e-12) * (1 + 1e-9)
        problem = covering(root.costs, root.forced, most, self.cutoff)
        if problem is None or np.count_nonzero(problem.within) > ENTRIES * self.nodes:
            return False
        now = time.perf_counter()
        share = min(self.until - now, 5 + 4 * (now - self.began))
        count = self.p - int(root.forced.sum())
        found = finish(problem, count, self.cutoff, share)
        if found is None:
            return False
        if found.chosen is not None:
            chosen = np.concatenate([
                np.flatnonzero(root.forced), np.flatnonzero(~root.forced)[found.chosen]
            ])  # fmt: skip
            value = root.costs.value(chosen)
            if value < self.value:
                self.best, self.value = root.columns[chosen], value
        root.bound = max(root.bound, found.bound)
        if root.bound < self.cutoff:
            return False
        self.bound = self.value
        return True

    def _shrink_again(self, root: Node) -> None:
        """A better answer may have been found since: more columns can go."""
        while self._shrink(root, self._relax(root)):
            pass

    def _first(self) -> Floats:
        """Between the cheapest and the second cheapest of the answer known."""
        paid = self.costs.paid(self.best)
        if np.isfinite(self.costs.most):
            return np.full(len(paid), 0.5 * self.costs.most)
        if self.p == 1:
            return paid * 1.1
        rest = [self.costs.paid(np.delete(self.best, k)) for k in range(self.p)] \
            if self.p <= 12 else []  # fmt: skip
        second = np.max(rest, axis=0) if rest else paid * 1.5
        return (paid + np.where(second > paid, second, paid)) / 2

    def _relax(self, node: Node) -> Relaxed:
        penalty = node.costs.penalties(node.u)
        opened = node.forced.copy()
        free = np.flatnonzero(~node.forced)
        count = self.p - int(opened.sum())
        if count >= len(free):
            opened[free] = True
        elif count > 0:
            opened[free[np.argpartition(penalty[free], count - 1)[:count]]] = True
        bound = float(node.costs.weight @ node.u + penalty[opened].sum())
        return Relaxed(bound, penalty, opened)

    def _ascend(self, node: Node, steps: int) -> None:
        """Lift the node's bound; drop and force columns on the way."""
        momentum, still = np.zeros_like(node.u), 0
        top: Relaxed | None = None
        top_u, theta = node.u, node.theta
        for step in range(1, steps + 1):
            here = self._relax(node)
            still = still + 1 if top and here.bound <= top.bound + 1e-5 * abs(top.bound) else 0
            if top is None or here.bound > top.bound:
                top, top_u = here, node.u
            if still >= STILL:
                theta, still = theta * 0.7, 0
                node.u, here, momentum = top_u, top, np.zeros_like(momentum)
            self._try(node, here.opened)
            node.bound = max(node.bound, top.bound)
            if node.bound >= self.cutoff or theta < 2e-3 or time.perf_counter() >= self.until:
                break
            if step % LOOK == 0 and self._shrink(node, top):
                top, top_u = None, node.u
                if self._is_leaf(node):
                    break
                continue
            served = node.costs.hits(np.flatnonzero(here.opened), node.u)
            momentum = 1 - served + 0.6 * momentum
            size = float(node.costs.weight @ momentum**2)
            if size == 0:
                break
            move = theta * (1.01 * self.value - here.bound) / size
            node.u = np.clip(node.u + move * momentum, 0, node.costs.most)
        node.u, node.theta = top_u, max(0.05, theta)
        if top is not None and node.bound < self.cutoff:
            self._shrink(node, top)

    def _try(self, node: Node, opened: Bools) -> None:
        """The columns the relaxed problem opens are an answer too; perhaps a better one."""
        chosen = np.flatnonzero(opened)
        name = node.columns[chosen].tobytes()
        if name not in self.tried and len(chosen) == self.p:
            self.tried.add(name)
            value = node.costs.value(chosen)
            if value < self.value * (1 + (VERY_NEAR if self.nodes else NEAR)):
                better = improve(node.costs, chosen, self.until)
                value = node.costs.value(better)
                if value < self.value * (1 - 1e-12):
                    self.best, self.value = node.columns[better], value

    def _shrink(self, node: Node, top: Relaxed) -> bool:
        """Drop columns that no better answer has, force those that every better one has."""
        inside = top.opened & ~node.forced
        outside = ~top.opened
        if not inside.any() or not outside.any():
            return False
        worst_in, best_out = top.penalty[inside].max(), top.penalty[outside].min()
        dropped = outside & (top.bound - worst_in + top.penalty >= self.cutoff)
        node.forced = node.forced | (inside & (top.bound - top.penalty + best_out >= self.cutoff))
        if dropped.sum() < max(1, 0.05 * len(dropped)):
            return False
        kept = np.flatnonzero(~dropped)
        node.costs, node.columns = node.costs.only(kept), node.columns[kept]
        node.forced = node.forced[kept]
        return True

    def _is_leaf(self, node: Node) -> bool:
        """At most one answer is left in it: then it is tried, and the part is done."""
        count = int(node.forced.sum())
        if len(node.columns) > self.p and count < self.p:
            return False
        chosen = np.flatnonzero(node.forced) if count >= self.p else np.arange(len(node.columns))
        if count <= self.p and len(chosen) == self.p:
            value = node.costs.value(chosen)
            if value < self.value:
                self.best, self.value = node.columns[chosen], value
        return True

    def _branches(self, node: Node) -> list[Node]:
        """Without, and with, the open column that the bound misses most; "with" is taken first."""
        here = self._relax(node)
        free = here.opened & ~node.forced
        column = int(np.where(free, here.penalty, np.inf).argmin())
        others = np.delete(np.arange(len(node.columns)), column)
        forced = node.forced.copy()
        forced[column] = True
        shut = Node(
            node.costs.only(others), node.columns[others], node.forced[others], node.u.copy(),
            node.bound, node.theta,
        )  # fmt: skip
        return [shut, Node(node.costs, node.columns, forced, node.u.copy(), node.bound, node.theta)]
