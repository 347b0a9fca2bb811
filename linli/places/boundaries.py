"""Boundaries: GeoJSON text in, sound polygons out; degrees in WGS 84, longitude first."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely import GEOSException  # type: ignore[attr-defined]
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

DECIMALS = 7  # a centimetre


class BadBoundary(ValueError):
    """A boundary that cannot be used; the text is a sentence."""


def parse(source: str | Mapping[str, Any]) -> Polygon | MultiPolygon:
    """The polygon that a GeoJSON geometry or feature describes; BadBoundary if it is none."""
    return repair(read(source))


def read(source: str | Mapping[str, Any]) -> Polygon | MultiPolygon:
    """Like `parse`, but a polygon that crosses itself comes back as it is."""
    try:
        data: Any = json.loads(source) if isinstance(source, str) else source
        if isinstance(data, Mapping) and data.get("type") == "Feature":
            data = data.get("geometry")
        shape = shapely.from_geojson(json.dumps(data))
    except (ValueError, GEOSException) as problem:
        raise BadBoundary(_("The boundary is no GeoJSON geometry.")) from problem
    if shape.has_z:
        shape = shapely.force_2d(shape)
    if not isinstance(shape, (Polygon, MultiPolygon)) or shape.is_empty:
        raise BadBoundary(_("A boundary must be a Polygon or MultiPolygon with corners."))
    west, south, east, north = shape.bounds
    if looks_swapped(west, south) and looks_swapped(east, north):
        raise BadBoundary(_("Longitude and latitude of the boundary look swapped."))
    if not (west >= -180 and south >= -90 and east <= 180 and north <= 90):
        raise BadBoundary(_("The boundary leaves the earth: degrees, longitude first."))
    return shape


def repair(shape: Polygon | MultiPolygon) -> Polygon | MultiPolygon:
    """The same area as valid polygons to a centimetre; what has no area falls away.

    "structure" keeps outer rings filled where they cross themselves, as the person drawing meant.
    Raises BadBoundary if nothing is left.
    """
    fixed: BaseGeometry = shape
    if not shape.is_valid:
        fixed = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    # A fixed order of corners: the same area drawn twice is the same text.
    fixed = shapely.normalize(shapely.set_precision(fixed, 10**-DECIMALS))
    if not isinstance(fixed, (Polygon, MultiPolygon)) or fixed.is_empty:
        raise BadBoundary(_("The boundary encloses nothing."))
    return fixed


def looks_swapped(lon: float, lat: float) -> bool:
    """Whether a point would lie in China if its two numbers changed places."""
    return 3 <= lon <= 54 and 73 <= lat <= 136


def text_of(shape: Polygon | MultiPolygon) -> str:
    """The geometry as compact GeoJSON text, to a centimetre."""

    def short(part: Any) -> Any:
        if isinstance(part, (list, tuple)):
            return [short(one) for one in part]
        return round(part, DECIMALS)

    data = shapely.geometry.mapping(shape)
    return json.dumps(
        {"type": data["type"], "coordinates": short(data["coordinates"])}, separators=(",", ":")
    )


def inner_point(shape: Polygon | MultiPolygon) -> tuple[float, float]:
    """A point that surely lies inside, near the middle."""
    point = shapely.point_on_surface(shape)
    return round(point.x, DECIMALS), round(point.y, DECIMALS)


@lru_cache(maxsize=512)
def _shape(text: str) -> Any:
    shape = shapely.from_geojson(text)
    shapely.prepare(shape)
    return shape


def covers(boundary: str, lon: float, lat: float) -> bool:
    """Whether a point lies inside or on a boundary given as text."""
    return bool(shapely.intersects_xy(_shape(boundary), lon, lat))
