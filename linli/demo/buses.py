"""Invented buses of the demonstration: lines through each town, and one that joins the towns."""

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

from linli.demo.society import Society
from linli.lib.coordinates import distance_m
from linli.places.models import Kind, Place
from linli.travel import buses

SOURCE: Final = "演示用的虚构时刻表 / invented for the demonstration"
SPEED: Final = 25 / 3.6  # metres a second between two stops
BEND: Final = 1.3  # roads are longer than the straight line
STAND: Final = 30  # seconds at a stop
LONGEST: Final = 9  # stops of a line through a town
EVERY: Final = {"town": 1800, "between": 1200}  # seconds
HOURS: Final = ("06:00:00", "18:30:00")
Line = Sequence[Place]


def settle(society: Society) -> None:
    """A timetable for the year around the demonstration's month; fewer buses at weekends."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "buses.zip"
        _write(path, list(_lines(society)), society.since)
        buses.take(path, SOURCE)


def _lines(society: Society) -> Iterator[tuple[str, Line]]:
    villages = [place for place in society.ground.villages if place.lon is not None]
    seats = []
    for town in society.ground.of_kind(Kind.TOWN):
        if town.lon is None:
            continue
        own = [place for place in villages if place.parent_id == town.pk]
        if len(own) < 2:
            continue
        seat = min(own, key=lambda place: _metres(place, town))
        seats.append(seat)
        left = [place for place in own if place != seat]
        while left:
            line = _chain(seat, left)
            yield "town", line
            left = [place for place in left if place not in line]
    yield "between", _chain(seats[0], seats[1:], most=len(seats))


def _chain(start: Place, others: Sequence[Place], most: int = LONGEST) -> list[Place]:
    """From one to the nearest that is left, and so on."""
    line, left = [start], list(others)
    while left and len(line) < most:
        line.append(min(left, key=lambda place: _metres(line[-1], place)))
        left.remove(line[-1])
    return line


def _metres(a: Place, b: Place) -> float:
    assert a.lon is not None and a.lat is not None  # noqa: PT018
    assert b.lon is not None and b.lat is not None  # noqa: PT018
    return distance_m(a.lon, a.lat, b.lon, b.lat)


def _write(path: Path, lines: Sequence[tuple[str, Line]], since: date) -> None:
    stops = {place.code: place for _kind, line in lines for place in line}
    trips, calls, often = [], [], []
    for n, (kind, line) in enumerate(lines):
        for way, run in (("out", line), ("back", line[::-1])):
            for service, rarer in (("week", 1), ("weekend", 2)):
                trip = f"{n}-{way}-{service}"
                trips.append((n, service, trip))
                calls += [(trip, *row) for row in _calls(run)]
                often.append((trip, *HOURS, EVERY[kind] * rarer))
    first, last = since - timedelta(days=180), since + timedelta(days=365)
    week, weekend = ["1", "1", "1", "1", "1", "0", "0"], ["0", "0", "0", "0", "0", "1", "1"]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as feed:
        for name, header, rows in (
            ("stops", "stop_id,stop_name,stop_lat,stop_lon",
             [(code, place.name, place.lat, place.lon) for code, place in stops.items()]),
            ("trips", "route_id,service_id,trip_id", trips),
            ("stop_times", "trip_id,stop_id,arrival_time,departure_time,stop_sequence", calls),
            ("frequencies", "trip_id,start_time,end_time,headway_secs", often),
            ("calendar", "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
             "start_date,end_date",
             [(name, *days, f"{first:%Y%m%d}", f"{last:%Y%m%d}")
              for name, days in (("week", week), ("weekend", weekend))]),
        ):  # fmt: skip
            text = io.StringIO()
            csv.writer(text).writerows([header.split(","), *rows])
            feed.writestr(f"{name}.txt", text.getvalue())


def _calls(run: Line) -> Iterator[tuple[str, str, str, int]]:
    """(stop, arrives, leaves, number), as if the first bus left at six."""
    now = 6 * 3600
    yield run[0].code, _clock(now), _clock(now), 0
    for n, (here, there) in enumerate(pairwise(run), 1):
        now += round(_metres(here, there) * BEND / SPEED)
        yield there.code, _clock(now), _clock(now + STAND), n
        now += STAND


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
