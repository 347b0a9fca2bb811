"""Stories go on in the order of time, and a refusal ends one story, not the day."""

from datetime import date, datetime, time, timedelta
from random import Random

import pytest

from linli.demo import days
from linli.demo.days import Days, at, office_hours
from linli.lib import clock, workdays
from linli.people.policies import Denied

MONDAY = date(2026, 11, 2)
pytestmark = pytest.mark.django_db


def test_stories_go_on_in_the_order_of_time():
    said = []

    def story(name, *moments):
        for moment in moments:
            yield moment
            said.append((clock.now(), name))

    noon, evening = at(MONDAY, time(12)), at(MONDAY, time(20))
    nights = []
    calendar = Days(at(MONDAY, time(23)), nights.append)
    calendar.add(story("late", evening, evening + timedelta(days=1)))
    calendar.add(story("early", noon))
    calendar.run()
    assert [name for _when, name in said] == ["early", "late"]
    assert said[0][0] == noon
    assert nights == [MONDAY]


def test_what_lies_after_the_last_moment_does_not_happen():
    ran = []

    def story():
        yield at(MONDAY, time(9))
        ran.append("first")
        yield at(MONDAY, time(18))
        ran.append("second")

    calendar = Days(at(MONDAY, time(12)), lambda day: None)
    calendar.add(story())
    calendar.run()
    assert ran == ["first"]


def test_a_refusal_ends_one_story_only():
    ran = []

    def refused():
        yield at(MONDAY, time(9))
        raise Denied("no")

    def other():
        yield at(MONDAY, time(10))
        ran.append("other")

    calendar = Days(at(MONDAY, time(12)), lambda day: None)
    calendar.add(refused())
    calendar.add(other())
    calendar.run()
    assert ran == ["other"]
    assert [str(denied) for denied in calendar.refused] == ["no"]


@pytest.mark.parametrize("hour", [3, 9, 16, 23])
@pytest.mark.parametrize("day", [date(2026, 10, 1), date(2026, 11, 7), MONDAY])
def test_offices_are_open_on_workdays_only(day, hour):
    moment = office_hours(Random(1), datetime.combine(day, time(hour), clock.LOCAL), 1.0)
    assert workdays.is_workday(days.local_day(moment))
    assert moment >= datetime.combine(day, time(hour), clock.LOCAL)
    assert time(8) <= moment.astimezone(clock.LOCAL).time() <= time(18)
