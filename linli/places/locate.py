"""Which place is here: points to places through a tree of rectangles held in memory.

The rule on borders: a border belongs to the places on both sides of it; of those found the
deepest level wins (a grid before its village), then the lowest code. So every point inside the
county has exactly one answer, always the same one.
"""

import math
from collections.abc import Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
import shapely

from linli.lib.coordinates import EARTH_RADIUS_M
from linli.places.models import LEVEL, VILLAGES, Kind, Place
from linli.places.stamp import Derived

CHUNK = 4000  # points asked at once: as many as a processor's cache holds
BATCH = 2000  # outlines read at once
MANY_CORNERS = 16  # an outline with more is asked faster when it has an index of its edges
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
    """The id of the place of each point, by the same rule; about 2 microseconds a point."""
    areas = _areas.get()
    if not points or not len(areas.tree):
        return [None] * len(points)
    spots = np.asarray(points, dtype=float)
    if len(spots) <= CHUNK:
        return _ids(areas, _first_area(areas, spots))
    # Neighbours one after another: what a search reads is then still in the processor's cache.
    order = np.argsort(np.floor(spots[:, 1] * 500) * 1e6 + np.floor(spots[:, 0] * 500))
    found = np.empty(len(spots), dtype=int)
    for start in range(0, len(spots), CHUNK):
        some = order[start : start + CHUNK]
        found[some] = _first_area(areas, spots[some])
    return _ids(areas, found)


def _first_area(areas: "_Areas", spots: Any) -> Any:
    """The number of the first area that covers each of the spots (n x 2); past the last where none does."""
    x, y = np.ascontiguousarray(spots.T)
    near, numbers = areas.tree.query(shapely.points(x, y))
    covers = shapely.intersects_xy(areas.tree.geometries[numbers], x[near], y[near])
    best = np.full(len(spots), len(areas.tree))
    np.minimum.at(best, near[covers], numbers[covers])
    return best


def _ids(areas: "_Areas", numbers: Any) -> list[int | None]:
    found: list[int | None] = areas.ids[numbers].tolist()
    return found


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
    ids: Any
    squeeze: float = 1.0  # degrees of longitude are shorter than those of latitude


def _load_areas() -> _Areas:
    rows = Place.objects.current().exclude(boundary=None).exclude(kind=Kind.LINE)
    order = sorted(
        (-LEVEL[kind], code, pk) for kind, code, pk in rows.values_list("kind", "code", "pk")
    )
    number = {pk: n for n, (_level, _code, pk) in enumerate(order)}
    shapes = np.empty(len(order), dtype=object)
    # In batches: the texts of a county's houses would leave a hole of their size in the memory.
    texts = rows.values_list("pk", "boundary").iterator(BATCH)
    while batch := list(islice(texts, BATCH)):
        shapes[[number[pk] for pk, _text in batch]] = shapely.from_geojson(
            [text for _pk, text in batch]
        )
    shapely.prepare(shapes[shapely.get_num_coordinates(shapes) > MANY_CORNERS])
    # One id more than shapes: what the number past the last finds.
    return _Areas(
        shapely.STRtree(shapes), np.array([pk for *_rest, pk in order] + [None], dtype=object)
    )


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
