"""`linli bench NAME`: what a page costs, beside a floor measured in the same run on the same rows."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from linli.bench import forum, measure, process, report
from linli.bench.measure import Bench, How
from linli.bench.pages import NAMES, looks
from linli.bench.stand import ENGINES, stand

PROCESS = ("memory", "cold", "locate", "forum")
Row = dict[str, Any]


def _sizes(context: click.Context, option: click.Parameter, value: str) -> tuple[int, int] | None:
    if not value:
        return None
    few, comma, many = value.replace("_", "").partition(",")
    if not (comma and few.strip().isdigit() and many.strip().isdigit()):
        raise click.BadParameter("two numbers with a comma between, for example 1000,1000000")
    return int(few), int(many)


@click.command()
@click.argument("name", type=click.Choice([*NAMES, "all", *PROCESS]))
@click.option("--rows", type=click.IntRange(200), default=1_000, show_default=True,
              help="Cases in the database; for `forum`, floors.")  # fmt: skip
@click.option("--engine", type=click.Choice(ENGINES), default="sqlite", show_default=True)
@click.option("--passes", type=click.IntRange(1), default=5, show_default=True,
              help="Passes; medians are given.")  # fmt: skip
@click.option("--seconds", type=click.FloatRange(0.2), default=2.0, show_default=True,
              help="Length of one pass.")  # fmt: skip
@click.option(
    "--keep", type=click.Path(file_okay=False, path_type=Path),
    help="Keep filled databases in this folder, and use those that are there.",
)  # fmt: skip
@click.option("--growth", callback=_sizes, default="", metavar="FEW,MANY",
              help="Compare the pages at two sizes instead of with the floor.")  # fmt: skip
@click.option("--gzip", is_flag=True, help="Ask for squeezed pages, as browsers do.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each figure.")
def bench(
    name: str, rows: int, engine: str, passes: int, seconds: float, keep: Path | None,
    growth: tuple[int, int] | None, gzip: bool, as_json: bool,
) -> None:  # fmt: skip
    """Fill a database, start the server and a floor, and measure both in turns.

    Or measure the processes: `memory`, `cold` (start to first page), `locate`; or `forum`: pages of
    a topic of ten thousand floors among as many as --rows says.
    docs/performance.md says what each figure means.
    """
    how = How(passes, seconds, gzip)
    names = [each for each in NAMES if name in (each, "all")]
    if name in PROCESS:
        found = (
            forum.pages(rows, engine, passes)
            if name == "forum"
            else _of_processes(name, rows, engine, keep)
        )
        words = report.plain
    elif growth:
        names = [each for each in names if each != "create"]
        found = _growths(names, growth, engine, how, keep)
        words = report.growth
    else:
        found = _pages(names, rows, engine, how, keep)
        words = report.line
    for row in found:
        click.echo(json.dumps(row, ensure_ascii=False) if as_json else words(row))


def _pages(
    names: list[str], rows: int, engine: str, how: How, keep: Path | None
) -> Iterator[Row]:  # fmt: skip
    with stand(rows, engine, keep) as ground, measure.serving(ground) as running:
        for name in names:
            found = looks(name, ground, running.app)
            counted = measure.statements(ground, found)
            for look in found:
                for row in measure.page(running, look, how):
                    yield row | counted[look.title]


def _growths(
    names: list[str], sizes: tuple[int, int], engine: str, how: How, keep: Path | None
) -> Iterator[Row]:  # fmt: skip
    with ExitStack() as open_ones:
        few, many = (
            open_ones.enter_context(measure.serving(
                open_ones.enter_context(stand(size, engine, keep))
            ))
            for size in sizes
        )  # fmt: skip
        for name in names:
            pairs = zip(
                looks(name, few.stand, few.app), looks(name, many.stand, many.app), strict=True
            )
            for pair in pairs:
                yield measure.growth(few, many, pair, how)


def _of_processes(name: str, rows: int, engine: str, keep: Path | None) -> Iterator[Row]:
    if name == "cold":
        with stand(rows, engine, keep) as ground:
            yield process.cold(ground)
        return
    if name == "memory":
        with stand(rows, engine, keep) as ground, measure.serving(ground) as running:
            yield process.memory(running, _usual(running)) | {"county": "as usual"}
    with process.built(engine, keep) as ground:
        if name == "locate":
            yield process.locate(ground)
            return
        with measure.serving(ground) as running:
            lon, lat = ground.facts["village"]
            found = [*_usual(running), (f"/places/locate?lon={lon:.4f}&lat={lat:.4f}", "")]
            county = f"{process.BUILDINGS:,} buildings"
            yield process.memory(running, found) | {"county": county}


def _usual(running: Bench) -> list[tuple[str, str]]:
    """Pages that every worker has shown before its memory is looked at."""
    return [
        (look.paths[0], look.cookie)
        for name in NAMES if name != "create"
        for look in looks(name, running.stand, running.app)
    ]  # fmt: skip
