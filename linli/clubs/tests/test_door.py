"""Two adults, the ratio, and no end before every child is handed to an adult on its list."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from linli.clubs import guard, notices
from linli.clubs.actions import door, enrolling, fetching, keeping, opening, running
from linli.clubs.models import Child, Incident, PickUp, Presence, Session, Shift
from linli.clubs.tests.conftest import START, build
from linli.journal.models import Entry
from linli.letters.models import Letter
from linli.lib import clock
from linli.people.policies import Denied
from linli.vault import sealing


def inside(hall, guardian=None):
    child = hall.enrolled(guardian)
    session = Session.objects.filter(ended_at=None).first() or hall.open()
    door.check_in(session, child, by=hall.desk)
    return session, child


def test_a_session_needs_two_checked_adults_and_an_end(hall):
    with pytest.raises(Denied):
        hall.open(adults=1)
    with pytest.raises(Denied):
        door.open_session(hall.club, [hall.helpers[0]] * 2, ends_at=clock.now() + timedelta(1 / 12),
                          by=hall.desk)  # fmt: skip
    with pytest.raises(Denied):
        door.open_session(hall.club, hall.helpers, ends_at=clock.now(), by=hall.desk)
    with clock.moved_to(START + timedelta(days=366)), pytest.raises(Denied):
        hall.open()
    session = hall.open()
    with pytest.raises(Denied):
        hall.open()
    assert session.present == 2
    with pytest.raises(IntegrityError, match="club_enough_adults"), transaction.atomic():
        Session.objects.update(present=1)


def test_who_may_stand_at_the_door(hall):
    helper = hall.helpers[0].user
    session = hall.open()
    child = hall.enrolled()
    for other in (hall.person(), hall.cast.other_manager, hall.cast.coordinator):
        with pytest.raises(Denied):
            door.check_in(session, child, by=other)
    mine = next(a for a in [hall.cast.grid_worker] if a.organisation == hall.desk.organisation)
    door.check_in(session, child, by=mine)
    acting = door.Actor(str(helper.pk), hall.person().role, helper)
    door.hand_over(session, child, child.pickups.get(), by=acting)
    running_out = START + timedelta(days=400)
    with clock.moved_to(running_out), pytest.raises(Denied):
        door.check_in(session, child, by=acting)


def test_the_ratio_is_kept_with_a_sentence_and_by_the_database(hall):
    running.change_places(hall.club, 40, by=hall.desk)
    session = hall.open()
    Session.objects.update(ratio=1)
    first, second, third = (hall.enrolled() for _n in range(3))
    door.check_in(session, first, by=hall.desk)
    door.check_in(session, second, by=hall.desk)
    with pytest.raises(Denied, match="2"):
        door.check_in(session, third, by=hall.desk)
    door.adult_comes(session, hall.helpers[2], by=hall.desk)
    with pytest.raises(Denied):
        door.adult_comes(session, hall.helpers[2], by=hall.desk)
    door.check_in(session, third, by=hall.desk)
    with pytest.raises(Denied):
        door.adult_leaves(session, session.shifts.first(), by=hall.desk)
    with pytest.raises(IntegrityError, match="club_ratio_kept"), transaction.atomic():
        Session.objects.update(inside=4)
    door.hand_over(session, third, third.pickups.get(), by=hall.desk)
    door.adult_leaves(session, session.shifts.first(), by=hall.desk)
    with pytest.raises(Denied):
        door.adult_leaves(session, session.shifts.last(), by=hall.desk)
    session.refresh_from_db()
    assert (session.present, session.inside, session.came, session.densest) == (2, 2, 3, 1)


def test_only_a_child_with_a_place_and_a_list_comes_in_once(hall):
    session, guardian = hall.open(), hall.person()
    with pytest.raises(Denied):
        door.check_in(session, hall.apply(), by=hall.desk)
    child = hall.enrolled(guardian)
    fetching.end(child.pickups.get(), by=guardian)
    with pytest.raises(Denied):
        door.check_in(session, child, by=hall.desk)
    fetching.add(child, "parent", "王大山", by=guardian)
    door.check_in(session, child, by=hall.desk)
    with pytest.raises(Denied):
        door.check_in(session, child, by=hall.desk)
    with pytest.raises(Denied):
        fetching.end(child.pickups.get(ended_at=None), by=guardian)
    session.refresh_from_db()
    assert session.inside == session.came == 1


def test_a_child_leaves_with_an_adult_on_its_own_list_alone(hall):
    guardian = hall.person()
    session, child = inside(hall, guardian)
    other = hall.enrolled().pickups.get()
    with pytest.raises(Denied):
        door.hand_over(session, child, other, by=hall.desk)
    with pytest.raises(IntegrityError, match=guard.HANDED), transaction.atomic():
        Presence.objects.update(left_at=clock.now(), handed_to=other)
    gone = fetching.add(child, "kin", "王二叔", by=guardian)
    fetching.end(gone, by=guardian)
    with pytest.raises(Denied):
        door.hand_over(session, child, gone, by=hall.desk)
    with pytest.raises(IntegrityError, match="club_leaves_with_somebody"), transaction.atomic():
        Presence.objects.update(left_at=clock.now())
    [(adult, name)] = opening.fetchers(child, by=hall.desk)
    assert name == "王大山"
    assert sealing.reads_of(adult.subject).get().reason
    door.hand_over(session, child, adult, by=hall.desk)
    with pytest.raises(Denied):
        door.hand_over(session, child, adult, by=hall.desk)
    with pytest.raises(Denied):
        opening.fetchers(child, by=hall.desk)


def test_a_session_cannot_end_while_a_child_is_inside(hall):
    session, child = inside(hall)
    with pytest.raises(Denied, match="1"):
        door.end_session(session, by=hall.desk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.update(ended_at=clock.now())
    with pytest.raises(IntegrityError, match=guard.ENDED), transaction.atomic():
        Session.objects.update(inside=0, ended_at=clock.now())
    door.hand_over(session, child, child.pickups.get(), by=hall.desk)
    door.end_session(session, by=hall.desk)
    assert not Shift.objects.filter(left_at=None).exists()
    for late in (lambda: door.end_session(session, by=hall.desk),
                 lambda: door.check_in(session, child, by=hall.desk)):  # fmt: skip
        with pytest.raises(Denied):
            late()


def test_consent_taken_back_while_inside_leaves_the_list_until_the_child_is_fetched(hall):
    guardian = hall.person()
    session, child = inside(hall, guardian)
    enrolling.withdraw(child, by=guardian)
    assert not sealing.is_destroyed(child.subject)
    [(adult, _name)] = opening.fetchers(child, by=hall.desk)
    door.hand_over(session, child, adult, by=hall.desk)
    assert sealing.is_destroyed(child.subject)
    assert sealing.is_destroyed(adult.subject)
    with pytest.raises(Denied):
        door.check_in(session, child, by=hall.desk)


def test_a_child_that_is_not_fetched_is_said_once_without_its_name(hall):
    guardian = hall.person()
    session, child = inside(hall, guardian)
    assert keeping.say_waiting() == 0
    with clock.moved_to(session.ends_at + timedelta(minutes=1)):
        assert keeping.say_waiting() == 1
        assert keeping.say_waiting() == 0
        entries = list(Entry.objects.filter(verb="club.not_fetched"))
        notices.handle(entries)
        [letter] = Letter.objects.filter(template="club.not_fetched", channel="inapp")
        assert letter.user == guardian.user
        assert "王" not in str(letter.context)
        door.hand_over(session, child, child.pickups.get(), by=hall.desk)
        Letter.objects.all().delete()
        notices.handle(entries)
    assert not Letter.objects.exists()


def test_after_a_year_attendance_is_forgotten_and_the_counts_stay(hall):
    guardian = hall.person()
    session, child = inside(hall, guardian)
    note = opening.note_incident(session, child, "摔了一跤", by=hall.desk)
    door.hand_over(session, child, child.pickups.get(), by=hall.desk)
    door.end_session(session, by=hall.desk)
    enrolling.end(child, "moved away", by=hall.desk)
    with clock.moved_to(START + timedelta(days=364)):
        assert keeping.forget_old() == 0
    with clock.moved_to(START + timedelta(days=366)):
        assert keeping.forget_old()
    assert not Presence.objects.exists()
    assert not Shift.objects.exists()
    assert not Incident.objects.exists()
    assert not Child.objects.exists()
    assert sealing.is_destroyed(note.subject)
    assert Session.objects.get().came == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(4))
def test_who_ends_and_who_brings_a_child_never_both_win(turn):
    with clock.moved_to(START):
        hall = build()
        child = hall.enrolled()
        session = hall.open()
    won, gate = [], threading.Barrier(2)

    def work(name, act):
        try:
            with clock.moved_to(START + timedelta(minutes=5)):
                gate.wait()
                act()
            won.append(name)
        except Denied:
            pass
        finally:
            connection.close()

    acts = {
        "in": lambda: door.check_in(session, child, by=hall.desk),
        "end": lambda: door.end_session(session, by=hall.desk),
    }
    names = ["in", "end"] if turn % 2 else ["end", "in"]
    threads = [threading.Thread(target=work, args=(name, acts[name])) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.refresh_from_db()
    assert len(won) == 1
    assert (session.ended_at is None) == (won == ["in"])
    assert Presence.objects.filter(left_at=None).count() == session.inside == (won == ["in"])


@pytest.mark.django_db(transaction=True)
def test_one_child_is_handed_over_once():
    with clock.moved_to(START):
        hall = build()
        session, child = inside(hall)
        adult = PickUp.objects.get()
    won, gate = [], threading.Barrier(3)

    def work():
        try:
            gate.wait()
            door.hand_over(session, child, adult, by=hall.desk)
            won.append(1)
        except Denied:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.refresh_from_db()
    assert won == [1]
    assert session.inside == 0
