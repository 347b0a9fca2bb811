"""`linli import cases`: from a CSV file, with a dry run, progress and the wrong rows kept apart."""

from itertools import chain, islice
from pathlib import Path

import click

from linli import playbook
from linli.intake.cases import (
    Plan,
    Report,
    columns_of,
    id_number_columns,
    import_cases,
)
from linli.lib.tables import TableError, read_rows, write_rows
from linli.lib.workdays import Span
from linli.places.models import Place


@click.group("import")
def import_() -> None:
    """Bring in data from elsewhere; repeating it is safe."""


@import_.command("cases")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", required=True, help="The playbook's kind that they become.")
@click.option(
    "--map",
    "columns",
    required=True,
    help="FIELD=COLUMN,… e.g. source=id,text=text,received=asked_at",
)
@click.option("--place", help="Code of the place they belong to; default: the county.")
@click.option("--within", help='The promise they are measured by, e.g. "15 workdays".')
@click.option("--visibility", type=click.Choice(["office", "public"]), default="office")
@click.option(
    "--errors", type=click.Path(dir_okay=False, path_type=Path), help="Where the wrong rows go."
)
@click.option("--dry-run", is_flag=True, help="Read and check everything, write nothing.")
def cases(
    file: Path, kind: str, columns: str, place: str | None, within: str | None,
    visibility: str, errors: Path | None, dry_run: bool,
) -> None:  # fmt: skip
    """Bring the rows of FILE in as cases of one kind, with their own dates and answers."""
    plan = _plan(file, kind, columns, place, within, visibility)
    try:
        rows = read_rows(file)
        first = list(islice(rows, 200))
    except TableError as error:
        raise click.ClickException(str(error)) from error
    _check_columns(first, plan)
    report = import_cases(
        chain(first, rows), plan, dry_run=dry_run,
        progress=lambda done: click.echo(f"  {done} rows read", err=True),
    )  # fmt: skip
    _say(report, dry_run)
    if report.wrong:
        target = errors or file.with_suffix(".errors.csv")
        _keep(report, target)
        click.echo(f"{len(report.wrong)} wrong rows, each with its reason: {target}")


def _plan(
    file: Path, kind: str, columns: str, place: str | None, within: str | None, visibility: str
) -> Plan:
    book = playbook.current()
    if kind not in book.kinds:
        raise click.BadParameter(f"there is no kind “{kind}”; there are {', '.join(book.kinds)}")
    code = place or book.county.place
    ground = Place.objects.current().filter(code=code).first()
    if ground is None:
        raise click.BadParameter(f"there is no place {code}; import places first")
    try:
        return Plan(book.kinds[kind], columns_of(columns), ground, file.stem,
                    Span.parse(within) if within else None, visibility)  # fmt: skip
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _check_columns(first: list, plan: Plan) -> None:  # type: ignore[type-arg]
    if not first:
        raise click.ClickException("the file has a header and no rows")
    there = set(first[0].cells)
    missing = [c for c in plan.columns.values() if c not in there]
    if missing:
        raise click.ClickException(f"no column {', '.join(missing)}; there are {', '.join(there)}")
    numbers = id_number_columns(first)
    if numbers:
        raise click.ClickException(
            f"column {', '.join(numbers)} holds identity numbers: take it out, Linli keeps none"
        )


def _say(report: Report, dry_run: bool) -> None:
    word = "would be " if dry_run else ""
    for name in ("new", "there already", "wrong"):
        click.echo(f"{report.counts[name]:>7} {word if name == 'new' else ''}{name}")


def _keep(report: Report, target: Path) -> None:
    header = ["row", "reason", *report.wrong[0].row.cells]
    with target.open("w", encoding="utf-8", newline="") as out:
        write_rows(out, header, (
            [str(w.row.number), w.reason, *(value or "" for value in w.row.cells.values())]
            for w in report.wrong
        ))  # fmt: skip
