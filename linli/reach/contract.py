"""Points where nothing is decided are taken out: a chain of segments becomes one edge."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from linli.reach.roads import Roads

Segment = tuple[int, int, int]  # from point, to point, kind of speeds


@dataclass(frozen=True, slots=True)
class Chain:
    """Points from one junction to the next, and the kind of speeds along them."""

    points: list[int]
    kind: int


def chains(roads: Roads) -> list[Chain]:
    """All roads as chains between junctions, dead ends and changes of speed."""
    segments = [
        (a, b, kind)
        for run, kind in zip(roads.ways, roads.kinds, strict=True)
        for a, b in pairwise(run)
    ]
    touching: list[list[int]] = [[] for _ in roads.lon]
    for number, (a, b, _kind) in enumerate(segments):
        touching[a].append(number)
        touching[b].append(number)
    against = _against(roads)
    passing = [_passes(point, near, segments, against) for point, near in enumerate(touching)]
    return list(_traced(segments, touching, passing, against))


def _against(roads: Roads) -> list[int]:
    """For each kind the one that says the same of a way drawn the other way round, or -1."""
    known = {row: number for number, row in enumerate(roads.speeds)}
    return [known.get(tuple((b, a) for a, b in row), -1) for row in roads.speeds]


def _passes(point: int, near: list[int], segments: list[Segment], against: list[int]) -> bool:
    if len(near) != 2 or near[0] == near[1]:
        return False
    (a1, _b1, kind1), (a2, _b2, kind2) = segments[near[0]], segments[near[1]]
    same_sense = (a1 == point) != (a2 == point)
    return kind2 == (kind1 if same_sense else against[kind1])


def _traced(
    segments: list[Segment], touching: list[list[int]], passing: list[bool], against: list[int]
) -> Iterator[Chain]:
    done = [False] * len(segments)
    starts = [point for point, near in enumerate(touching) if near and not passing[point]]
    for ring in (False, True):  # rings without a junction are left over: they begin anywhere
        for point in range(len(touching)) if ring else starts:
            for number in touching[point]:
                if not done[number]:
                    if ring:
                        passing[point] = False
                    yield _chain(point, number, segments, touching, passing, against, done)


def _chain(
    start: int, number: int, segments: list[Segment], touching: list[list[int]],
    passing: list[bool], against: list[int], done: list[bool],
) -> Chain:  # fmt: skip
    a, _b, kind = segments[number]
    if a != start and against[kind] < 0:  # drawn towards us: followed from its other end
        return _backwards(start, number, segments, touching, passing, done)
    kind = kind if a == start else against[kind]
    return Chain(_walked(start, number, segments, touching, passing, done), kind)


def _backwards(
    start: int, number: int, segments: list[Segment], touching: list[list[int]],
    passing: list[bool], done: list[bool],
) -> Chain:  # fmt: skip
    points = _walked(start, number, segments, touching, passing, done)
    return Chain(points[::-1], segments[number][2])


def _walked(
    start: int, number: int, segments: list[Segment], touching: list[list[int]],
    passing: list[bool], done: list[bool],
) -> list[int]:  # fmt: skip
    points, here = [start], start
    while True:
        done[number] = True
        a, b, _kind = segments[number]
        here = b if here == a else a
        points.append(here)
        if not passing[here]:
            return points
        first, second = touching[here]
        number = second if number == first else first
