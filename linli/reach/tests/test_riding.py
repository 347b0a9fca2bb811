"""By bus: by hand on one long street, and against a search that tries every journey."""

from datetime import date, datetime
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.lib.clock import LOCAL
from linli.reach import riding
from linli.reach.graph import build
from linli.reach.isochrone import isochrones
from linli.reach.nearest import Streets
from linli.reach.network import FAR
from linli.reach.riding import AT_STOP, Riding
from linli.reach.roads import Roads
from linli.reach.tests import toys
from linli.reach.tests.feeds import calls, feed, stops
from linli.reach.timetable import Hops, Service, Timetable, read

S, SIDE = toys.SQUARE, toys.SIDE
LONG = 40  # blocks of the street: 55 minutes on foot
NO_DAYS = frozenset[date]()
ALWAYS = Service(frozenset(range(7)), date.min, date.max, NO_DAYS, NO_DAYS)


def street() -> Roads:
    roads = Roads()
    run = [roads.point(y, 0, y * S) for y in range(LONG + 1)]
    side = [roads.point(("side", y), S, y * S) for y in range(LONG + 1)]
    for y in range(LONG):
        roads.add(run[y : y + 2], toys._speeds())
    for y in range(LONG + 1):  # cross streets keep every junction in the network
        roads.add([run[y], side[y]], toys._speeds())
    return roads


FEET = Streets(build(street()), "walk")


def at(*blocks):
    return np.zeros(len(blocks)), np.array(blocks, float) * S


def tuesday(hour, minute=0):
    return datetime(2026, 11, 24, hour, minute, tzinfo=LOCAL)


def minutes(found, doors, goals=(LONG,), usable=None):
    return found.nearest(found.snap(*at(*doors)), found.snap(*at(*goals)), usable).time / 600


def line(folder, *rows, **places):
    places = {name: (0, block * S) for name, block in places.items()}
    trips = sorted({row.split()[0] for row in rows})
    text = "route_id,service_id,trip_id\n" + "".join(f"1,work,{trip}\n" for trip in trips)
    return read(feed(folder, stops=stops(**places), stop_times=calls(*rows), trips=text))


def test_a_bus_by_hand(tmp_path):
    bus = line(tmp_path, "a x 09:30:00 09:30:00", "a y 09:40:00 09:40:00", x=0, y=LONG)
    found = Riding(FEET, bus, tuesday(10))
    block = SIDE / 600
    assert minutes(found, [0, 2, 39]) == pytest.approx([11, 11 + 2 * block, block], abs=0.02)
    assert minutes(found, [0], [LONG - 1]) == pytest.approx([11 + block], abs=0.02)
    on_foot = pytest.approx([LONG * block], abs=0.1)
    assert minutes(Riding(FEET, bus, tuesday(9, 39)), [0]) == on_foot  # too late
    assert minutes(Riding(FEET, bus, tuesday(10, 11)), [0]) == on_foot  # too long before
    assert minutes(Riding(FEET, bus, tuesday(10).replace(day=28)), [0]) == on_foot  # a Saturday
    assert minutes(found, [0], [LONG, LONG - 30], usable=[1]) == pytest.approx(
        [10 * block], abs=0.1
    )


def test_nobody_gets_off_between_stops_and_a_change_takes_a_minute(tmp_path):
    rows = ["a x 09:30:00 09:30:00", "a m 09:40:00 09:40:00", "b m 09:41:00 09:41:00",
            "b y 09:50:00 09:50:00", "c m 09:40:30 09:40:30", "c y 09:45:00 09:45:00"]  # fmt: skip
    found = Riding(FEET, line(tmp_path, *rows, x=0, m=20, y=LONG), tuesday(10))
    assert minutes(found, [0]) == pytest.approx([21], abs=0.02)  # with b: c leaves too soon


def test_one_may_walk_between_two_stops(tmp_path):
    rows = ["a x 09:30:00 09:30:00", "a m 09:40:00 09:40:00",
            "b n 09:50:00 09:50:00", "b y 09:55:00 09:55:00"]  # fmt: skip
    near = Riding(FEET, line(tmp_path, *rows, x=0, m=18, n=22, y=LONG), tuesday(10))
    assert minutes(near, [0]) == pytest.approx([26], abs=0.02)
    far = Riding(FEET, line(tmp_path, *rows, x=0, m=12, n=22, y=LONG), tuesday(10))
    assert minutes(far, [0])[0] > 26.1  # ten blocks are more than ten minutes


