"""Tags, contraction, reading and storing: small enough to check by hand."""

import numpy as np
import pytest

from linli.reach import geojson, osm, storage
from linli.reach.errors import ReachError
from linli.reach.graph import build
from linli.reach.modes import MODES, speeds
from linli.reach.roads import Roads
from linli.reach.tests import toys

CAR = MODES.index("car")


def test_who_may_use_a_road():
    assert speeds({"highway": "residential"}) == {
        "walk": (4.8, 4.8), "ebike": (18, 18), "car": (30, 30)
    }  # fmt: skip
    one_way = speeds({"highway": "residential", "oneway": "yes", "surface": "gravel"})
    assert one_way == {"walk": (4.8, 4.8), "ebike": (12, 0), "car": (30, 0)}
    assert speeds({"highway": "motorway"})["walk"] == (0, 0)
    assert speeds({"highway": "motorway"})["car"] == (100, 0)
    assert speeds({"highway": "footway"})["car"] == (0, 0)
    assert speeds({"highway": "footway", "bicycle": "yes"})["ebike"] == (10, 10)
    assert speeds({"highway": "residential", "oneway": "-1"})["car"] == (0, 30)
    assert speeds({"highway": "primary", "maxspeed": "50"})["car"] == (40, 40)
    assert speeds({"highway": "service", "access": "private"}) is None
    assert speeds({"highway": "construction"}) is None


def test_points_where_nothing_is_decided_are_taken_out():
    graph = build(toys.ladder(4))
    assert len(graph.node) == 4  # the corners of a ladder are bends, not junctions
    assert len(graph.tail) == 6
    assert graph.metres.sum() == pytest.approx(10 * 111.195, rel=1e-4)


def test_a_chain_of_ways_drawn_against_each_other_keeps_its_direction():
    roads = Roads()
    a, b, c = (roads.point(i, i * toys.SQUARE, 0) for i in range(3))
    roads.add([a, b], speeds({"highway": "residential", "oneway": "yes"}))
    roads.add([c, b], speeds({"highway": "residential", "oneway": "-1"}))
    graph = build(roads)
    assert len(graph.tail) == 1
    with_it, against = graph.times[0, CAR]
    east = graph.node[graph.head[0], 0] > graph.node[graph.tail[0], 0]
    assert (with_it > 0, against > 0) == ((True, False) if east else (False, True))


def test_a_ring_without_a_junction_stays():
    roads = Roads()
    ring = [roads.point(i, x, y) for i, (x, y) in enumerate([(0, 0), (0, 1e-3), (1e-3, 0)])]
    roads.add([*ring, ring[0]], speeds({"highway": "residential"}))
    graph = build(roads)
    assert len(graph.tail) == 1
    assert graph.metres[0] == pytest.approx(111.195 * (2 + 2**0.5), rel=1e-3)


def test_what_is_stored_is_what_was_built(tmp_path):
    graph = build(toys.ladder(), {"source": "甲.json"})
    storage.save(graph, tmp_path / "a.graph")
    again = storage.load(tmp_path / "a.graph")
    assert again.about == {"source": "甲.json"}
    for name in ("shape", "start", "tail", "head", "metres", "times", "node"):
        assert np.array_equal(getattr(graph, name), getattr(again, name))


def test_what_is_not_a_graph_is_said(tmp_path):
    wrong = tmp_path / "wrong.graph"
    wrong.write_text("id,lon\n")
    with pytest.raises(ReachError, match=r"wrong.graph: this is not a road graph"):
        storage.load(wrong)
    with pytest.raises(ReachError, match="no such file"):
        storage.load(tmp_path / "none.graph")


def test_geojson_says_where_it_is_wrong(tmp_path):
    good = toys.geojson_file(tmp_path, [({"highway": "residential"}, [[0, 0], [0, 0.001]])])
    assert len(geojson.read(good).ways) == 1
    far = toys.geojson_file(tmp_path, [({"hw": "residential"}, [[0, 0], [0, 99]])])
    with pytest.raises(ReachError, match="feature 1 is a road, but not a line"):
        geojson.read(far)
    far.write_text('{\n"type": "Feature\n')
    with pytest.raises(ReachError, match=r"roads.geojson:2: this is not JSON"):
        geojson.read(far)
    none = toys.geojson_file(tmp_path, [({"hw": "canal"}, [[0, 0], [0, 1]])])
    with pytest.raises(ReachError, match="no road in it"):
        geojson.read(none)


OSM = """<?xml version='1.0'?><osm version="0.6">
<node id="1" version="1" lat="0" lon="0"/><node id="2" version="1" lat="0.001" lon="0"/>
<node id="3" version="1" lat="0.002" lon="0"/>
<way id="1" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/>
<tag k="highway" v="residential"/></way>
<way id="2" version="1"><nd ref="3"/><nd ref="1"/><tag k="building" v="yes"/></way></osm>"""


def test_osm_xml(tmp_path):
    path = tmp_path / "a.osm"
    path.write_text(OSM)
    graph = build(osm.read(path))
    assert len(graph.tail) == 1
    assert graph.metres[0] == pytest.approx(222.39, abs=0.01)
    path.write_text("<osm")
    with pytest.raises(ReachError, match=r"a.osm: this cannot be read"):
        osm.read(path)


def test_a_country_is_read_and_all_of_its_roads_are_kept():
    graph = toys.country()
    assert len(graph.tail) > 7000
    assert graph.metres.sum() == pytest.approx(1_124_515, rel=1e-3)
    assert graph.network("car").size > 4500


def test_a_town_is_read_whole():
    graph = toys.streets()
    assert graph.metres.sum() == pytest.approx(158_000, rel=0.01)
