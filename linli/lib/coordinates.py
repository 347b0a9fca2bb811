"""Points on the map: the two datums used in China, distances, and hiding where exactly.

Linli stores WGS 84, which GPS gives. Chinese map services show GCJ-02, in which every point of
the country is moved by 100 to 700 m; a file exported from them has to be moved back. Points are
degrees, longitude first as in GeoJSON; distances are metres.
"""

import math
from typing import Final

EARTH_RADIUS_M: Final = 6_371_008.8  # mean radius, IUGG

# GCJ-02 is computed on the Krasovsky 1940 ellipsoid.
_AXIS_M: Final = 6_378_245.0
_ECCENTRICITY_2: Final = 0.00669342162296594323

_DEGREE_M: Final = math.radians(1) * EARTH_RADIUS_M
_NEAR_ENOUGH_DEG: Final = 1e-10  # a hundredth of a millimetre


def wgs84_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Move a GPS point to where Chinese maps draw it; points outside China stay put."""
    _check(lon, lat)
    if not (72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    phi = math.radians(lat)
    magic = 1 - _ECCENTRICITY_2 * math.sin(phi) ** 2
    north_m = _AXIS_M * (1 - _ECCENTRICITY_2) / magic**1.5
    east_m = _AXIS_M / math.sqrt(magic) * math.cos(phi)
    return (
        lon + math.degrees(_shift_east(x, y) / east_m),
        lat + math.degrees(_shift_north(x, y) / north_m),
    )


def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """Move a point read from a Chinese map back to GPS, to better than a millimetre."""
    _check(lon, lat)
    there_lon, there_lat = lon, lat
    for _ in range(20):  # each round is a few hundred times nearer; three or four are usual
        back_lon, back_lat = wgs84_to_gcj02(there_lon, there_lat)
        off_lon, off_lat = back_lon - lon, back_lat - lat
        there_lon, there_lat = there_lon - off_lon, there_lat - off_lat
        if abs(off_lon) + abs(off_lat) < _NEAR_ENOUGH_DEG:
            break
    return there_lon, there_lat


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Metres between two points as the crow flies, on a sphere (error below 0.6 %)."""
    _check(lon1, lat1)
    _check(lon2, lat2)
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    half_north = math.sin((phi2 - phi1) / 2)
    half_east = math.sin(math.radians(lon2 - lon1) / 2)
    root = half_north**2 + math.cos(phi1) * math.cos(phi2) * half_east**2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(root)))


def snap(lon: float, lat: float, metres: float = 100) -> tuple[float, float]:
    """The middle of the square of a fixed grid in which the point lies.

    Everybody within about ``metres`` shares the answer, at most 0.71 x ``metres`` away, and
    snapping again changes nothing; so repeated reports of one spot cannot be averaged to the door.
    Raises ValueError for a point that is not on the earth and for a grid of no size.
    """
    _check(lon, lat)
    if not (math.isfinite(metres) and metres > 0):
        raise ValueError(f"The grid must be wider than 0 metres, not {metres}.")
    step_lat = metres / _DEGREE_M
    row = min((math.floor(lat / step_lat) + 0.5) * step_lat, 90.0)
    # The width follows from the row's own latitude, so that a row has one and the same grid.
    step_lon = step_lat / max(math.cos(math.radians(row)), 1e-6)
    return (math.floor(lon / step_lon) + 0.5) * step_lon, row


def _check(lon: float, lat: float) -> None:
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise ValueError(
            f"({lon}, {lat}) is no point: longitude comes first, from -180 to 180, "
            "then latitude, from -90 to 90."
        )


def _shift_north(x: float, y: float) -> float:
    """Metres by which GCJ-02 moves a point north, x and y degrees from 105 E 35 N."""
    plane = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    waves = 20 * _wave(y) + 40 * _wave(y / 3) + 160 * _wave(y / 12) + 320 * _wave(y / 30)
    return plane + (_ripple(x) + waves) * 2 / 3


def _shift_east(x: float, y: float) -> float:
    """Metres by which GCJ-02 moves a point east."""
    plane = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    waves = 20 * _wave(x) + 40 * _wave(x / 3) + 150 * _wave(x / 12) + 300 * _wave(x / 30)
    return plane + (_ripple(x) + waves) * 2 / 3


def _ripple(x: float) -> float:
    return 20 * _wave(6 * x) + 20 * _wave(2 * x)


def _wave(halves: float) -> float:
    return math.sin(halves * math.pi)
