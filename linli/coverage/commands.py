"""`linli coverage run | show | tally | measure`."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click
from django.utils import translation

from linli import playbook
from linli.coverage import counting, tallies
from linli.coverage.models import Count, What
from linli.coverage.owners import Unowned
from linli.lib import clock

MEASURE = "from linli.coverage import measuring; measuring.measure({}, {}, print)"
COLUMNS = ("size", "covered", "gaps", "tolerated", "unknown")


@click.group()
def coverage() -> None:
    """For all of SET at DATE there is THING: count it, and name the gaps."""


@coverage.command()
@click.option("--rule", multiple=True, help="Only this rule; may be given several times.")
@click.option("--json", "as_json", is_flag=True)
def run(rule: tuple[str, ...], as_json: bool) -> None:
    """Count every rule of the playbook as of today, open and close gaps, and say what changed."""
    unknown = [name for name in rule if name not in playbook.current().coverage]
    if unknown:
        known = ", ".join(playbook.current().coverage)
        raise click.ClickException(f"There is no rule {unknown[0]!r}. Known are: {known}")
    try:
        found = counting.run(rule or None)
    except Unowned as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        rows = [asdict(one) | {"as_of": one.as_of.isoformat()} for one in found]
        click.echo(json.dumps(rows, indent=1))
        return
    for one in found:
        click.echo(
            f"{one.rule:34} {_numbers(asdict(one))}  {one.opened} opened, {one.closed} closed"
        )


@coverage.command()
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def show(lang: str) -> None:
    """The numbers of the last count, without counting again."""
    rules = playbook.current().coverage
    for row in Count.objects.defer("members").filter(rule__in=rules).order_by("rule"):
        numbers = {name: getattr(row, name) for name in COLUMNS}
        with translation.override("zh-hans" if lang == "zh" else "en"):
            click.echo(f"{row.as_of}  {_numbers(numbers)}  {rules[row.rule].name.text(lang)}")


def _numbers(row: dict[str, int]) -> str:
    return "  ".join(f"{name} {row[name]:>6}" for name in COLUMNS)


@coverage.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--what", type=click.Choice(What.values), default=What.HOUSEHOLDS.value,
              show_default=True, help="What is counted.")  # fmt: skip
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day of the counts; today.")
@click.option("--source", required=True, help="Where the counts come from.")
@click.option("--dry-run", is_flag=True)
def tally(file: Path, what: str, as_of: date | None, source: str, dry_run: bool) -> None:
    """Read how many there are at places: a table with the columns code and number."""
    day = as_of or clock.today()
    day = day.date() if hasattr(day, "date") else day
    report = tallies.take(file, day, source, what=what, dry_run=dry_run)
    for line in report.problems:
        click.echo(line, err=True)
    click.echo(f"{report.taken} counts taken, {len(report.problems)} refused")
    raise SystemExit(bool(report.problems))


@coverage.command()
@click.option("--buildings", type=click.IntRange(100, 200_000), default=60_000, show_default=True)
@click.option("--rules", type=click.IntRange(1, 60), default=20, show_default=True)
def measure(buildings: int, rules: int) -> None:
    """Time a count of an invented county, in a folder that is thrown away afterwards.

    With LINLI_DATABASE_URL the county is built there; that database has to be empty.
    """
    with tempfile.TemporaryDirectory(prefix="linli-coverage-") as folder:
        code = f"import django; django.setup(); {MEASURE.format(buildings, rules)}"
        env = {**os.environ, "LINLI_DATA": folder, "DJANGO_SETTINGS_MODULE": "linli.settings"}
        done = subprocess.run([sys.executable, "-c", code], env=env, check=False)
    raise SystemExit(done.returncode)
