"""One import from the first row to the report: all or nothing, unless the caller keeps the good."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from linli.journal.record import record
from linli.places import stamp, tree
from linli.places.importing.planning import Plan, plan
from linli.places.importing.reading import Datum, RowError, Wanted, understand
from linli.places.importing.report import Finding, ImportReport, Outcome
from linli.places.importing.sources import (
    ImportProblem,
    Raw,
    csv_rows,
    geojson_rows,
    rows_of,
)
from linli.places.models import Place
from linli.places.tree.adding import NewPlace, write_all

GAZETTEER = Path(__file__).resolve().parent.parent / "gazetteer" / "liyang.csv"
Progress = Callable[[int, int], None]  # rows done, rows in all


@dataclass(frozen=True)
class _Options:
    dry_run: bool
    datum: Datum | None
    keep_good: bool
    door_codes: bool
    by: object
    progress: Progress | None


def import_csv(
    path: Path | str,
    *,
    dry_run: bool = False,
    datum: Datum | None = None,
    keep_good: bool = False,
    door_codes: bool = False,
    by: object = "system",
    progress: Progress | None = None,
) -> ImportReport:
    """Bring the places of a CSV file (columns: `COLUMNS`) into the tree.

    A code that exists is changed where a filled cell differs, from `valid_from` (or today) on; an
    empty cell says nothing. A dry run does everything and takes it back, so it finds the same
    errors. With a wrong row nothing is written, unless `keep_good`. `datum` is needed as soon as
    there is a coordinate. Raises ImportProblem for a file that cannot be imported at all.
    """
    options = _Options(dry_run, datum, keep_good, door_codes, by, progress)
    return _run(Path(path), csv_rows(Path(path)), options)


def import_geojson(
    path: Path | str,
    *,
    dry_run: bool = False,
    datum: Datum | None = None,
    keep_good: bool = False,
    door_codes: bool = False,
    by: object = "system",
    progress: Progress | None = None,
) -> ImportReport:
    """Like `import_csv`, for a GeoJSON file: columns as properties, boundaries as geometries."""
    options = _Options(dry_run, datum, keep_good, door_codes, by, progress)
    return _run(Path(path), geojson_rows(Path(path)), options)


def import_file(
    path: Path | str,
    *,
    dry_run: bool = False,
    datum: Datum | None = None,
    keep_good: bool = False,
    door_codes: bool = False,
    by: object = "system",
    progress: Progress | None = None,
) -> ImportReport:
    """`import_geojson` for a name that ends with .json or .geojson, else `import_csv`."""
    options = _Options(dry_run, datum, keep_good, door_codes, by, progress)
    return _run(Path(path), rows_of(Path(path)), options)


def _run(path: Path, source: Iterator[Raw], options: _Options) -> ImportReport:
    raws = list(source)
    if not raws:
        raise ImportProblem(_("%(file)s holds no rows.") % {"file": path.name})
    rows, unread = _understand_all(raws, options)
    with transaction.atomic():
        stamp.touch()
        bad = {raw.cells.get("code", ""): raw.number for raw in raws if raw.number in unread}
        bad.pop("", None)
        made = plan(rows, bad)
        made.wrong |= unread
        _apply(made, options)
        wanted = bool(made.new or made.changed) and (options.keep_good or not made.wrong)
        warnings = _tilings(made) if wanted else []
        written = wanted and not options.dry_run
        if written:
            _journal(path, made, options.by)
        else:
            transaction.set_rollback(True)
    return ImportReport(path.name, _findings(raws, made), options.dry_run, written, warnings)


def _understand_all(raws: Sequence[Raw], options: _Options) -> tuple[list[Wanted], dict[int, str]]:
    rows, unread = [], {}
    for done, raw in enumerate(raws, start=1):
        try:
            rows.append(understand(raw, options.datum))
        except RowError as problem:
            unread[raw.number] = str(problem)
        if options.progress and (done % 100 == 0 or done == len(raws)):
            options.progress(done, 2 * len(raws))
    return rows, unread


def _apply(made: Plan, options: _Options) -> None:
    """Do what the plan says; what the tree refuses after all becomes wrong."""
    total = len(made.new) + len(made.changed) + len(made.unchanged) + len(made.wrong)

    def tell(done: int) -> None:
        if options.progress:
            options.progress(total + done, 2 * total)

    write_all([row.place for row in made.new], door_codes=options.door_codes, progress=tell)
    kept = []
    for done, (row, columns) in enumerate(made.changed, start=len(made.new) + 1):
        try:
            with transaction.atomic():
                _change(row.place, columns, options.by)
        except tree.TreeError as problem:
            made.wrong[row.raw.number] = str(problem)
        else:
            kept.append((row, columns))
        tell(done)
    made.changed = kept
    tell(total)


def _change(new: NewPlace, columns: Sequence[str], by: object) -> None:
    place = Place.objects.current().get(code=new.code)
    if "name" in columns or "kind" in columns:
        english = new.name_en or ("" if "name" in columns else place.name_en)
        tree.rename(place, new.name or place.name, name_en=english, kind=new.kind,
                    on=new.valid_from, by=by)  # fmt: skip
    if "parent" in columns:
        parent = Place.objects.current().get(code=new.parent)
        tree.move(place, parent, on=new.valid_from, by=by)
    if "boundary" in columns:
        tree.redraw(place, new.boundary, on=new.valid_from, by=by)
    if {"name_en", "gb_code", "lon, lat"} & set(columns):
        tree.correct(
            place, name_en=new.name_en or None, gb_code=new.gb_code or None, lon=new.lon,
            lat=new.lat, by=by,
        )  # fmt: skip


def _tilings(made: Plan) -> list[str]:
    """Sentences about parents whose drawn parts overlap or leave something out."""
    drawn = [row.place.code for row in made.new if row.place.boundary]
    drawn += [row.place.code for row, columns in made.changed if "boundary" in columns]
    parents: dict[int, Place] = {}
    for place in Place.objects.current().filter(code__in=drawn).select_related("parent"):
        if place.parent is not None:
            parents[place.parent.pk] = place.parent
    said: list[str] = []
    for parent in sorted(parents.values(), key=lambda one: one.path):
        tiling = tree.check_tiling(parent)
        said += tiling.sentences() if tiling else []
    return said


def _journal(path: Path, made: Plan, by: object) -> None:
    facts = {
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "new": len(made.new),
        "changed": len(made.changed),
        "wrong": len(made.wrong),
    }
    record("place.imported", on="places.Place", by=by, facts=facts)


def _findings(raws: Sequence[Raw], made: Plan) -> list[Finding]:
    outcome = {row.raw.number: Outcome.NEW for row in made.new}
    outcome |= {row.raw.number: Outcome.UNCHANGED for row in made.unchanged}
    outcome |= {row.raw.number: Outcome.CHANGED for row, _columns in made.changed}
    outcome |= dict.fromkeys(made.wrong, Outcome.WRONG)
    reasons = {row.raw.number: ", ".join(columns) for row, columns in made.changed} | made.wrong
    return [
        Finding(
            raw.number,
            raw.cells.get("code", "").strip(),
            outcome[raw.number],
            reasons.get(raw.number, ""),
            raw.cells,
            tuple(made.warnings.get(raw.number, ())),
        )
        for raw in raws
    ]
