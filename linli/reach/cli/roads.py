"""`linli reach build` and `linli reach nearest`."""

import json
import math
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from linli.reach import engines, geojson, osm, storage
from linli.reach.cli import options
from linli.reach.cli.area import going
from linli.reach.errors import ReachError
from linli.reach.graph import Graph
from linli.reach.graph import build as built
from linli.reach.modes import MODES
from linli.reach.nearest import Nearest
from linli.reach.points import Facilities, Points, read_facilities, read_points


@click.command()
@click.argument("file", type=options.FILE)
@click.option("-o", "--out", type=options.WRITTEN, required=True, help="The graph to write.")
@options.as_json
@options.sentences
def build(file: Path, out: Path, as_json: bool) -> None:
    """Read roads from FILE (.osm.pbf, .osm, .geojson) and write a graph."""
    began = time.perf_counter()
    graph = read_roads(file)
    engines.prepare(graph)
    try:
        storage.save(graph, out)
    except OSError as error:
        raise ReachError(f"{out}: {error.strerror or error}") from None
    told = {
        "graph": str(out), "nodes": len(graph.node), "edges": len(graph.tail),
        "kilometres": round(float(graph.metres.sum()) / 1000, 1),
        "connected": {mode: graph.network(mode).size for mode in MODES},
        "bytes": out.stat().st_size, "seconds": round(time.perf_counter() - began, 2),
    }  # fmt: skip
    if as_json:
        click.echo(json.dumps(told))
        return
    click.echo(
        f"{out}: {told['nodes']:,} junctions, {told['edges']:,} roads, "
        f"{told['kilometres']:,} km, {told['seconds']} s."
    )
    for mode, size in graph.networks.items():
        click.echo(f"  {mode}: {size.size:,} junctions reach one another.")


def read_roads(file: Path) -> Graph:
    """The graph of a road file, chosen by its name."""
    name = file.name.lower()
    for reader in (osm, geojson):
        if name.endswith(reader.SUFFIXES):
            return built(reader.read(file), {"source": file.name})
    known = ", ".join((*osm.SUFFIXES, *geojson.SUFFIXES))
    raise ReachError(f"{file.name}: roads are read from files that end in {known}.")


@click.command()
@click.argument("graph", type=options.FILE)
@click.option("--from", "points", type=options.FILE, required=True,
              help="A table: id, lon, lat and, if wanted, people.")  # fmt: skip
@click.option("--to", "facilities", type=options.FILE, required=True,
              help="A table: id, lon, lat and, if wanted, open (hours) and room.")  # fmt: skip
@options.mode
@options.timetable
@options.hour
@options.snap
@options.as_json
@options.sentences
def nearest(
    graph: Path, points: Path, facilities: Path, mode: str, feed: Path | None,
    when: datetime | None, snap: float, as_json: bool,
) -> None:  # fmt: skip
    """The time from every point to its nearest facility that is open and has room."""
    streets = options.streets(graph, mode, snap, feed, when)
    starts, ends = read_points(points), read_facilities(facilities)
    there, usable, left_out = going(streets, ends, when)
    answer = streets.nearest(streets.snap(starts.lon, starts.lat), there, usable)
    head = {
        "mode": mode, "at": options.stated(when), "snap_metres": snap, "left_out": left_out
    }  # fmt: skip
    rows = _rows(starts, ends, answer)
    if as_json:
        click.echo(json.dumps(head | {"points": rows}, ensure_ascii=False))
        return
    click.echo(f"Mode {mode}, hour {head['at']}, doors up to {snap:g} m from a road.")
    for name, why in left_out.items():
        click.echo(f"  left out: {name} ({why})")
    for row in rows:
        minutes = "-" if row["minutes"] is None else f"{row['minutes']:.1f} min"
        click.echo(f"{row['id']}\t{row['state']}\t{minutes}\t{row['facility'] or ''}")


def _rows(starts: Points, ends: Facilities, answer: Nearest) -> list[dict[str, Any]]:
    rows = []
    for number, name in enumerate(starts.ids):
        minutes, gap = answer.minutes[number], answer.snapped.gap[number]
        reached = math.isfinite(minutes)
        rows.append({
            "id": name,
            "state": "reached" if reached else "unknown" if math.isnan(minutes) else "unreached",
            "minutes": round(float(minutes), 3) if reached else None,
            "facility": ends.ids[answer.facility[number]] if reached else None,
            "metres_to_road": round(float(gap), 1) if math.isfinite(gap) else None,
        })  # fmt: skip
    return rows
