from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.figures import periods
from linli.figures.periods import NoPeriod, Period
from linli.figures.share import hidden, unsure, wilson
from linli.lib import clock

WEDNESDAY = datetime(2026, 10, 14, 4, tzinfo=UTC)


def test_a_period_is_whole_local_days():
    day = Period(date(2026, 10, 14), date(2026, 10, 14))
    assert day.start.astimezone(UTC) == datetime(2026, 10, 13, 16, tzinfo=UTC)
    assert day.end.astimezone(UTC) == datetime(2026, 10, 14, 16, tzinfo=UTC)
    assert day.days == 1


def test_week_month_and_quarter():
    today = date(2026, 10, 14)
    assert periods.this_week(today) == Period(date(2026, 10, 12), date(2026, 10, 18), "week")
    assert periods.this_month(today) == Period(date(2026, 10, 1), date(2026, 10, 31), "month")
    assert periods.this_quarter(today) == Period(date(2026, 10, 1), date(2026, 12, 31), "quarter")
    assert periods.this_month(date(2026, 12, 31)).last == date(2026, 12, 31)


def test_a_running_week_is_laid_beside_the_same_days_before():
    with clock.moved_to(WEDNESDAY):
        before = periods.before(periods.this_week(clock.today()))
    assert before == Period(date(2026, 10, 5), date(2026, 10, 7), "week")


def test_a_finished_month_is_laid_beside_the_whole_month_before():
    with clock.moved_to(WEDNESDAY):
        before = periods.before(Period(date(2026, 9, 1), date(2026, 9, 30), "month"))
    assert before == Period(date(2026, 8, 1), date(2026, 8, 31), "month")


def test_the_31st_has_no_fellow_in_a_short_month():
    with clock.moved_to(datetime(2026, 3, 30, 4, tzinfo=UTC)):
        before = periods.before(periods.this_month(clock.today()))
    assert before == Period(date(2026, 2, 1), date(2026, 2, 28), "month")


def test_own_dates_are_laid_beside_as_many_days_before():
    with clock.moved_to(WEDNESDAY):
        before = periods.before(periods.own("2026-10-01", "2026-10-10"))
    assert before == Period(date(2026, 9, 21), date(2026, 9, 30), "own")


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        ("2026-10-02", "2026-10-01", "order"),
        ("2001-10-02", "2026-10-01", "long"),
        ("yesterday", "2026-10-01", "date"),
        ("0001-01-01", "2026-10-01", "date"),
        ("2026-10-01", "9999-12-31", "date"),
    ],
)
def test_dates_that_make_no_period(first, last, why):
    with pytest.raises(NoPeriod) as refused:
        periods.own(first, last)
    assert refused.value.args == (why,)


def test_weeks_end_with_the_last_week_that_has_come():
    with clock.moved_to(WEDNESDAY):
        weeks = periods.weeks_up_to(periods.this_quarter(clock.today()), 3)
    assert [week.first.day for week in weeks] == [28, 5, 12]


@given(st.integers(1, 2000), st.data())
def test_wilson_holds_the_share_and_stays_on_the_scale(n, data):
    part = data.draw(st.integers(0, n))
    low, high = wilson(part, n)
    assert 0 <= low <= Fraction(part, n) <= high <= 1


def test_wilson_as_printed_in_the_books():
    low, high = wilson(8, 10)
    assert (round(low, 4), round(high, 4)) == (0.4902, 0.9433)
    assert wilson(0, 0) is None
    with pytest.raises(ValueError):
        wilson(3, 2)


def test_small_numbers_are_marked():
    assert unsure(4, 5)
    assert not unsure(328, 400)
    assert not unsure(0, 0)


def test_small_cells_are_hidden_and_cannot_be_subtracted():
    assert hidden({"a": 40, "b": 3, "c": 2, "d": 0}) == {"b", "c"}
    assert hidden({"a": 40, "b": 3, "c": 9, "d": 0}) == {"b", "c"}
    assert hidden({"a": 40, "b": 5, "c": 0}) == set()
    assert hidden({"b": 3}) == {"b"}
