"""New places, one or many at a time."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from linli.lib import clock
from linli.places import boundaries, spelling, stamp
from linli.places.models import END, PARENTS, TOP_DOWN, Kind, Place
from linli.places.tree import closure
from linli.places.tree.errors import TreeError

BATCH = 2_000
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,39}")
LONGEST_PATH = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlace:
    """A place to be added; `parent` is the parent's code, "" for a county."""

    code: str
    kind: str
    name: str
    parent: str = ""
    name_en: str = ""
    gb_code: str = ""
    lon: float | None = None
    lat: float | None = None
    boundary: str | None = None
    valid_from: date | None = None
    generated: bool = False


def add(
    *,
    code: str,
    kind: str,
    name: str,
    parent: Place | None = None,
    name_en: str = "",
    gb_code: str = "",
    lon: float | None = None,
    lat: float | None = None,
    boundary: str | None = None,
    valid_from: date | None = None,
    generated: bool = False,
) -> Place:
    """Add one place and return it.

    `lon` and `lat` are degrees in WGS 84, `boundary` a GeoJSON Polygon or MultiPolygon in WGS 84;
    without a point, one inside the boundary is taken. `valid_from` None means "since before our
    records begin". Raises TreeError with a sentence.
    """
    row = NewPlace(
        code=code, kind=kind, name=name, parent=parent.code if parent else "", name_en=name_en,
        gb_code=gb_code, lon=lon, lat=lat, boundary=boundary, valid_from=valid_from,
        generated=generated,
    )  # fmt: skip
    add_many([row])
    return Place.objects.current().get(code=code)


@transaction.atomic
def add_many(
    rows: Iterable[NewPlace],
    *,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Add places in any order, parents among them or there already; return how many.

    All or nothing. `progress` is called with the number written so far. Raises TreeError for the
    first row that cannot be.
    """
    stamp.touch()
    todo = sorted(rows, key=lambda row: _rank(row.kind))
    known = _places_named_by(todo)
    written = 0
    for kind in TOP_DOWN:
        level = [row for row in todo if row.kind == kind]
        for start in range(0, len(level), BATCH):
            made = _write([_made(row, known) for row in level[start : start + BATCH]])
            known.update((place.code, place) for place in made)
            written += len(made)
            if progress:
                progress(written)
    return written


def check_row(row: NewPlace, parent: Place | None) -> None:
    """Raise TreeError, with a sentence, for a row that cannot be added under `parent`."""
    _check_words(row)
    _check_parent(row, parent)
    _check_point(row.lon, row.lat)
    if row.valid_from and row.valid_from > clock.today():
        raise TreeError(_("%(day)s is in the future: add the place when it exists.")
                        % {"day": row.valid_from})  # fmt: skip


def _check_words(row: NewPlace) -> None:
    if not CODE.fullmatch(row.code):
        raise TreeError(
            _("“%(code)s” is no code: up to 40 Latin letters, digits, - and _.")
            % {"code": row.code}
        )
    if not row.name.strip():
        raise TreeError(_("The place %(code)s has no name.") % {"code": row.code})
    if row.gb_code and not re.fullmatch(r"[0-9]{6,12}", row.gb_code):
        raise TreeError(
            _("“%(code)s” is no statistical code: 6 to 12 digits.") % {"code": row.gb_code}
        )


def _check_parent(row: NewPlace, parent: Place | None) -> None:
    allowed = PARENTS[row.kind]
    if not allowed and row.parent:
        raise TreeError(_("A county has no parent."))
    if not allowed:
        return
    if not row.parent:
        raise TreeError(_("The place %(code)s names no parent.") % {"code": row.code})
    if parent is None:
        raise TreeError(
            _("There is no place %(parent)s, which %(code)s names as its parent.")
            % {"parent": row.parent, "code": row.code}
        )
    check_fits(row.kind, parent)
    if len(parent.path) + len(row.code) + 1 > LONGEST_PATH:
        raise TreeError(_("The codes from the county down are longer than 255 letters together."))


def check_fits(kind: str, parent: Place) -> None:
    """Raise TreeError unless a place of this kind may lie in `parent`."""
    if parent.kind not in PARENTS[kind]:
        raise TreeError(
            _("A %(kind)s cannot lie in a %(parent)s: it lies in a %(allowed)s.")
            % {
                "kind": Kind(kind).label,
                "parent": Kind(parent.kind).label,
                "allowed": _(" or a ").join(str(Kind(one).label) for one in PARENTS[kind]),
            }
        )


def _check_point(lon: float | None, lat: float | None) -> None:
    if (lon is None) != (lat is None):
        raise TreeError(_("A point needs both longitude and latitude."))
    if lon is not None and lat is not None and not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise TreeError(
            _("%(lon)s, %(lat)s is no point on earth: degrees, longitude first.")
            % {"lon": lon, "lat": lat}
        )


def _rank(kind: str) -> int:
    try:
        return TOP_DOWN.index(Kind(kind))
    except ValueError:
        kinds = ", ".join(kind.value for kind in Kind)
        raise TreeError(
            _("“%(kind)s” is no kind of place; there are: %(kinds)s.")
            % {"kind": kind, "kinds": kinds}
        ) from None


def _places_named_by(rows: Sequence[NewPlace]) -> dict[str, Place]:
    """Current places whose code a row has (refused) or names as its parent, by code."""
    own = {row.code for row in rows}
    if len(own) < len(rows):
        twice = Counter(row.code for row in rows).most_common(1)[0][0]
        raise TreeError(_("The code %(code)s occurs twice.") % {"code": twice})
    asked = sorted(own | {row.parent for row in rows})
    known: dict[str, Place] = {}
    for start in range(0, len(asked), BATCH):
        for place in Place.objects.current().filter(code__in=asked[start : start + BATCH]):
            if place.code in own:
                raise TreeError(
                    _("There is a place %(code)s already: %(name)s.")
                    % {"code": place.code, "name": place.name}
                )
            known[place.code] = place
    return known


def _made(row: NewPlace, known: Mapping[str, Place]) -> Place:
    parent = known.get(row.parent)
    check_row(row, parent)
    outline, lon, lat = None, row.lon, row.lat
    if row.boundary:
        try:
            shape = boundaries.parse(row.boundary)
        except boundaries.BadBoundary as problem:
            raise TreeError(str(problem)) from problem
        outline = boundaries.text_of(shape)
        if lon is None:
            lon, lat = boundaries.inner_point(shape)
    return Place(
        code=row.code, kind=row.kind, name=row.name.strip(), name_en=row.name_en.strip(),
        gb_code=row.gb_code, lon=lon, lat=lat, valid_from=row.valid_from, generated=row.generated,
        spelling=spelling.of(row.name), parent=parent, boundary=outline,
        path=(parent.path if parent else "") + row.code + END,
    )  # fmt: skip


def _write(made: Sequence[Place]) -> list[Place]:
    places = Place.objects.bulk_create(made)
    closure.attach(places[0].pk, places[-1].pk)
    return places
