"""Roads as they were read: runs of points, and the speeds of each mode on each run."""

from collections.abc import Hashable
from dataclasses import dataclass, field

from linli.reach.modes import MODES, Mode, Speeds


@dataclass(slots=True)
class Roads:
    """``ways[i]`` runs over points; ways that share a point meet there.

    ``kinds[i]`` is the number of the way's speeds in ``speeds``: few combinations, many ways.
    """

    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    ways: list[list[int]] = field(default_factory=list)
    kinds: list[int] = field(default_factory=list)
    speeds: list[tuple[Speeds, ...]] = field(default_factory=list)
    _points: dict[Hashable, int] = field(default_factory=dict)
    _kinds: dict[tuple[Speeds, ...], int] = field(default_factory=dict)

    def point(self, key: Hashable, lon: float, lat: float) -> int:
        """The number of the point with this key, made now if it is new."""
        number = self._points.setdefault(key, len(self.lon))
        if number == len(self.lon):
            self.lon.append(lon)
            self.lat.append(lat)
        return number

    def add(self, points: list[int], speeds: dict[Mode, Speeds]) -> None:
        """One way over these points; a point twice in a row counts once."""
        run = [a for a, b in zip(points, [-1, *points], strict=False) if a != b]
        if len(run) < 2:
            return
        row = tuple(speeds[mode] for mode in MODES)
        kind = self._kinds.setdefault(row, len(self.speeds))
        if kind == len(self.speeds):
            self.speeds.append(row)
        self.ways.append(run)
        self.kinds.append(kind)
