"""Consent, places, the waiting list, the list of who fetches, and what is left of it."""

import json

import pytest
from django.db import IntegrityError, transaction

from linli.clubs import my_file, notices
from linli.clubs.actions import door, enrolling, fetching, opening, running
from linli.clubs.models import Child, Club, PickUp
from linli.journal.models import Entry
from linli.letters.models import Letter
from linli.people.actors import SYSTEM
from linli.people.policies import Denied, NeedsReason
from linli.vault import sealing


def test_nothing_but_the_vault_knows_the_names(hall):
    guardian = hall.person()
    child = hall.enrolled(guardian)
    fetching.add(child, "grandparent", "李阿婆", by=guardian)
    rows = [*Child.objects.values(), *PickUp.objects.values(),
            *Entry.objects.values("facts", "subject")]  # fmt: skip
    text = json.dumps(rows, default=str, ensure_ascii=False)
    assert not any(name in text for name in ("王小雨", "王大山", "李阿婆", "花生"))
    assert opening.child(child, by=hall.desk) == {"name": "王小雨", "notes": "花生过敏"}
    [read, _notes] = sealing.reads_of(child.subject)
    assert read.reason


@pytest.mark.parametrize(
    "wrong", [{"age": 5}, {"age": 13}, {"consent": "2020-01-01"}], ids=["young", "old", "text"]
)
def test_an_application_that_does_not_fit_gets_a_sentence(hall, wrong):
    with pytest.raises(Denied) as refused:
        hall.apply(**wrong)
    assert str(refused.value)
    assert not Child.objects.exists()


def test_places_are_limited_and_who_waits_first_moves_up(hall):
    guardian = hall.person()
    first, second = hall.enrolled(guardian), hall.enrolled()
    third, fourth = hall.enrolled(), hall.enrolled()
    assert [row.state for row in (first, second, third, fourth)] == ["enrolled"] * 2 + [
        "waiting"
    ] * 2
    enrolling.withdraw(first, by=guardian)
    third.refresh_from_db()
    assert third.state == "enrolled"
    enrolling.end(second, "moved away", by=hall.desk)
    assert set(Child.objects.filter(state="enrolled").values_list("number", flat=True)) == {3, 4}
    assert Club.objects.get().enrolled == 2
    with pytest.raises(IntegrityError, match="club_not_full"), transaction.atomic():
        Club.objects.update(enrolled=3)
    with pytest.raises(Denied):
        running.change_places(hall.club, 1, by=hall.desk)


def test_more_places_move_the_waiting_up(hall):
    children = [hall.enrolled() for _n in range(3)]
    running.change_places(hall.club, 3, by=hall.desk)
    children[2].refresh_from_db()
    assert children[2].state == "enrolled"


def test_refusing_needs_a_reason_that_is_told_without_a_name(hall):
    guardian = hall.person()
    child = hall.apply(guardian)
    with pytest.raises(Denied):
        enrolling.refuse(child, " ", by=hall.desk)
    enrolling.refuse(child, "The club is for this community.", by=hall.desk)
    notices.handle(list(Entry.objects.filter(verb__in=notices.VERBS).order_by("seq")))
    letter = Letter.objects.get(template="club.refused", channel="inapp")
    assert letter.user == guardian.user
    assert "for this community" in str(letter.context)
    assert "王" not in str(letter.context)
    assert sealing.is_destroyed(child.subject)
    with pytest.raises(Denied):
        enrolling.accept(child, by=hall.desk)


def test_consent_is_taken_back_in_one_step_and_the_names_go(hall):
    guardian = hall.person()
    child = hall.enrolled(guardian)
    adult = fetching.add(child, "kin", "王二叔", by=guardian)
    with pytest.raises(Denied):
        enrolling.withdraw(child, by=hall.desk)
    enrolling.withdraw(child, by=guardian)
    child.refresh_from_db()
    assert child.state == "ended"
    assert child.withdrawn_at
    assert sealing.is_destroyed(child.subject)
    assert sealing.is_destroyed(adult.subject)
    with pytest.raises(Denied):
        enrolling.withdraw(child, by=guardian)
    with pytest.raises(IntegrityError), transaction.atomic():
        Child.objects.filter(pk=child.pk).update(state="enrolled")


