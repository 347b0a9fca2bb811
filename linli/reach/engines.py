"""Which engine answers: the compiled one where numba is installed, SciPy otherwise.

Both give the same answers to the tenth of a second; the tests hold them against each other.
"""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from linli.reach.compiled import AVAILABLE
from linli.reach.graph import Graph
from linli.reach.hierarchy import Hierarchy, order_of
from linli.reach.modes import MODES
from linli.reach.network import FAR, Network
from linli.reach.seeds import Seeds
from linli.reach.slow import SlowEngine
from linli.reach.table import Table

Ints = npt.NDArray[np.int32]


class Engine(Protocol):
    """Times from every node of a network to seeds, in tenths of a second."""

    name: str

    def nearest(self, seeds: Seeds) -> tuple[Ints, Ints]:
        """Time of every node to its nearest group and that group; FAR and -1 if there is none."""
        ...

    def table(self, seeds: Seeds, targets: Ints, limit: int) -> Table:
        """[targets, groups] times up to ``limit``."""
        ...


def engine(network: Network) -> Engine:
    """The best engine there is for this network."""
    order = network.order
    if AVAILABLE and order is None:
        order = order_of(network)
    if not AVAILABLE or order is None:
        return SlowEngine(network)
    return Hierarchy(network, order)


def prepare(graph: Graph) -> None:
    """Put the orders of the hierarchies into the graph, and compile what is not yet compiled.

    Both take seconds once; afterwards a stored graph answers at once.
    """
    if not AVAILABLE:
        return
    for mode in MODES:
        network = graph.network(mode)
        network.order = order_of(network)
        if network.order is not None:
            graph.orders[mode] = network.order
    for network in graph.networks.values():
        first = Seeds.at_nodes(np.zeros(1, np.int32))
        ready = engine(network)
        ready.nearest(first)
        for limit in (1, FAR // 4):  # short and long times are kept in different types
            ready.table(first, np.zeros(1, np.int32), limit)
        break
