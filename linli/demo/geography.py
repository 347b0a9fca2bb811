"""An invented map for real names: outlines, villages and grids that fit together without a gap.

Only the seats of the towns stand about where they are. Everything between them is drawn by a seeded
generator: Voronoi cells around points, cut along the outline of what they lie in. No survey was
used, and every place of it is marked as generated.
"""

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import shapely
from shapely.geometry import MultiPoint, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

SEATS = Path(__file__).parent / "data" / "seats.csv"
REACH = 0.062  # degrees from the outermost seats to the outline, about 6 km
METRE = 1 / 111_320  # degrees of latitude

Area = Polygon | MultiPolygon


@dataclass(frozen=True)
class Cell:
    """Where a place lies: a point inside it and its outline, degrees in WGS 84."""

    lon: float
    lat: float
    area: Area


def seats() -> dict[str, tuple[float, float]]:
    """Town code -> longitude and latitude of its seat, to a kilometre."""
    with SEATS.open(encoding="utf-8", newline="") as file:
        return {r["code"]: (float(r["lon"]), float(r["lat"])) for r in csv.DictReader(file)}


def outline(points: Sequence[tuple[float, float]], rng: Random) -> Polygon:
    """A county around its towns, with a border that wanders as borders do."""
    hull = MultiPoint(points).convex_hull.buffer(REACH, quad_segs=12)
    ring = hull.exterior.segmentize(0.02)
    waves = [(rng.uniform(0.003, 0.011), k, rng.uniform(0, math.tau)) for k in (3, 5, 8, 13, 21)]
    middle = hull.centroid
    corners = []
    for lon, lat in list(ring.coords)[:-1]:
        turn = math.atan2(lat - middle.y, lon - middle.x)
        swing = 1 + sum(size * 3 * math.sin(k * turn + start) for size, k, start in waves)
        corners.append((middle.x + (lon - middle.x) * swing, middle.y + (lat - middle.y) * swing))
    border: Polygon = Polygon(corners).simplify(0.0005)
    return border


def divide(area: Area, points: Sequence[tuple[float, float]]) -> list[Cell]:
    """The part of the area that is nearest to each point, in the order of the points."""
    if len(points) == 1:
        return [_cell(area)]
    cells = shapely.voronoi_polygons(MultiPoint(points), extend_to=area, ordered=True)
    return [_cell(_surface(cell.intersection(area))) for cell in cells.geoms]


def scatter(
    area: Area, count: int, rng: Random, *, around: tuple[float, float] | None = None
) -> list[tuple[float, float]]:
    """`count` points in the area, spread evenly; the first ones lie nearest to `around`."""
    west, south, east, north = area.bounds
    points: list[tuple[float, float]] = []
    shapely.prepare(area)
    while len(points) < count:
        lon, lat = rng.uniform(west, east), rng.uniform(south, north)
        if shapely.contains_xy(area, lon, lat) and not (around and _too_far(lon, lat, around, rng)):
            points.append((lon, lat))
    for _round in range(3):  # Lloyd: each point moves to the middle of its part
        points = [_middle(cell.area) for cell in divide(area, points)]
    if around:
        points.sort(key=lambda point: math.dist(point, around))
    return points


def _too_far(lon: float, lat: float, around: tuple[float, float], rng: Random) -> bool:
    """Homes stand closer together near a town's seat than in the hills."""
    return rng.random() > math.exp(-math.dist((lon, lat), around) / 0.07)


def _surface(shape: BaseGeometry) -> Area:
    if isinstance(shape, Polygon):
        return shape
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, Polygon)]
    return MultiPolygon(parts) if len(parts) > 1 else parts[0]


def _cell(area: Area) -> Cell:
    lon, lat = _middle(area)
    return Cell(round(lon, 6), round(lat, 6), area)


def _middle(area: Area) -> tuple[float, float]:
    middle = area.centroid
    if not shapely.contains(area, middle):
        middle = shapely.point_on_surface(area)
    return middle.x, middle.y


def county(villages: Mapping[str, Sequence[str]], rng: Random) -> tuple[Polygon, dict[str, Cell]]:
    """The outline, and a cell for each town and village; `villages` lists codes by town.

    Of a town's villages the first in the list lie nearest to its seat.
    """
    known = seats()
    border = outline(list(known.values()), rng)
    cells: dict[str, Cell] = {}
    towns = list(known)
    for town, cell in zip(towns, divide(border, [known[town] for town in towns]), strict=True):
        seat = known[town]
        cells[town] = Cell(*seat, cell.area)
        codes = villages.get(town, ())
        points = scatter(cell.area, len(codes), rng, around=seat) if codes else []
        if codes:
            cells.update(zip(codes, divide(cell.area, points), strict=True))
    return border, cells


def grids(village: Cell, count: int, rng: Random) -> list[Cell]:
    """A village's area in `count` parts."""
    return divide(village.area, scatter(village.area, count, rng))


def blocks(around: Cell, count: int, *, columns: int = 4) -> list[Cell]:
    """`count` houses of an estate in rows, 60 by 14 metres each, inside the area if it has room."""
    wide = METRE / math.cos(math.radians(around.lat))
    found = []
    for n in range(count):
        row, column = divmod(n, columns)
        lon = around.lon + (column - (columns - 1) / 2) * 75 * wide
        lat = around.lat - (row - 1) * 45 * METRE
        house = shapely.box(lon - 30 * wide, lat - 7 * METRE, lon + 30 * wide, lat + 7 * METRE)
        found.append(Cell(round(lon, 6), round(lat, 6), house))
    return found
