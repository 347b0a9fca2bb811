"""`linli places import | gazetteer | locate | check | measure`."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linli.places import locate as locating
from linli.places import measuring, tree
from linli.places.importing import GAZETTEER, ImportProblem, ImportReport, import_csv, import_file
from linli.places.importing.reading import Datum
from linli.places.importing.running import Progress
from linli.places.models import Place


@click.group()
def places() -> None:
    """The tree of places: bring it in, ask it, check it."""


@places.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--datum", type=click.Choice(["gcj02", "wgs84"]),
              help="What the file's coordinates are: gcj02 (Chinese maps) or wgs84 (GPS).")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Find everything, write nothing.")
@click.option("--keep-good", is_flag=True, help="Write the good rows although others are wrong.")
@click.option("--door-codes", is_flag=True, help="Give each new building a code for its door card.")
@click.option("--errors", type=click.Path(dir_okay=False, path_type=Path),
              help="Keep the wrong rows, each with its reason, in this CSV file.")  # fmt: skip
def import_(file: Path, datum: Datum | None, dry_run: bool, keep_good: bool, door_codes: bool,
            errors: Path | None) -> None:  # fmt: skip
    """Bring FILE (CSV or GeoJSON) into the tree; safe to repeat."""
    with _bar() as bar:
        report = _tried(
            import_file, file, datum=datum, dry_run=dry_run, keep_good=keep_good,
            door_codes=door_codes, progress=bar,
        )  # fmt: skip
    _tell(report)
    if errors is not None and report.wrong:
        try:
            kept = report.write_errors(errors)
        except OSError as problem:
            raise click.ClickException(f"{errors}: {problem.strerror}") from None
        click.echo(_("%(n)s wrong rows kept in %(file)s.") % {"n": kept, "file": errors})
    raise SystemExit(1 if report.wrong else 0)


@places.command()
@click.option("--dry-run", is_flag=True, help="Find everything, write nothing.")
def gazetteer(dry_run: bool) -> None:
    """Load the shipped gazetteer of Liyang: county, towns, villages and communities."""
    _tell(_tried(import_csv, GAZETTEER, datum="wgs84", dry_run=dry_run))


@places.command(context_settings={"ignore_unknown_options": True})
@click.argument("lon", type=float)
@click.argument("lat", type=float)
def locate(lon: float, lat: float) -> None:
    """Say which place is at LON LAT (degrees, WGS 84), or which village is nearest."""
    lang = get_language() or "zh-hans"
    place = locating.locate(lon, lat)
    if place is not None:
        click.echo(f"{place.code}  {place.full_name(lang)}")
        return
    near = locating.nearest_village(lon, lat)
    if near is None:
        raise click.ClickException(_("No village has a boundary or a point yet."))
    click.echo(
        _("In no place; %(metres)s m from %(place)s (%(code)s).")
        % {"metres": f"{near.metres:,.0f}", "place": near.place.full_name(lang),
           "code": near.place.code}
    )  # fmt: skip
    raise SystemExit(1)


@places.command()
def check() -> None:
    """Compute paths, closure and history anew; compare the drawn parts with their places."""
    flaws = tree.flaws()
    for flaw in flaws:
        click.echo(f"{flaw.code}: {flaw.text}")
    drawn = Place.objects.current().filter(
        pk__in=Place.objects.current().exclude(boundary=None).values("parent")
    )
    loose = 0
    for place in drawn.order_by("path"):
        tiling = tree.check_tiling(place)
        for sentence in tiling.sentences() if tiling else []:
            loose += 1
            click.echo(sentence)
    click.echo(
        _("%(places)s places: %(flaws)s flaws, %(loose)s remarks on boundaries.")
        % {"places": Place.objects.current().count(), "flaws": len(flaws), "loose": loose}
    )
    raise SystemExit(1 if flaws else 0)


@places.command()
@click.option("--buildings", default=60_000, show_default=True, help="Invented buildings to load.")
def measure(buildings: int) -> None:
    """Load an invented county, time the questions asked of it, take it back; one line of JSON."""
    click.echo(json.dumps(measuring.measure(buildings)))


def _tried(importer: Any, *args: Any, **options: Any) -> ImportReport:
    try:
        report: ImportReport = importer(*args, **options)
    except ImportProblem as problem:
        raise click.ClickException(str(problem)) from None
    return report


def _tell(report: ImportReport) -> None:
    for line in report.lines():
        click.echo(line)
    click.echo(report.summary())


@contextmanager
def _bar() -> Iterator[Progress | None]:
    """A progress bar on stderr for people who watch; none in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=100, file=sys.stderr) as bar:
        yield lambda done, total: bar.update(100 * done // total - bar.pos)
