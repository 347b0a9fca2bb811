"""The fast engine: a customizable contraction hierarchy, swept once for all nodes.

The order comes from nested dissection (METIS) and depends on the streets alone; when speeds change
only the customising is done again. Without METIS there is no order, and SciPy's engine answers.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from linli.reach import kernels
from linli.reach.compiled import THREADS, optional
from linli.reach.network import FAR, Network
from linli.reach.seeds import Seeds
from linli.reach.table import LANES, Table

pymetis: Final = optional("pymetis")
Ints = npt.NDArray[np.int32]
NEVER = np.int64(1) << 62


def order_of(network: Network) -> Ints | None:
    """Nodes from the lowest rank to the highest, by nested dissection; None without METIS."""
    if pymetis is None or network.size < 3:
        return None
    start, head = _both_ways(network)
    _order, place = pymetis.nested_dissection(
        adjacency=pymetis.CSRAdjacency(adj_starts=start, adjacent=head)
    )
    order = np.empty(network.size, np.int32)
    order[np.asarray(place)] = np.arange(network.size, dtype=np.int32)
    return order


def _both_ways(network: Network) -> tuple[Ints, Ints]:
    ones = np.ones(len(network.head), np.int8)
    arcs = csr_array((ones, network.head, network.start), shape=(network.size, network.size))
    either = csr_array(arcs + arcs.T)
    either.sort_indices()
    return either.indptr.astype(np.int32), either.indices.astype(np.int32)


class Hierarchy:
    """Times from every node to seeds, in tenths of a second; the same as the slow engine's."""

    name = "hierarchy"

    def __init__(self, network: Network, order: Ints) -> None:
        self.network = network
        self.rank = np.empty(network.size, np.int32)
        self.rank[order] = np.arange(network.size, dtype=np.int32)
        start, head = _both_ways(network)
        self._start, self._head = self._joined(start, head, order)
        self._parent = np.full(network.size, -1, np.int32)
        some = np.diff(self._start) > 0
        self._parent[some] = self._head[self._start[:-1][some]]
        self.customise()

    def _joined(self, start: Ints, head: Ints, order: Ints) -> tuple[Ints, Ints]:
        many = np.diff(start)[order]
        rows = np.concatenate([[0], np.cumsum(many)]).astype(np.int32)
        at = np.repeat(start[:-1][order], many) + np.arange(len(head)) - np.repeat(rows[:-1], many)
        up_start, up_head = kernels.eliminate(rows, self.rank[head[at]], 2 * len(head) + 64)
        size = self.network.size
        joined = csr_array((np.ones(len(up_head), np.int8), up_head, up_start), shape=(size, size))
        joined.sort_indices()
        return joined.indptr.astype(np.int32), joined.indices.astype(np.int32)

    def customise(self) -> None:
        """Times on the arcs, from the network's times as they are now."""
        network = self.network
        up = np.full(len(self._head), kernels.NEVER, np.int32)
        down = up.copy()
        source = np.repeat(self.rank, np.diff(network.start))
        kernels.place(
            self._start, self._head, source, self.rank[network.head], network.time, up, down
        )
        kernels.customise(self._start, self._head, up, down)
        beaten_up, beaten_down = kernels.perfect(self._start, self._head, up, down)
        self._up = kernels.kept(self._start, self._head, up, beaten_up)
        self._down = kernels.kept(self._start, self._head, down, beaten_down)
        self._restricted: tuple[bytes, Any] | None = None

    def nearest(self, seeds: Seeds) -> tuple[Ints, Ints]:
        size, shift = self.network.size, max(1, int(seeds.groups - 1).bit_length())
        best = np.full(size, NEVER, np.int64)
        key = (seeds.offset.astype(np.int64) << shift) | seeds.group
        path = np.empty(size, np.int32)
        kernels.climb(self._parent, *self._down, self.rank[seeds.node], key, shift, best, path)
        kernels.sweep(*self._up, shift, best)
        time, owner = np.empty(size, np.int32), np.empty(size, np.int32)
        kernels.unpack(best, self.rank, shift, FAR, time, owner)
        return time, owner

    def table(self, seeds: Seeds, targets: Ints, limit: int) -> Table:
        ranks = self.rank[targets]
        row, arcs, count = self._wanted(ranks)
        table = Table.empty(len(targets), seeds.groups, limit)
        begins = np.searchsorted(seeds.group, np.arange(seeds.groups + 1))

        def some(begin: int) -> None:
            d = np.empty((count, LANES), table.blocks.dtype)
            best = np.full(self.network.size, NEVER, np.int64)
            path = np.empty(self.network.size, np.int32)
            for b in range(begin, len(table.blocks), THREADS):
                d[:] = limit + 1
                for group in range(b * LANES, min((b + 1) * LANES, seeds.groups)):
                    mine = slice(begins[group], begins[group + 1])
                    used = kernels.climb(
                        self._parent, *self._down, self.rank[seeds.node[mine]],
                        seeds.offset[mine].astype(np.int64), 0, best, path,
                    )  # fmt: skip
                    kernels.lane(best, path, used, limit, row, d, group - b * LANES)
                kernels.lanes(*arcs, limit, d)
                kernels.out_of(d, row, ranks, table.blocks[b])

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(some, range(min(THREADS, len(table.blocks)))))
        return table

    def _wanted(self, ranks: Ints) -> tuple[Ints, Any, int]:
        """Arcs above the targets; kept, because the same people are asked about again and again."""
        name = ranks.tobytes()
        if self._restricted is None or self._restricted[0] != name:
            row, count = kernels.wanted(self._parent, ranks)
            arcs = kernels.restricted(*self._up, row, count)
            self._restricted = name, (row, arcs, count)
        found: tuple[Ints, Any, int] = self._restricted[1]
        return found
