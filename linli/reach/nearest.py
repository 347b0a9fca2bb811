"""How long from every point to its nearest facility that is open and has room."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from linli.reach import kernels
from linli.reach.compiled import AVAILABLE
from linli.reach.engines import Engine, engine
from linli.reach.graph import Graph
from linli.reach.modes import Mode
from linli.reach.network import FAR
from linli.reach.seeds import Seeds
from linli.reach.snapping import SNAP, Snapped, Snapper, direct
from linli.reach.table import LANES, Table

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Way = Literal["to", "from"]


@dataclass(frozen=True, slots=True)
class Nearest:
    """For each point: tenths of a second (FAR: none in reach) and the number of the facility.

    A point whose ``snapped.edge`` is -1 has no road within the stated distance: it is unknown,
    which is not the same as far.
    """

    time: Ints
    facility: Ints
    snapped: Snapped

    @property
    def minutes(self) -> Floats:
        """Minutes, infinite where no facility is reached, NaN where it is unknown."""
        found = np.where(self.time < FAR, self.time / 600, np.inf)
        return np.where(self.snapped.found, found, np.nan)


class Streets:
    """A graph in one mode, ready for questions. ``way`` "to": the time to go to a facility."""

    def __init__(self, graph: Graph, mode: Mode, *, way: Way = "to", snap: float = SNAP) -> None:
        self.graph, self.mode, self.way, self.limit = graph, mode, way, snap
        network = graph.network(mode)
        self.engine: Engine = engine(network if way == "to" else network.reverse())
        self._snapper = Snapper(graph, mode)

    def snap(self, lon: Floats, lat: Floats) -> Snapped:
        return self._snapper.snap(lon, lat, self.limit)

    def seeds(self, facilities: Snapped) -> Seeds:
        """Where searches for these facilities begin."""
        offsets = facilities.arrive if self.way == "to" else facilities.leave
        return Seeds.of(facilities, offsets)

    def nodes(
        self, facilities: Snapped, usable: Collection[int] | None = None
    ) -> tuple[Ints, Ints]:
        """Times of every node of the network, and the facility."""
        seeds = self.seeds(facilities)
        if usable is not None:
            seeds = seeds.only(np.array(sorted(usable), np.int32))
        return self.engine.nearest(seeds)

    def nearest(
        self, points: Snapped, facilities: Snapped, usable: Collection[int] | None = None
    ) -> Nearest:
        """The nearest facility of each point, among the ``usable`` numbers if they are given."""
        time, owner = self.nodes(facilities, usable)
        best, who = over_ends(time, owner, points, self._ends(points))
        i, j = sharing(points, facilities, usable)
        return Nearest(*shorter(best, who, i, j, self.along(points, i, facilities, j)), points)

    def table(self, points: Snapped, candidates: Snapped, limit: int) -> Table:
        """[points, candidates] tenths of a second up to ``limit``."""
        found = np.flatnonzero(points.found)
        targets, which = np.unique(points.node[found], return_inverse=True)
        which = which.reshape(-1, 2)
        nodes = self.engine.table(self.seeds(candidates), targets.astype(np.int32), limit)
        table = Table.empty(len(points), len(candidates), limit)
        offset = np.minimum(self._ends(points)[found], limit + 1)
        for block, mine in zip(nodes.blocks, table.blocks, strict=True):
            if len(found) == len(points):
                _over_ends_of_all(block, which, offset, limit, mine)
                continue
            mine[:] = limit + 1
            some = np.empty((len(found), block.shape[1]), block.dtype)
            _over_ends_of_all(block, which, offset, limit, some)
            mine[found] = some
        i, j = sharing(points, candidates)
        for point, site, time in zip(i, j, self.along(points, i, candidates, j), strict=True):
            cell = table.blocks[site // LANES, point]
            cell[site % LANES] = min(int(cell[site % LANES]), int(time))
        return table

    def samples(self, edges: Ints, step: float) -> tuple[Floats, Floats, Snapped]:
        return self._snapper.samples(edges, step)

    def usable(self, edges: Ints) -> Ints:
        return self._snapper.usable(edges)

    def along(self, points: Snapped, i: Ints, facilities: Snapped, j: Ints) -> Ints:
        """Times between pairs that lie on one edge, without passing a junction."""
        if self.way == "to":
            return direct(self.graph, self.mode, points, i, facilities, j)
        return direct(self.graph, self.mode, facilities, j, points, i)

    def _ends(self, points: Snapped) -> Ints:
        return points.leave if self.way == "to" else points.arrive


def _over_ends_of_all(
    block: npt.NDArray[Any], which: npt.NDArray[np.int64], offset: Ints, limit: int,
    out: npt.NDArray[Any],
) -> None:  # fmt: skip
    if AVAILABLE:
        kernels.over_ends(
            block, which[:, 0], which[:, 1], offset[:, 0], offset[:, 1], limit + 1, out
        )
        return
    sums = [block[which[:, k]] + offset[:, k, None].astype(block.dtype) for k in (0, 1)]
    np.minimum(np.minimum(*sums), block.dtype.type(limit + 1), out=out)


def over_ends(time: Ints, owner: Ints, points: Snapped, ends: Ints) -> tuple[Ints, Ints]:
    """Times of points and their facilities, over the end of their edge that is better."""
    there = time[points.node].astype(np.int64)
    sums = np.where((there < FAR) & (ends < FAR), there + ends, FAR)
    who = owner[points.node]
    # of two ends equally far the lower facility, as everywhere
    second = (sums[:, 1] < sums[:, 0]) | ((sums[:, 1] == sums[:, 0]) & (who[:, 1] < who[:, 0]))
    best = np.where(second, sums[:, 1], sums[:, 0])
    chosen = np.where(second, who[:, 1], who[:, 0])
    return best.astype(np.int32), np.where(best < FAR, chosen, -1).astype(np.int32)


def sharing(
    points: Snapped, facilities: Snapped, usable: Collection[int] | None = None
) -> tuple[Ints, Ints]:
    """All pairs of a point and a usable facility that lie on the same edge."""
    numbers = range(len(facilities)) if usable is None else sorted(usable)
    on_edge: dict[int, list[int]] = {}
    for number in numbers:
        if facilities.edge[number] >= 0:
            on_edge.setdefault(int(facilities.edge[number]), []).append(number)
    asked = np.flatnonzero(np.isin(points.edge, list(on_edge)))
    pairs = [(i, j) for i in asked for j in on_edge[int(points.edge[i])]]
    i, j = np.array(pairs, np.int32).reshape(-1, 2).T
    return i, j


def shorter(best: Ints, who: Ints, i: Ints, j: Ints, time: Ints) -> tuple[Ints, Ints]:
    """The same with other ways of points ``i`` to facilities ``j``, where those are shorter."""
    for point, facility, value in zip(i, j, time, strict=True):
        if (value, facility) < (best[point], who[point] if who[point] >= 0 else len(who)):
            best[point], who[point] = value, facility
    return best, np.where(best < FAR, who, -1).astype(np.int32)
