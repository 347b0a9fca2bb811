"""The raster says what shapely says, borders and corners included."""

import numpy as np
import pytest
import shapely

from linli.reach.raster import LabelRaster


def county(grids, seed):
    """Cells of a Voronoi diagram with crooked borders that neighbours share."""
    draw = np.random.default_rng(seed)
    points = shapely.MultiPoint(draw.uniform(0, 1000, (grids, 2)))
    frame = shapely.box(-50, -50, 1050, 1050)
    return [
        shapely.segmentize(shapely.intersection(cell, frame), 40)
        for cell in shapely.get_parts(shapely.voronoi_polygons(points, extend_to=frame))
    ]


def as_shapely(areas, x, y):
    """The first area that covers each point."""
    tree = shapely.STRtree(areas)
    found = np.full(len(x), len(areas))
    asked, area = tree.query(shapely.points(x, y), predicate="covered_by")
    np.minimum.at(found, asked, area)
    return np.where(found < len(areas), found, -1)


@pytest.mark.parametrize("cell", [None, 7.3, 60.0])
def test_every_point_as_shapely_says(cell):
    areas = county(60, 1)
    draw = np.random.default_rng(2)
    corners = shapely.get_coordinates(areas)[::3]
    ends = shapely.get_coordinates(areas)
    middles = (ends[1:] + ends[:-1])[::3] / 2  # many lie on a border, to the last bit or not
    x, y = np.concatenate([draw.uniform(-80, 1080, (20_000, 2)), corners, middles]).T
    raster = LabelRaster(areas, cell)
    found = raster.locate_many(x, y)
    assert np.array_equal(found, as_shapely(areas, x, y))
    assert [raster.locate(*at) for at in zip(x[-3000:], y[-3000:], strict=True)] == list(
        found[-3000:]
    )


def test_holes_islands_overlaps_and_gaps():
    ring = shapely.difference(shapely.box(0, 0, 10, 10), shapely.box(3, 3, 7, 7))
    island = shapely.MultiPolygon([shapely.box(4, 4, 5, 5), shapely.box(20, 0, 21, 1)])
    over = shapely.box(8, 8, 14, 14)
    areas = [ring, island, over]
    raster = LabelRaster(areas, 0.25)
    asked = {(1, 1): 0, (4.5, 4.5): 1, (3.5, 3.5): -1, (20.5, 0.5): 1, (9, 9): 0, (12, 12): 2,
             (3, 5): 0, (10, 10): 0, (14, 14): 2, (17, 1): -1, (-9, 1): -1, (99, 99): -1}  # fmt: skip
    for (x, y), area in asked.items():
        assert raster.locate(x, y) == area
    x, y = np.meshgrid(np.arange(-1, 22, 0.125), np.arange(-1, 15, 0.125))
    assert np.array_equal(
        raster.locate_many(x.ravel(), y.ravel()), as_shapely(areas, x.ravel(), y.ravel())
    )


def test_degrees_far_from_nought():
    square = shapely.box(0, 0, 0.01, 0.02)
    areas = [shapely.transform(square, lambda at, k=k: np.add(at, [119.4 + 0.01 * k, 31.4]))
             for k in range(3)]  # fmt: skip
    x, y = shapely.get_coordinates(areas).T
    draw = np.random.default_rng(1)
    x = np.concatenate([x, draw.uniform(119.39, 119.44, 5000)])
    y = np.concatenate([y, draw.choice([31.4, 31.41, 31.42, 31.425], 5000)])
    assert np.array_equal(LabelRaster(areas).locate_many(x, y), as_shapely(areas, x, y))


def test_not_a_number_is_nowhere():
    raster = LabelRaster([shapely.box(0, 0, 1, 1)])
    assert raster.locate_many(np.array([np.nan]), np.array([0.5])) == [-1]
