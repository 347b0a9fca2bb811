"""Where a search begins: nodes with a head start, in groups (one group a facility)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linli.reach.network import FAR
from linli.reach.snapping import Snapped

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Seeds:
    """``offset`` tenths of a second lie between ``node`` and the thing that ``group`` numbers.

    No node comes twice in a group; rows are sorted by group.
    """

    node: Ints
    offset: Ints
    group: Ints
    groups: int

    @classmethod
    def at_nodes(cls, nodes: Ints) -> "Seeds":
        """Each node a group of its own, without a head start."""
        nodes = np.asarray(nodes, np.int32)
        return cls(nodes, np.zeros_like(nodes), np.arange(len(nodes), dtype=np.int32), len(nodes))

    @classmethod
    def of(cls, snapped: Snapped, offsets: Ints) -> "Seeds":
        """Each snapped point a group; ``offsets`` is its ``arrive`` (times to it) or ``leave``."""
        group = np.repeat(np.arange(len(snapped), dtype=np.int32), 2)
        node, offset = snapped.node.ravel(), offsets.ravel()
        return cls.sorted(node, offset, group, len(snapped))

    @classmethod
    def sorted(cls, node: Ints, offset: Ints, group: Ints, groups: int) -> "Seeds":
        """In order, and of several on one node of a group the nearest."""
        usable = offset < FAR
        group, node, offset = group[usable], node[usable], offset[usable]
        order = np.lexsort((offset, node, group))
        group, node, offset = group[order], node[order], offset[order]
        first = np.ones(len(node), bool)
        first[1:] = (node[1:] != node[:-1]) | (group[1:] != group[:-1])
        return cls(node[first], offset[first], group[first], groups)

    def only(self, groups: Ints) -> "Seeds":
        """The same without the other groups, which keep their numbers."""
        kept = np.isin(self.group, groups)
        return Seeds(self.node[kept], self.offset[kept], self.group[kept], self.groups)
