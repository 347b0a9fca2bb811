"""Made-up streets, counties and instances to measure on: the same ones for the same seed."""

from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse.csgraph import shortest_path

from linli.reach.network import Network
from linli.reach.siting.problem import Problem

Floats = npt.NDArray[np.float64]
METRES = 110  # of a block: a county's roads; half of it is a town's


def streets(side: int, missing: float, seed: int = 1, block: int = METRES) -> Network:
    """A crooked lattice of blocks of so many metres, links missing, three speeds, 5 % one-way.

    With 42 % missing it has 2.4 arcs a node, as a real county's roads have once bends are taken
    out; with 22 % it is denser than any, and hard on a hierarchy.
    """
    draw = np.random.default_rng(seed)
    number = np.arange(side * side).reshape(side, side)
    tail = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    head = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    there = draw.random(len(tail)) >= missing
    tail, head = tail[there].astype(np.int32), head[there].astype(np.int32)
    metres = block * draw.uniform(0.7, 1.6, len(tail))
    speed = draw.choice([30, 50, 90], len(tail), p=[0.5, 0.35, 0.15])
    time = np.maximum(1, np.rint(metres * 36 / speed)).astype(np.int32)
    times = np.column_stack([time, time])
    times[draw.random(len(tail)) < 0.05, 1] = -1
    return Network.of(side * side, tail, head, times)


def areas(count: int, seed: int = 1) -> list[Any]:
    """Areas that tile a county of 52 by 52 km, more of them where towns are, in metres."""
    draw = np.random.default_rng(seed)
    towns = draw.uniform(0, 52_440, (60, 2))
    middle = towns[draw.integers(0, 60, count)] + draw.normal(0, 2500, (count, 2))
    middle[::3] = draw.uniform(0, 52_440, (len(middle[::3]), 2))
    frame = shapely.box(0, 0, 52_440, 52_440)
    cells = shapely.voronoi_polygons(shapely.multipoints(middle), extend_to=frame)
    return [
        shapely.segmentize(shapely.intersection(cell, frame), 60)
        for cell in shapely.get_parts(cells)
    ]


def county(points: int, sites: int, seed: int = 1) -> Problem:
    """Weighted demand and candidate sites around towns; times by e-bike in tenths of a minute."""
    draw = np.random.default_rng(seed)
    towns = draw.uniform([0, 0], [37, 46], (60, 2))
    size = draw.pareto(1.2, 60) + 0.2
    size /= size.sum()

    def around(count: int) -> Floats:
        near = towns[draw.choice(60, count, p=size)] + draw.normal(0, 1.3, (count, 2))
        far = draw.uniform([0, 0], [37, 46], (count, 2))
        return np.where(draw.random((count, 1)) < 0.3, far, near)

    home, site = around(points), around(sites)
    weight = draw.integers(1, 60, points).astype(float)
    metres = np.hypot(*(home[:, None] - site[None]).transpose(2, 0, 1))
    times = np.rint(metres * 1.35 / 18 * 600 * draw.uniform(0.85, 1.25, (points, 1)))
    return Problem([f"d{i}" for i in range(points)], [f"s{j}" for j in range(sites)], times, weight)


OR_LIBRARY = [  # nodes and p of pmed1 to pmed40; each has nodes squared / 50 edges
    *((100, p) for p in (5, 10, 10, 20, 33)), *((200, p) for p in (5, 10, 20, 40, 67)),
    *((300, p) for p in (5, 10, 30, 60, 100)), *((400, p) for p in (5, 10, 40, 80, 133)),
    *((500, p) for p in (5, 10, 50, 100, 167)), *((600, p) for p in (5, 10, 60, 120, 200)),
    *((700, p) for p in (5, 10, 70, 140)), *((800, p) for p in (5, 10, 80)),
    *((900, p) for p in (5, 10, 90)),
]  # fmt: skip


def graph_instance(nodes: int, seed: int) -> Problem:
    """As Beasley made those of OR-Library: a ring and random edges of 1 to 100, shortest paths."""
    draw = np.random.default_rng(seed)
    lengths = np.zeros((nodes, nodes))
    ring = np.column_stack([np.arange(nodes), (np.arange(nodes) + 1) % nodes])
    more = draw.integers(0, nodes, (nodes * nodes // 50 - nodes, 2))
    for a, b in np.concatenate([ring, more[more[:, 0] != more[:, 1]]]):
        lengths[a, b] = lengths[b, a] = draw.integers(1, 101)
    names = [str(i + 1) for i in range(nodes)]
    return Problem(names, names, shortest_path(lengths, directed=False), np.ones(nodes))
