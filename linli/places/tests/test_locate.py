"""Points to places, beside a slow search that looks at every polygon."""

import math

import pytest
import shapely
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.places import locate, tree
from linli.places.models import LEVEL, Place
from linli.places.tests.ground import ground, square
from linli.places.tree import NewPlace

pytestmark = pytest.mark.django_db


def slowly(lon, lat):
    """The rule, read off its words: covering boundaries, deepest level, then lowest code."""
    spot = shapely.Point(lon, lat)
    hits = [
        (-LEVEL[place.kind], place.code, place.pk)
        for place in Place.objects.current().exclude(boundary=None)
        if shapely.from_geojson(place.boundary).covers(spot)
    ]
    return min(hits)[2] if hits else None


@pytest.fixture
def tiled():
    """A county of 6 x 6 degrees; two towns; 3 x 3 villages of 2 x 2; one with four grids."""
    rows = [
        NewPlace(code="c", kind="county", name="县", boundary=square(0, 0, 6)),
        NewPlace(code="t1", kind="town", name="西镇", parent="c"),
        NewPlace(code="t2", kind="town", name="东镇", parent="c"),
    ]
    for x in range(3):
        for y in range(3):
            town = "t1" if x < 2 else "t2"
            rows.append(NewPlace(code=f"v{x}{y}", kind="village", name=f"村{x}{y}", parent=town,
                                 boundary=square(2 * x, 2 * y, 2)))  # fmt: skip
    for n, (x, y) in enumerate([(2, 2), (3, 2), (2, 3), (3, 3)]):
        rows.append(NewPlace(code=f"v11-g{n}", kind="grid", name=f"格{n}", parent="v11",
                             boundary=square(x, y)))  # fmt: skip
    tree.add_many(rows)


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (0.5, 0.5, "v00"),
        (2.5, 2.5, "v11-g0"),  # the grid before its village
        (2.0, 1.0, "v00"),  # on the border of two villages: the lower code
        (3.0, 2.5, "v11-g0"),  # on the border of two grids
        (3.0, 3.0, "v11-g0"),  # on the corner of four
        (2.0, 2.5, "v11-g0"),  # grid and neighbouring village share the border: the deeper
        (0.0, 0.0, "v00"),  # the county's own corner
        (6.0, 6.0, "v22"),
        (6.0000001, 6.0, None),
        (-1.0, 3.0, None),
        (math.nan, 1.0, None),
        (math.inf, 1.0, None),
    ],
)
def test_borders_and_levels(tiled, lon, lat, code):
    found = locate.locate(lon, lat)
    assert (found.code if found else None) == code


def test_many_points_at_once_agree_with_the_slow_way(tiled):
    points = [(x / 4, y / 4) for x in range(-2, 27) for y in range(-2, 27)]
    assert locate.locate_many(points) == [slowly(*point) for point in points]
    assert locate.locate_many([]) == []


def ring(corners, cx, cy, far):
    return [
        (cx + far * r * math.cos(2 * math.pi * n / len(corners)),
         cy + far * r * math.sin(2 * math.pi * n / len(corners)))
        for n, r in enumerate(corners)
    ]  # fmt: skip


@pytest.fixture
def land():
    return ground()


def test_random_polygons_agree_with_the_slow_way(land):
    star = st.builds(
        ring,
        st.lists(st.floats(0.3, 1.0), min_size=3, max_size=12),
        st.floats(0, 4), st.floats(0, 4), st.floats(0.5, 2),
    )  # fmt: skip
    serial = iter(range(10_000))

    @settings(max_examples=40, deadline=None, derandomize=True)
    @given(st.lists(st.tuples(star, st.booleans()), min_size=1, max_size=8))
    def agree(shapes):
        Place.objects.update(boundary=None)
        corners = []
        for ends, is_grid in shapes:
            shape = shapely.Polygon(ends)
            code = f"z{next(serial)}"
            kind, parent = ("grid", land.hill) if is_grid else ("village", land.north)
            place = tree.add(code=code, kind=kind, name="任意", parent=parent,
                             boundary=shapely.to_geojson(shape))  # fmt: skip
            outline = shapely.from_geojson(place.boundary)
            corners += shapely.get_coordinates(outline).tolist()  # corners lie on the border
        grid = [(x / 3, y / 3) for x in range(-3, 19) for y in range(-3, 19)]
        points = [tuple(point) for point in corners] + grid
        found = locate.locate_many(points)
        assert found == [slowly(*point) for point in points]
        assert all(one is not None for one in found[: len(corners)])

    agree()


def test_the_index_follows_the_tree(land, django_assert_num_queries):
    assert locate.locate(0.5, 0.5) is None
    tree.redraw(land.lake, square(0, 0))
    assert locate.locate(0.5, 0.5) == land.lake
    with django_assert_num_queries(2):  # the stamp, and the place with its parents
        assert locate.locate(0.5, 0.5).full_name("zh-hans") == "北桥镇长湖村"
    tree.redraw(land.lake, square(5, 5))
    assert locate.locate(0.5, 0.5) is None
    assert locate.locate(5.5, 5.5) == land.lake


def test_a_change_taken_back_leaves_no_trace_in_memory(land):
    tree.redraw(land.lake, square(0, 0))
    with transaction.atomic():
        tree.redraw(land.lake, square(5, 5))
        assert locate.locate(5.5, 5.5) == land.lake
        transaction.set_rollback(True)
    assert locate.locate(5.5, 5.5) is None
    assert locate.locate(0.5, 0.5) == land.lake


def test_nearest_village_by_boundary_else_by_point(land):
    assert locate.nearest_village(0, 0) is None
    tree.redraw(land.lake, square(119.0, 31.0, 0.1))
    tree.correct(land.mill, lon=119.3, lat=31.05)
    inside = locate.nearest_village(119.05, 31.05)
    assert (inside.place, inside.metres) == (land.lake, 0)
    near = locate.nearest_village(119.12, 31.05)
    assert near.place == land.lake
    assert near.metres == pytest.approx(0.02 * 111_195 * math.cos(math.radians(31.05)), rel=0.001)
    assert locate.nearest_village(119.25, 31.05).place == land.mill
    # 0.1 degrees east is nearer than 0.09 degrees north would be in degrees of longitude.
    assert locate.nearest_village(119.3, 31.05).metres == 0
    assert locate.nearest_village(119.12, 31.05, within_m=1000) is None
    assert locate.nearest_village(math.nan, 31.0) is None


def test_nearest_village_measures_metres_not_degrees(land):
    tree.correct(land.lake, lon=119.0, lat=60.0)
    tree.correct(land.mill, lon=119.4, lat=60.25)
    # From the corner (119.0, 60.25): 0.25 degrees south is 27.8 km, 0.4 degrees east only 22.1.
    assert locate.nearest_village(119.0, 60.25).place == land.mill