def test_whoever_lives_beside_the_stop_does_not_walk_round_the_block(tmp_path):
    bus = line(tmp_path, "a x 09:30:00 09:30:00", "a y 09:40:00 09:40:00", x=0.6, y=LONG)
    found = Riding(FEET, bus, tuesday(10))
    assert minutes(found, [0.4]) == pytest.approx([11 + 0.2 * SIDE / 600], abs=0.02)


def test_the_area_holds_what_is_around_the_stop(tmp_path):
    bus = line(tmp_path, "a x 09:30:00 09:30:00", "a y 09:40:00 09:40:00", x=0, y=LONG)
    goal = FEET.snap(*at(LONG))
    [on_foot] = isochrones(FEET, goal, [15])
    [by_bus] = isochrones(Riding(FEET, bus, tuesday(10)), goal, [15])
    assert by_bus.square_kilometres > on_foot.square_kilometres
    assert by_bus.shape.contains(on_foot.shape.centroid)
    assert by_bus.shape.distance(shapely.Point(0, 0)) == 0
    assert on_foot.shape.distance(shapely.Point(0, 0)) > 0


def test_a_table_is_what_each_site_alone_would_give(tmp_path):
    bus = line(tmp_path, "a x 09:30:00 09:30:00", "a y 09:40:00 09:40:00", x=0, y=LONG)
    found = Riding(FEET, bus, tuesday(10))
    doors, sites = found.snap(*at(0, 10, 35)), found.snap(*at(LONG, 12))
    table = found.table(doors, sites, 30 * 600).dense()
    for j in (0, 1):
        alone = found.nearest(doors, sites, [j]).time
        assert (table[:, j] == np.where(alone <= 30 * 600, alone, FAR)).all()


STOPS = (0, 7, 8, 20, 33, 40)


@st.composite
def timetables(draw):
    """Up to six runs over some of the stops, in tenths of minutes."""
    rows, n = [], draw(st.integers(1, 6))
    for run in range(n):
        way = draw(
            st.lists(st.sampled_from(range(len(STOPS))), min_size=2, max_size=4, unique=True)
        )
        now = draw(st.integers(0, 60)) * 60 + 8 * 3600 + 1800
        for a, b in pairwise(way):
            then = now + draw(st.integers(1, 12)) * 60
            rows.append((run, a, b, now, then, draw(st.booleans()), draw(st.booleans())))
            now = then + draw(st.integers(0, 2)) * 60
    table = np.array(rows, np.int64).T
    hops = Hops(*table[:5], table[5] > 0, table[6] > 0)
    lon, lat = at(*STOPS)
    return Timetable([str(stop) for stop in STOPS], lon, lat, hops, np.zeros(n, np.int64), [ALWAYS])


def every_journey(timetable, goals, hour):
    """The shortest ride from each stop, by trying every hop after every other."""
    snapped = FEET.snap(timetable.lon, timetable.lat)
    walk = FEET.table(snapped, snapped, riding.CHANGE_ON_FOOT).dense()
    home = FEET.nearest(snapped, FEET.snap(*at(*goals))).time
    hops = timetable.hops
    rows = list(zip(*(getattr(hops, name).tolist() for name in Hops.__slots__), strict=True))

    @cache
    def sitting(k):
        run, _start, end, _leave, arrive, _board, alight = rows[k]
        found = [sitting(k + 1)] if k + 1 < len(rows) and rows[k + 1][0] == run else []
        if alight:
            there = arrive * 10 + int(home[end])
            found += [there] if hour - riding.EARLY <= there <= hour else []
            for m, (_run, start, _end, leave, _there, board, _off) in enumerate(rows):
                change = AT_STOP if start == end else max(int(walk[end, start]), AT_STOP)
                if board and change < FAR and arrive * 10 + change <= leave * 10:
                    found.append(sitting(m))
        return min(found, default=FAR)

    ride = [FAR] * len(STOPS)
    for k, (_run, start, _end, leave, _arrive, board, _alight) in enumerate(rows):
        if board and sitting(k) < FAR:
            ride[start] = min(ride[start], sitting(k) - leave * 10 + AT_STOP)
    return ride


@settings(max_examples=150, deadline=None)
@given(timetable=timetables(), goals=st.lists(st.integers(0, LONG), min_size=1, max_size=2))
def test_no_journey_is_shorter(timetable, goals):
    when = tuesday(10)
    found = Riding(FEET, timetable, when)
    ride, _owner = found.rides(found.snap(*at(*goals)))
    assert ride.tolist() == every_journey(timetable, goals, found.hour)
