"""A village small enough to check by hand, and the real streets where they are there."""

import json
from pathlib import Path

import pytest

from linli.reach import geojson, osm
from linli.reach.graph import Graph, build
from linli.reach.modes import WALKING, speeds
from linli.reach.roads import Roads

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
STREETS = DATA / "liyang" / "320481_osm_2km.json"
COUNTRY = DATA / "osm" / "liechtenstein.osm.pbf"
SQUARE = 0.001  # degrees: one side of a block
SIDE = SQUARE * 111_195.08 / (WALKING / 36)  # tenths of a second to walk it, north or south


def streets() -> Graph:
    """The real streets of a town centre; the test is skipped where they are not there."""
    if not STREETS.exists():
        pytest.skip("no ../shared/data here")
    return build(geojson.read(STREETS))


def country() -> Graph:
    if not COUNTRY.exists():
        pytest.skip("no ../shared/data here")
    return build(osm.read(COUNTRY))


def ladder(rungs: int = 3, **tags: str) -> Roads:
    """Two parallel streets to the north with ``rungs`` cross streets, at the equator.

    Every block has the same side. The west street has the tags given; the others none.
    """
    roads = Roads()
    plain = _speeds()
    for east in (0, 1):
        run = [roads.point((east, y), east * SQUARE, y * SQUARE) for y in range(rungs)]
        roads.add(run, _speeds(**tags) if east == 0 else plain)
    for y in range(rungs):
        roads.add([roads.point((0, y), 0, 0), roads.point((1, y), 0, 0)], plain)
    return roads


def _speeds(**tags):

    return speeds({"highway": "residential"} | tags)


def geojson_file(folder: Path, lines: list[tuple[dict, list]]) -> Path:
    path = folder / "roads.geojson"
    path.write_text(json.dumps({
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": properties,
             "geometry": {"type": "LineString", "coordinates": line}}
            for properties, line in lines
        ],
    }))  # fmt: skip
    return path