def test_the_list_belongs_to_the_guardian(hall):
    guardian = hall.person()
    child = hall.enrolled(guardian)
    adult = fetching.add(child, "grandparent", "李阿婆", by=guardian)
    assert len(adult.word) == 4
    for other in (hall.person(), hall.desk):
        with pytest.raises(Denied):
            fetching.add(child, "kin", "stranger", by=other)
        with pytest.raises(Denied):
            fetching.end(adult, by=other)
    fetching.end(adult, by=guardian)
    assert sealing.is_destroyed(adult.subject)
    assert child.pickups.filter(ended_at=None).count() == 1
    for _n in range(fetching.MOST - 1):
        fetching.add(child, "kin", "somebody", by=guardian)
    with pytest.raises(Denied):
        fetching.add(child, "kin", "one more", by=guardian)


def test_only_the_host_decides_and_nobody_about_their_own_child(hall):
    child = hall.apply()
    for other in (hall.cast.other_manager, hall.cast.coordinator, hall.cast.grid_worker,
                  hall.cast.auditor, hall.person()):  # fmt: skip
        with pytest.raises(Denied):
            enrolling.accept(child, by=other)
        with pytest.raises(Denied):
            opening.child(child, by=other)
    own = hall.apply(hall.desk)
    with pytest.raises(Denied):
        enrolling.accept(own, by=hall.desk)


def test_an_incident_is_read_by_the_guardian_and_with_a_reason(hall):
    guardian = hall.person()
    child = hall.enrolled(guardian)
    session = hall.open()
    with pytest.raises(Denied):
        opening.note_incident(session, child, "fell", by=hall.desk)
    door.check_in(session, child, by=hall.desk)
    row = opening.note_incident(session, child, "摔了一跤", by=hall.desk)
    assert opening.incident(row, by=guardian) == "摔了一跤"
    with pytest.raises(NeedsReason):
        opening.incident(row, by=hall.desk)
    assert opening.incident(row, by=hall.desk, reason="the insurer asks") == "摔了一跤"
    with pytest.raises(Denied):
        opening.incident(row, by=hall.cast.other_manager, reason="curious")
    notices.handle(list(Entry.objects.filter(verb__in=notices.VERBS).order_by("seq")))
    assert Letter.objects.filter(template="club.incident_noted", user=guardian.user).exists()


def test_my_file_holds_it_and_erasing_waits_for_a_child_inside(hall):
    guardian = hall.person()
    child = hall.enrolled(guardian)
    held = my_file.held(guardian.user, by=guardian)["children_at_clubs"]
    assert held[0]["sealed"]["name"] == "王小雨"
    assert held[0]["fetched_by"][0]["name"] == "王大山"
    assert child.subject in my_file.subjects(guardian.user)
    session = hall.open()
    door.check_in(session, child, by=hall.desk)
    with pytest.raises(Denied):
        my_file.erase(guardian.user, by=guardian)
    door.hand_over(session, child, child.pickups.get(), by=hall.desk)
    my_file.erase(guardian.user, by=guardian)
    child.refresh_from_db()
    assert child.guardian is None
    assert sealing.is_destroyed(child.subject)
    assert Club.objects.get().enrolled == 0


def test_who_minds_children_is_erased_afterwards(hall):
    session = hall.open()
    user = session.shifts.first().user
    with pytest.raises(Denied):
        my_file.erase(user, by=SYSTEM)
    door.end_session(session, by=hall.desk)
    my_file.erase(user, by=SYSTEM)
    assert not session.shifts.filter(user=user).exists()
    session.refresh_from_db()
    assert session.present >= 1


def test_an_adult_needs_a_check_of_the_last_year(hall):
    for day in ("2025-11-03", "2026-11-05"):
        with pytest.raises(Denied):
            running.list_helper(hall.club, hall.person().user, by=hall.desk,
                                checked_on=type(hall.helpers[0].checked_on).fromisoformat(day))  # fmt: skip
