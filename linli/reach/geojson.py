"""Roads from a GeoJSON file: LineStrings that meet where they have the very same coordinates."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from linli.reach.errors import at
from linli.reach.modes import speeds
from linli.reach.roads import Roads

SUFFIXES = (".geojson", ".json")
_CLASS = ("highway", "hw", "fclass", "class")  # as OSM, and as common extracts of it, name it


def read(path: Path) -> Roads:
    """Roads of a FeatureCollection (or of one under ``roads``), WGS 84.

    Properties are read like OSM tags: highway, surface, oneway, maxspeed, access. Raises ReachError
    with the line of broken JSON or the number of the feature that cannot be used.
    """
    roads = Roads()
    for number, feature in enumerate(_features(path), start=1):
        tags = _tags(feature)
        found = speeds(tags)
        if found is None:
            continue
        for line in _lines(path, number, feature):
            roads.add([
                roads.point((round(lon, 7), round(lat, 7)), lon, lat) for lon, lat in line
            ], found)  # fmt: skip
    if not roads.ways:
        raise at(path, None, "there is no road in it (no LineString with a known highway class).")
    return roads


def _features(path: Path) -> list[Any]:
    try:
        content = json.loads(path.read_text("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise at(path, error.lineno, f"this is not JSON ({error.msg}).") from None
    except UnicodeDecodeError:
        raise at(path, None, "this is not UTF-8 text.") from None
    if isinstance(content, dict) and isinstance(content.get("roads"), dict):
        content = content["roads"]
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list):
        raise at(path, 1, "this is not a GeoJSON FeatureCollection.")
    return features


def _tags(feature: Any) -> dict[str, str]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    tags = {key: str(value) for key, value in (properties or {}).items() if value is not None}
    kind = next((tags[name] for name in _CLASS if name in tags), "")
    return tags | {"highway": kind}


def _lines(path: Path, number: int, feature: Any) -> Iterator[list[tuple[float, float]]]:
    shape = feature.get("geometry") or {}
    try:
        several = {"LineString": False, "MultiLineString": True}[shape["type"]]
        for line in shape["coordinates"] if several else [shape["coordinates"]]:
            points = [(float(lon), float(lat)) for lon, lat, *_height in line]
            if not all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in points):
                raise ValueError
            yield points
    except (KeyError, TypeError, ValueError):
        raise at(
            path, None, f"feature {number} is a road, but not a line of longitudes and latitudes."
        ) from None
