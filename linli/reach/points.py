"""Points and facilities from tables: id, lon, lat, and what is known of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt

from linli.lib import opening_hours
from linli.lib.clock import LOCAL
from linli.lib.opening_hours import OpeningHours
from linli.lib.tables import Row, TableError, read_rows
from linli.reach.errors import ReachError, at

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Points:
    """Places people start from (WGS 84); ``people`` may be any weight, 1 where none is given."""

    ids: Sequence[str]
    lon: Floats
    lat: Floats
    people: Floats

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, rows: Sequence[tuple[str, float, float, float]]) -> "Points":
        """From (id, lon, lat, people)."""
        columns = np.array([row[1:] for row in rows], float).reshape(len(rows), 3)
        return cls([row[0] for row in rows], columns[:, 0], columns[:, 1], columns[:, 2])


@dataclass(frozen=True, slots=True)
class Facilities:
    """Places people go to. ``room`` is how many more they take; None is no limit."""

    ids: Sequence[str]
    lon: Floats
    lat: Floats
    hours: Sequence[OpeningHours | None]
    room: Sequence[int | None]

    def __len__(self) -> int:
        return len(self.ids)

    def shut(self, when: datetime | None) -> dict[int, str]:
        """Which cannot be gone to at this local time, and why: closed, or full."""
        reasons = {}
        local = when if when is None or when.tzinfo else when.replace(tzinfo=LOCAL)
        for number, (hours, room) in enumerate(zip(self.hours, self.room, strict=True)):
            if local is not None and hours is not None and not hours.open_span(local):
                reasons[number] = "closed"
            elif room is not None and room <= 0:
                reasons[number] = "full"
        return reasons


def read_points(path: Path) -> Points:
    """A table with columns id, lon, lat and, if wanted, people."""
    rows = _rows(path)
    ids = _ids(path, rows)
    lon, lat = _lonlat(path, rows)
    people = np.array([
        _number(path, row, "people", 0, math.inf) if row.get("people") else 1.0 for row in rows
    ])  # fmt: skip
    return Points(ids, lon, lat, people)


def read_facilities(path: Path) -> Facilities:
    """A table with columns id, lon, lat and, if wanted, open (hours) and room (free places)."""
    rows = _rows(path)
    ids = _ids(path, rows)
    lon, lat = _lonlat(path, rows)
    room = [int(_number(path, row, "room", 0, 1e9)) if row.get("room") else None for row in rows]
    hours: list[OpeningHours | None] = []
    for row in rows:
        try:
            hours.append(opening_hours.parse(row["open"]) if row.get("open") else None)
        except ValueError as error:
            raise at(path, row.number, str(error)) from None
    return Facilities(ids, lon, lat, hours, room)


def _rows(path: Path) -> list[Row]:
    try:
        rows = list(read_rows(path))
    except TableError as error:
        message = str(error)
        if error.row is not None:
            message = message.removeprefix(f"Row {error.row}: ")
        raise at(path, error.row, message) from None
    except OSError as error:
        raise ReachError(f"{path}: {error.strerror or error}") from None
    if not rows:
        raise at(path, None, "there is no row under the header.")
    return rows


def _ids(path: Path, rows: list[Row]) -> list[str]:
    seen: dict[str, int] = {}
    for row in rows:
        name = _cell(path, row, "id")
        if not name:
            raise at(path, row.number, "the id is empty.")
        if name in seen:
            raise at(path, row.number, f'the id "{name}" is there already in line {seen[name]}.')
        seen[name] = row.number
    return list(seen)


def _lonlat(path: Path, rows: list[Row]) -> tuple[Floats, Floats]:
    lon = np.array([_number(path, row, "lon", -180, 180) for row in rows])
    lat = np.array([_number(path, row, "lat", -90, 90) for row in rows])
    return lon, lat


def _number(path: Path, row: Row, column: str, least: float, most: float) -> float:
    text = _cell(path, row, column)
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not least <= value <= most:
        asked = f"from {least:g} to {most:g}" if math.isfinite(most) else f"of {least:g} or more"
        raise at(path, row.number, f'{column} is "{text}"; it must be a number {asked}.')
    return value


def _cell(path: Path, row: Row, column: str) -> str:
    try:
        return row[column]
    except TableError as error:
        message = str(error).removeprefix(f"Row {row.number}: ")
        raise at(path, 1, message) from None
