"""Which engine answers: the compiled one where numba is installed, SciPy otherwise.

Both give the same answers to the tenth of a second; the tests hold them against each other.
"""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from linli.reach.network import Network
from linli.reach.seeds import Seeds
from linli.reach.slow import SlowEngine

Ints = npt.NDArray[np.int32]


class Engine(Protocol):
    """Times from every node of a network to seeds, in tenths of a second."""

    name: str

    def nearest(self, seeds: Seeds) -> tuple[Ints, Ints]:
        """Time of every node to its nearest group and that group; FAR and -1 if there is none."""
        ...

    def table(self, seeds: Seeds, targets: Ints, limit: int) -> Ints:
        """[targets, groups] times up to ``limit``; FAR beyond."""
        ...


def engine(network: Network) -> Engine:
    """The best engine there is for this network."""
    return SlowEngine(network)
