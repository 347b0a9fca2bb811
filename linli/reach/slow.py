"""Shortest times with SciPy's Dijkstra: needs nothing compiled, and is the oracle of the tests."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from linli.reach.network import FAR, Network
from linli.reach.seeds import Seeds
from linli.reach.table import Table

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
AT_ONCE = 32  # sources of a table in one call: a row of float64 each


class SlowEngine:
    """Times from every node to seeds, in tenths of a second."""

    name = "scipy"

    def __init__(self, network: Network) -> None:
        self.network = network
        self._back = network.reverse()

    def nearest(self, seeds: Seeds) -> tuple[Ints, Ints]:
        """For every node the time to its nearest group of seeds, and which (the lowest of equals).

        Not reached: FAR and -1. The group rides in the lowest digits of the time, so that equals
        are decided the same way by every engine.
        """
        size, many = self.network.size, max(1, seeds.groups)
        key = seeds.offset.astype(np.float64) * many + seeds.group + 1
        graph = self._with_rows([(seeds.node, key)], factor=many)
        found = dijkstra(graph, indices=size)[:size] - 1
        reached = np.isfinite(found)
        whole = np.where(reached, found, 0).astype(np.int64)
        time = np.where(reached, np.minimum(whole // many, FAR), FAR).astype(np.int32)
        return time, np.where(reached, whole % many, -1).astype(np.int32)

    def table(self, seeds: Seeds, targets: Ints, limit: int) -> Table:
        """[targets, groups] times up to ``limit``."""
        table = np.full((len(targets), seeds.groups), FAR, np.int32)
        for first in range(0, seeds.groups, AT_ONCE):
            groups = range(first, min(first + AT_ONCE, seeds.groups))
            rows = []
            for group in groups:
                mine = seeds.group == group
                rows.append((seeds.node[mine], seeds.offset[mine].astype(np.float64) + 1))
            graph = self._with_rows(rows, factor=1)
            sources = self.network.size + np.arange(len(rows))
            found = dijkstra(graph, indices=sources, limit=limit + 1)[:, targets] - 1
            near = found <= limit
            table[:, groups.start : groups.stop] = np.where(near, found, FAR).T
        return Table.of(table, limit)

    def _with_rows(self, rows: list[tuple[Ints, Floats]], factor: int) -> csr_array:
        """The network turned round, times multiplied, and a source above it for each row."""
        back, size = self._back, self.network.size + len(rows)
        start = np.concatenate(
            [back.start, back.start[-1] + np.cumsum([len(node) for node, _key in rows])]
        )
        head = np.concatenate([back.head, *(node for node, _key in rows)])
        time = np.concatenate([back.time * float(factor), *(key for _node, key in rows)])
        return csr_array((time, head, start), shape=(size, size))
