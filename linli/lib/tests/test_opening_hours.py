from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib import workdays
from linli.lib.clock import LOCAL
from linli.lib.opening_hours import HoursError, parse

CENTRE = "Mo-Fr 08:30-12:00,13:30-17:30; Sa 09:00-12:00; PH off"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def hours(spans):
    return [f"{a // 60:02}:{a % 60:02}-{b // 60:02}:{b % 60:02}" for a, b in spans]


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        (CENTRE, "2026-11-04", ["08:30-12:00", "13:30-17:30"]),  # Wednesday
        (CENTRE, "2026-11-07", ["09:00-12:00"]),
        (CENTRE, "2026-11-08", []),
        (CENTRE, "2026-10-01", []),  # National Day, a Thursday
        (CENTRE, "2026-10-10", ["08:30-12:00", "13:30-17:30"]),  # Saturday worked in exchange
        (CENTRE, "2026-10-03", []),  # a Saturday inside the holiday
        ("Sa,Su 09:00-21:00", "2026-10-10", ["09:00-21:00"]),  # no hours on Fridays: its own day
        ("Mo-Fr 08:00-17:00; PH 10:00-12:00", "2026-10-03", ["10:00-12:00"]),
        ("Mo-Fr 08:00-17:00", "2026-10-01", ["08:00-17:00"]),  # says nothing of holidays
        ("Su-Tu 10:00-11:00", "2026-11-08", ["10:00-11:00"]),
        ("Mo,We,Fr 10:00-11:00", "2026-11-05", []),
        ("Apr-Sep 06:00-21:00; Oct-Mar Mo-Su 07:00-18:00", "2026-11-04", ["07:00-18:00"]),
        ("Nov-Jan: Mo-Fr,PH 07:00-18:00", "2026-12-04", ["07:00-18:00"]),
        ("Fr 18:00-02:00", "2026-11-06", ["18:00-26:00"]),
        ("Fr 18:00-26:00", "2026-11-06", ["18:00-26:00"]),
        ("24/7; We off", "2026-11-04", []),
        ("08:00-12:00;", "2026-11-04", ["08:00-12:00"]),
    ],
)
def test_a_day(text, day, expected):
    assert hours(parse(text).on(date.fromisoformat(day))) == expected


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("Mo-Fr 08:30", (1, 12), "dash"),
        ("Mo-Fr 8:30-25:99", (1, 12), "no such time"),
        ("Mo-Fr 08:00-17:00 || off", (1, 19), "||"),
        ("Mo-Fr 08:00-17:00;\nSH off", (2, 1), "school holidays"),
        ("Mo-Fr sunrise-17:00", (1, 7), "sun"),
        ('Mo 08:00-17:00 "by phone"', (1, 16), "quotes"),
        ("Mo[1] 08:00-17:00", (1, 3), "first or last"),
        ("08:00-12:00,11:00-13:00", (1, 24), "overlap"),
        ("08:00+", (1, 6), "open end"),
        ("Mo-Xx 08:00-09:00", (1, 4), "after the dash"),
        ("", (1, 1), "times are expected"),
        ("周一 8:00-9:00", (1, 1), "times are expected"),
        ("9" * 500, (1, 401), "at most"),
    ],
)
def test_the_rest_is_refused_at_its_place(text, place, words):
    with pytest.raises(HoursError, match="column") as refused:
        parse(text)
    assert (refused.value.line, refused.value.column) == place
    assert words in str(refused.value)


def test_open_past_midnight_belongs_to_the_day_before():
    rule = parse("Fr 18:00-02:00; PH off")
    assert rule.open_span(at("2026-11-07 01:59")) == (
        at("2026-11-06 18:00"),
        at("2026-11-07 02:00"),
    )
    assert rule.open_span(at("2026-11-07 02:00")) is None
    assert rule.next_opening(at("2026-11-07 02:00")) == at("2026-11-13 18:00")


def test_the_next_opening_passes_over_the_holiday():
    rule = parse(CENTRE)
    assert rule.next_opening(at("2026-09-30 18:00")) == at("2026-10-08 08:30")
    assert parse("off").next_opening(at("2026-09-30 18:00")) is None


def test_always_open_is_one_time():
    rule = parse("24/7")
    assert rule.covers(at("2026-11-04 22:00"), at("2026-11-06 05:00"))
    assert rule.says_holidays
    assert not parse("Mo-Fr 08:00-09:00").says_holidays


def test_covers_needs_the_whole_time():
    rule = parse(CENTRE)
    assert rule.covers(at("2026-11-04 08:30"), at("2026-11-04 12:00"))
    assert not rule.covers(at("2026-11-04 11:00"), at("2026-11-04 14:00"))


def test_a_county_closes_a_day_of_its_own(monkeypatch):
    monkeypatch.setitem(workdays.OVERRIDES, date(2026, 11, 4), False)
    assert parse(CENTRE).on(date(2026, 11, 4)) == ()


moments = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 1), timezones=st.just(LOCAL))


@given(moments, st.sampled_from([CENTRE, "Fr,Sa 18:00-03:00; PH off", "10:00-12:00"]))
def test_open_now_and_the_next_opening_agree(moment, text):
    rule = parse(text)
    following = rule.next_opening(moment)
    assert following is not None
    assert following > moment
    assert rule.open_span(following) is not None
    span = rule.open_span(moment)
    assert span is None or span[0] <= moment < span[1] <= following
