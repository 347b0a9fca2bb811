"""`linli bench NAME`: what a page costs, beside a floor measured in the same run on the same rows."""

import json
from pathlib import Path

import click

from linli.bench import measure, report
from linli.bench.measure import How
from linli.bench.pages import NAMES, looks
from linli.bench.stand import ENGINES, stand


@click.command()
@click.argument("name", type=click.Choice([*NAMES, "all"]))
@click.option("--rows", default=1_000, show_default=True, help="Cases in the database.")
@click.option("--engine", type=click.Choice(ENGINES), default="sqlite", show_default=True)
@click.option("--passes", default=5, show_default=True, help="Passes; medians are given.")
@click.option("--seconds", default=2.0, show_default=True, help="Length of one pass.")
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path),
    help="Keep filled databases in this folder, and use those that are there.",
)  # fmt: skip
@click.option("--gzip", is_flag=True, help="Ask for squeezed pages, as browsers do.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each figure.")
def bench(
    name: str, rows: int, engine: str, passes: int, seconds: float, keep: Path | None,
    gzip: bool, as_json: bool,
) -> None:  # fmt: skip
    """Fill a database, start the server and a floor, and measure both in turns.

    docs/performance.md says what each figure means.
    """
    how = How(passes, seconds, gzip)
    with stand(rows, engine, keep) as ground, measure.serving(ground) as running:
        for each in NAMES if name == "all" else [name]:
            found = looks(each, ground, running.app)
            counted = measure.statements(ground, found)
            for row in measure.pages(running, found, how):
                row |= counted[f"{row['name']} ({row['who']})"]
                click.echo(json.dumps(row, ensure_ascii=False) if as_json else report.line(row))
