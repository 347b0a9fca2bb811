"""Which place is here: points to places through a tree of rectangles held in memory.

The rule on borders: a border belongs to the places on both sides of it; of those found the
deepest level wins (a grid before its village), then the lowest code. So every point inside the
county has exactly one answer, always the same one.
"""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import shapely

from linli.lib.coordinates import EARTH_RADIUS_M
from linli.places.models import VILLAGES, Kind, Place
from linli.places.stamp import Derived

_DEGREE_M = math.radians(1) * EARTH_RADIUS_M


class Near(NamedTuple):
    """A place and how far away it is, in metres; 0 inside."""

    place: Place
    metres: float


def locate(lon: float, lat: float) -> Place | None:
    """The deepest current place whose boundary covers a point (degrees, WGS 84), or None."""
    found = locate_many([(lon, lat)])[0]
    return None if found is None else Place.objects.with_parents().get(pk=found)


def locate_many(points: Sequence[tuple[float, float]]) -> list[int | None]:
    """The id of the place of each point, by the same rule; about 3 microseconds a point."""
    areas = _areas.get()
    if not points or not len(areas.ids):
        return [None] * len(points)
    spots = shapely.points(np.asarray(points, dtype=float))
    hits, indices = areas.tree.query(spots, predicate="intersects")
    best = np.full(len(points), len(areas.ids))
    np.minimum.at(best, hits, indices)
    return [areas.ids[i] if i < len(areas.ids) else None for i in best]


def nearest_village(lon: float, lat: float, *, within_m: float | None = None) -> Near | None:
    """The village or community nearest to a point, by its boundary, else by its point.

    None if no village has either, or if the nearest is farther than `within_m` metres. Of equally
    near ones the lowest code.
    """
    villages = _villages.get()
    if not len(villages.ids) or not (math.isfinite(lon) and math.isfinite(lat)):
        return None
    spot = shapely.points(lon * villages.squeeze, lat)
    found, far = villages.tree.query_nearest(spot, return_distance=True)
    metres = float(far[0]) * _DEGREE_M
    if within_m is not None and metres > within_m:
        return None
    return Near(Place.objects.with_parents().get(pk=villages.ids[min(found)]), metres)


class _Areas(NamedTuple):
    """Shapes sorted so that of several hits the first one wins; `ids` in the same order."""

    tree: Any
    ids: list[int]
    squeeze: float = 1.0  # degrees of longitude are shorter than those of latitude


def _load_areas() -> _Areas:
    rows = (
        Place.objects.current()
        .exclude(boundary=None)
        .exclude(kind=Kind.LINE)
        .only("kind", "code", "boundary")
    )
    places = sorted(rows, key=lambda place: (-place.level, place.code))
    shapes = shapely.from_geojson([place.boundary for place in places])
    return _Areas(shapely.STRtree(shapes), [place.pk for place in places])


def _load_villages() -> _Areas:
    rows = Place.objects.current().filter(kind__in=VILLAGES).order_by("code")
    places = [place for place in rows if place.boundary or place.lon is not None]
    shapes = [
        shapely.from_geojson(place.boundary)
        if place.boundary
        else shapely.points(place.lon, place.lat)
        for place in places
    ]
    middle = float(np.mean(shapely.get_y(shapely.centroid(shapes)))) if places else 0.0
    squeeze = math.cos(math.radians(middle))
    flat = [shapely.transform(shape, lambda corners: corners * (squeeze, 1)) for shape in shapes]
    return _Areas(shapely.STRtree(flat), [place.pk for place in places], squeeze)


_areas = Derived(_load_areas)
_villages = Derived(_load_villages)
