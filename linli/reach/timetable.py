"""Buses from a GTFS feed: stops, and every ride from one stop to the next on a day.

Read are the files of GTFS Schedule (gtfs.org/documentation/schedule/reference) that say who stops
where and when: stops, trips, stop_times, calendar, calendar_dates and frequencies. Fares, shapes
and names of lines do not change how long one is on the way.
"""

import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from linli.lib.tables import Row, TableError, read_rows
from linli.reach.errors import ReachError, at

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
DAY: Final = 86_400
SUFFIX: Final = ".zip"
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME: Final = re.compile(r"\s*(\d{1,3}):([0-5]\d):([0-5]\d)\s*")
_DAY: Final = re.compile(r"(\d{4})(\d\d)(\d\d)")
_STOP_KINDS: Final = {"", "0"}  # a stop or platform; not a station, an entrance or a node


@dataclass(frozen=True, slots=True)
class Hops:
    """Rides from a stop to the next one of the same run; seconds after midnight of one day.

    ``run`` numbers the vehicle's run: whoever sits in it may stay. At ``off`` stops one may not
    get on (``board`` is false) or off (``alight``).
    """

    run: Ints
    start: Ints
    end: Ints
    leave: Ints
    arrive: Ints
    board: npt.NDArray[np.bool_]
    alight: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.run)

    def only(self, chosen: npt.NDArray[np.generic]) -> "Hops":
        """These rows, in this order."""
        return Hops(*(getattr(self, name)[chosen] for name in self.__slots__))

    def shifted(self, seconds: int, runs: int) -> "Hops":
        """So much later, with other numbers of runs."""
        return Hops(self.run + runs, self.start, self.end, self.leave + seconds,
                    self.arrive + seconds, self.board, self.alight)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Service:
    """The days on which runs of this service go."""

    weekdays: frozenset[int]
    first: date
    last: date
    added: frozenset[date]
    removed: frozenset[date]

    def goes(self, day: date) -> bool:
        usual = day.weekday() in self.weekdays and self.first <= day <= self.last
        return day in self.added or (usual and day not in self.removed)


