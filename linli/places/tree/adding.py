"""New places, one or many at a time."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from django.db import transaction
from django.utils.translation import gettext as _

from linli.journal.record import record
from linli.lib import clock
from linli.places import boundaries, doors, spelling, stamp
from linli.places.models import END, PARENTS, TOP_DOWN, Kind, Place
from linli.places.tree import closure, history
from linli.places.tree.errors import TreeError

BATCH = 2_000
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,39}")
LONGEST_PATH = 200


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


@transaction.atomic
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
    by: object = "system",
) -> Place:
    """Add one place and return it.

    `lon` and `lat` are degrees in WGS 84, `boundary` a GeoJSON Polygon or MultiPolygon in WGS 84;
    without a point, one inside the boundary is taken. `valid_from` None means "since before our
    records begin", or since the parent's if that began later. Raises TreeError with a sentence.
    """
    row = NewPlace(
        code=code, kind=kind, name=name, parent=parent.code if parent else "", name_en=name_en,
        gb_code=gb_code, lon=lon, lat=lat, boundary=boundary, valid_from=valid_from,
        generated=generated,
    )  # fmt: skip
    stamp.touch()
    (place,) = write_all([row])
    record("place.added", on=place, by=by, place=place.path, facts={"kind": kind})
    return place


@transaction.atomic
def add_many(
    rows: Iterable[NewPlace],
    *,
    door_codes: bool = False,
    by: object = "system",
    progress: Callable[[int], None] | None = None,
) -> int:
    """Add places in any order, parents among them or there already; return how many.

    All or nothing, and one line in the journal. With `door_codes` each building gets a code for
    the card at its door. `progress` is called with the number written so far. Raises TreeError for
    the first row that cannot be.
    """
    stamp.touch()
    made = write_all(list(rows), door_codes=door_codes, progress=progress)
    if made:
        kinds = Counter(place.kind for place in made)
        where = _common(made)
        record("place.added", on="places.Place", by=by, place=where, facts={"kinds": dict(kinds)})
    return len(made)


def write_all(
    rows: Sequence[NewPlace],
    *,
    door_codes: bool = False,
    progress: Callable[[int], None] | None = None,
) -> list[Place]:
    """What `add_many` does, for callers that hold the lock and write the journal themselves."""
    todo = sorted(rows, key=lambda row: _rank(row.kind))
    parents = _Parents(todo)
    words = doors.fresh_codes() if door_codes else None
    written: list[Place] = []
    for kind in TOP_DOWN:
        level = [row for row in todo if row.kind == kind]
        for start in range(0, len(level), BATCH):
            made = [_made(row, parents) for row in level[start : start + BATCH]]
            if words and kind == Kind.BUILDING:
                for place in made:
                    place.door_code = next(words)
            Place.objects.bulk_create(made)
            closure.attach(made[0].pk, made[-1].pk)
            parents.add(made)
            written += made
            if progress:
                progress(len(written))
    return written


def check_row(row: NewPlace, parent: Place | None) -> None:
    """Raise TreeError, with a sentence, for a row that cannot be added under `parent`."""
    _check_words(row)
    _check_parent(row, parent)
    check_point(row.lon, row.lat)
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
        raise TreeError(
            _("The codes from the county down are longer than %(most)s letters together.")
            % {"most": LONGEST_PATH}
        )


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


def check_point(lon: float | None, lat: float | None) -> None:
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


class _Parents:
    """Current places that new rows name as their parent, by code, and since when they stand."""

    def __init__(self, rows: Sequence[NewPlace]) -> None:
        self._known: dict[str, Place] = {}
        self._since: dict[str, date | None] = {}
        own = {row.code for row in rows}
        if len(own) < len(rows):
            twice = Counter(row.code for row in rows).most_common(1)[0][0]
            raise TreeError(_("The code %(code)s occurs twice.") % {"code": twice})
        asked = sorted(own | {row.parent for row in rows})
        for start in range(0, len(asked), BATCH):
            some = Place.objects.light().current().filter(code__in=asked[start : start + BATCH])
            for place in some:
                if place.code in own:
                    raise TreeError(
                        _("There is a place %(code)s already: %(name)s.")
                        % {"code": place.code, "name": place.name}
                    )
                self._known[place.code] = place

    def get(self, code: str) -> Place | None:
        return self._known.get(code)

    def add(self, places: Iterable[Place]) -> None:
        for place in places:
            self._known[place.code] = place
            self._since[place.code] = place.valid_from

    def since(self, place: Place) -> date | None:
        if place.code not in self._since:
            self._since[place.code] = history.since(place)
        return self._since[place.code]


def _made(row: NewPlace, parents: _Parents) -> Place:
    parent = parents.get(row.parent)
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
        gb_code=row.gb_code, lon=lon, lat=lat, generated=row.generated, boundary=outline,
        spelling=spelling.of(row.name), parent=parent,
        path=(parent.path if parent else "") + row.code + END,
        valid_from=beginning(row, parent, parents.since(parent) if parent else None),
    )  # fmt: skip


def beginning(row: NewPlace, parent: Place | None, since: date | None) -> date | None:
    """The first day of a new place under a parent that has stood `since` then.

    Never before its parent, so that it always lies in one; TreeError if it was asked to be.
    """
    if since is None or row.valid_from is None:
        return row.valid_from or since
    if row.valid_from < since:
        raise TreeError(
            _("%(code)s cannot begin on %(day)s: %(parent)s stands since %(since)s only.")
            % {"code": row.code, "day": row.valid_from, "parent": parent, "since": since}
        )
    return row.valid_from


def _common(places: Sequence[Place]) -> str:
    """The path of the deepest place that contains all of them; "" if there is none."""
    lines = [place.codes for place in places]
    # Sorted, the first and the last differ earliest; what they share, all share.
    pairs = zip(min(lines), max(lines), strict=False)
    return "".join(code + END for code, _other in takewhile(lambda pair: pair[0] == pair[1], pairs))
