"""Invented roads between the villages, and counts of who lives and works in them."""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay

from linli.coverage import tallies
from linli.coverage.models import What
from linli.demo.society import Society
from linli.places.models import Kind, Place
from linli.reach.graph import build
from linli.reach.modes import speeds
from linli.reach.roads import Roads
from linli.travel import roads

Floats = npt.NDArray[np.float64]
Pair = tuple[int, int]
NO_ROAD: Final = 3  # hamlets that no road leads to: their way is not known
BEND: Final = 0.12  # how far a road leaves the straight line, as a share of its length
POINTS: Final = 5  # between two villages
SOURCE: Final = "演示用的虚构道路 / invented for the demonstration"
COUNTED: Final = "演示用的虚构人数 / invented for the demonstration"


def settle(society: Society) -> None:
    """Roads and counts, before the month begins."""
    rng = Random(11)
    villages = [place for place in society.ground.villages if place.lon is not None]
    roads.take(build(_roads(villages, society.ground.of_kind(Kind.TOWN), rng)), SOURCE)
    people, older, firms = {}, {}, {}
    for place in villages:
        urban = place.kind == Kind.COMMUNITY
        people[place.pk] = rng.randint(2_600, 8_800) if urban else rng.randint(1_000, 3_800)
        older[place.pk] = round(people[place.pk] * rng.uniform(0.14 if urban else 0.21, 0.31))
        firms[place.pk] = rng.randint(20, 160) if urban else rng.randint(0, 18)
    for what, found in ((What.PEOPLE, people), (What.OLDER, older), (What.FIRMS, firms)):
        tallies.put(found, society.since, COUNTED, what)


def _roads(villages: Sequence[Place], towns: Sequence[Place], rng: Random) -> Roads:
    """Villages joined to those around them; the ways between towns are the better roads."""
    points = np.array([(place.lon, place.lat) for place in villages], float)
    pairs = _neighbours(points)
    joined = np.bincount(np.ravel(pairs), minlength=len(points))
    lonely = {int(n) for n in np.argsort(joined, kind="stable")[:NO_ROAD]}
    pairs = [pair for pair in pairs if not lonely & set(pair)]
    great = _between_towns(points, pairs, towns)
    found = Roads()
    for a, b in pairs:
        kind = (
            "secondary" if (a, b) in great else "tertiary" if rng.random() < 0.5 else "unclassified"
        )
        tags = {"highway": kind}
        if kind == "unclassified" and rng.random() < 0.15:
            tags["surface"] = "gravel"
        allowed = speeds(tags)
        assert allowed is not None
        found.add(_bent(found, points, (a, b), rng), allowed)
    return found


def _neighbours(points: Floats) -> list[Pair]:
    """The Gabriel graph: two are joined if no third lies in the circle between them."""
    corners = Delaunay(points).simplices
    sides = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    edges = np.unique(np.sort(sides, axis=1), axis=0)
    middle = points[edges].mean(axis=1)
    radius = np.hypot(*(points[edges[:, 0]] - points[edges[:, 1]]).T) / 2
    gaps = np.hypot(*(middle[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    free = (gaps < radius[:, None] * (1 - 1e-9)).sum(axis=1) == 0
    return [(int(a), int(b)) for a, b in edges[free]]


def _between_towns(points: Floats, pairs: Sequence[Pair], towns: Sequence[Place]) -> set[Pair]:
    """The pairs on the shortest ways between each town's seat and the three nearest others."""
    ends = np.array(pairs)
    length = np.hypot(*(points[ends[:, 0]] - points[ends[:, 1]]).T)
    graph = csr_array((length, (ends[:, 0], ends[:, 1])), shape=(len(points), len(points)))
    seats = [
        int(np.hypot(*(points - np.array((town.lon, town.lat), float)).T).argmin())
        for town in towns if town.lon is not None
    ]  # fmt: skip
    far, before = dijkstra(graph, directed=False, indices=seats, return_predecessors=True)
    found = set[Pair]()
    for n in range(len(seats)):
        for m in np.argsort(far[n, seats], kind="stable")[1:4]:
            found |= set(_way(before[n], seats[m]))
    return found


def _way(before: npt.NDArray[np.int32], end: int) -> Iterator[Pair]:
    while before[end] >= 0:
        start = int(before[end])
        yield (min(start, end), max(start, end))
        end = start


def _bent(found: Roads, points: Floats, pair: Pair, rng: Random) -> list[int]:
    """A way that wanders a little, as roads do."""
    start, end = points[pair[0]], points[pair[1]]
    aside = np.array([-(end - start)[1], (end - start)[0]]) * rng.uniform(-BEND, BEND)
    run = [found.point(("village", pair[0]), *start)]
    for k in range(1, POINTS):
        share = k / POINTS
        lon, lat = start + (end - start) * share + aside * 4 * share * (1 - share)
        run.append(found.point((*pair, k), float(lon), float(lat)))
    return [*run, found.point(("village", pair[1]), *end)]
