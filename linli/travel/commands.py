"""`linli travel roads`."""

from pathlib import Path

import click

from linli.reach.errors import ReachError
from linli.travel import buses
from linli.travel import roads as graphs


@click.group()
def travel() -> None:
    """How long people are on their way to facilities."""


@travel.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--source", required=True, help="Whose roads, of what day, under which licence.")
def roads(file: Path, source: str) -> None:
    """Take in the roads of FILE (.osm.pbf, .osm, .geojson, or a graph of `linli reach build`)."""
    if not source.strip():
        raise click.ClickException("Say whose roads these are: --source.")
    try:
        row = graphs.take(graphs.read(file), source.strip())
    except ReachError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{row.nodes:,} junctions, {row.edges:,} roads, {row.kilometres:,.0f} km are in use."
    )


@travel.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--source", required=True, help="Whose timetable, of what day, under which licence.")
def timetable(file: Path, source: str) -> None:
    """Take in the buses of FILE, a GTFS feed (.zip)."""
    if not source.strip():
        raise click.ClickException("Say whose timetable this is: --source.")
    try:
        row = buses.take(file, source.strip())
    except ReachError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"{row.stops:,} stops, {row.runs:,} runs, {row.first_on} to {row.last_on}, are in use."
    )
