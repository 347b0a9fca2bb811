"""Hours come from the moments in and out; a missing one is settled by two people."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from linli.activities.actions import hours, planning, seats
from linli.activities.models import SignUp
from linli.activities.models.people import Going
from linli.journal.models import Entry
from linli.people.policies import Denied, NeedsSecond


@pytest.fixture
def stall(field):
    return field.stall()


@pytest.fixture
def helper(field, stall):
    person = field.person()
    return person, seats.sign_up(stall, "helper", by=person)


def test_the_time_between_in_and_out_is_the_hours(field, moved, stall, helper):
    _person, row = helper
    with moved(stall.starts_at - timedelta(minutes=10)):
        hours.check_in(row, by=field.host)
        hours.check_in(row, by=field.host)  # a second tap
    with moved(stall.ends_at + timedelta(minutes=5)):
        hours.check_out(row, by=field.host)
    row.refresh_from_db()
    assert row.time == timedelta(hours=2, minutes=15)
    line = Entry.objects.get(verb="activity.checked_out")
    assert line.facts["minutes"] == 135
    assert Entry.objects.filter(verb="activity.checked_in").count() == 1


def test_the_word_at_the_door_lets_people_in_by_themselves(field, moved, stall, helper):
    person, row = helper
    with moved(stall.starts_at):
        with pytest.raises(Denied):
            hours.check_in(row, by=person)
        with pytest.raises(Denied):
            hours.check_in(row, by=person, code="AAAA")
        hours.check_in(row, by=person, code=hours.door_code(stall).lower())
        assert row.state == Going.IN
        with pytest.raises(Denied):
            hours.check_out(row, by=field.person(), code=hours.door_code(stall))


def test_who_leads_keeps_the_list(field, moved, stall, helper):
    _person, row = helper
    keeper = field.hold("stall-keeper", field.office)
    with moved(stall.starts_at), pytest.raises(Denied):
        hours.check_in(row, by=keeper)
    mine = seats.sign_up(stall, "keeper", by=keeper)
    with moved(stall.starts_at):
        hours.check_in(mine, by=keeper)
        hours.check_in(row, by=keeper)
        with pytest.raises(Denied):
            hours.check_in(row, by=field.cast.other_manager)


@pytest.mark.parametrize(("before", "fits"), [(61, False), (59, True)])
def test_nobody_comes_more_than_an_hour_early(field, moved, stall, helper, before, fits):
    _person, row = helper
    with moved(stall.starts_at - timedelta(minutes=before)):
        if fits:
            hours.check_in(row, by=field.host)
        else:
            with pytest.raises(Denied):
                hours.check_in(row, by=field.host)
    assert (SignUp.objects.get().state == Going.IN) is fits


def test_nobody_comes_after_the_end_or_to_a_cancelled_one(field, moved, stall, helper):
    _person, row = helper
    with moved(stall.ends_at + timedelta(seconds=1)), pytest.raises(Denied):
        hours.check_in(row, by=field.host)
    planning.cancel(stall, reason="下雨", by=field.host)
    again = SignUp.objects.get()
    with moved(stall.starts_at), pytest.raises(Denied):
        hours.check_in(again, by=field.host)


def test_a_phone_without_signal_says_when_it_was(field, moved, stall, helper):
    _person, row = helper
    came, went = stall.starts_at, stall.ends_at
    with moved(went + timedelta(days=2)):
        hours.check_in(row, by=field.host, when=came)
        hours.check_out(row, by=field.host, when=went)
    assert row.time == timedelta(hours=2)
    with moved(stall.starts_at):  # a clock that runs ahead is not believed beyond now
        assert hours._moment(row, went) == came


def test_a_missing_way_out_is_settled_by_two_and_never_typed(field, moved, stall, helper):
    person, row = helper
    colleague = field.hold("handler", field.office)
    with moved(stall.starts_at):
        hours.check_in(row, by=field.host)
        with pytest.raises(Denied):
            hours.settle(row, "end", by=field.host)  # it is not over yet
    with moved(stall.ends_at + timedelta(hours=3)):
        assert SignUp.objects.unsettled().get() == row
        with pytest.raises(Denied):
            hours.check_out(row, by=field.host)
        with pytest.raises(Denied):
            hours.settle(row, "7 hours", by=field.host)
        for other in (person, field.cast.other_manager, field.cast.steward):
            with pytest.raises(Denied):
                hours.settle(row, "end", by=other)
        hours.settle(row, "end", by=field.host)
        with pytest.raises(NeedsSecond):
            hours.agree(row, by=field.host)
        assert row.time == timedelta()
        hours.agree(row, by=colleague)
        assert row.time == timedelta(hours=2)
        with pytest.raises(Denied):
            hours.agree(row, by=colleague)
    assert Entry.objects.get(verb="activity.checked_out").facts["settled"] == "end"


def test_settled_as_nothing_counts_nothing(field, moved, stall, helper):
    _person, row = helper
    with moved(stall.starts_at):
        hours.check_in(row, by=field.host)
    with moved(stall.ends_at + timedelta(hours=3)):
        hours.settle(row, "none", by=field.host)
        hours.agree(row, by=field.hold("handler", field.office))
    assert (row.state, row.time) == (Going.OUT, timedelta())


def test_the_database_knows_no_out_without_in(field, helper):
    _person, row = helper
    for wrong in ({"state": "checked_out"}, {"state": "checked_in"}, {"in_at": row.asked_at}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SignUp.objects.filter(pk=row.pk).update(**wrong)
