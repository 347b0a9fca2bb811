"""Isochrones, people covered, and what one more site would change."""

from itertools import combinations, pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from linli.reach import geojson
from linli.reach.coverage import coverage, within
from linli.reach.gains import best_next, gains, nobody
from linli.reach.geo import distances
from linli.reach.graph import E7, build
from linli.reach.isochrone import as_geojson, isochrones
from linli.reach.modes import MODES, speeds
from linli.reach.nearest import Streets
from linli.reach.network import FAR
from linli.reach.table import Table
from linli.reach.tests import toys
from linli.reach.tests.test_nearest import S, at


def doors(graph, count, seed, spread=0.002):
    draw = np.random.default_rng(seed)
    node = graph.node[draw.integers(0, len(graph.node), count)] / E7
    return (node + draw.normal(0, spread, (count, 2))).T


def test_times_are_those_of_every_street_uncontracted():
    """Contraction, one-ways and rows against plain SciPy on every point of every street."""
    graph = toys.streets()
    roads = geojson.read(toys.STREETS)
    lon, lat = np.array(roads.lon), np.array(roads.lat)
    for mode in MODES:
        a, b, seconds = [], [], []
        for run, kind in zip(roads.ways, roads.kinds, strict=True):
            for i, j in pairwise(run):
                metres = distances(lon[[i]], lat[[i]], lon[[j]], lat[[j]])[0]
                with_it, against = roads.speeds[kind][MODES.index(mode)]
                for here, there, speed in ((i, j, with_it), (j, i, against)):
                    if speed:
                        a, b, seconds = [*a, here], [*b, there], [*seconds, metres * 3.6 / speed]
        every = csr_array((seconds, (a, b)), shape=(len(lon), len(lon)))
        network = graph.network(mode)
        middle = network.node[len(network.node) // 2]
        key = {
            (round(x * E7), round(y * E7)): i for i, (x, y) in enumerate(zip(lon, lat, strict=True))
        }
        raw = np.array([key[tuple(map(int, graph.node[n]))] for n in network.node])
        oracle = dijkstra(every.T, indices=key[tuple(map(int, graph.node[middle]))])[raw]
        streets = Streets(graph, mode)
        time, _who = streets.nodes(streets.snap(*(graph.node[[middle]] / E7).T))
        assert np.abs(time / 10 - oracle).max() < 3  # seconds: every edge is rounded to a tenth


def test_a_table_has_what_nearest_finds():
    graph = toys.streets()
    streets = Streets(graph, "ebike", snap=200)
    points, sites = streets.snap(*doors(graph, 300, 1)), streets.snap(*doors(graph, 40, 2))
    answer = streets.nearest(points, sites)
    table = streets.table(points, sites, FAR // 4).dense()
    assert np.array_equal(table.min(axis=1), answer.time)
    reached = answer.time < FAR
    assert np.array_equal(table.argmin(axis=1)[reached], answer.facility[reached])
    cut = streets.table(points, sites, 3000).dense()
    assert np.array_equal(cut, np.where(table <= 3000, table, FAR))
    assert 0 < points.found.sum() < 300


def test_nobody_is_dropped():
    graph = toys.streets()
    streets = Streets(graph, "walk", snap=150)
    people = np.arange(200) % 7 + 0.5
    answer = streets.nearest(streets.snap(*doors(graph, 200, 3)), streets.snap(*doors(graph, 3, 4)))
    for minutes in (0, 5, 15, 600):
        found = coverage(answer, people, minutes)
        assert found.covered + found.uncovered + found.unknown == pytest.approx(people.sum())
        assert found.unknown > 0
    assert coverage(answer, people, 600).share == 1


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.floats(1, 8))
def test_one_more_road_or_site_never_lowers_cover(seed, minutes):
    draw = np.random.default_rng(seed)
    roads = toys.ladder(5)
    before = build(roads)
    i, j = draw.integers(0, 5, 2)
    roads.add([roads.point((0, int(i)), 0, 0), roads.point((1, int(j)), 0, 0)],
              speeds({"highway": "path"}))  # fmt: skip
    where = at(*draw.uniform([-0.2, -0.2], [1.2, 4.2], (12, 2)))
    few, more = at((0, 0)), at((0, 0), tuple(draw.uniform([0, 0], [1, 4])))
    covered = []
    for graph, sites in ((before, few), (build(roads), few), (build(roads), more)):
        streets = Streets(graph, "walk", snap=0.3 * S * 111_195)
        answer = streets.nearest(streets.snap(*at((1, 4), (0, 3), (1, 2))), streets.snap(*sites))
        covered.append(within(answer, minutes))
        assert streets.snap(*where).found.any()
    assert not (covered[0] & ~covered[1]).any()
    assert not (covered[1] & ~covered[2]).any()


def test_the_area_of_one_straight_street():
    roads = toys.Roads()
    roads.add([roads.point(i, 0, i * S) for i in range(40)], speeds({"highway": "residential"}))
    streets = Streets(build(roads), "walk", snap=100)
    found = isochrones(streets, streets.snap(*at((0, 20))), [5, 10], cell=10)
    # 300 m each way and then 100 m from the road in any direction; a cell in part is a cell
    assert found[0].square_kilometres == pytest.approx((600 * 200 + np.pi * 1e4) / 1e6, rel=0.06)
    assert found[1].shape.contains(found[0].shape.buffer(-1e-7))
    told = as_geojson(found, {"mode": "walk"})
    assert [one["properties"]["minutes"] for one in told["features"]] == [10, 5]
    assert shapely.geometry.shape(told["features"][1]["geometry"]).is_valid


def test_a_door_is_inside_if_its_time_is_within():
    graph = toys.streets()
    streets = Streets(graph, "walk", snap=200)
    sites = streets.snap(*doors(graph, 2, 5))
    lon, lat = doors(graph, 400, 6)
    minutes = streets.nearest(streets.snap(lon, lat), sites).minutes
    shape = isochrones(streets, sites, [12], cell=20)[0].shape
    inside = shapely.contains_xy(shape, lon, lat)
    sure = np.isfinite(minutes) & (np.abs(minutes - 12) > 1)
    wrong = sure & (inside != (minutes < 12))
    # a door may also walk to a road that is not its nearest: then the area is the larger one
    assert not (wrong & ~inside).any()
    assert wrong.sum() <= 0.02 * sure.sum()


def test_nowhere_to_go_is_an_empty_area():
    streets = Streets(build(toys.ladder()), "walk")
    found = isochrones(streets, streets.snap(*at((90, 90))), [10])
    assert found[0].shape.is_empty
    assert found[0].square_kilometres == 0


def test_gains_by_hand():
    table = np.array([[100, FAR], [500, 200], [FAR, 300]], np.int32)
    now = np.array([400, FAR, FAR], np.int32)
    found = gains(Table.of(table, 400), now, np.array([1.0, 10, 100]))
    assert found.covered.tolist() == [0, 110]
    assert found.minutes == pytest.approx([0.5, (200 * 10 + 100 * 100) / 600])


@pytest.mark.parametrize("seed", range(4))
def test_the_next_two_and_the_bound_hold_against_all_pairs(seed):
    draw = np.random.default_rng(seed)
    table = draw.integers(1, 1000, (60, 9)).astype(np.int32)
    people = draw.integers(1, 50, 60).astype(float)
    found = best_next(Table.of(table, 250), nobody(60), people, 2)
    every = [
        people[(table[:, list(pair)] <= 250).any(axis=1)].sum()
        for pair in combinations(range(9), 2)
    ]
    assert max(every) <= found.bound
    assert found.covered[1] >= (1 - 1 / np.e) * max(every)
    assert people[(table[:, found.chosen] <= 250).any(axis=1)].sum() == found.covered[1]
