"""`linli reach isochrone`, `coverage` and `gain`."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from linli.reach.cli import options
from linli.reach.coverage import coverage as counted
from linli.reach.errors import ReachError
from linli.reach.gains import best_next, gains
from linli.reach.isochrone import CELL, as_geojson, isochrones
from linli.reach.nearest import Streets
from linli.reach.points import Facilities, read_facilities, read_points
from linli.reach.snapping import Snapped

_to = click.option("--to", "facilities", type=options.FILE, required=True,
                   help="A table: id, lon, lat and, if wanted, open (hours) and room.")  # fmt: skip
_from = click.option("--from", "points", type=options.FILE, required=True,
                     help="A table: id, lon, lat and, if wanted, people.")  # fmt: skip
_minutes = click.option(
    "--minutes", type=click.FloatRange(0, 600), default=30.0, show_default=True
)  # fmt: skip


def _limits(context: click.Context, option: click.Parameter, value: str) -> list[float]:
    try:
        found = [float(part) for part in value.split(",")]
    except ValueError:
        found = []
    if not found or not all(0 < limit <= 600 for limit in found):
        raise click.BadParameter("numbers from 0 to 600 with commas between, for example 10,20,30")
    return found


def going(
    streets: Streets, places: Facilities, when: datetime | None
) -> tuple[Snapped, list[int], dict[str, str]]:
    """The facilities on the road, the numbers of those that count, and why others do not."""
    there = streets.snap(places.lon, places.lat)
    shut = places.shut(when)
    shut |= {i: "no road" for i, found in enumerate(there.found) if not found and i not in shut}
    usable = [number for number in range(len(places)) if number not in shut]
    return there, usable, {places.ids[i]: why for i, why in shut.items()}


@click.command()
@click.argument("graph", type=options.FILE)
@_to
@click.option("--minutes", callback=_limits, default="30", show_default=True, metavar="M,M,...")
@options.mode
@options.timetable
@options.hour
@options.snap
@click.option("--cell", type=click.FloatRange(5, 500), default=CELL, show_default=True,
              help="Metres: the size of the raster's cells.")  # fmt: skip
@click.option("-o", "--out", type=options.WRITTEN, help="A file instead of the screen.")
@options.sentences
def isochrone(
    graph: Path, facilities: Path, minutes: list[float], mode: str, feed: Path | None,
    when: datetime | None, snap: float, cell: float, out: Path | None,
) -> None:  # fmt: skip
    """The area within so many minutes of a facility, as GeoJSON (WGS 84)."""
    streets = options.streets(graph, mode, snap, feed, when)
    there, usable, left_out = going(streets, read_facilities(facilities), when)
    about: dict[str, Any] = {
        "mode": mode, "at": options.stated(when), "snap_metres": snap, "left_out": left_out
    }  # fmt: skip
    text = json.dumps(
        as_geojson(isochrones(streets, there.only(usable), minutes, cell), about),
        ensure_ascii=False,
    )
    if out is None:
        click.echo(text)
        return
    try:
        out.write_text(text, "utf-8")
    except OSError as error:
        raise ReachError(f"{out}: {error.strerror or error}") from None
    click.echo(f"{out}: written.")


@click.command()
@click.argument("graph", type=options.FILE)
@_from
@_to
@_minutes
@options.mode
@options.timetable
@options.hour
@options.snap
@options.as_json
@options.sentences
def coverage(
    graph: Path, points: Path, facilities: Path, minutes: float, mode: str,
    feed: Path | None, when: datetime | None, snap: float, as_json: bool,
) -> None:  # fmt: skip
    """How many people have a facility within so many minutes; the unknown ones are named."""
    streets = options.streets(graph, mode, snap, feed, when)
    starts = read_points(points)
    there, usable, left_out = going(streets, read_facilities(facilities), when)
    answer = streets.nearest(streets.snap(starts.lon, starts.lat), there, usable)
    found = counted(answer, starts.people, minutes)
    unknown = [name for name, ok in zip(starts.ids, answer.snapped.found, strict=True) if not ok]
    told = {
        "mode": mode, "at": options.stated(when), "minutes": minutes, "snap_metres": snap,
        **asdict(found), "share_of_known": found.share, "left_out": left_out,
        "unknown_points": unknown,
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(
        f"{mode}, hour {options.stated(when)}, {minutes:g} min: covered {found.covered:,g}, "
        f"uncovered {found.uncovered:,g}, unknown {found.unknown:,g}, all {found.population:,g}."
    )
    for name in unknown:
        click.echo(f"  no road within {snap:g} m: {name}")


@click.command()
@click.argument("graph", type=options.FILE)
@_from
@_to
@click.option("--candidates", type=options.FILE, required=True, help="A table: id, lon, lat.")
@click.option("--next", "k", type=click.IntRange(1), default=2, show_default=True,
              help="How many sites to choose.")  # fmt: skip
@_minutes
@options.mode
@options.timetable
@options.hour
@options.snap
@options.as_json
@options.sentences
def gain(
    graph: Path, points: Path, facilities: Path, candidates: Path, k: int, minutes: float,
    mode: str, feed: Path | None, when: datetime | None, snap: float, as_json: bool,
) -> None:  # fmt: skip
    """What every candidate site would add, and the best next ones with a bound."""
    streets = options.streets(graph, mode, snap, feed, when)
    starts, sites = read_points(points), read_points(candidates)
    there, usable, left_out = going(streets, read_facilities(facilities), when)
    doors = streets.snap(starts.lon, starts.lat)
    now = streets.nearest(doors, there, usable).time
    limit = round(minutes * 600)
    table = streets.table(doors, streets.snap(sites.lon, sites.lat), limit)
    each = gains(table, now, starts.people)
    best = best_next(table, now, starts.people, k)
    before, names = float(starts.people[now <= limit].sum()), [sites.ids[j] for j in best.chosen]
    told = {
        "mode": mode, "at": options.stated(when), "minutes": minutes, "left_out": left_out,
        "covered_now": before, "next": names, "covered_then": best.covered,
        "bound": best.bound,
        "candidates": [
            {"id": name, "people": float(people), "person_minutes": round(float(saved), 1)}
            for name, people, saved in zip(sites.ids, each.covered, each.minutes, strict=True)
        ],
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(f"{mode}, {minutes:g} min: covered now {before:,g}.")
    for name, covered in zip(names, best.covered, strict=True):
        click.echo(f"  with {name}: {covered:,g}")
    click.echo(f"No {len(best.chosen)} candidates cover more than {best.bound:,g}.")
