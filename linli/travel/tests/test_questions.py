"""Hours that are asked about lie on days as usual."""

from datetime import date, datetime, time

import pytest

from linli.lib import clock
from linli.travel.questions import Question, next_usual


@pytest.mark.parametrize(
    ("weekday", "since", "found"),
    [
        (1, date(2026, 11, 23), date(2026, 11, 24)),
        (1, date(2026, 11, 24), date(2026, 11, 24)),
        (1, date(2026, 9, 30), date(2026, 10, 13)),  # the Tuesday before is National Day's week
        (5, date(2026, 10, 8), date(2026, 10, 17)),  # the Saturday before is worked
    ],
)
def test_holidays_and_exchanged_days_are_passed_over(weekday, since, found):
    when = next_usual(weekday, time(10), since)
    assert when == datetime.combine(found, time(10), clock.LOCAL)


def test_tuesday_in_a_week_of_holidays_is_the_next_ordinary_one():
    with clock.moved_to(datetime(2026, 10, 2, 9, tzinfo=clock.LOCAL)):
        assert Question("hall", "walk", "tuesday", 30, "people").when.date() == date(2026, 10, 13)
