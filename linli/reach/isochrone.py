"""The area from which a facility is within the limit, as polygons.

Times along the roads are burnt into a raster, spread by foot off the road up to the snapping
distance, and the cells within the limit are joined. So a door inside is one that ``nearest`` finds
within the limit too, but for the size of a cell.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from linli.reach.graph import E7
from linli.reach.nearest import Streets
from linli.reach.network import FAR
from linli.reach.snapping import PACE, Snapped

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
CELL: Final = 50.0  # metres


@dataclass(frozen=True, slots=True)
class Isochrone:
    """``shape`` is a (multi)polygon in WGS 84, perhaps empty."""

    minutes: float
    shape: Any
    square_kilometres: float


def isochrones(
    streets: Streets, facilities: Snapped, minutes: Sequence[float], cell: float = CELL
) -> list[Isochrone]:
    """One polygon for each limit; a larger limit holds every smaller one."""
    times, x0, y0 = _raster(streets, facilities, round(max(minutes) * 600), cell)
    plane, found = streets.graph.plane, []
    for limit in minutes:
        area = shapely.union_all(list(_runs(times <= round(limit * 600), x0, y0, cell)))
        shape = shapely.transform(area, lambda at: np.column_stack(plane.degrees(*at.T)))
        found.append(Isochrone(limit, shape, float(area.area) / 1e6))
    return found


def _raster(
    streets: Streets, facilities: Snapped, limit: int, cell: float
) -> tuple[Ints, float, float]:  # fmt: skip
    """Tenths of a second of every cell, and the corner of the raster."""
    lon, lat, sampled = streets.samples(_edges(streets, facilities, limit), cell / 2)
    time = streets.nearest(sampled, facilities).time
    near = time <= limit
    if not near.any():
        return np.full((1, 1), FAR, np.int32), 0.0, 0.0
    x, y = streets.graph.plane.metres(lon[near], lat[near])
    margin = int(streets.limit / cell) + 2
    x0, y0 = x.min() - margin * cell, y.min() - margin * cell
    column, row = ((x - x0) / cell).astype(int), ((y - y0) / cell).astype(int)
    base = np.full((row.max() + margin + 1, column.max() + margin + 1), FAR, np.int32)
    np.minimum.at(base, (row, column), time[near])
    return _spread(base, streets.limit, cell), x0, y0


def _edges(streets: Streets, facilities: Snapped, limit: int) -> Ints:
    """Edges with an end within the limit, or with a facility on them."""
    time, _owner = streets.nodes(facilities)
    graph, local = streets.graph, streets.graph.network(streets.mode).local
    ends = np.column_stack([local[graph.tail], local[graph.head]])
    near: npt.NDArray[np.bool_] = np.any((time[ends] <= limit) & (ends >= 0), axis=1)
    near[facilities.edge[facilities.found]] = True
    return streets.usable(np.flatnonzero(near).astype(np.int32))


def _spread(base: Ints, limit: float, cell: float) -> Ints:
    """On foot from the road into the cells beside it."""
    reach = int(limit / cell)
    best = base.copy()
    height, width = base.shape
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            metres = np.hypot(dx, dy) * cell
            if metres == 0 or metres > limit:
                continue
            ahead = best[max(0, dy) : height + min(0, dy), max(0, dx) : width + min(0, dx)]
            here = base[max(0, -dy) : height + min(0, -dy), max(0, -dx) : width + min(0, -dx)]
            cost = np.int32(round(metres * PACE))
            np.minimum(ahead, np.where(here < FAR, np.minimum(here, FAR - cost) + cost, FAR),
                       out=ahead)  # fmt: skip
    return best


def _runs(mask: npt.NDArray[np.bool_], x0: float, y0: float, cell: float) -> Iterator[Any]:
    """Boxes: unbroken runs of cells of a row."""
    padded = np.pad(mask.astype(np.int8), ((0, 0), (1, 1)))
    row, begin = np.nonzero(np.diff(padded, axis=1) == 1)
    _row, end = np.nonzero(np.diff(padded, axis=1) == -1)
    yield from shapely.box(
        x0 + begin * cell, y0 + row * cell, x0 + end * cell, y0 + (row + 1) * cell
    )


def as_geojson(found: Sequence[Isochrone], about: dict[str, Any]) -> dict[str, Any]:
    """A FeatureCollection, largest limit first, so that it is drawn under the others."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": about | {
                    "minutes": one.minutes, "square_kilometres": round(one.square_kilometres, 3)
                },
                "geometry": _rounded(shapely.geometry.mapping(one.shape)),
            }
            for one in sorted(found, key=lambda one: -one.minutes)
        ],
    }  # fmt: skip


def _rounded(shape: Any) -> Any:
    """Coordinates to a ten-millionth of a degree, as everywhere."""
    if isinstance(shape, dict):
        return {key: _rounded(value) for key, value in shape.items()}
    if isinstance(shape, list | tuple):
        return [_rounded(value) for value in shape]
    return round(shape * E7) / E7 if isinstance(shape, float) else shape
