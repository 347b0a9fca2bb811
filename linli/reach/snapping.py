"""From a door to the road: the nearest point of the nearest road, within a stated distance."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from linli.reach.graph import E7, Graph
from linli.reach.modes import MODES, WALKING, Mode
from linli.reach.network import FAR

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
SNAP: Final = 300.0  # metres from a door to a road; farther off, its time is unknown
PACE: Final = 36.0 / WALKING  # tenths of a second for a metre on foot


@dataclass(frozen=True, slots=True)
class Snapped:
    """Where points meet the network of a mode: ``edge`` is -1 for those with no road in reach.

    Column 0 of the pairs is the edge's tail, column 1 its head: ``node`` as the network numbers
    them, ``leave`` the tenths of a second from the point to that end, ``arrive`` from that end to
    the point; FAR where the edge may not be used that way. Both hold the walk to the road, which
    is ``gap`` metres long (infinite without a road).
    """

    edge: Ints
    fraction: Floats
    gap: Floats
    node: Ints
    leave: Ints
    arrive: Ints

    def __len__(self) -> int:
        return len(self.edge)

    def only(self, numbers: Sequence[int]) -> "Snapped":
        """These points alone, in this order."""
        at = np.array(numbers, np.int64)
        return Snapped(
            self.edge[at],
            self.fraction[at],
            self.gap[at],
            self.node[at],
            self.leave[at],
            self.arrive[at],
        )

    @property
    def found(self) -> npt.NDArray[np.bool_]:
        return self.edge >= 0


class Snapper:
    """The roads of one mode, ready to be asked for the nearest."""

    def __init__(self, graph: Graph, mode: Mode) -> None:
        self._graph = graph
        self._times = graph.times[:, MODES.index(mode)]
        self._local = graph.network(mode).local
        usable = (self._local[graph.tail] >= 0) & (self._local[graph.head] >= 0)
        self._edges = np.flatnonzero(usable & (self._times >= 0).any(axis=1))
        self._lines = lines(graph)[self._edges]
        self._tree = shapely.STRtree(self._lines)

    def snap(self, lon: Floats, lat: Floats, limit: float = SNAP) -> Snapped:
        """Snap points (WGS 84); ``limit`` in metres."""
        points = shapely.points(*self._graph.plane.metres(lon, lat))
        asked, hit = self._tree.query_nearest(points, max_distance=limit, all_matches=False)
        edge = np.full(len(points), -1, np.int32)
        edge[asked] = self._edges[hit]
        fraction, gap = np.zeros(len(points)), np.full(len(points), np.inf)
        fraction[asked] = shapely.line_locate_point(
            self._lines[hit], points[asked], normalized=True
        )
        gap[asked] = shapely.distance(self._lines[hit], points[asked])
        return self._ends(edge, np.nan_to_num(fraction), gap)

    def samples(self, edges: Ints, step: float) -> tuple[Floats, Floats, Snapped]:
        """Points on these edges (usable ones) not more than ``step`` metres apart, with lon, lat."""
        every = lines(self._graph)[edges]
        count = np.ceil(shapely.length(every) / step).astype(np.int64) + 1
        edge = np.repeat(edges, count)
        number = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
        fraction = number / np.repeat(np.maximum(count - 1, 1), count)
        at = shapely.line_interpolate_point(np.repeat(every, count), fraction, normalized=True)
        lon, lat = self._graph.plane.degrees(shapely.get_x(at), shapely.get_y(at))
        return lon, lat, self._ends(edge, fraction, np.zeros(len(edge)))

    def usable(self, edges: Ints) -> Ints:
        """Those of these edges that points can be snapped to."""
        found: Ints = np.intersect1d(edges, self._edges).astype(np.int32)
        return found

    def _ends(self, edge: Ints, fraction: Floats, gap: Floats) -> Snapped:
        found = edge >= 0
        graph = self._graph
        node = np.column_stack([self._local[graph.tail[edge]], self._local[graph.head[edge]]])
        along, back = self._times[edge, 0], self._times[edge, 1]
        share, rest = fraction, 1 - fraction
        walk = np.where(found, gap, 0) * PACE
        leave = np.column_stack([_part(back, share, walk), _part(along, rest, walk)])
        arrive = np.column_stack([_part(along, share, walk), _part(back, rest, walk)])
        for pair in (leave, arrive):
            pair[~found] = FAR
        node[~found] = -1
        return Snapped(edge, fraction, gap, node, leave, arrive)


def lines(graph: Graph) -> npt.NDArray[np.object_]:
    """The edges as lines in metres on the graph's plane."""
    x, y = graph.plane.metres(graph.shape[:, 0] / E7, graph.shape[:, 1] / E7)
    numbers = np.repeat(np.arange(len(graph.tail)), np.diff(graph.start))
    found: npt.NDArray[np.object_] = shapely.linestrings(np.column_stack([x, y]), indices=numbers)
    return found


def direct(graph: Graph, mode: Mode, left: Snapped, i: Ints, right: Snapped, j: Ints) -> Ints:
    """Times from points ``left[i]`` to ``right[j]`` along the edge both are on; FAR if not so."""
    times = graph.times[:, MODES.index(mode)]
    same = (left.edge[i] == right.edge[j]) & (left.edge[i] >= 0)
    ahead = right.fraction[j] - left.fraction[i]
    whole = np.where(ahead >= 0, times[left.edge[i], 0], times[left.edge[i], 1])
    walk = (np.where(same, left.gap[i], 0) + np.where(same, right.gap[j], 0)) * PACE
    found = _part(np.where(same, whole, -1), np.abs(ahead), walk)
    return found


def _part(whole: Ints, share: Floats, walk: Floats) -> Ints:
    exact = np.rint(whole * share + walk)
    return np.where(whole >= 0, exact, FAR).astype(np.int32)
