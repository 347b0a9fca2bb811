"""A map drawn on the server: areas and points as plain SVG, without tiles and without a script.

`svg_map` is pure. Projection: equirectangular at the middle latitude, which over one county is off
by less than a line's width. The browser may move and zoom the drawing (js/map.js); it gets the
numbers it needs to turn a place on the drawing back into degrees.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import MultiLineString
from shapely.geometry.base import BaseGeometry

from linli.lib.coordinates import EARTH_RADIUS_M

MOST_CHARACTERS = 40_000  # of all outlines together, and as many of all lines
PADDING = 0.06  # of the width and height, free on every side
LEAST_SPAN = 0.004  # degrees of latitude: one point alone still gets a neighbourhood, about 450 m
METRES_IN_DEGREE = math.radians(1) * EARTH_RADIUS_M  # of latitude
COARSER = 1.6  # how much the tolerance grows each time the outlines are still too long

Degrees = tuple[float, float]  # longitude, latitude, WGS 84


@dataclass(frozen=True)
class Projection:
    """Degrees to units of the drawing and back; `scale` is units for one degree of latitude."""

    west: float
    north: float
    squeeze: float
    scale: float

    def __call__(self, lon: float, lat: float) -> tuple[float, float]:
        x = (lon - self.west) * self.squeeze * self.scale
        return round(x, 1), round((self.north - lat) * self.scale, 1)

    def back(self, x: float, y: float) -> Degrees:
        return self.west + x / self.scale / self.squeeze, self.north - y / self.scale


@dataclass(frozen=True)
class Drawn:
    """One area (with `path`) or point, where its name stands or its dot is, and where it leads.

    A point with a `key` can be taken hold of by a script.
    """

    x: float
    y: float
    label: str
    href: str = ""
    tone: str = ""
    active: bool = False
    path: str = ""
    size: int = 7
    key: str = ""


@dataclass(frozen=True)
class MapDrawing:
    width: int
    height: int
    projection: Projection
    areas: list[Drawn]
    points: list[Drawn]
    lines: str = ""  # all of them as one path

    @property
    def is_empty(self) -> bool:
        return not (self.areas or self.points)

    @property
    def yardstick(self) -> tuple[float, int]:
        """A round length for the scale bar, at most a quarter of the width: units, and metres."""
        metre = self.projection.scale / METRES_IN_DEGREE
        most = self.width / 4 / metre
        power = 10 ** math.floor(math.log10(most))
        metres = next(power * step for step in (5, 2, 1) if power * step <= most)
        return round(metres * metre, 1), round(metres)


def svg_map(
    areas: Iterable[Mapping[str, Any]] = (),
    points: Iterable[Mapping[str, Any]] = (),
    width: int = 640,
    height: int = 480,
    lines: Sequence[Sequence[Degrees]] = (),
) -> MapDrawing:
    """Lay areas, lines and points out on a drawing of `width` × `height` units.

    An area has `boundary` (GeoJSON text of a Polygon or MultiPolygon) and `label`, maybe `href`,
    `active`; a point has `lon`, `lat`, `label`, maybe `href`, `tone`, `small`, `key`. Areas without
    a readable boundary are left out: the list beside the map still has them. Lines, for example
    roads, say nothing by themselves and may lie outside.
    """
    shapes = [(area, shape) for area in areas if (shape := _shape(area.get("boundary")))]
    spots = [point for point in points if _on_earth(point)]
    projection = _projection(_bounds([shape for _, shape in shapes], spots), width, height)
    outlines = _outlines([_flat(shape, projection) for _, shape in shapes])
    return MapDrawing(
        width,
        height,
        projection,
        areas=[
            _area(area, shape, path, projection)
            for (area, shape), path in zip(shapes, outlines, strict=True)
        ],
        points=[_point(point, projection) for point in spots],
        lines=_strokes(lines, projection),
    )


def _shape(boundary: object) -> BaseGeometry | None:
    if not isinstance(boundary, str):
        return None
    shape = shapely.from_geojson(boundary, on_invalid="ignore")
    return shape if shape and shape.geom_type in ("Polygon", "MultiPolygon") else None


def _on_earth(point: Mapping[str, Any]) -> bool:
    lon, lat = point.get("lon"), point.get("lat")
    return lon is not None and lat is not None and abs(lon) <= 180 and abs(lat) < 90


def _bounds(
    shapes: Sequence[BaseGeometry], spots: Sequence[Mapping[str, Any]]
) -> tuple[float, float, float, float]:
    boxes = [shape.bounds for shape in shapes if not shape.is_empty]
    boxes += [(spot["lon"], spot["lat"], spot["lon"], spot["lat"]) for spot in spots]
    if not boxes:
        return 0.0, 0.0, 0.0, 0.0
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)


def _projection(bounds: tuple[float, float, float, float], width: int, height: int) -> Projection:
    west, south, east, north = bounds
    squeeze = math.cos(math.radians((south + north) / 2))
    across = max((east - west) * squeeze, LEAST_SPAN)
    up = max(north - south, LEAST_SPAN)
    free = 1 - 2 * PADDING
    scale = min(width * free / across, height * free / up)
    middle, centre = (west + east) / 2, (south + north) / 2
    return Projection(
        west=middle - width / 2 / scale / squeeze,
        north=centre + height / 2 / scale,
        squeeze=squeeze,
        scale=scale,
    )


def _flat(shape: BaseGeometry, projection: Projection) -> BaseGeometry:
    west, north = projection.west, projection.north
    across, down = projection.scale * projection.squeeze, -projection.scale
    moved: BaseGeometry = shapely.transform(
        shape, lambda corners: (corners - (west, north)) * (across, down)
    )
    return moved


def _outlines(shapes: Sequence[BaseGeometry]) -> list[str]:
    """Paths, as fine as the eye can use and as short as the budget asks."""
    tolerance = 0.4
    while True:
        paths = [_path(shape.simplify(tolerance)) for shape in shapes]
        if sum(map(len, paths)) <= MOST_CHARACTERS or tolerance > 100:
            return paths
        tolerance *= COARSER


def _path(shape: BaseGeometry) -> str:
    rings = [
        ring
        for part in getattr(shape, "geoms", [shape])
        if not part.is_empty
        for ring in (part.exterior, *part.interiors)
    ]
    return "".join(
        "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in list(ring.coords)[:-1]) + "Z"
        for ring in rings
    )


def _strokes(lines: Sequence[Sequence[Degrees]], projection: Projection) -> str:
    flat = _flat(MultiLineString([line for line in lines if len(line) > 1]), projection)
    tolerance = 0.4
    while True:
        path = "".join(
            "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line.coords)
            for line in shapely.get_parts(flat.simplify(tolerance, preserve_topology=False))
        )
        if len(path) <= MOST_CHARACTERS or tolerance > 100:
            return path
        tolerance *= COARSER


def _area(area: Mapping[str, Any], shape: BaseGeometry, path: str, projection: Projection) -> Drawn:
    middle = shape.representative_point()
    x, y = projection(middle.x, middle.y)
    return Drawn(
        x,
        y,
        label=str(area["label"]),
        href=str(area.get("href") or ""),
        active=bool(area.get("active")),
        tone="tint" if area.get("tint") else "",
        path=path,
    )


def _point(point: Mapping[str, Any], projection: Projection) -> Drawn:
    x, y = projection(point["lon"], point["lat"])
    return Drawn(
        x,
        y,
        label=str(point["label"]),
        href=str(point.get("href") or ""),
        tone=str(point.get("tone") or ""),
        size=4 if point.get("small") else 7,
        key=str(point.get("key") or ""),
    )
