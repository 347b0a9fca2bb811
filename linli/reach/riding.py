"""By bus: on foot to a stop, on one vehicle or several, on foot to the facility.

The answer is the shortest way from door to door that is there in the half hour before the time
asked about. It is found backwards in time with a connection scan that keeps, for every stop, when
one has to be there and when one arrives then (profile scan: Dibbelt, Pajor, Strasser, Wagner,
"Connection Scan Algorithm", 2018). Whoever is there sooner on foot walks.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from linli.reach.errors import ReachError
from linli.reach.nearest import Nearest, Streets, over_ends, sharing, shorter
from linli.reach.network import FAR
from linli.reach.seeds import Seeds
from linli.reach.snapping import Snapped
from linli.reach.table import Table
from linli.reach.timetable import Timetable

Ints = npt.NDArray[np.int32]
TENTHS: Final = 10  # of a second
AT_STOP: Final = 60 * TENTHS  # one is at the stop a minute before the bus leaves
CHANGE_ON_FOOT: Final = 600 * TENTHS  # the longest way between two stops when changing
EARLY: Final = 1800 * TENTHS  # nobody wants to be there more than half an hour too early
LONGEST: Final = 7200 * TENTHS  # of a ride with its changes
Arrival = tuple[int, int]  # tenths of a second after midnight, and the facility


class Riding(Streets):
    """Streets on foot with a timetable, for being at a facility by one local day and hour.

    Stops that no bus serves in the hours before, and those without a road, take no part.
    """

    def __init__(self, feet: Streets, timetable: Timetable, when: datetime) -> None:
        if feet.way != "to" or feet.mode != "walk":
            raise ReachError("buses are for ways on foot to a facility.")
        self.graph, self.mode, self.way, self.limit = feet.graph, feet.mode, feet.way, feet.limit
        self.engine, self._snapper, self.feet = feet.engine, feet._snapper, feet
        self.hour = (when.hour * 3600 + when.minute * 60 + when.second) * TENTHS
        hops = timetable.on(when.date())
        begin = self.hour - EARLY - LONGEST
        hops = hops.only((hops.arrive * TENTHS <= self.hour) & (hops.leave * TENTHS >= begin))
        # Backwards in time; of a run that stands still between two stops the later hop first.
        self.hops = hops.only(np.lexsort((-np.arange(len(hops)), -hops.arrive, -hops.leave)))
        self.stops = feet.snap(timetable.lon, timetable.lat)

    def nodes(
        self, facilities: Snapped, usable: Collection[int] | None = None
    ) -> tuple[Ints, Ints]:
        """Times of every node of the network, and the facility."""
        return self._nodes(facilities, usable, *self.rides(facilities, usable))

    def nearest(
        self, points: Snapped, facilities: Snapped, usable: Collection[int] | None = None
    ) -> Nearest:
        """The nearest facility of each point by bus or on foot, whichever is sooner."""
        ride, owner = self.rides(facilities, usable)
        times = over_ends(*self._nodes(facilities, usable, ride, owner), points, points.leave)
        i, j = sharing(points, facilities, usable)
        times = shorter(*times, i, j, self.along(points, i, facilities, j))
        i, stop = sharing(points, self.stops, np.flatnonzero(ride < FAR).tolist())
        there = _sum(self.along(points, i, self.stops, stop), ride[stop])
        return Nearest(*shorter(*times, i, owner[stop], there), points)

    def table(self, points: Snapped, candidates: Snapped, limit: int) -> Table:
        """[points, candidates] tenths of a second up to ``limit``; each candidate is a search."""
        columns = [self.nearest(points, candidates, [j]).time for j in range(len(candidates))]
        return Table.of(np.array(columns, np.int32).reshape(-1, len(points)).T, limit)

    def rides(
        self, facilities: Snapped, usable: Collection[int] | None = None
    ) -> tuple[Ints, Ints]:
        """From every stop: tenths of a second from being there to the facility, and which one."""
        on_foot = self.feet.nearest(self.stops, facilities, usable)
        ride = np.full(len(self.stops), FAR, np.int32)
        owner = np.full(len(self.stops), -1, np.int32)
        for stop, (time, facility) in self._scan(on_foot).items():
            ride[stop], owner[stop] = min(time + AT_STOP, FAR), facility
        return ride, owner

    def _scan(self, on_foot: Nearest) -> dict[int, tuple[int, int]]:
        """(shortest ride, facility) of the stops where getting on a bus leads to a facility."""
        walk, facility = on_foot.time.tolist(), on_foot.facility.tolist()
        sitting = dict[int, Arrival]()  # in this run from here on
        off = defaultdict[int, _Offers](_Offers)  # having got off at this stop
        found = dict[int, tuple[int, int]]()
        hops = self.hops
        columns = (hops.run, hops.start, hops.end, hops.leave, hops.arrive, hops.board, hops.alight)
        for run, start, end, left, there, board, alight in zip(
            *(column.tolist() for column in columns), strict=True
        ):
            leave, arrive = left * TENTHS, there * TENTHS
            best = sitting.get(run)
            if alight:
                home = arrive + walk[end]
                choices = [best, off[end].after(arrive) if end in off else None]
                if self.hour - EARLY <= home <= self.hour:
                    choices.append((home, facility[end]))
                best = min((one for one in choices if one), default=None)
            if best is None:
                continue
            sitting[run] = best
            if not board:
                continue
            found[start] = min(found.get(start, (FAR, 0)), (best[0] - leave, best[1]))
            for stop, change in self._changes[start]:
                off[stop].put(leave - change, best)
        return found

    @cached_property
    def _changes(self) -> Sequence[Sequence[tuple[int, int]]]:
        """For every stop those from which one comes there on foot when changing, and how long."""
        between = self.feet.table(self.stops, self.stops, CHANGE_ON_FOOT).dense()
        np.fill_diagonal(between, 0)
        near = between <= CHANGE_ON_FOOT
        return [
            [(int(u), max(int(between[u, stop]), AT_STOP)) for u in np.flatnonzero(near[:, stop])]
            for stop in range(len(self.stops))
        ]

    def _nodes(
        self, facilities: Snapped, usable: Collection[int] | None, ride: Ints, owner: Ints
    ) -> tuple[Ints, Ints]:  # fmt: skip
        doors = self.seeds(facilities)
        if usable is not None:
            doors = doors.only(np.array(sorted(usable), np.int32))
        at = np.repeat(np.flatnonzero(ride < FAR), 2)
        end = np.tile([0, 1], len(at) // 2)
        offset = _sum(self.stops.arrive[at, end], ride[at])
        return self.engine.nearest(Seeds.sorted(
            np.concatenate([doors.node, self.stops.node[at, end]]),
            np.concatenate([doors.offset, offset]),
            np.concatenate([doors.group, owner[at]]),
            len(facilities),
        ))  # fmt: skip


class _Offers:
    """When one has to be off the bus at a stop, and when one is at the facility then.

    Later ones are there later: an offer that another beats in both is not kept.
    """

    __slots__ = ("arrivals", "times")

    def __init__(self) -> None:
        self.times, self.arrivals = list[int](), list[Arrival]()

    def put(self, time: int, arrival: Arrival) -> None:
        at = bisect_left(self.times, time)
        if at < len(self.times) and self.arrivals[at] <= arrival:
            return
        if at < len(self.times) and self.times[at] == time:
            self.arrivals[at] = arrival
        else:
            self.times.insert(at, time)
            self.arrivals.insert(at, arrival)
        while at and self.arrivals[at - 1] >= arrival:
            at -= 1
            del self.times[at], self.arrivals[at]

    def after(self, time: int) -> Arrival | None:
        """The soonest arrival of somebody who gets off at this time."""
        at = bisect_left(self.times, time)
        return self.arrivals[at] if at < len(self.times) else None


def _sum(a: Ints, b: Ints) -> Ints:
    total: Ints = np.minimum(a.astype(np.int64) + b, FAR).astype(np.int32)
    return total
