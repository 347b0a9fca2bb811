import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib.coordinates import distance_m, gcj02_to_wgs84, snap, wgs84_to_gcj02

lons = st.floats(73.5, 134.5)
lats = st.floats(18.0, 53.5)
LIYANG = (119.4842, 31.4158)


@pytest.mark.parametrize(
    ("gps", "drawn"),  # the reference values that public converters test themselves with
    [
        ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
        ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
        ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
    ],
)
def test_reference_points(gps, drawn):
    assert wgs84_to_gcj02(*gps) == pytest.approx(drawn, abs=1e-9)
    assert gcj02_to_wgs84(*drawn) == pytest.approx(gps, abs=1e-9)


@given(lons, lats)
def test_there_and_back_is_less_than_a_millimetre(lon, lat):
    back = gcj02_to_wgs84(*wgs84_to_gcj02(lon, lat))
    assert distance_m(lon, lat, *back) < 0.001


def test_in_liyang_the_maps_are_off_by_hundreds_of_metres():
    assert 300 < distance_m(*LIYANG, *wgs84_to_gcj02(*LIYANG)) < 700


def test_abroad_nothing_moves():
    assert wgs84_to_gcj02(2.35, 48.86) == gcj02_to_wgs84(2.35, 48.86) == (2.35, 48.86)


def test_distances():
    assert distance_m(*LIYANG, *LIYANG) == 0
    assert distance_m(119, 31, 119, 32) == pytest.approx(111_195, abs=1)
    assert distance_m(0, 0, 180, 0) == pytest.approx(math.pi * 6_371_008.8)
    assert distance_m(179.9, 0, -179.9, 0) == pytest.approx(22_239, abs=1)


@given(lons, lats, st.sampled_from([100, 250, 1000]))
def test_snapping_moves_little_and_only_once(lon, lat, metres):
    snapped = snap(lon, lat, metres)
    assert distance_m(lon, lat, *snapped) <= metres * 0.7072
    assert snap(*snapped, metres) == snapped


def test_snapped_points_of_a_town_are_a_hundred_metres_apart():
    chance = random.Random(1)
    near = [
        (LIYANG[0] + chance.uniform(0, 0.01), LIYANG[1] + chance.uniform(0, 0.01))
        for _ in range(3000)
    ]
    points = sorted({snap(*point) for point in near})
    assert 80 < len(points) < 150
    closest = min(
        distance_m(*one, *other) for i, one in enumerate(points) for other in points[i + 1 :]
    )
    assert closest >= 99.99


def test_the_pole_and_the_date_line_are_points_too():
    for lon, lat in [(180, 90), (-180, -90), (0, 89.9999), (180, 0)]:
        assert all(map(math.isfinite, snap(lon, lat)))


@pytest.mark.parametrize("point", [(31.4, 119.5), (181, 0), (0, -91), (math.nan, 0), (math.inf, 0)])
def test_what_is_no_point_is_refused(point):
    for function in (wgs84_to_gcj02, gcj02_to_wgs84, snap):
        with pytest.raises(ValueError, match="longitude comes first"):
            function(*point)


@pytest.mark.parametrize("metres", [0, -1, math.nan, math.inf])
def test_a_grid_needs_a_size(metres):
    with pytest.raises(ValueError, match="wider than 0 metres"):
        snap(*LIYANG, metres)
