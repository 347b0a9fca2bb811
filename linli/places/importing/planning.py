"""What a file would change: its rows beside the tree as it stands, parents before children."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from linli.places import boundaries
from linli.places.importing.reading import RowError, Wanted
from linli.places.models import END, TOP_DOWN, VILLAGES, Place
from linli.places.tree import history
from linli.places.tree.adding import NewPlace, beginning, check_fits, check_row
from linli.places.tree.errors import TreeError

CHUNK = 2_000
NEAR_DEG = 1e-6  # a tenth of a metre: the same point


@dataclass
class Plan:
    """Rows by what has to be done with them; `wrong` says why by row number."""

    new: list[Wanted] = field(default_factory=list)
    changed: list[tuple[Wanted, list[str]]] = field(default_factory=list)  # with the columns
    unchanged: list[Wanted] = field(default_factory=list)
    wrong: dict[int, str] = field(default_factory=dict)
    warnings: dict[int, list[str]] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)  # by code: current, or to be


def plan(rows: Sequence[Wanted], wrong_codes: dict[str, int]) -> Plan:
    """Compare rows with the tree. `wrong_codes`: codes of rows that could not be read."""
    made = Plan(places=_existing(rows))
    old = set(made.places)
    readable = {row.place.code for row in rows}
    bad = {code: number for code, number in wrong_codes.items() if code not in readable}
    since: dict[str, date | None] = {}
    twice = _repeated(rows)
    for row in sorted(rows, key=lambda row: TOP_DOWN.index(row.place.kind)):
        number = row.raw.number
        if number in twice:  # the first one counts, also for what lies in it
            made.wrong[number] = _("Row %(row)s has the same code.") % {"row": twice[number]}
            continue
        try:
            _check_parent_row(row.place, bad)
            if row.place.code in old:
                _compare(row, made)
            else:
                _plan_new(row, made, since)
        except (RowError, TreeError) as problem:
            made.wrong[number] = str(problem)
            bad.setdefault(row.place.code, number)
        else:
            made.warnings[number] = [*row.warnings, *_lies_outside(row.place, made)]
    return made


def _existing(rows: Sequence[Wanted]) -> dict[str, Place]:
    asked = sorted({row.place.code for row in rows} | {row.place.parent for row in rows})
    found: dict[str, Place] = {}
    for start in range(0, len(asked), CHUNK):
        some = Place.objects.current().filter(code__in=asked[start : start + CHUNK])
        found.update((place.code, place) for place in some.select_related("parent"))
    return found


def _repeated(rows: Iterable[Wanted]) -> dict[int, int]:
    """Rows whose code an earlier row has, with that row."""
    first: dict[str, int] = {}
    twice = {}
    for row in rows:
        known = first.setdefault(row.place.code, row.raw.number)
        if known != row.raw.number:
            twice[row.raw.number] = known
    return twice


def _check_parent_row(row: NewPlace, bad: dict[str, int]) -> None:
    if row.parent in bad:
        raise RowError(
            _("Its parent %(parent)s in row %(row)s is wrong.")
            % {"parent": row.parent, "row": bad[row.parent]}
        )


def _plan_new(row: Wanted, made: Plan, since: dict[str, date | None]) -> None:
    new = row.place
    parent = made.places.get(new.parent)
    check_row(new, parent)
    if parent is not None and parent.code not in since:
        since[parent.code] = history.since(parent)
    start = beginning(new, parent, since[parent.code] if parent else None)
    since[new.code] = start
    made.places[new.code] = Place(
        code=new.code, kind=new.kind, parent=parent, boundary=new.boundary, name=new.name,
        path=(parent.path if parent else "") + new.code + END, valid_from=start,
    )  # fmt: skip
    made.new.append(row)


def _compare(row: Wanted, made: Plan) -> None:
    new, old = row.place, made.places[row.place.code]
    columns = [name for name in ("name", "name_en", "gb_code") if _says_else(new, old, name)]
    if new.kind != old.kind:
        if not {new.kind, old.kind} <= set(VILLAGES):
            raise RowError(
                _("%(code)s is a %(kind)s already and cannot become a %(other)s.")
                % {"code": old.code, "kind": old.get_kind_display(), "other": new.kind}
            )
        columns.append("kind")
    old_parent = old.parent.code if old.parent else ""
    if new.parent and new.parent != old_parent:
        parent = made.places.get(new.parent)
        if parent is None:
            raise RowError(
                _("There is no place %(parent)s, which %(code)s names as its parent.")
                % {"parent": new.parent, "code": new.code}
            )
        check_fits(new.kind, parent)
        columns.append("parent")
    if new.lon is not None and not _same_point(new, old):
        columns.append("lon, lat")
    if new.boundary and new.boundary != old.boundary:
        columns.append("boundary")
    if columns:
        made.changed.append((row, columns))
    else:
        made.unchanged.append(row)


def _says_else(new: NewPlace, old: Place, column: str) -> bool:
    """Whether a filled cell differs; an empty one says nothing and takes nothing away."""
    said = getattr(new, column)
    return bool(said) and said != getattr(old, column)


def _same_point(new: NewPlace, old: Place) -> bool:
    if old.lon is None or old.lat is None or new.lon is None or new.lat is None:
        return False
    return abs(new.lon - old.lon) <= NEAR_DEG and abs(new.lat - old.lat) <= NEAR_DEG


def _lies_outside(row: NewPlace, made: Plan) -> list[str]:
    """A point far from where its parent was drawn is a slip more often than not."""
    parent = made.places.get(row.parent)
    if parent is None or not parent.boundary or row.lon is None or row.lat is None:
        return []
    if boundaries.covers(parent.boundary, row.lon, row.lat):
        return []
    return [
        _("The point of %(code)s lies outside %(parent)s.")
        % {"code": row.code, "parent": parent.name}
    ]
