"""Rooms: exactly one winner, sentences for the others, and the database as the last word."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from linli.facilities import exclusion, notices
from linli.facilities.actions import keeping, lending
from linli.facilities.models import Booking, Waiting
from linli.facilities.models.booking import State
from linli.journal.models import Entry
from linli.letters.models import Letter
from linli.lib import clock
from linli.people.policies import Denied


def book(houses, by, day=1, begin=9, end=11, **more):
    start, finish = houses.at(day, begin), houses.at(day, end)
    return lending.book(houses.room, start, finish, people=4, by=by, **more)


def test_a_taken_room_is_refused_and_the_next_hour_is_free(houses):
    book(houses, houses.person())
    with pytest.raises(Denied):
        book(houses, houses.person(), begin=10, end=12)
    book(houses, houses.person(), begin=11, end=12)
    assert Booking.objects.count() == 2


def test_the_database_refuses_what_no_action_looked_at(houses):
    [there] = book(houses, houses.person())
    [other] = book(houses, houses.person(), begin=11, end=12)
    twice = Booking(room=houses.room, people=1, starts_at=there.starts_at, ends_at=there.ends_at)
    with pytest.raises(IntegrityError, match=exclusion.NAME), transaction.atomic():
        twice.save()
    with pytest.raises(IntegrityError, match=exclusion.NAME), transaction.atomic():
        Booking.objects.filter(pk=other.pk).update(starts_at=there.starts_at)


@pytest.mark.parametrize(
    ("day", "begin", "end", "people"),
    [(0, 8, 9, 1), (1, 7, 9, 1), (1, 9, 14, 1), (40, 9, 10, 1), (1, 9, 10, 7), (1, 10, 10, 1)],
    ids=["over", "closed", "too long", "too early", "too many", "nothing"],
)
def test_wrong_times_get_a_sentence(houses, day, begin, end, people):
    with pytest.raises(Denied) as refused:
        lending.book(houses.room, houses.at(day, begin), houses.at(day, end), people=people,
                     by=houses.person())  # fmt: skip
    assert str(refused.value)


def test_several_weeks_are_booked_whole_or_not_at_all(houses):
    dancers = houses.person()
    [last] = book(houses, houses.person(), day=15)
    with pytest.raises(Denied):
        book(houses, dancers, weeks=4)
    assert Booking.objects.count() == 1
    lending.cancel(last, by=houses.cast.manager, reason="the room is painted")
    assert len(book(houses, dancers, weeks=4)) == 4
    with pytest.raises(Denied):
        book(houses, dancers, begin=14, end=15, weeks=20)


def test_nobody_keeps_every_room(houses):
    greedy = houses.person()
    for day in (1, 2, 5):
        book(houses, greedy, day=day)
    with pytest.raises(Denied):
        book(houses, greedy, day=6)


def test_who_waits_first_gets_the_room_and_is_told(houses):
    holder, first, second = houses.person(), houses.person(), houses.person()
    [there] = book(houses, holder)
    times = houses.at(1, 9), houses.at(1, 11)
    lending.wait(houses.room, *times, people=2, by=first)
    assert lending.wait(houses.room, *times, people=2, by=first).pk
    lending.wait(houses.room, *times, people=2, by=second)
    lending.cancel(there, by=holder)
    assert Booking.objects.live().get().user == first.user
    assert Waiting.objects.get().user == second.user
    notices.handle(list(Entry.objects.filter(verb__in=notices.VERBS).order_by("seq")))
    assert Letter.objects.filter(user=first.user, template="booking.handed_on").exists()
    with pytest.raises(Denied):
        lending.wait(houses.room, houses.at(1, 14), houses.at(1, 15), people=2, by=second)


def test_the_office_cancels_with_a_reason_that_is_told(houses):
    holder = houses.person()
    [there] = book(houses, holder)
    with pytest.raises(Denied):
        lending.cancel(there, by=houses.person(), reason="I want it")
    with pytest.raises(Denied):
        lending.cancel(there, by=houses.cast.manager)
    lending.cancel(there, by=houses.cast.manager, reason="A pipe burst.")
    notices.handle(list(Entry.objects.filter(verb__in=notices.VERBS).order_by("seq")))
    letter = Letter.objects.get(user=holder.user, template="booking.cancelled", channel="inapp")
    assert "A pipe burst." in str(letter.context)
    with pytest.raises(Denied):
        lending.cancel(there, by=holder)


def test_use_is_noted_and_forgotten_with_its_person(houses):
    [there] = book(houses, houses.person())
    with pytest.raises(Denied):
        lending.note_use(there, True, by=houses.cast.manager)
    with clock.moved_to(houses.at(1, 9, 30)):
        lending.note_use(there, False, by=houses.cast.manager)
        there.refresh_from_db()
        assert there.state == State.NO_SHOW
        with pytest.raises(Denied):
            lending.note_use(there, True, by=houses.person())
    with clock.moved_to(houses.at(1, 12) + timedelta(days=61)):
        assert keeping.forget() == 1
    there.refresh_from_db()
    assert there.user is None
    assert there.state == State.NO_SHOW


def test_hours_that_cannot_be_read_are_refused_with_their_place(houses):
    with pytest.raises(Denied, match="column 7"):
        keeping.change_hours(houses.centre, "Mo-Fr sunrise", by=houses.cast.manager)
    keeping.change_hours(houses.centre, "24/7", by=houses.cast.manager)
    houses.centre.refresh_from_db()
    assert houses.centre.hours == "24/7"
    with pytest.raises(Denied):
        keeping.change_hours(houses.centre, "24/7", by=houses.cast.resident)
