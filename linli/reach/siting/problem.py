"""A stranger's table of times and their demand, read with care."""

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from linli.lib.tables import TableError, read_rows
from linli.reach.errors import ReachError, at

Floats = npt.NDArray[np.float64]
WEIGHTS = ("demand", "people", "weight", "population")
_NOTHING = {"", "-", "inf", "Inf", "INF"}


@dataclass(frozen=True, slots=True)
class Problem:
    """``times[i, j]`` from demand point i to site j, infinite where there is no way."""

    points: Sequence[str]
    sites: Sequence[str]
    times: Floats
    weight: Floats


def read(times: Path, demand: Path | None) -> Problem:
    """A matrix (first column the points, header the sites; or from, to, time) and the demand.

    Empty cells are pairs without a way. Without a demand table every point counts 1. Raises
    ReachError with file and line.
    """
    rows = _records(times)
    number, header = next(rows, (1, []))
    if len(header) < 2:
        raise at(times, number, "the first row must name the points' column and the sites.")
    if [name.lower() for name in header[:2]] == ["from", "to"] and len(header) == 3:
        points, sites, table = _pairs(times, rows)
    else:
        points, sites, table = _matrix(times, header, number, rows)
    weight = np.ones(len(points)) if demand is None else _weights(demand, points, times)
    return Problem(points, sites, table, weight)


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            for cells in reader:
                if any(cells):
                    yield reader.line_num, [cell.strip() for cell in cells]
    except UnicodeDecodeError:
        raise at(path, None, "this is not UTF-8 text.") from None
    except csv.Error as error:
        raise at(path, reader.line_num, f"this is not CSV ({error}).") from None
    except OSError as error:
        raise ReachError(f"{path}: {error.strerror or error}") from None


def _matrix(
    path: Path, header: list[str], first: int, rows: Iterator[tuple[int, list[str]]]
) -> tuple[list[str], list[str], Floats]:  # fmt: skip
    sites = header[1:]
    if len(set(sites)) < len(sites) or "" in sites:
        raise at(path, first, "every site needs a name of its own in the first row.")
    seen: dict[str, int] = {}
    table = []
    for number, cells in rows:
        if len(cells) != len(header):
            raise at(path, number, f"there are {len(cells)} cells for {len(header)} columns.")
        if cells[0] in seen:
            raise at(
                path, number, f'the point "{cells[0]}" is there already (line {seen[cells[0]]}).'
            )
        seen[cells[0]] = number
        table.append(np.array([_time(path, number, cell) for cell in cells[1:]]))
    if not table:
        raise at(path, None, "there is no row under the header.")
    return list(seen), sites, np.array(table)


def _pairs(
    path: Path, rows: Iterator[tuple[int, list[str]]]
) -> tuple[list[str], list[str], Floats]:  # fmt: skip
    points: dict[str, int] = {}
    sites: dict[str, int] = {}
    found: dict[tuple[int, int], float] = {}
    for number, cells in rows:
        if len(cells) != 3:
            raise at(path, number, f"there are {len(cells)} cells; from, to and time are three.")
        i = points.setdefault(cells[0], len(points))
        j = sites.setdefault(cells[1], len(sites))
        if (i, j) in found:
            raise at(path, number, f'the pair "{cells[0]}", "{cells[1]}" is there twice.')
        found[i, j] = _time(path, number, cells[2])
    if not found:
        raise at(path, None, "there is no row under the header.")
    table = np.full((len(points), len(sites)), np.inf)
    for pair, value in found.items():
        table[pair] = value
    return list(points), list(sites), table


def _time(path: Path, number: int, text: str) -> float:
    try:
        value = math.inf if text in _NOTHING else float(text)
    except ValueError:
        value = math.nan
    if not value >= 0:
        raise at(
            path, number, f'"{text}" is not a time; it must be a number of 0 or more, or empty.'
        )
    return value


def _weights(path: Path, points: Sequence[str], times: Path) -> Floats:
    try:
        rows = list(read_rows(path))
    except TableError as error:
        raise at(path, error.row, str(error).partition(": ")[2] or str(error)) from None
    except OSError as error:
        raise ReachError(f"{path}: {error.strerror or error}") from None
    column = next((name for name in WEIGHTS if rows and name in rows[0].cells), "")
    if not column or "id" not in rows[0].cells:
        raise at(path, 1, f"the columns must be id and one of {', '.join(WEIGHTS)}.")
    number_of = {name: i for i, name in enumerate(points)}
    weight = np.full(len(points), np.nan)
    for row in rows:
        i = number_of.get(row["id"])
        if i is None:
            raise at(path, row.number, f'the point "{row["id"]}" is not in {times.name}.')
        weight[i] = _weight(path, row.number, row[column])
    missing = np.flatnonzero(np.isnan(weight))
    if len(missing):
        raise at(path, None, f'the point "{points[missing[0]]}" of {times.name} has no row here.')
    return weight


def _weight(path: Path, number: int, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise at(path, number, f'"{text}" is not a demand; it must be a number of 0 or more.')
    return value
