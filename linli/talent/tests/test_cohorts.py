"""A cohort: people apply or are asked, places are limited, attendance is a number."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from linli.lib import clock
from linli.people.policies import Denied
from linli.talent import reading
from linli.talent.actions import cohorts
from linli.talent.models import Cohort, Session, Trainee
from linli.talent.tests.conftest import START

FIRST = date(2026, 11, 16)
State = Trainee.State


@pytest.fixture
def cohort(talent):
    return cohorts.begin("trainees", "第一期", name_en="First", starts_on=FIRST,
                         apply_until=date(2026, 11, 13), by=talent.third)  # fmt: skip


def day(on: date) -> datetime:
    return datetime.combine(on, START.timetz())


def test_it_follows_the_playbook(talent, cohort):
    assert (cohort.size, cohort.taken, cohort.ends_on) == (40, 0, date(2027, 11, 16))
    assert [one[0] for one in cohorts.stage_days(cohort)] == ["lessons", "on-site", "village"]
    with pytest.raises(Denied, match="name already"):
        cohorts.begin("trainees", "第一期", starts_on=FIRST, apply_until=FIRST, by=talent.third)
    with pytest.raises(Denied, match="a day to apply"):
        cohorts.begin("trainees", "第二期", starts_on=FIRST, apply_until=date(2026, 10, 1),
                      by=talent.third)  # fmt: skip
    with pytest.raises(Denied):
        cohorts.begin("trainees", "第三期", starts_on=FIRST, apply_until=FIRST,
                      by=talent.cast.manager)  # fmt: skip


def test_people_apply_and_are_answered(talent, cohort, moved):
    one, two = talent.person("甲"), talent.person("乙")
    first, second = cohorts.apply(cohort, by=one), cohorts.apply(cohort, by=two)
    with pytest.raises(Denied, match="already"):
        cohorts.apply(cohort, by=one)
    with pytest.raises(Denied):
        cohorts.admit(first, True, by=talent.first)  # another office
    cohorts.admit(first, True, by=talent.third)
    with pytest.raises(Denied, match="at least a sentence"):
        cohorts.admit(second, False, " ", by=talent.third)
    cohorts.admit(second, False, "名额给了先报的人。", by=talent.third)
    cohort.refresh_from_db()
    assert (cohort.taken, first.state, second.state) == (1, State.MEMBER, State.REFUSED)
    with moved(day(date(2026, 11, 14))), pytest.raises(Denied, match="time to apply is over"):
        cohorts.apply(cohort, by=two)


def test_the_desk_enters_somebody_who_says_yes(talent, cohort):
    person = talent.person()
    row = cohorts.enter(cohort, person.user, by=talent.third)
    cohort.refresh_from_db()
    assert (row.state, cohort.taken) == (State.ASKED, 0)
    with pytest.raises(Denied, match="somebody else's"):
        cohorts.answer(row, True, by=talent.person("别人"))
    cohorts.answer(row, True, by=person)
    cohort.refresh_from_db()
    assert (row.state, cohort.taken) == (State.MEMBER, 1)
    cohorts.leave(row, by=person)
    cohort.refresh_from_db()
    assert (row.state, cohort.taken) == (State.LEFT, 0)


def test_places_are_limited(talent, cohort):
    Cohort.objects.filter(pk=cohort.pk).update(size=1)
    rows = [cohorts.apply(cohort, by=talent.person(name)) for name in ("甲", "乙")]
    cohorts.admit(rows[0], True, by=talent.third)
    with pytest.raises(Denied, match="are taken"):
        cohorts.admit(rows[1], True, by=talent.third)
    rows[1].refresh_from_db()
    assert rows[1].state == State.APPLIED
    with pytest.raises(IntegrityError), transaction.atomic():
        Cohort.objects.update(taken=2)


def test_nobody_finishes_before_the_last_stage(talent, cohort, moved):
    row = cohorts.apply(cohort, by=talent.person())
    cohorts.admit(row, True, by=talent.third)
    with pytest.raises(Denied, match="last stage"):
        cohorts.finish(row, by=talent.third)
    with moved(day(cohorts.last_stage_from(cohort))):
        cohorts.finish(row, by=talent.third)
    assert row.state == State.FINISHED


def test_sessions_are_held_at_training_places_and_counted(talent, cohort, moved):
    place = talent.place()
    on = FIRST + timedelta(days=8)
    row = cohorts.plan(cohort, place, on, "怎样开好村民会", by=talent.third)
    assert row.stage == "lessons"
    with pytest.raises(Denied, match="planned already"):
        cohorts.plan(cohort, place, on, "怎样开好村民会", by=talent.third)
    with pytest.raises(Denied, match="outside the time"):
        cohorts.plan(cohort, place, FIRST - timedelta(days=1), "太早", by=talent.third)
    with pytest.raises(Denied, match="other kinds of places"):
        cohorts.plan(cohort, talent.place("canteen", "eat"), on, "吃饭", by=talent.third)
    with pytest.raises(Denied, match="still to come"):
        cohorts.count(row, 30, by=talent.third)
    with moved(day(on)):
        cohorts.count(row, 30, by=talent.third)
        with pytest.raises(Denied, match="no number of people"):
            cohorts.count(row, -1, by=talent.third)
        with pytest.raises(Denied):
            cohorts.count(row, 31, by=talent.first)
    view = reading.cohort_view(cohort)
    assert (view.held, view.came) == (1, 30)
    assert clock.today() == START.date()
    assert not {f.name for f in Session._meta.get_fields()} & {"people", "trainees", "attendees"}
