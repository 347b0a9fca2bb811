"""The drawn map: everything inside, back and forth, nothing that divides by zero."""

import json

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from linli.lib.coordinates import distance_m
from linli.site import maps
from linli.site.maps import svg_map

LON = st.floats(73, 135)
LAT = st.floats(18, 54)
POINTS = st.lists(st.tuples(LON, LAT), min_size=1, max_size=20)


def _points(spots):
    return [{"lon": lon, "lat": lat, "label": "x"} for lon, lat in spots]


def _ring(lon, lat, size, corners=6):
    shape = shapely.Point(lon, lat).buffer(size, quad_segs=corners)
    return json.dumps(json.loads(shapely.to_geojson(shape)))


@given(POINTS)
def test_every_point_is_inside_the_drawing(spots):
    drawing = svg_map([], _points(spots), 400, 360)
    for point in drawing.points:
        assert 0 <= point.x <= 400
        assert 0 <= point.y <= 360


@given(POINTS)
def test_north_is_up_and_east_is_right(spots):
    drawing = svg_map([], _points(spots))
    west = min(range(len(spots)), key=lambda at: spots[at][0])
    north = max(range(len(spots)), key=lambda at: spots[at][1])
    assert drawing.points[west].x == min(point.x for point in drawing.points)
    assert drawing.points[north].y == min(point.y for point in drawing.points)


@given(LON, LAT)
def test_one_point_stands_in_the_middle(lon, lat):
    drawing = svg_map([], _points([(lon, lat)]), 400, 360)
    assert (drawing.points[0].x, drawing.points[0].y) == (200, 180)


@given(st.tuples(LON, LAT), st.floats(0.01, 2))
def test_a_press_on_the_drawing_gives_the_degrees_back(spot, size):
    drawing = svg_map([{"boundary": _ring(*spot, size), "label": "a"}], _points([spot]))
    point = drawing.points[0]
    lon, lat = drawing.projection.back(point.x, point.y)
    # One tenth of a unit is what rounding costs.
    assert abs(lat - spot[1]) <= 0.06 / drawing.projection.scale
    assert abs(lon - spot[0]) <= 0.06 / drawing.projection.scale / drawing.projection.squeeze


def test_outlines_stay_short_however_detailed_the_boundaries_are():
    areas = [
        {"boundary": _ring(119 + i / 10, 31.3, 0.05, corners=2000), "label": str(i)}
        for i in range(80)
    ]
    drawing = svg_map(areas)
    assert len(drawing.areas) == 80
    assert sum(len(area.path) for area in drawing.areas) <= maps.MOST_CHARACTERS


def test_a_hole_and_an_island_are_drawn():
    outer = shapely.Point(119, 31).buffer(1).difference(shapely.Point(119, 31).buffer(0.4))
    shape = shapely.union(outer, shapely.Point(122, 31).buffer(0.2))
    drawing = svg_map([{"boundary": shapely.to_geojson(shape), "label": "a"}])
    assert drawing.areas[0].path.count("M") == 3


def test_the_name_of_an_area_stands_inside_it():
    crescent = shapely.Point(119, 31).buffer(1).difference(shapely.Point(119.4, 31).buffer(1))
    drawing = svg_map([{"boundary": shapely.to_geojson(crescent), "label": "a"}])
    area = drawing.areas[0]
    assert crescent.contains(shapely.Point(*drawing.projection.back(area.x, area.y)))


@pytest.mark.parametrize(
    "boundary", [None, "", "nothing", "{}", '{"type":"Point","coordinates":[1,2]}', 7]
)
def test_an_area_without_a_readable_boundary_is_left_out(boundary):
    drawing = svg_map([{"boundary": boundary, "label": "a"}], _points([(119, 31)]))
    assert not drawing.areas
    assert len(drawing.points) == 1


@pytest.mark.parametrize("spot", [{"lon": None, "lat": 31}, {"lon": 119}, {"lon": 500, "lat": 31}])
def test_a_point_that_is_nowhere_is_left_out(spot):
    assert svg_map([], [{**spot, "label": "x"}]).is_empty


def test_nothing_is_an_empty_drawing():
    assert svg_map().is_empty


@given(POINTS)
def test_the_scale_bar_is_a_round_length_and_true(spots):
    drawing = svg_map([], _points(spots), 400, 360)
    units, metres = drawing.yardstick
    assert str(metres)[0] in "125"
    assert set(str(metres)[1:]) <= {"0"}
    assert 9 <= units <= 100
    (west, lat), (east, _) = drawing.projection.back(0, 180), drawing.projection.back(units, 180)
    assert distance_m(west, lat, east, lat) == pytest.approx(metres, rel=0.02, abs=3)
