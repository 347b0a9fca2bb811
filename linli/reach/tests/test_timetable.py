"""Feeds: which runs go on which day, times in between, and what is wrong where."""

from datetime import date

import pytest

from linli.reach.errors import ReachError
from linli.reach.tests.feeds import CALENDAR, calls, feed, stops
from linli.reach.timetable import read

TWO = stops(x=(0, 0), y=(0, 0.01))
TRIP = calls("a x 08:00:00 08:00:00", "a y 08:10:00 08:10:00")
TUESDAY, SATURDAY = date(2026, 11, 24), date(2026, 11, 28)


def on(path, day):
    hops = read(path).on(day)
    return sorted(zip(hops.leave.tolist(), hops.arrive.tolist(), strict=True))


def at(hour, minute=0):
    return hour * 3600 + minute * 60


def test_runs_go_on_the_days_of_their_service(tmp_path):
    path = feed(tmp_path, stops=TWO, stop_times=TRIP, calendar_dates=(
        "service_id,date,exception_type\nwork,20261128,1\nwork,20261125,2\n"
    ))  # fmt: skip
    assert on(path, TUESDAY) == [(at(8), at(8, 10))]
    assert on(path, SATURDAY) == [(at(8), at(8, 10))]  # a Saturday that is worked
    assert on(path, date(2026, 11, 25)) == []
    assert on(path, date(2026, 11, 29)) == []
    assert on(path, date(2027, 1, 4)) == []
    assert read(path).days == (date(2026, 1, 1), date(2026, 12, 31))


def test_a_run_past_midnight_is_there_the_next_day(tmp_path):
    late = calls("a x 23:50:00 23:50:00", "a y 24:20:00 24:20:00")
    path = feed(tmp_path, stops=TWO, stop_times=late)
    assert on(path, SATURDAY) == [(-600, at(0, 20))]  # Friday's
    assert on(path, TUESDAY) == [(-600, at(0, 20)), (at(23, 50), at(24, 20))]


def test_stops_without_a_time_lie_between_the_others(tmp_path):
    path = feed(tmp_path, stops=stops(x=(0, 0), m=(0, 0.003), n=(0, 0.006), y=(0, 0.01)),
                stop_times="trip_id,stop_id,arrival_time,departure_time,stop_sequence\n"
                "a,y,08:30:00,,9\na,x,,08:00:00,1\na,n,,,5\na,m,,,2\n")  # fmt: skip
    assert on(path, TUESDAY) == [
        (at(8), at(8, 10)), (at(8, 10), at(8, 20)), (at(8, 20), at(8, 30))
    ]  # fmt: skip


def test_a_bus_every_twenty_minutes(tmp_path):
    path = feed(tmp_path, stops=TWO, stop_times=TRIP, frequencies=(
        "trip_id,start_time,end_time,headway_secs\na,06:00:00,07:00:00,1200\n"
    ))  # fmt: skip
    assert [leave for leave, _there in on(path, TUESDAY)] == [at(6), at(6, 20), at(6, 40)]


def test_where_one_may_not_get_on_or_off_and_what_is_no_stop(tmp_path):
    path = feed(
        tmp_path,
        stops="stop_id,stop_lat,stop_lon,location_type\nx,0,0,0\ny,0.01,0,\nbig,0,0,1\n",
        stop_times="trip_id,stop_id,arrival_time,departure_time,stop_sequence,pickup_type,"
        "drop_off_type\na,x,08:00:00,08:00:00,1,1,0\na,y,08:10:00,08:10:00,2,0,1\n",
    )
    found = read(path)
    assert list(found.stops) == ["x", "y"]
    assert not found.hops.board[0]
    assert not found.hops.alight[0]


WRONG = {
    "no stops": ({"stop_times": TRIP}, "feed.zip: there is no stops.txt in it."),
    "a stop nobody knows": ({"stops": TWO, "stop_times": calls("a z 08:00:00 08:00:00")},
                            'stop_times.txt:2: there is no stop "z" in stops.txt.'),
    "a trip nobody knows": ({"stops": TWO, "stop_times": calls("b x 08:00:00 08:00:00")},
                            'stop_times.txt:2: there is no trip "b" in trips.txt.'),
    "a latitude": ({"stops": stops(x=(0, 95)), "stop_times": TRIP, "trips": ""},
                   "feed.zip: there is no trips.txt in it."),
    "a latitude of nowhere": (
        {"stops": stops(x=(0, 95), y=(0, 0)), "stop_times": TRIP},
        'stops.txt:2: stop_lat is "95"; it must be a number from -90 to 90.'),
    "a time": ({"stops": TWO, "stop_times": calls("a x 8 08:00:00", "a y 08:10:00 08:10:00")},
               'stop_times.txt:2: arrival_time is "8"; a time is written 08:05:00.'),
    "no first time": ({"stops": TWO, "stop_times":
                       "trip_id,stop_id,arrival_time,departure_time,stop_sequence\na,x,,,1\n"
                       "a,y,08:10:00,08:10:00,2\n"},
                      "stop_times.txt:2: the first and the last stop of a trip need a time."),
    "backwards": ({"stops": TWO, "stop_times":
                   calls("a x 08:00:00 08:00:00", "a y 07:59:00 07:59:00")},
                  "stop_times.txt:3: the bus is there before it has left the stop before."),
    "a day": ({"stops": TWO, "stop_times": TRIP, "calendar":
               CALENDAR.replace("20260101", "2026-01-01")},
              'calendar.txt:2: start_date is "2026-01-01"; a day is written 20261124.'),
    "no days": ({"stops": TWO, "stop_times": TRIP, "calendar": ""},
                "feed.zip: neither calendar.txt nor calendar_dates.txt has a day."),
    "one stop": ({"stops": TWO, "stop_times": calls("a x 08:00:00 08:00:00")},
                 "feed.zip: no run goes from one stop to another."),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_with_file_and_line(name, tmp_path):
    files, said = WRONG[name]
    with pytest.raises(ReachError) as error:
        read(feed(tmp_path, **files))
    assert str(error.value) == said


def test_something_else_is_no_feed(tmp_path):
    path = tmp_path / "feed.zip"
    path.write_text("stops")
    with pytest.raises(ReachError, match=r"^feed\.zip: this is not a GTFS feed"):
        read(path)
