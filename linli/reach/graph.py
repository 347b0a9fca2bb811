"""The road graph: junctions, edges with the time of each mode in tenths of a second, and shapes."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from linli.reach.contract import chains
from linli.reach.geo import Plane, distances
from linli.reach.modes import MODES, Mode
from linli.reach.network import Network
from linli.reach.roads import Roads

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
E7 = 10_000_000  # shapes are kept as OpenStreetMap keeps them: ten-millionths of a degree


@dataclass(eq=False)
class Graph:
    """Edge ``e`` runs from node ``tail[e]`` to ``head[e]`` over ``shape[start[e]:start[e + 1]]``.

    ``times[e, m]`` are the tenths of a second mode ``MODES[m]`` takes with the edge and against
    it; -1 where it may not. Walking is the same both ways except on escalators and the like.
    """

    shape: Ints  # [points, 2]: longitude and latitude in ten-millionths of a degree, WGS 84
    start: Ints
    tail: Ints
    head: Ints
    metres: npt.NDArray[np.float32]
    times: Ints
    node: Ints  # [nodes, 2], like shape
    orders: dict[Mode, Ints] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)

    @cached_property
    def plane(self) -> Plane:
        return Plane.around(self.node[:, 0] / E7, self.node[:, 1] / E7)

    @cached_property
    def networks(self) -> dict[Mode, Network]:
        """What each mode can use, made when it is first asked for and kept."""
        return {}

    def network(self, mode: Mode) -> Network:
        """The nodes and arcs of one mode: the largest part in which all reach all."""
        if mode not in self.networks:
            m = MODES.index(mode)
            self.networks[mode] = Network.of(
                len(self.node), self.tail, self.head, self.times[:, m], self.orders.get(mode)
            )
        return self.networks[mode]


def build(roads: Roads, about: dict[str, str] | None = None) -> Graph:
    """The graph of these roads."""
    runs = chains(roads)
    lengths = np.array([len(run.points) for run in runs])
    start = np.concatenate([[0], np.cumsum(lengths)])
    points = np.concatenate([run.points for run in runs])
    lon, lat = np.array(roads.lon), np.array(roads.lat)
    ends, numbers = np.unique(
        np.concatenate([points[start[:-1]], points[start[1:] - 1]]), return_inverse=True
    )
    metres = _metres(lon[points], lat[points], start)
    kinds = np.array([run.kind for run in runs])
    return Graph(
        shape=_e7(lon[points], lat[points]),
        start=start.astype(np.int32),
        tail=numbers[: len(runs)].astype(np.int32),
        head=numbers[len(runs) :].astype(np.int32),
        metres=metres.astype(np.float32),
        times=_times(metres, np.array(roads.speeds)[kinds]),
        node=_e7(lon[ends], lat[ends]),
        about=about or {},
    )


def _metres(lon: Floats, lat: Floats, start: npt.NDArray[np.int64]) -> Floats:
    steps = distances(lon[:-1], lat[:-1], lon[1:], lat[1:])
    steps = np.append(steps, 0.0)
    steps[start[1:] - 1] = 0.0  # from the end of one edge to the start of the next is no road
    found: Floats = np.add.reduceat(steps, start[:-1])
    return found


def _times(metres: Floats, speeds: Floats) -> Ints:
    """[edges, modes, 2] tenths of a second, at least one, from km/h."""
    with np.errstate(divide="ignore"):
        exact = metres[:, None, None] * 36.0 / speeds
    passable = speeds > 0
    whole = np.maximum(1, np.rint(np.where(passable, exact, 1)))
    return np.where(passable, whole, -1).astype(np.int32)


def _e7(lon: Floats, lat: Floats) -> Ints:
    return np.rint(np.column_stack([lon, lat]) * E7).astype(np.int32)
