import subprocess
import sys
import timeit
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib import workdays
from linli.lib.clock import LOCAL
from linli.lib.workdays import OVERRIDES, Span, add, between, is_workday

moments = st.datetimes(
    min_value=datetime(2015, 1, 1), max_value=datetime(2029, 12, 1), timezones=st.just(LOCAL)
)
spans = st.builds(Span, st.integers(1, 120), st.sampled_from(workdays.UNITS))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2015-09-03", False),  # 70th anniversary of the victory
        ("2015-09-06", True),  # Sunday, made up for it
        ("2018-12-29", True),  # Saturday before a New Year bridge
        ("2020-01-31", False),  # Spring Festival, prolonged in the epidemic
        ("2022-01-30", True),
        ("2024-02-18", True),
        ("2025-01-26", True),
        ("2025-10-08", False),
        ("2026-01-04", True),
        ("2026-02-14", True),
        ("2026-02-16", False),
        ("2026-09-20", True),
        ("2026-10-01", False),
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),  # Saturday, made up
        ("2026-10-11", False),
        ("2026-11-21", False),
        ("2027-02-08", False),
        ("2030-10-01", False),
    ],
)
def test_the_calendar_of_the_state_council(day, works):
    assert is_workday(date.fromisoformat(day)) is works


def test_each_year_has_a_likely_number_of_working_days():
    first = date(2015, 1, 1)
    days = [first + timedelta(days=n) for n in range((date(2031, 1, 1) - first).days)]
    for year in range(2015, 2031):
        assert 247 <= sum(is_workday(day) for day in days if day.year == year) <= 252


def test_a_countys_own_exception_wins_and_counts_at_once(monkeypatch):
    saturday, monday = date(2026, 11, 21), date(2026, 11, 23)
    assert (is_workday(saturday), is_workday(monday)) == (False, True)
    monkeypatch.setitem(OVERRIDES, saturday, True)
    monkeypatch.setitem(OVERRIDES, monday, False)
    assert (is_workday(saturday), is_workday(monday)) == (True, False)
    assert add(at("2026-11-21T09:00"), Span(1, "workdays")) == at("2026-11-24T23:59:59")


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2026-11-23T09:00", "1 workday", "2026-11-24T23:59:59"),
        ("2026-11-23T23:59:59", "1 workday", "2026-11-24T23:59:59"),
        ("2026-11-24T00:00", "1 workday", "2026-11-25T23:59:59"),
        ("2026-11-20T17:00", "1 workday", "2026-11-23T23:59:59"),  # Friday to Monday
        ("2026-11-21T09:00", "1 workday", "2026-11-23T23:59:59"),  # Saturday to Monday
        ("2026-09-30T09:00", "3 workdays", "2026-10-10T23:59:59"),  # over the golden week
        ("2026-11-23T09:00", "15 workdays", "2026-12-14T23:59:59"),
        ("2026-11-23T09:00", "7 days", "2026-11-30T23:59:59"),
        ("2026-11-21T09:00", "7 days", "2026-11-30T23:59:59"),  # ends on a Saturday: Monday
        ("2026-11-21T09:00", "2 hours", "2026-11-21T11:00"),
        ("2026-11-21T23:50", "30 minutes", "2026-11-22T00:20"),
    ],
)
def test_when_a_period_ends(start, span, end):
    answer = add(at(start), Span.parse(span))
    assert answer == at(end)
    assert answer.tzinfo is UTC


def test_the_day_of_receipt_is_the_local_one():
    # 17:00 in Greenwich on the 23rd is one in the morning of the 24th here.
    start = datetime(2026, 11, 23, 17, tzinfo=UTC)
    assert add(start, Span(1, "workdays")) == at("2026-11-25T23:59:59")


@given(moments, moments, spans)
def test_add_is_monotone_in_start(one, other, span):
    early, late = sorted((one, other))
    assert add(early, span) <= add(late, span)


@given(moments, spans, st.integers(1, 30))
def test_add_is_monotone_in_amount(start, span, more):
    longer = Span(span.amount + more, span.unit)
    assert start < add(start, span) <= add(start, longer)


@given(moments, st.integers(1, 120))
def test_between_counts_what_add_added(start, amount):
    end = add(start, Span(amount, "workdays"))
    assert between(start, end) == amount
    assert between(end, start) == -amount


@given(moments, st.integers(1, 120), st.sampled_from(["workdays", "days"]))
def test_no_period_in_days_ends_on_a_day_of_rest(start, amount, unit):
    end = add(start, Span(amount, unit)).astimezone(LOCAL)
    assert is_workday(end.date())
    assert (end.hour, end.minute, end.second) == (23, 59, 59)


def test_between_is_nothing_within_a_day():
    assert between(at("2026-11-23T00:00"), at("2026-11-23T23:59")) == 0


def test_moments_without_a_zone_are_refused():
    naive = datetime(2026, 11, 23)
    with pytest.raises(ValueError, match="time zone"):
        add(naive, Span(1, "workdays"))
    with pytest.raises(ValueError, match="time zone"):
        between(naive, at("2026-11-24T00:00"))


@given(spans)
def test_a_span_reads_back_what_it_writes(span):
    assert Span.parse(str(span)) == span


def test_a_span_reads_as_people_say_it():
    assert Span.parse(" 1 Workday ") == Span.parse("1 workdays") == Span(1, "workdays")
    assert str(Span(1, "workdays")) == "1 workday"
    assert Span.parse("15 workdays").text("zh") == "15个工作日"
    assert Span.parse("15 workdays").text("en") == "15 working days"
    assert Span.parse("1 workday").text("en") == "1 working day"
    assert Span.parse("7 days").text("zh-hans") == "7天"
    assert Span.parse("2 hours").text("zh_Hans") == "2小时"
    assert Span.parse("30 minutes").text("zh") == "30分钟"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", 'for example "15 workdays"'),
        ("soon", 'for example "15 workdays"'),
        ("1.5 days", 'for example "15 workdays"'),
        ("-3 days", 'for example "15 workdays"'),
        ("１５ workdays", 'for example "15 workdays"'),
        ("3 weeks", "use one of workdays, days, hours, minutes"),
        ("3 s", "use one of workdays, days, hours, minutes"),
        ("0 days", "is 1 to 999 days, not 0"),
        ("1000 hours", "is 1 to 999 hours, not 1000"),
    ],
)
def test_a_wrong_span_is_told_what_would_be_right(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        Span.parse(text)


def test_adding_fifteen_workdays_takes_microseconds():
    start, span = at("2026-09-25T09:00"), Span(15, "workdays")
    best = min(timeit.repeat(lambda: add(start, span), number=200, repeat=5)) / 200
    assert best < 50e-6


def test_the_holiday_package_is_not_loaded_before_a_day_is_asked():
    code = "import sys, linli.lib.workdays; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
