"""`linli reach measure`."""

import json
from collections.abc import Iterator

import click

from linli.reach import made_up, measuring
from linli.reach.measuring import Row

NAMES = ("nearest", "table", "locate", "mclp", "pmedian", "pmed", "all")


@click.command()
@click.argument("name", type=click.Choice(NAMES))
@click.option("--dense", is_flag=True, help="Denser streets than any county's: the hard case.")
@click.option("--large", is_flag=True, help="Four times as many nodes.")
@click.option("--first", type=click.IntRange(1, 40), default=1, help="pmed: from this instance.")
@click.option("--last", type=click.IntRange(1, 40), default=40, help="pmed: to this one.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for each figure.")
def measure(name: str, dense: bool, large: bool, first: int, last: int, as_json: bool) -> None:
    """What answers cost on made-up counties, beside SciPy, shapely and the least possible.

    `all` is everything but pmed, which proves 40 instances and takes a minute.
    """
    for row in _rows(name, dense, large, first, last):
        told = ", ".join(f"{key} {value}" for key, value in row.items())
        click.echo(json.dumps(row) if as_json else told)


def _rows(name: str, dense: bool, large: bool, first: int, last: int) -> Iterator[Row]:
    missing, side = (0.22, 250) if dense else (0.42, 275)
    side *= 2 if large else 1
    if name in {"nearest", "all"}:
        yield measuring.nearest(side, missing)
    if name in {"table", "all"}:
        yield measuring.table(side, missing)
        yield measuring.table(side, missing, block=made_up.METRES // 2)
    if name in {"locate", "all"}:
        yield measuring.locate(2000, 1_000_000)
    if name in {"mclp", "all"}:
        yield measuring.siting("mclp", 20_000, 1000, 9, 150.0)
    if name in {"pmedian", "all"}:
        yield measuring.siting("pmedian", 2000, 200, 9, None)
        yield measuring.siting("pmedian", 20_000, 1000, 9, None)
    if name == "pmed":
        total, proven = 0.0, 0
        for row in measuring.or_library(first, last):
            total, proven = total + row["cpu_s"], proven + row["proven"]
            yield row
        yield {"what": "all of them", "cpu_s": round(total, 1), "proven": proven}
