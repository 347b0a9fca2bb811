"""Roads from an OpenStreetMap file (.osm.pbf, .osm, .osm.gz, .osm.bz2)."""

from pathlib import Path

import osmium

from linli.reach.errors import at
from linli.reach.modes import speeds
from linli.reach.roads import Roads

SUFFIXES = (".pbf", ".osm", ".osm.gz", ".osm.bz2", ".xml")


def read(path: Path) -> Roads:
    """Every way that somebody may use. Raises ReachError for a file that is not OSM data."""
    roads = Roads()
    try:
        filtered = osmium.FileProcessor(str(path)).with_locations()
        for way in filtered.with_filter(osmium.filter.KeyFilter("highway")):
            if not isinstance(way, osmium.osm.Way):
                continue
            found = speeds({tag.k: tag.v for tag in way.tags})
            if found is not None:
                roads.add([
                    roads.point(node.ref, node.lon, node.lat)
                    for node in way.nodes if node.location.valid()
                ], found)  # fmt: skip
    except RuntimeError as error:
        raise at(path, None, f"this cannot be read as OpenStreetMap data ({error}).") from None
    if not roads.ways:
        raise at(path, None, "there is no road in it (no way with a highway tag).")
    return roads
