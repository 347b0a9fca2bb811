"""How long the way is, from where people live to the nearest open facility, and what if."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from linli.reach.coverage import Coverage, coverage, within
from linli.reach.errors import ReachError
from linli.reach.isochrone import as_geojson, isochrones
from linli.reach.modes import Mode
from linli.reach.nearest import Nearest, Streets
from linli.reach.snapping import SNAP, Snapped
from linli.travel import buses, people, roads, sites
from linli.travel.models import RoadGraph, Timetable
from linli.travel.people import People
from linli.travel.questions import BUS, Question
from linli.travel.sites import Site

Band = Literal["covered", "uncovered", "unknown"]
BANDS: Final[tuple[Band, ...]] = ("uncovered", "unknown", "covered")
CELL: Final = 150.0  # metres: finer than the eye sees on a county's drawing
NEW: Final = "new"  # the key of a site that is only thought of
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Way:
    """The roads of an answer and, by bus, the timetable at its minute."""

    roads: RoadGraph
    on: Mode
    timetable: Timetable | None = None
    when: datetime | None = None

    @property
    def streets(self) -> Streets:
        """Ready for questions. Raises ReachError if a file is gone."""
        return _streets(*self.key)

    @property
    def key(self) -> "Key":
        """What its answers depend on."""
        digest = self.timetable.sha256 if self.timetable else ""
        return self.roads.sha256, self.on, digest, self.when


Key = tuple[str, Mode, str, datetime | None]


def _streets(graph: str, mode: Mode, timetable: str, when: datetime | None) -> Streets:
    if not timetable or when is None:
        return roads.streets(graph, mode)
    return buses.riding(graph, timetable, when)


@dataclass(frozen=True)
class Answer:
    """The times of every place with people, and how many are within the limit."""

    question: Question
    way: "Way"
    people: People
    sites: tuple[Site, ...]
    nearest: Nearest
    total: Coverage

    @property
    def minutes(self) -> Floats:
        """To the nearest facility: infinite where none is reached, NaN where it is unknown."""
        return self.nearest.minutes

    def chosen(self, band: Band) -> Bools:
        """Which places are in this band."""
        known = self.nearest.snapped.found
        covered = within(self.nearest, self.question.minutes)
        return {"covered": covered, "uncovered": known & ~covered, "unknown": ~known}[band]

    def band(self, number: int) -> Band:
        return next(band for band in BANDS if self.chosen(band)[number])

    def of_town(self, town: str) -> Coverage:
        """The count of one town, by its code."""
        here = np.array([code == town for code in self.people.towns])
        return coverage(self.nearest, np.where(here, self.people.number, 0), self.question.minutes)

    @property
    def average(self) -> float | None:
        """Minutes of an average person among those who reach a facility at all."""
        there = np.isfinite(self.minutes)
        weight = self.people.number[there]
        return float(np.average(self.minutes[there], weights=weight)) if weight.sum() else None


@dataclass(frozen=True)
class Change:
    """One site moved, or one more (`site` is `NEW`), at this spot (WGS 84)."""

    site: str
    lon: float
    lat: float
    label: str = ""


def answer(question: Question, graph: RoadGraph, change: Change | None = None) -> Answer:
    """Ask the roads. Raises ReachError if their file is gone, or there is no timetable."""
    way = _way(question, graph)
    who = people.of(question.what)
    there, nearest = _to(question, way, who.lon, who.lat, change)
    total = coverage(nearest, who.number, question.minutes)
    return Answer(question, way, who, there, nearest, total)


def nearest(question: Question, graph: RoadGraph, lon: Floats, lat: Floats) -> Nearest:
    """From these points, whoever is there. Raises ReachError as `answer` does."""
    return _to(question, _way(question, graph), lon, lat, None)[1]


def _to(
    question: Question, way: Way, lon: Floats, lat: Floats, change: Change | None
) -> tuple[tuple[Site, ...], Nearest]:
    there = changed(sites.of(question.kind, question.when), change)
    spots = (tuple(np.nan_to_num(axis)) for axis in (lon, lat))  # a NaN would never be a key again
    starts = _starts(way.roads.sha256, way.on, *spots)
    goals = _snapped(way, there)
    there = tuple(
        site if goals.found[n] or site.why else replace(site, why="no road")
        for n, site in enumerate(there)
    )
    usable = [n for n, site in enumerate(there) if site.is_open]
    return there, way.streets.nearest(starts, goals, usable)


def _way(question: Question, graph: RoadGraph) -> Way:
    if question.mode != BUS:
        return Way(graph, question.on)
    timetable, when = buses.current(), question.when
    if timetable is None or when is None:
        raise ReachError(_("Without a timetable and an hour nobody knows when a bus goes."))
    return Way(graph, question.on, timetable, when.replace(second=0, microsecond=0))


def changed(there: Sequence[Site], change: Change | None) -> tuple[Site, ...]:
    """The sites as they would be. A site that is thought of is open at every hour."""
    if change is None:
        return tuple(there)
    if change.site == NEW:
        return (*there, Site(NEW, change.label, change.lon, change.lat))
    return tuple(
        replace(site, lon=change.lon, lat=change.lat) if site.key == change.site else site
        for site in there
    )


def _snapped(way: Way, there: Sequence[Site]) -> Snapped:
    """The sites on the road."""
    lon, lat = (np.array([getattr(site, axis) for site in there], float) for axis in ("lon", "lat"))
    return way.streets.snap(lon, lat)


@lru_cache(maxsize=4)
def _starts(digest: str, mode: Mode, lon: tuple[float, ...], lat: tuple[float, ...]) -> Snapped:
    """The places on the road; one without coordinates is put where no road is near."""
    return roads.streets(digest, mode).snap(np.array(lon), np.array(lat))


def area(found: Answer) -> dict[str, Any]:
    """What lies within the limit, as GeoJSON with everything that the figure stands on."""
    spots = tuple((site.lon, site.lat) for site in found.sites if site.is_open)
    question = found.question
    drawn = _area(found.way.key, question.minutes, spots)
    about = {
        "kind": question.kind, "mode": question.mode, "minutes": question.minutes,
        "at": question.when.isoformat(timespec="minutes") if question.when else None,
        "snap_metres": SNAP, "roads": found.way.roads.source,
        "timetable": found.way.timetable.source if found.way.timetable else None,
    }  # fmt: skip
    return drawn | {"features": [
        feature | {"properties": about | feature["properties"]} for feature in drawn["features"]
    ]}  # fmt: skip


@lru_cache(maxsize=24)
def _area(key: Key, minutes: int, spots: tuple[tuple[float, float], ...]) -> dict[str, Any]:
    if not spots:
        return {"type": "FeatureCollection", "features": []}
    streets = _streets(*key)
    lon, lat = np.array(spots, float).reshape(-1, 2).T
    return as_geojson(isochrones(streets, streets.snap(lon, lat), [minutes], CELL), {})
