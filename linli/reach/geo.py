"""A flat map in metres around a county: exact enough (0.1 %) for 100 km."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
EARTH = 6_371_008.8  # metres, mean radius


@dataclass(frozen=True, slots=True)
class Plane:
    """Equirectangular metres east and north of a middle."""

    lon: float
    lat: float

    @classmethod
    def around(cls, lon: Floats, lat: Floats) -> "Plane":
        return cls(float((lon.min() + lon.max()) / 2), float((lat.min() + lat.max()) / 2))

    def metres(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        unit = np.pi / 180 * EARTH
        return (lon - self.lon) * unit * np.cos(np.radians(self.lat)), (lat - self.lat) * unit

    def degrees(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        unit = np.pi / 180 * EARTH
        return x / (unit * np.cos(np.radians(self.lat))) + self.lon, y / unit + self.lat


def distances(lon1: Floats, lat1: Floats, lon2: Floats, lat2: Floats) -> Floats:
    """Metres on the sphere (haversine)."""
    a, b = np.radians(lat1), np.radians(lat2)
    half = (
        np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lon2 - lon1) / 2) ** 2
    )
    found: Floats = 2 * EARTH * np.arcsin(np.sqrt(half))
    return found
