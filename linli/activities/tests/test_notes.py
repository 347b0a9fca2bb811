"""Notes: sent twice they are one; nothing personal stays in the row; homes are held lightly."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from linli import playbook
from linli.activities import homes, keeping, notes, service, today
from linli.activities.actions import capture, enrolling, hours, planning, rounds, seats
from linli.activities.models import Home, Record, SignUp, Stop
from linli.activities.tests.conftest import START, Field
from linli.journal.models import Entry
from linli.lib import clock
from linli.lib.text import find_personal
from linli.people.cast import cast as gather
from linli.people.policies import Denied
from linli.vault import sealing
from linli.vault.models import Sealed

PHONE = "19900001234"


def note(stall, by, **changes):
    values = {
        "client_id": uuid.uuid4(), "kind": stall.kind, "occurrence": stall, "by": by,
        "outcome": "held", "fields": {"policy": 4},
    }  # fmt: skip
    return capture.record(**{**values, **changes})


def met(stop, by, **changes):
    values = {
        "client_id": uuid.uuid4(), "kind": stop.occurrence.kind, "occurrence": stop.occurrence,
        "by": by, "stop": stop, "outcome": "met",
        "fields": {"consent": True, "read-back": True, "said": "想修灯"},
    }  # fmt: skip
    return capture.record(**{**values, **changes})


@pytest.fixture
def visitor(field):
    return field.hold("visitor", field.cast.bodies["committee"])


def agree(field, visitor, label="王家"):
    rule = playbook.current().activities["home-visits"]
    return homes.agree(
        rule, organisation=field.cast.bodies["committee"], place=field.cast.places["community"],
        label=label, way="桥头第三家", consent=True, by=visitor,
    )  # fmt: skip


@pytest.fixture
def visit(field, visitor):
    slip = agree(field, visitor)
    row = field.round([slip.home])
    seats.assign(row, "visitor", visitor.user, by=field.cast.manager)
    return row


# ── one note, however often it is sent ──────────────────────────────────────────────────────────
def test_the_same_call_gives_the_same_record(field, moved):
    stall, name = field.stall(), uuid.uuid4()
    with moved(stall.starts_at):
        first = note(stall, field.host, client_id=name)
        assert note(stall, field.host, client_id=name) == first
        with pytest.raises(capture.NotedOtherwise) as other:
            note(stall, field.host, client_id=name, fields={"policy": 5})
    assert other.value.record == first
    assert Record.objects.count() == 1
    assert Entry.objects.filter(verb="activity.recorded").count() == 1
    assert Entry.objects.get(verb="activity.recorded").facts["policy"] == 4


@pytest.mark.django_db(transaction=True)
def test_of_many_twins_at_once_there_is_one_record():
    with clock.moved_to(START):
        field = Field(gather())
        stall = field.stall()
    name, gate = uuid.uuid4(), Barrier(5)

    def send(_n):
        gate.wait()
        try:
            with clock.moved_to(stall.starts_at):
                return note(stall, field.host, client_id=name).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        assert len(set(pool.map(send, range(5)))) == 1
    assert Record.objects.count() == Entry.objects.filter(verb="activity.recorded").count() == 1
    assert Entry.objects.filter(verb="activity.held").count() == 1


def test_a_second_note_says_more_and_changes_no_outcome(field, moved):
    stall = field.stall()
    with moved(stall.starts_at):
        note(stall, field.host)
        note(stall, field.host, outcome="rained-off", fields={})
    stall.refresh_from_db()
    assert (stall.state, stall.outcome, Record.objects.count()) == ("held", "held", 2)


def test_who_did_not_come_is_marked_only_where_a_list_was_kept(field, moved):
    stall, other = field.stall(), field.stall()
    people = [field.person() for _ in range(2)]
    rows = [seats.sign_up(stall, "helper", by=one) for one in people]
    seats.sign_up(other, "helper", by=people[0])
    with moved(stall.starts_at):
        hours.check_in(rows[0], by=field.host)
        note(stall, field.host)
        note(other, field.host)
    assert [row.state for row in SignUp.objects.order_by("pk")] == [
        "checked_in",
        "no_show",
        "going",
    ]
    assert Entry.objects.filter(verb="activity.held").first().facts["came"] == 1


@pytest.mark.parametrize(
    "wrong",
    [{"outcome": "lovely"}, {"fields": {"policy": -1}}, {"fields": {"policy": "many"}},
     {"fields": {"policy": True}}, {"fields": {"policy": 10**9}}, {"kind": "theme-day"},
     {"fields": {"note": "好" * 201}}],
)  # fmt: skip
def test_a_wrong_note_is_refused_in_words(field, moved, wrong):
    stall = field.stall()
    with moved(stall.starts_at), pytest.raises(Denied):
        note(stall, field.host, **wrong)
    assert Record.objects.count() == 0
    stall.refresh_from_db()
    assert stall.is_open


def test_too_early_too_cancelled_and_not_yours(field, moved):
    stall = field.stall()
    with pytest.raises(Denied):
        note(stall, field.host)
    with moved(stall.starts_at):
        for other in (field.cast.resident, field.cast.other_manager, field.cast.steward):
            with pytest.raises(Denied):
                note(stall, other)
    planning.cancel(stall, reason="下雨", by=field.host)
    with moved(stall.starts_at), pytest.raises(Denied):
        note(stall, field.host)


def test_a_phone_clock_is_evidence_and_never_the_future(field, moved):
    stall = field.stall()
    with moved(stall.ends_at):
        ahead = note(stall, field.host, when=stall.ends_at + timedelta(days=1))
        behind = note(stall, field.host, when=stall.ends_at - timedelta(days=400))
        right = note(stall, field.host, when=stall.starts_at)
    assert ahead.noted_at == stall.ends_at
    assert stall.ends_at - behind.noted_at == capture.OLDEST
    assert right.noted_at == stall.starts_at


def test_words_that_look_personal_are_sealed_and_masked(field, moved):
    stall = field.stall()
    with moved(stall.starts_at):
        row = note(stall, field.host, fields={"note": f"有人留了电话 {PHONE}"})
    assert PHONE not in row.fields["note"]
    assert row.sealed == ["note"]
    assert sealing.reveal(row.subject, "field.note", by=field.host, reason="核对").endswith(PHONE)
    assert PHONE not in str(list(Entry.objects.values_list("facts", flat=True)))


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=150), st.sampled_from(["", PHONE, "320481199001011237", "a@example.org"]))
def test_no_note_keeps_anything_personal_in_clear(words, extra):
    rule = playbook.current().activities["square-stall"]
    noted = notes.take(rule, "held", {"note": f"{words} {extra}", "unknown": extra})
    assert find_personal(str(noted.open.get("note", ""))) == []
    assert "unknown" not in noted.open


def test_a_note_without_an_occurrence_needs_a_place_and_a_post(field, visitor):
    values = {
        "client_id": uuid.uuid4(), "kind": "home-visits", "occurrence": None, "outcome": "met",
        "fields": {"consent": True, "read-back": True},
    }  # fmt: skip
    with pytest.raises(Denied):
        capture.record(by=visitor, **values)
    with pytest.raises(Denied):
        capture.record(by=field.cast.resident, place=field.cast.places["community"], **values)
    row = capture.record(by=visitor, place=field.cast.places["community"], **values)
    assert (row.home, row.stop) == (None, None)


# ── visits ──────────────────────────────────────────────────────────────────────────────────────
def test_without_consent_nothing_is_noted_and_where_nobody_is_nothing_is_kept(
    field, visitor, visit, moved
):
    stop = visit.stops.get()
    with moved(visit.starts_at):
        with pytest.raises(Denied):
            met(stop, visitor, fields={"read-back": True})
        with pytest.raises(Denied):
            met(stop, visitor, fields={"consent": True})  # it was not read back
        row = met(stop, visitor, outcome="nobody-home")
    assert row.fields == {}
    assert Home.objects.get().last_visit_on is None
    assert Home.objects.get().next_visit_on is None


def test_a_visit_is_noted_once_and_rests_for_a_month_unless_asked(field, visitor, visit, moved):
    stop, home = visit.stops.get(), Home.objects.get()
    rule = visit.rule
    day = visit.day
    with moved(visit.starts_at):
        met(stop, visitor)
        with pytest.raises(Denied):
            met(Stop.objects.get(), visitor)
    home.refresh_from_db()
    assert home.last_visit_on == day
    assert not rounds.may_be_visited(home, rule, day + timedelta(days=29))
    assert rounds.may_be_visited(home, rule, day + timedelta(days=30))
    with moved(visit.starts_at + timedelta(days=2)):
        homes.ask(home, by=field.person())
    assert rounds.may_be_visited(home, rule, day + timedelta(days=3))


def test_a_home_is_on_one_round_at_a_time_and_free_again_when_it_is_cancelled(field, visit):
    home = Home.objects.get()
    with pytest.raises(Denied):
        field.round([home], starts_at=START + timedelta(days=5))
    planning.move_occurrence(
        visit, starts_at=START + timedelta(days=6), reason="改天", by=field.cast.manager
    )
    home.refresh_from_db()
    assert home.next_visit_on == (START + timedelta(days=6)).date()
    planning.cancel(visit, reason="下雨", by=field.cast.manager)
    assert field.round([home], starts_at=START + timedelta(days=5)).stops.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_rounds_that_want_the_same_home_one_gets_it():
    with clock.moved_to(START):
        field = Field(gather())
        home = agree(field, field.hold("visitor", field.cast.bodies["committee"])).home
    gate = Barrier(2)

    def want(n):
        gate.wait()
        try:
            with clock.moved_to(START):
                return bool(field.round([home], starts_at=START + timedelta(days=3 + n)))
        except Denied:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(want, range(2))) == [False, True]
    assert Stop.objects.count() == 1


def test_does_not_wish_is_final_and_what_is_kept_is_destroyed(field, visitor, visit, moved):
    stop, home = visit.stops.get(), Home.objects.get()
    with moved(visit.starts_at):
        met(stop, visitor, outcome="does-not-wish")
        home.refresh_from_db()
        assert home.ended_at is not None
        assert rounds.free_homes(visit.rule, home.organisation_id, visit.day) == []
        assert homes.shred_ended() == 0
    with moved(visit.starts_at + timedelta(days=7, seconds=1)):
        assert homes.shred_ended() == 1
        assert homes.shred_ended() == 0
    assert sealing.is_destroyed(home.subject)
    assert not Sealed.objects.filter(subject=home.subject).exists()
    assert visit.state == "planned"  # no effect on anything else


def test_a_home_is_a_village_and_never_an_address(field, visitor):
    rule = playbook.current().activities["home-visits"]
    for place in ("building", "grid", "town"):
        with pytest.raises(Denied):
            homes.agree(
                rule, organisation=field.cast.bodies["committee"], place=field.cast.places[place],
                label="王家", way="", consent=True, by=visitor,
            )  # fmt: skip
    columns = {one.name for one in Home._meta.get_fields()}
    assert not columns & {"address", "building", "door", "lon", "lat", "name", "label", "people"}
    slip = agree(field, visitor)
    row = str(Home.objects.filter(pk=slip.home.pk).values().get())
    assert "王家" not in row
    assert "桥头" not in row
    assert slip.word not in row


def test_a_slip_opens_its_home_and_nothing_else_does(field, visitor):
    slip, other = agree(field, visitor), agree(field, visitor, "李家")
    assert homes.find(slip.home.number, slip.word.lower()) == slip.home
    assert homes.find(slip.home.number, other.word) is None
    assert homes.find("123", slip.word) is None
    assert homes.find("2638420567", slip.word) is None


def test_the_label_is_read_once_a_day_for_the_log(field, visitor, visit, moved):
    home = Home.objects.get()
    with moved(visit.starts_at):
        for _again in range(3):
            task = today.of(visitor, visit.day)[0]
            assert task.stops[0].label == "王家"
    reads = list(sealing.reads_of(home.subject))
    assert len(reads) == 1
    assert reads[0].reader == visitor.id
    assert today.of(field.cast.manager, visit.day)[0].stops[0].label != "王家"


def test_facts_about_visits_name_no_home_and_no_round(field, visitor, visit, moved):
    with moved(visit.starts_at):
        met(visit.stops.get(), visitor)
    line = Entry.objects.get(verb="activity.recorded")
    assert set(line.facts) == {"kind", "outcome"}
    assert str(visit.uid) not in str(line.facts) + line.subject


# ── keeping ─────────────────────────────────────────────────────────────────────────────────────
def test_notes_and_names_go_when_their_time_is_over(field, visitor, visit, moved):
    person = field.person()
    stall = field.stall()
    row = seats.sign_up(stall, "helper", by=person)
    with moved(visit.starts_at):
        hours.check_in(row, by=field.host, when=stall.starts_at)
        hours.check_out(row, by=field.host, when=stall.ends_at)
        record = met(visit.stops.get(), visitor, fields={
            "consent": True, "read-back": True, "said": f"电话 {PHONE}"
        })  # fmt: skip
    with moved(visit.starts_at + timedelta(days=364)):
        assert keeping.forget() == 0
    with moved(visit.starts_at + timedelta(days=365, seconds=1)):
        assert keeping.forget() == 1
    record.refresh_from_db()
    assert (record.fields, record.home, record.user) == ({}, None, None)
    assert sealing.is_destroyed(record.subject)
    assert service.of(person.user).times == 1  # what somebody gave is theirs for five years
    with moved(stall.ends_at + timedelta(days=5 * 366 + 1)):
        keeping.forget()
    assert service.of(person.user).times == 0


# ── hours of a unit ─────────────────────────────────────────────────────────────────────────────
def test_a_unit_learns_hours_of_five_who_agreed_and_never_of_four(field, moved):
    committee, unit = field.cast.bodies["committee"], field.cast.bodies["water"]
    event = planning.plan_occurrence(
        kind="community-service", organisation=committee, place=field.cast.places["community"],
        starts_at=START + timedelta(days=1), by=field.cast.manager,
    )  # fmt: skip
    people = [field.person() for _ in range(6)]
    rows = []
    for n, one in enumerate(people):
        enrolment = enrolling.enrol(kind=event.kind, organisation=committee, by=one, unit=unit,
                                    tell_unit=n < 4)  # fmt: skip
        enrolling.confirm(enrolment, by=field.cast.manager)
        rows.append(seats.sign_up(event, "volunteer", by=one))
    with moved(event.starts_at):
        for row in rows:
            hours.check_in(row, by=field.cast.manager)
    with moved(event.starts_at + timedelta(hours=1)):
        for row in rows:
            hours.check_out(row, by=field.cast.manager)
    first, last = START.date(), START.date() + timedelta(days=30)
    assert service.of_unit(unit, first, last) == (4, None)
    enrolling.choose_telling(people[4].user.enrolments.get(), True, by=people[4])
    assert service.of_unit(unit, first, last) == (5, timedelta(hours=5))
    with pytest.raises(Denied):
        enrolling.choose_telling(people[5].user.enrolments.get(), True, by=people[4])
    with pytest.raises(Denied):
        enrolling.confirm(people[5].user.enrolments.get(), by=field.cast.other_manager)
