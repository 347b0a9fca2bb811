"""Which area a point lies in, for millions of points: a raster of labels, exact at the borders.

A cell that no border touches has one answer. In the others the areas whose borders touch the cell
are asked in turn, by counting crossings; a point so near a line that floating point cannot say on
which side it lies (Shewchuk's filter, 1997) is decided by GEOS. So the answer is always that of
``shapely.covers``: a point on a border belongs to the areas on both sides, and of several areas
that cover a point the first one given is named.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from linli.reach.compiled import kernel

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
OUTSIDE: Final = -1
ASK: Final = -2  # too near a line for floating point
DOUBT: Final = 4e-16  # of the sum of the two products: a little more than Shewchuk's 3.33e-16


class LabelRaster:
    """Areas (polygons with or without holes, in any flat coordinates) in the order of preference."""

    def __init__(self, areas: Sequence[Any], cell: float | None = None) -> None:
        self._areas = np.array(areas, object)
        shapely.prepare(self._areas)
        west, south, east, north = shapely.total_bounds(self._areas)
        cells = min(1.5e6, 10_000 + 3000 * len(areas))
        self._cell = cell or float(np.sqrt((east - west) * (north - south) / cells))
        self._x0, self._y0 = west - self._cell, south - self._cell
        width = int((east - self._x0) / self._cell) + 2
        height = int((north - self._y0) / self._cell) + 2
        self._edges, self._edge_start = _edges(self._areas)
        self._label = np.zeros((height, width), np.int32)
        self._list_start, self._list = self._burn(width)
        self._inverse = 1 / self._cell

    def locate(self, x: float, y: float) -> int:
        """The number of the area, or -1."""
        column, row = int((x - self._x0) * self._inverse), int((y - self._y0) * self._inverse)
        height, width = self._label.shape
        if not (0 <= column < width and 0 <= row < height and x >= self._x0 and y >= self._y0):
            return OUTSIDE
        label = self._label.item(row, column)
        if label >= 0:
            return label - 1
        found = int(_one(x, y, -label - 1, self._list_start, self._list, self._edges,
                         self._edge_start))  # fmt: skip
        return self._sure(x, y, -label - 1) if found == ASK else found

    def locate_many(self, x: Floats, y: Floats) -> Ints:
        """The number of the area of every point, or -1."""
        found = np.empty(len(x), np.int32)
        _many(x, y, self._x0, self._y0, self._inverse, self._label, self._list_start, self._list,
              self._edges, self._edge_start, found)  # fmt: skip
        for i in np.flatnonzero(found == ASK):
            column = int((x[i] - self._x0) * self._inverse)
            row = int((y[i] - self._y0) * self._inverse)
            found[i] = self._sure(x[i], y[i], -self._label.item(row, column) - 1)
        return found

    def _sure(self, x: float, y: float, cell: int) -> int:
        """As GEOS says, with exact arithmetic."""
        point = shapely.points(x, y)
        for area in self._list[self._list_start[cell] : self._list_start[cell + 1]]:
            if shapely.covers(self._areas[area], point):
                return int(area)
        return OUTSIDE

    def _burn(self, width: int) -> tuple[Ints, Ints]:
        """Fill the labels; returns the areas to be asked in each cell that a border touches."""
        inside, border = self._inside(width), self._border(width)
        whole = np.setdiff1d(inside, border, assume_unique=True)
        many = len(self._areas)
        flat = self._label.ravel()
        cells, first = np.unique(whole // many, return_index=True)
        flat[cells] = whole[first] % many + 1
        touched = np.unique(border // many)
        asked = np.concatenate([border, whole[np.isin(whole // many, touched)]])
        asked.sort()
        flat[touched] = -1 - np.arange(len(touched), dtype=np.int32)
        start = np.searchsorted(asked // many, np.append(touched, np.iinfo(np.int64).max))
        return start.astype(np.int32), (asked % many).astype(np.int32)

    def _border(self, width: int) -> Longs:
        """Cell times areas plus area, for every cell that an area's border may touch, sorted."""
        area = np.repeat(np.arange(len(self._areas)), np.diff(self._edge_start))
        begin, end = self._edges[:, :2], self._edges[:, 2:]
        pieces = np.ceil(np.abs(end - begin).max(axis=1) / self._cell).astype(np.int64)
        pieces = np.maximum(pieces, 1)
        which = np.repeat(np.arange(len(begin)), pieces)
        step = np.arange(len(which)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        share = (step / pieces[which])[:, None], ((step + 1) / pieces[which])[:, None]
        # a hair wider than the line, so that rounding cannot miss the cell of a point on it
        hair = 1e-9 * self._cell + 1e-14 * np.abs(self._edges).max()
        ends = [begin[which] + part * (end - begin)[which] for part in share]
        low, high = np.minimum(*ends) - hair, np.maximum(*ends) + hair
        # a piece is no longer than a cell: its ends and its middle meet every cell it can touch
        spans = [low, (low + high) / 2, high]
        keys = [
            self._index(y[:, 1], self._y0) * width + self._index(x[:, 0], self._x0)
            for x in spans for y in spans
        ]  # fmt: skip
        return np.unique(np.concatenate(keys) * len(self._areas) + np.tile(area[which], len(keys)))

    def _inside(self, width: int) -> Longs:
        """The same for every cell whose middle an area has inside, by scanning rows of cells."""
        area = np.repeat(np.arange(len(self._areas)), np.diff(self._edge_start))
        low = np.minimum(self._edges[:, 1], self._edges[:, 3])
        high = np.maximum(self._edges[:, 1], self._edges[:, 3])
        first = np.ceil((low - self._y0) / self._cell - 0.5).astype(np.int64)
        last = np.ceil((high - self._y0) / self._cell - 0.5).astype(np.int64)
        count = last - first
        which = np.repeat(np.arange(len(low)), count)
        row = first[which] + np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
        x1, y1, x2, y2 = self._edges[which].T
        crossing = x1 + (self._y0 + (row + 0.5) * self._cell - y1) / (y2 - y1) * (x2 - x1)
        order = np.lexsort((crossing, row, area[which]))
        left, right = order[::2], order[1::2]  # crossings of a row come in pairs: in and out
        begin = np.ceil((crossing[left] - self._x0) / self._cell - 0.5).astype(np.int64)
        end = np.ceil((crossing[right] - self._x0) / self._cell - 0.5).astype(np.int64)
        long = np.maximum(end - begin, 0)
        run = np.repeat(np.arange(len(left)), long)
        column = begin[run] + np.arange(len(run)) - np.repeat(np.cumsum(long) - long, long)
        return np.unique(
            (row[left][run] * width + column) * len(self._areas) + area[which[left]][run]
        )

    def _index(self, value: Floats, origin: float) -> Longs:
        return ((value - origin) / self._cell).astype(np.int64)


def _edges(areas: npt.NDArray[np.object_]) -> tuple[Floats, Ints]:
    """Every area's edges as x1, y1, x2, y2, and where each area's begin."""
    rows, start = [], [0]
    for area in areas:
        lines = shapely.get_parts(shapely.boundary(area))
        for line in lines:
            at = shapely.get_coordinates(line)
            rows.append(np.column_stack([at[:-1], at[1:]]))
        start.append(start[-1] + sum(len(row) for row in rows[len(rows) - len(lines) :]))
    return np.concatenate(rows), np.array(start, np.int32)


@kernel
def _one(x, y, cell, list_start, listed, edges, start):  # type: ignore[no-untyped-def]
    """The first of the cell's areas that covers the point, or that floating point is not sure of."""
    for k in range(list_start[cell], list_start[cell + 1]):
        area = listed[k]
        odd = False
        for e in range(start[area], start[area + 1]):
            x1, y1, x2, y2 = edges[e, 0], edges[e, 1], edges[e, 2], edges[e, 3]
            if (y1 < y and y2 < y) or (y1 > y and y2 > y) or (x1 < x and x2 < x):
                continue
            left, right = (x1 - x) * (y2 - y), (x2 - x) * (y1 - y)
            if abs(left - right) <= DOUBT * (abs(left) + abs(right)) and (x1 <= x or x2 <= x):
                return ASK
            if (y1 > y) != (y2 > y) and (left > right) == (y2 > y1):
                odd = not odd
        if odd:
            return area
    return OUTSIDE


@kernel
def _many(x, y, x0, y0, inverse, label, list_start, listed, edges, start, found):  # type: ignore[no-untyped-def]
    height, width = label.shape
    for i in range(len(x)):
        column, row = int((x[i] - x0) * inverse), int((y[i] - y0) * inverse)
        if not (x[i] >= x0 and y[i] >= y0 and column < width and row < height):
            found[i] = OUTSIDE
            continue
        value = label[row, column]
        if value >= 0:
            found[i] = value - 1
        else:
            found[i] = _one(x[i], y[i], -value - 1, list_start, listed, edges, start)
