"""In which order to walk to homes or squares: the shortest open way from a start through all stops.

Up to ten stops exactly (Held and Karp's dynamic programme); more by the nearest neighbour, then
2-opt and Or-opt until neither shortens it. Distances are metres as the crow flies.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from linli.lib.coordinates import distance_m
from linli.rota.model import Point

EXACT: Final = 10  # stops
LEAST_M: Final = 1e-6

Table = list[list[float]]


@dataclass(frozen=True)
class Walk:
    """Which stop comes when (by number from 0), how far it is, and whether none is shorter."""

    order: tuple[int, ...]
    metres: float
    exact: bool


def order(stops: Sequence[Point], start: Point | None = None) -> Walk:
    """The way from `start`, or from whichever stop is best, through all stops; it need not return.

    Raises ValueError for a point that is not on the earth.
    """
    count = len(stops)
    first = [distance_m(*start, *stop) if start else 0.0 for stop in stops]
    table = [[distance_m(*one, *two) for two in stops] for one in stops]
    small = count <= EXACT
    way = _exact(first, table) if small else _shorten(_nearest(first, table), first, table)
    return Walk(tuple(way), _length(way, first, table), small)


def _length(way: Sequence[int], first: list[float], table: Table) -> float:
    if not way:
        return 0.0
    return first[way[0]] + sum(table[a][b] for a, b in pairwise(way))


def _exact(first: list[float], table: Table) -> list[int]:
    """Least way to be at each stop having seen each set of stops; then back along the choices."""
    count = len(first)
    if not count:
        return []
    best: dict[tuple[int, int], tuple[float, int]] = {
        (1 << at, at): (first[at], -1) for at in range(count)
    }
    for seen in range(1, 1 << count):
        for last in range(count):
            if (seen, last) not in best:
                continue
            so_far = best[seen, last][0]
            for to in range(count):
                key = (seen | 1 << to, to)
                length = so_far + table[last][to]
                if not seen >> to & 1 and (key not in best or length < best[key][0]):
                    best[key] = (length, last)
    seen = (1 << count) - 1
    last = min(range(count), key=lambda at: best[seen, at][0])
    way: list[int] = []
    while last >= 0:
        way.append(last)
        seen, last = seen & ~(1 << last), best[seen, last][1]
    return way[::-1]


def _nearest(first: list[float], table: Table) -> list[int]:
    left = set(range(len(first)))
    at = min(left, key=lambda stop: (first[stop], stop))
    way = [at]
    left.remove(at)
    while left:
        at = min(left, key=lambda stop: (table[way[-1]][stop], stop))
        way.append(at)
        left.remove(at)
    return way


def _shorten(way: list[int], first: list[float], table: Table) -> list[int]:
    """Turn a stretch round (2-opt) or put up to three stops elsewhere (Or-opt) while it helps."""
    length = _length(way, first, table)
    while True:
        better = min(_neighbours(way), key=lambda other: _length(other, first, table), default=way)
        shorter = _length(better, first, table)
        if shorter >= length - LEAST_M:
            return way
        way, length = better, shorter


def _neighbours(way: list[int]) -> list[list[int]]:
    count = len(way)
    turned = [
        way[:i] + way[i:j][::-1] + way[j:] for i in range(count) for j in range(i + 2, count + 1)
    ]
    moved = []
    for size in (1, 2, 3):
        for i in range(count - size + 1):
            rest = way[:i] + way[i + size :]
            moved += [
                rest[:j] + way[i : i + size] + rest[j:] for j in range(len(rest) + 1) if j != i
            ]
    return turned + moved