@dataclass(frozen=True, slots=True)
class Timetable:
    """Stops (WGS 84), the hops of all runs of a service day, and the days of each run."""

    stops: Sequence[str]
    lon: Floats
    lat: Floats
    hops: Hops
    service: Ints  # of each run
    services: Sequence[Service]

    @property
    def runs(self) -> int:
        return len(self.service)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day on which anything may go."""
        every = [
            day for one in self.services
            for day in (*([one.first, one.last] if one.weekdays else []), *one.added)
        ]  # fmt: skip
        return min(every), max(every)

    def on(self, day: date) -> Hops:
        """What goes on this day, runs that began the day before and go on past midnight too."""
        today, before = self._of(day), self._of(day - timedelta(days=1))
        late = before.only(before.arrive >= DAY).shifted(-DAY, self.runs)
        return Hops(*(
            np.concatenate([getattr(today, name), getattr(late, name)]) for name in Hops.__slots__
        ))  # fmt: skip

    def _of(self, day: date) -> Hops:
        goes = np.array([service.goes(day) for service in self.services], bool)
        return self.hops.only(goes[self.service[self.hops.run]])


def read(path: Path) -> Timetable:
    """Read a GTFS feed (.zip). Raises ReachError with the file, the line and what is wrong."""
    try:
        with zipfile.ZipFile(path) as feed:
            return _Feed(feed, path).timetable()
    except (zipfile.BadZipFile, OSError) as error:
        raise at(path, None, f"this is not a GTFS feed (.zip): {error}.") from None


class _Feed:
    def __init__(self, feed: zipfile.ZipFile, path: Path) -> None:
        self._feed, self._path = feed, path
        self._names = {Path(name).name: name for name in feed.namelist()}

    def timetable(self) -> Timetable:
        stops = list(self._rows("stops.txt"))
        held = [row for row in stops if row.get("location_type").strip() in _STOP_KINDS]
        number = {row["stop_id"]: n for n, row in enumerate(held)}
        names, services = self._services()
        trips = {row["trip_id"]: (row, names.get(row["service_id"], -1))
                 for row in self._rows("trips.txt")}  # fmt: skip
        hops, service = self._hops(number, trips)
        if not len(hops):
            raise at(self._path, None, "no run goes from one stop to another.")
        return Timetable(
            list(number), np.array([self._degrees(row, "stop_lon", 180) for row in held]),
            np.array([self._degrees(row, "stop_lat", 90) for row in held]), hops, service, services,
        )  # fmt: skip

    def _rows(self, name: str, *, needed: bool = True) -> Iterator[Row]:
        if name not in self._names:
            if needed:
                raise at(self._path, None, f"there is no {name} in it.")
            return
        self._file = name
        with self._feed.open(self._names[name]) as file:
            try:
                yield from read_rows(file)
            except TableError as error:
                message = str(error).removeprefix(f"Row {error.row}: ")
                raise at(name, error.row, message) from None

    def _wrong(self, row: Row, message: str) -> ReachError:
        return at(self._file, row.number, message)

    def _degrees(self, row: Row, column: str, most: int) -> float:
        try:
            value = float(row[column])
        except ValueError:
            value = np.inf
        if not -most <= value <= most:
            raise at("stops.txt", row.number, f'{column} is "{row[column]}"; it must be a number '
                     f"from {-most} to {most}.")  # fmt: skip
        return value

    def _services(self) -> tuple[dict[str, int], list[Service]]:
        usual: dict[str, tuple[frozenset[int], date, date]] = {}
        for row in self._rows("calendar.txt", needed=False):
            days = frozenset(n for n, name in enumerate(WEEKDAYS) if row[name] == "1")
            usual[row["service_id"]] = (
                days, self._day(row, "start_date"), self._day(row, "end_date")
            )  # fmt: skip
        added, removed = defaultdict[str, set[date]](set), defaultdict[str, set[date]](set)
        for row in self._rows("calendar_dates.txt", needed=False):
            which = {"1": added, "2": removed}.get(row["exception_type"])
            if which is None:
                raise self._wrong(row, "exception_type is 1 (goes) or 2 (does not go).")
            which[row["service_id"]].add(self._day(row, "date"))
        names = list(dict.fromkeys((*usual, *added)))
        if not any(added[name] or (name in usual and usual[name][0]) for name in names):
            raise at(self._path, None, "neither calendar.txt nor calendar_dates.txt has a day.")
        never = (frozenset[int](), date.min, date.min)
        services = [
            Service(*usual.get(name, never), frozenset(added[name]), frozenset(removed[name]))
            for name in names
        ]
        return {name: n for n, name in enumerate(names)}, services

    def _day(self, row: Row, column: str) -> date:
        found = _DAY.fullmatch(row[column].strip())
        try:
            if found:
                return date(*map(int, found.groups()))
        except ValueError:
            pass
        raise self._wrong(row, f'{column} is "{row[column]}"; a day is written 20261124.')

    def _hops(
        self, stops: dict[str, int], trips: dict[str, tuple[Row, int]]
    ) -> tuple[Hops, Ints]:  # fmt: skip
        calls = defaultdict[str, list[Row]](list)
        for row in self._rows("stop_times.txt"):
            if row["trip_id"] not in trips:
                raise self._wrong(row, f'there is no trip "{row["trip_id"]}" in trips.txt.')
            if row["stop_id"] not in stops:
                raise self._wrong(row, f'there is no stop "{row["stop_id"]}" in stops.txt.')
            calls[row["trip_id"]].append(row)
        often = self._frequencies()
        rows, service = list[tuple[int, int, int, int, int, bool, bool]](), list[int]()
        for trip, called in calls.items():
            if trips[trip][1] < 0:  # its service has no day at all
                continue
            self._file = "stop_times.txt"
            timed = self._timed(sorted(called, key=self._sequence))
            begins = timed[0][1]
            for start in often.get(trip, [begins]):
                later = start - begins
                rows += [
                    (len(service), stops[a["stop_id"]], stops[b["stop_id"]], leave + later,
                     arrive + later, a.get("pickup_type") != "1", b.get("drop_off_type") != "1")
                    for (a, _there, leave), (b, arrive, _left) in pairwise(timed)
                ]  # fmt: skip
                service.append(trips[trip][1])
        table = np.array(rows, np.int64).reshape(-1, 7).T
        run, begin, end, leave, arrive, board, alight = table
        hops = Hops(run, begin, end, leave, arrive, board > 0, alight > 0)
        return hops, np.array(service, np.int64)

    def _sequence(self, row: Row) -> int:
        if not row["stop_sequence"].isdecimal():
            raise self._wrong(row, "stop_sequence must be a whole number.")
        return int(row["stop_sequence"])

    def _timed(self, called: list[Row]) -> list[tuple[Row, int, int]]:
        """(call, arrives, leaves); stops without a time lie evenly between those that have one."""
        known = [(self._seconds(row, "arrival_time"), self._seconds(row, "departure_time"))
                 for row in called]  # fmt: skip
        arrive = [a if a is not None else b for a, b in known]
        leave = [b if b is not None else a for a, b in known]
        there = [n for n, value in enumerate(arrive) if value is not None]
        if there[:1] != [0] or there[-1] != len(called) - 1:
            raise self._wrong(called[0], "the first and the last stop of a trip need a time.")
        for n, m in pairwise(there):
            begin, end = leave[n], arrive[m]
            assert begin is not None
            assert end is not None
            if end < begin or leave[m] < end:  # type: ignore[operator]
                raise self._wrong(called[m], "the bus is there before it has left the stop before.")
            for k in range(n + 1, m):
                arrive[k] = leave[k] = begin + (end - begin) * (k - n) // (m - n)
        return list(zip(called, arrive, leave, strict=True))  # type: ignore[arg-type]

    def _frequencies(self) -> dict[str, list[int]]:
        """When runs begin of trips that go every so many seconds."""
        often = defaultdict[str, list[int]](list)
        for row in self._rows("frequencies.txt", needed=False):
            start, end = self._seconds(row, "start_time"), self._seconds(row, "end_time")
            every = row["headway_secs"]
            if start is None or end is None or not every.isdecimal() or int(every) < 1:
                raise self._wrong(row, "start_time, end_time and headway_secs are needed.")
            often[row["trip_id"]] += range(start, end, int(every))
        return often

    def _seconds(self, row: Row, column: str) -> int | None:
        text = row.get(column)
        if not text.strip():
            return None
        found = _TIME.fullmatch(text)
        if not found:
            raise self._wrong(row, f'{column} is "{text}"; a time is written 08:05:00.')
        hours, minutes, seconds = map(int, found.groups())
        return hours * 3600 + minutes * 60 + seconds
