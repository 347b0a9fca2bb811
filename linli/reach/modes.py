"""Who may use a road, in which direction and how fast.

Speeds in km/h are ours: walking 4.8, an e-bike 18 (the national standard caps it at 25), a car by
class of road. They are flat: no slopes, no lights, no turn costs. Tags are those of the
OpenStreetMap wiki (Key:highway, Key:access, Key:oneway, Key:surface, Key:maxspeed).
"""

import re
from collections.abc import Mapping
from typing import Final, Literal

Mode = Literal["walk", "ebike", "car"]
MODES: Final[tuple[Mode, ...]] = ("walk", "ebike", "car")
WALKING: Final = 4.8  # also from a door to the road, whatever the mode
Speeds = tuple[float, float]  # with the way as it is drawn, and against it; 0 is "not at all"

_CAR: Final = {
    "motorway": 100, "trunk": 80, "primary": 60, "secondary": 50, "tertiary": 40,
    "unclassified": 35, "residential": 30, "road": 30, "living_street": 15, "service": 15,
    "track": 15, "motorway_link": 50, "trunk_link": 40, "primary_link": 40, "secondary_link": 35,
    "tertiary_link": 30,
}  # fmt: skip
_FOOT_ONLY: Final = {"footway", "pedestrian", "steps", "corridor", "platform"}
_SOFT: Final = {"path", "cycleway", "bridleway"}
_NO_FEET: Final = {"motorway", "motorway_link", "trunk", "trunk_link"}
HIGHWAYS: Final = frozenset(_CAR) | _FOOT_ONLY | _SOFT

_BAD: Final = {"mud", "sand", "rock", "snow", "ice", "stepping_stones"}
_UNPAVED: Final = {
    "unpaved", "gravel", "fine_gravel", "ground", "dirt", "earth", "grass", "compacted",
    "pebblestone", "cobblestone", "sett", "unhewn_cobblestone", "wood", "grass_paver",
}  # fmt: skip
_NO: Final = {"no", "private", "agricultural", "forestry", "military", "emergency", "delivery"}
_YES: Final = {"yes", "designated", "permissive", "official", "destination", "customers"}


def speeds(tags: Mapping[str, str]) -> dict[Mode, Speeds] | None:
    """The speeds of each mode on a road with these tags; None if it is not a road for anybody."""
    highway = tags.get("highway", "")
    if highway not in HIGHWAYS or tags.get("area") == "yes":
        return None
    found: dict[Mode, Speeds] = {
        "walk": _directed(_walk(highway, tags), tags, "foot"),
        "ebike": _directed(_ebike(highway, tags), tags, "bicycle"),
        "car": _directed(_car(highway, tags), tags, "motor_vehicle"),
    }
    return found if any(max(pair) > 0 for pair in found.values()) else None


def _walk(highway: str, tags: Mapping[str, str]) -> float:
    default = highway not in _NO_FEET
    if not _allowed(tags, ("foot", "access"), default):
        return 0.0
    if highway == "steps":
        return WALKING / 2
    return _on(tags, WALKING, WALKING, 3.6)


def _ebike(highway: str, tags: Mapping[str, str]) -> float:
    default = highway not in _NO_FEET and highway not in _FOOT_ONLY
    if not _allowed(tags, ("bicycle", "vehicle", "access"), default) or highway == "steps":
        return 0.0
    if highway in _FOOT_ONLY:
        return 10.0
    return _on(tags, 15.0 if highway in {"path", "track"} else 18.0, 12.0, 8.0)


def _car(highway: str, tags: Mapping[str, str]) -> float:
    keys = ("motorcar", "motor_vehicle", "vehicle", "access")
    if highway not in _CAR or not _allowed(tags, keys, True):
        return 0.0
    posted = re.match(r"\d+", tags.get("maxspeed", ""))
    usual = 0.8 * int(posted[0]) if posted and int(posted[0]) >= 5 else float(_CAR[highway])
    return _on(tags, usual, min(usual, 30.0), min(usual, 15.0))


def _on(tags: Mapping[str, str], paved: float, unpaved: float, bad: float) -> float:
    surface = tags.get("surface", "").partition(":")[0]
    return bad if surface in _BAD else unpaved if surface in _UNPAVED else paved


def _allowed(tags: Mapping[str, str], keys: tuple[str, ...], default: bool) -> bool:
    """The most particular tag that says yes or no decides."""
    for key in keys:
        if tags.get(key) in _NO:
            return False
        if tags.get(key) in _YES and not (key == "access" and not default):
            return True
    return default


def _directed(speed: float, tags: Mapping[str, str], who: str) -> Speeds:
    one_way = tags.get(f"oneway:{who}", "")
    if not one_way and who != "foot":  # a one-way street binds vehicles, not people on foot
        one_way = tags.get("oneway", "") or _implied(tags)
    if one_way in {"yes", "1", "true"}:
        return speed, 0.0
    if one_way in {"-1", "reverse"}:
        return 0.0, speed
    return speed, speed


def _implied(tags: Mapping[str, str]) -> str:
    round_one = tags.get("junction") in {"roundabout", "circular"}
    return "yes" if round_one or tags.get("highway") in {"motorway", "motorway_link"} else ""
