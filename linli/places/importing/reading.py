"""From cells to a place: every cell judged, coordinates brought to WGS 84."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

import numpy as np
import shapely
from django.utils.translation import gettext as _

from linli.lib.coordinates import gcj02_to_wgs84
from linli.places import boundaries
from linli.places.boundaries import DECIMALS, BadBoundary, looks_swapped
from linli.places.importing.sources import ImportProblem, Raw
from linli.places.models import Kind
from linli.places.tree.adding import NewPlace

Datum = Literal["gcj02", "wgs84"]
YES, NO = {"1", "true", "yes", "y"}, {"", "0", "false", "no", "n"}


class RowError(ValueError):
    """A row that cannot be; the text is a sentence."""


@dataclass(frozen=True)
class Wanted:
    """A row understood: the place it describes, what it came from, and what to look at."""

    raw: Raw
    place: NewPlace
    warnings: tuple[str, ...] = ()


def understand(raw: Raw, datum: Datum | None) -> Wanted:
    """Read one row. Raises RowError, or ImportProblem if it has coordinates of unknown datum."""
    cells = {name: value.strip() for name, value in raw.cells.items()}
    place = NewPlace(
        code=cells.get("code", ""),
        kind=_kind(cells.get("kind", "")),
        name=cells.get("name", ""),
        name_en=cells.get("name_en", ""),
        parent=cells.get("parent", ""),
        gb_code=cells.get("gb_code", ""),
        valid_from=_day(cells.get("valid_from", "")),
        generated=_truth(cells.get("generated", "")),
    )
    warnings: list[str] = []
    if raw.geometry is not None:
        text = _boundary(raw.geometry, _shift(datum), warnings)
        place = replace(place, boundary=text)
    if cells.get("lon") or cells.get("lat"):
        lon, lat = _point(cells, _shift(datum))
        place = replace(place, lon=lon, lat=lat)
    return Wanted(raw, place, tuple(warnings))


Shift = Callable[[float, float], tuple[float, float]]


def _shift(datum: Datum | None) -> Shift:
    """How a point of the file comes to WGS 84; nobody guesses which datum a file is in."""
    if datum is None:
        raise ImportProblem(
            _(
                "The file has coordinates. Say what they are: --datum gcj02 (read from a Chinese"
                " map service) or --datum wgs84 (GPS, OpenStreetMap). They differ by up to 700 m."
            )
        )
    return gcj02_to_wgs84 if datum == "gcj02" else lambda lon, lat: (lon, lat)


def _kind(text: str) -> str:
    kind = text.casefold()
    if kind not in set(Kind):
        raise RowError(
            _("“%(kind)s” is no kind of place; there are: %(kinds)s.")
            % {"kind": text, "kinds": ", ".join(one.value for one in Kind)}
        )
    return kind


def _day(text: str) -> date | None:
    if not text:
        return None
    for form in ("%Y-%m-%d", "%Y/%m/%d"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise RowError(_("“%(day)s” is no date; write it like 2026-01-31.") % {"day": text})


def _truth(text: str) -> bool:
    if text.casefold() not in YES | NO:
        raise RowError(_("“%(text)s” is neither yes nor no.") % {"text": text})
    return text.casefold() in YES


def _point(cells: Mapping[str, str], shift: Shift) -> tuple[float, float]:
    lon, lat = _degrees(cells.get("lon", "")), _degrees(cells.get("lat", ""))
    if lon is None or lat is None:
        raise RowError(_("A point needs both longitude and latitude."))
    if looks_swapped(lon, lat):
        raise RowError(
            _("Longitude %(lon)s and latitude %(lat)s look swapped.") % {"lon": lon, "lat": lat}
        )
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise RowError(
            _("%(lon)s, %(lat)s is no point on earth: degrees, longitude first.")
            % {"lon": lon, "lat": lat}
        )
    lon, lat = shift(lon, lat)
    return round(lon, DECIMALS), round(lat, DECIMALS)


def _degrees(text: str) -> float | None:
    if not text:
        return None
    try:
        return float(unicodedata.normalize("NFKC", text))
    except ValueError:
        raise RowError(
            _("“%(text)s” is no number of degrees; write it like 119.4835.") % {"text": text}
        ) from None


def _boundary(geometry: Any, shift: Shift, warnings: list[str]) -> str:
    try:
        shape = boundaries.read(geometry)
        moved = shapely.transform(
            shape, lambda corners: np.array([shift(lon, lat) for lon, lat in corners])
        )
        sound = boundaries.repair(moved)
    except BadBoundary as problem:
        raise RowError(str(problem)) from problem
    if not moved.is_valid:
        change = abs(sound.area - moved.area) / sound.area
        warnings.append(
            _("The boundary crossed itself and was repaired; its area changed by %(share)s %%.")
            % {"share": f"{100 * change:.1f}"}
        )
    return boundaries.text_of(sound)
