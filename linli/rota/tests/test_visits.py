"""The order of visits: exact for few stops, never worse than its start for many."""

import itertools
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.lib.coordinates import distance_m
from linli.rota import visits

points = st.tuples(st.floats(119.2, 119.7), st.floats(31.2, 31.6))


def length(way, stops, start) -> float:
    path = ([start] if start else []) + [stops[at] for at in way]
    return sum(distance_m(*a, *b) for a, b in itertools.pairwise(path))


@settings(max_examples=60, deadline=None)
@given(st.lists(points, max_size=6), st.none() | points)
def test_no_order_is_shorter(stops, start):
    walk = visits.order(stops, start)
    ways = itertools.permutations(range(len(stops)))
    assert walk.metres == pytest.approx(min(length(way, stops, start) for way in ways), abs=1e-6)
    assert sorted(walk.order) == list(range(len(stops)))
    assert walk.exact
    assert walk.metres == pytest.approx(length(walk.order, stops, start), abs=1e-6)


@settings(max_examples=8, deadline=None)
@given(st.lists(points, min_size=11, max_size=16), st.none() | points)
def test_many_stops_are_all_walked_and_two_swaps_do_not_help(stops, start):
    walk = visits.order(stops, start)
    assert sorted(walk.order) == list(range(len(stops)))
    assert not walk.exact
    for i, j in itertools.combinations(range(len(stops) + 1), 2):
        way = [*walk.order[:i], *walk.order[i:j][::-1], *walk.order[j:]]
        assert length(way, stops, start) >= walk.metres - 1e-3


def test_many_stops_come_near_the_exact_way(monkeypatch):
    rng = Random(1)
    for _trial in range(5):
        stops = [(rng.uniform(119.2, 119.7), rng.uniform(31.2, 31.6)) for _n in range(9)]
        best = visits.order(stops).metres
        monkeypatch.setattr(visits, "EXACT", 2)
        assert visits.order(stops).metres <= best * 1.1
        monkeypatch.undo()
