"""Rows of a file, each as plain cells and perhaps a geometry; nothing is judged here."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from linli.lib.tables import TableError, read_rows

COLUMNS = (
    "code", "kind", "name", "name_en", "parent", "gb_code", "lon", "lat", "boundary", "valid_from",
    "generated",
)  # fmt: skip
NEEDED = ("code", "kind", "name")
WGS84_NAMES = ("CRS84", "4326", "4979", "CRS84h")


class ImportProblem(ValueError):
    """A file that cannot be imported at all; the text is a sentence."""


@dataclass(frozen=True)
class Raw:
    """One row as it came: its number, its cells, and a GeoJSON geometry or None."""

    number: int
    cells: dict[str, str]
    geometry: Any = None


def rows_of(path: Path) -> Iterator[Raw]:
    """The rows of a CSV or GeoJSON file, told apart by the name. Raises ImportProblem."""
    return geojson_rows(path) if path.suffix.lower() in {".json", ".geojson"} else csv_rows(path)


def csv_rows(path: Path) -> Iterator[Raw]:
    """The rows of a CSV file; a column `boundary` may hold GeoJSON text."""
    try:
        rows = read_rows(path)
        for first, row in enumerate(rows):
            if not first:
                _check_columns(set(row.cells))
            text = row.get("boundary").strip()
            yield Raw(row.number, {**row.cells}, text or None)
    except TableError as problem:
        raise ImportProblem(str(problem)) from problem
    except OSError as problem:
        raise ImportProblem(_("%(file)s cannot be read.") % {"file": path}) from problem


def geojson_rows(path: Path) -> Iterator[Raw]:
    """The features of a GeoJSON FeatureCollection (or bare list), numbered from 1."""
    try:
        data = json.loads(path.read_bytes())
    except OSError as problem:
        raise ImportProblem(_("%(file)s cannot be read.") % {"file": path}) from problem
    except ValueError as problem:  # a UnicodeDecodeError is one too
        raise ImportProblem(_("%(file)s is no JSON file.") % {"file": path}) from problem
    _check_crs(data)
    features = data.get("features") if isinstance(data, dict) else data
    if not isinstance(features, list):
        raise ImportProblem(_("%(file)s holds no list of GeoJSON features.") % {"file": path})
    for number, feature in enumerate(features, start=1):
        yield _feature(number, feature)


def _feature(number: int, feature: Any) -> Raw:
    if not isinstance(feature, dict):
        return Raw(number, {})
    properties = feature.get("properties")
    cells = {
        str(name): "" if value is None else str(value).strip()
        for name, value in (properties if isinstance(properties, dict) else {}).items()
    }
    geometry = feature.get("geometry")
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        at = geometry.get("coordinates")
        if isinstance(at, list) and len(at) >= 2 and not cells.get("lon"):
            cells |= {"lon": str(at[0]), "lat": str(at[1])}
        geometry = None
    return Raw(number, cells, geometry)


def _check_columns(there: set[str]) -> None:
    missing = [name for name in NEEDED if name not in there]
    if missing:
        raise ImportProblem(
            _("The file lacks the columns %(missing)s; it may have: %(columns)s.")
            % {"missing": ", ".join(missing), "columns": ", ".join(COLUMNS)}
        )


def _check_crs(data: Any) -> None:
    """GeoJSON is in WGS 84 degrees (or GCJ-02, said by the caller); another grid is refused."""
    named = data.get("crs") if isinstance(data, dict) else None
    properties = named.get("properties") if isinstance(named, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if name and not name.endswith(WGS84_NAMES):
        raise ImportProblem(
            _("The file is in the coordinates %(name)s; save it as WGS 84 (EPSG:4326).")
            % {"name": name}
        )
