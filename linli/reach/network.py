"""What one mode can use: arcs in compressed rows, times in tenths of a second."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Ints = npt.NDArray[np.int32]
FAR: Final = np.iinfo(np.int32).max  # "not reached", larger than any time


@dataclass(eq=False, slots=True)
class Network:
    """Arcs of node ``v`` are ``head[start[v]:start[v + 1]]`` with ``time`` alongside.

    Only the largest part in which every node reaches every other is kept, so that a yard behind a
    one-way exit does not swallow the people who live in it: they are snapped to the streets.
    ``node[v]`` is the graph's number of node ``v``; ``local`` the way back, -1 for those left out.
    """

    node: Ints
    local: Ints
    start: Ints
    head: Ints
    time: Ints
    order: Ints | None = None  # nested dissection, lowest rank first, where it is known

    @classmethod
    def of(
        cls, nodes: int, tail: Ints, head: Ints, times: Ints, order: Ints | None = None
    ) -> "Network":
        """From edges with times with and against them, -1 where there is no way."""
        along, back = times[:, 0] >= 0, times[:, 1] >= 0
        source = np.concatenate([tail[along], head[back]])
        target = np.concatenate([head[along], tail[back]])
        time = np.concatenate([times[along, 0], times[back, 1]])
        kept = _largest(nodes, source, target)
        local = np.full(nodes, -1, np.int32)
        local[kept] = np.arange(len(kept), dtype=np.int32)
        inside = (local[source] >= 0) & (local[target] >= 0) & (source != target)
        return cls(kept, local, *rows(
            len(kept), local[source[inside]], local[target[inside]], time[inside]
        ), order=order)  # fmt: skip

    @property
    def size(self) -> int:
        return len(self.node)

    def reverse(self) -> "Network":
        """The same with every arc turned round: times to a place become times from it."""
        source = np.repeat(np.arange(self.size, dtype=np.int32), np.diff(self.start))
        turned = rows(self.size, self.head, source, self.time)
        return Network(self.node, self.local, *turned, order=self.order)


def rows(size: int, source: Ints, target: Ints, time: Ints) -> tuple[Ints, Ints, Ints]:
    """Arcs sorted into rows; of several between the same two nodes the quickest."""
    order = np.lexsort((time, target, source))
    source, target, time = source[order], target[order], time[order]
    first = np.ones(len(source), bool)
    first[1:] = (source[1:] != source[:-1]) | (target[1:] != target[:-1])
    source, target, time = source[first], target[first], time[first]
    start = np.zeros(size + 1, np.int32)
    np.cumsum(np.bincount(source, minlength=size), out=start[1:])
    return start, target.astype(np.int32), time.astype(np.int32)


def _largest(nodes: int, source: Ints, target: Ints) -> Ints:
    links = csr_array((np.ones(len(source), np.int8), (source, target)), shape=(nodes, nodes))
    _count, part = connected_components(links, directed=True, connection="strong")
    biggest = np.bincount(part, minlength=1).argmax()
    return np.flatnonzero(part == biggest).astype(np.int32)
