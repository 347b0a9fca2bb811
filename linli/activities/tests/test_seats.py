"""The last seat goes to one; who waits moves up in order; nobody is counted twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.activities.actions import planning, seats
from linli.activities.models import Seat, SignUp
from linli.activities.models.people import SEATED, Going
from linli.activities.tests.conftest import START, Field, state
from linli.journal.models import Entry
from linli.lib import clock
from linli.people.cast import cast as gather
from linli.people.policies import Denied

TWO = {"helper": {"seats": 1, "standby": 1}}


def test_the_first_gets_the_seat_the_second_waits_the_third_is_told(field):
    stall = field.stall(seats=TWO)
    first, second, third = (field.person() for _ in range(3))
    one = seats.sign_up(stall, "helper", by=first)
    two = seats.sign_up(stall, "helper", by=second)
    assert (one.state, two.state) == (Going.GOING, Going.STANDBY)
    with pytest.raises(Denied):
        seats.sign_up(stall, "helper", by=third)
    assert seats.sign_up(stall, "helper", by=first) == one
    seat = stall.seats.get(role="helper")
    assert (seat.taken, seat.waiting, seat.free, seat.free_standby) == (1, 1, 0, 0)


def test_who_waits_moves_up_by_itself_and_the_journal_says_who(field):
    stall = field.stall(seats=TWO)
    first, second = field.person(), field.person()
    one = seats.sign_up(stall, "helper", by=first)
    two = seats.sign_up(stall, "helper", by=second)
    seats.withdraw(one, by=first)
    assert (state(one), state(two)) == (Going.WITHDRAWN, Going.GOING)
    line = Entry.objects.get(verb="activity.moved_up")
    assert line.facts["user"] == second.id
    assert line.subject == f"activities.Occurrence:{stall.pk}"
    again = seats.sign_up(stall, "helper", by=first)
    assert (again.pk, again.state) == (one.pk, Going.STANDBY)
    seats.withdraw(again, by=first)
    seats.withdraw(two, by=second)
    seat = stall.seats.get(role="helper")
    assert (seat.taken, seat.waiting) == (0, 0)


def test_one_role_for_each_person(field):
    talk = field.stall(seats={"helper": {"seats": 3}})
    keeper = field.hold("stall-keeper", field.office)
    seats.sign_up(talk, "keeper", by=keeper)
    with pytest.raises(Denied):
        seats.sign_up(talk, "helper", by=keeper)


def test_a_post_is_needed_where_the_playbook_says_so(field):
    stall = field.stall()
    with pytest.raises(Denied):
        seats.sign_up(stall, "keeper", by=field.person())
    elsewhere = field.hold("stall-keeper", field.cast.bodies["water"])
    assert seats.sign_up(stall, "keeper", by=elsewhere).state == Going.GOING  # county-wide body


def test_strangers_and_late_comers_are_refused(field, moved):
    stall = field.stall()
    with pytest.raises(Denied):
        seats.sign_up(stall, "nobody", by=field.person())
    with moved(stall.starts_at), pytest.raises(Denied):
        seats.sign_up(stall, "helper", by=field.person())
    somebody, other = field.person(), field.person()
    row = seats.sign_up(stall, "helper", by=somebody)
    with pytest.raises(Denied):
        seats.withdraw(row, by=other)
    seats.withdraw(row, by=field.host)  # the organiser may


def test_the_organiser_puts_somebody_in_but_not_beyond_the_seats(field):
    stall = field.stall(seats=TWO)
    one, two = field.person(), field.person()
    assert seats.assign(stall, "helper", one.user, by=field.host).was_asked
    with pytest.raises(Denied):
        seats.assign(stall, "helper", two.user, by=field.host)
    with pytest.raises(Denied):
        seats.assign(stall, "helper", two.user, by=field.cast.other_manager)
    assert seats.assign(stall, "helper", one.user, by=field.host).state == Going.GOING


def test_the_database_refuses_one_too_many(field):
    stall = field.stall(seats=TWO)
    with pytest.raises(IntegrityError), transaction.atomic():
        stall.seats.filter(role="helper").update(taken=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        stall.seats.filter(role="helper").update(waiting=2)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=14), st.integers(1, 3),
       st.integers(0, 2))  # fmt: skip
def test_counts_and_queue_hold_whatever_people_do(field, moves, most, queue):
    with transaction.atomic():
        stall = field.stall(seats={"helper": {"seats": most, "standby": queue}})
        people = _people(field)
        for comes, who in moves:
            mine = SignUp.objects.filter(occurrence=stall, user=people[who].user).first()
            try:
                if comes:
                    seats.sign_up(stall, "helper", by=people[who])
                elif mine:
                    seats.withdraw(mine, by=people[who])
            except Denied:
                pass
            _check(stall.seats.get(role="helper"))
        transaction.set_rollback(True)


def _people(field):
    if not hasattr(field, "people"):
        field.people = [field.person(str(n)) for n in range(6)]
    return field.people


def _check(seat):
    rows = SignUp.objects.filter(seat=seat)
    seated = rows.filter(state__in=SEATED).count()
    waiting = rows.filter(state=Going.STANDBY).count()
    assert (seat.taken, seat.waiting) == (seated, waiting)
    assert seated <= seat.seats
    assert waiting <= seat.standby
    assert not (waiting and seated < seat.seats), "somebody waits beside a free seat"


@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_the_last_seat_at_once_one_gets_it():
    with clock.moved_to(START):
        field = Field(gather())
        stall = field.stall(seats={"helper": {"seats": 1, "standby": 2}})
        people = [field.person(str(n)) for n in range(5)]
    gate = Barrier(len(people))

    def want(actor):
        gate.wait()
        try:
            with clock.moved_to(START):
                return seats.sign_up(stall, "helper", by=actor).state
        except Denied:
            return "full"
        finally:
            connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        said = sorted(pool.map(want, people))
    assert said == ["full", "full", "going", "standby", "standby"]
    _check(Seat.objects.get(occurrence=stall, role="helper"))


@pytest.mark.django_db(transaction=True)
def test_withdrawing_and_signing_up_at_once_leaves_nobody_waiting_beside_a_free_seat():
    with clock.moved_to(START):
        field = Field(gather())
        stall = field.stall(seats={"helper": {"seats": 2, "standby": 2}})
        people = [field.person(str(n)) for n in range(4)]
        rows = [seats.sign_up(stall, "helper", by=one) for one in people[:2]]
    gate = Barrier(4)

    def act(number):
        gate.wait()
        try:
            with clock.moved_to(START):
                if number < 2:
                    seats.withdraw(rows[number], by=people[number])
                else:
                    seats.sign_up(stall, "helper", by=people[number])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(4)))
    seat = Seat.objects.get(occurrence=stall, role="helper")
    _check(seat)
    assert (seat.taken, seat.waiting) == (2, 0)


def test_a_cancelled_one_takes_nobody(field):
    stall = field.stall()
    planning.cancel(stall, reason="下雨", by=field.host)
    with pytest.raises(Denied):
        seats.sign_up(stall, "helper", by=field.person())
    assert stall.starts_at - START == timedelta(days=1)
