"""Series and their dates, moving, cancelling, and letters about it."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.activities import notices, recurrence
from linli.activities.actions import planning, seats, standing
from linli.activities.models import Occurrence, Series
from linli.activities.tests.conftest import START
from linli.journal.models import Entry
from linli.letters.models import Letter
from linli.lib import clock, workdays
from linli.people.policies import Denied


def series(field, **changes):
    values = {
        "kind": "square-stall", "organisation": field.office, "place": field.office.place,
        "turns": [(field.cast.places["community"], "广场")], "by": field.host,
        "rrule": "FREQ=WEEKLY;BYDAY=TH", "first_on": date(2026, 11, 5), "begins": time(9),
    }  # fmt: skip
    return planning.plan_series(**{**values, **changes})


def test_a_series_reaches_two_months_ahead_and_grows_by_itself(field, moved):
    row = series(field)
    assert row.occurrences.count() == 9
    assert planning.extend_all() == 0
    with moved(START + timedelta(days=7)):
        assert planning.extend_all() == 1
        assert planning.extend_all() == 0
    days = [one.day for one in row.occurrences.order_by("starts_at")]
    assert days == [date(2026, 11, 5) + timedelta(weeks=n) for n in range(10)]


def test_two_workers_make_each_date_once(field, moved):
    row = series(field)
    first, second = Series.objects.get(pk=row.pk), Series.objects.get(pk=row.pk)
    with moved(START + timedelta(days=14)):
        assert planning.extend(first) == 2
        assert planning.extend(second) == 0
    one = row.occurrences.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Occurrence.objects.create(
            series=row, slot=one.slot, kind=one.kind, playbook="x", organisation=one.organisation,
            place=one.place, place_path=one.place_path, starts_at=one.starts_at,
            ends_at=one.ends_at,
        )  # fmt: skip


def test_holidays_are_left_out_or_moved(field, moved):
    """National Day 2026: 1 to 7 October are days of rest; 10 October is worked."""
    with moved(datetime(2026, 9, 20, 9, tzinfo=clock.LOCAL)):
        moved_on = series(field, first_on=date(2026, 9, 24), days="next-workday")
        left_out = series(field, first_on=date(2026, 9, 24), days="workday")
        kept = series(field, first_on=date(2026, 9, 24), days="any")
    october = [
        [one.day for one in row.occurrences.order_by("starts_at") if one.day.month == 10][:2]
        for row in (moved_on, left_out, kept)
    ]
    assert october[2] == [date(2026, 10, 1), date(2026, 10, 8)]
    assert october[1] == [date(2026, 10, 8), date(2026, 10, 15)]
    assert all(workdays.is_workday(day) for day in october[0] + october[1])
    # Moved on it falls on the 8th, where the rule itself falls: one date, not two.
    assert october[0] == [date(2026, 10, 8), date(2026, 10, 15)]


def test_a_make_up_working_day_is_no_day_of_rest(field, moved):
    worked = next(
        day for n in range(365)
        if (day := date(2026, 1, 1) + timedelta(days=n)).weekday() >= 5 and workdays.is_workday(day)
    )  # fmt: skip
    weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[worked.weekday()]
    with moved(datetime(2026, 1, 1, 9, tzinfo=clock.LOCAL)):
        row = series(field, first_on=worked, rrule=f"FREQ=WEEKLY;BYDAY={weekday}", days="restday")
        days = {slot.day for slot in recurrence.slots(row, worked, worked + timedelta(days=20))}
    assert worked not in days
    assert all(not workdays.is_workday(day) for day in days)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["any", "workday", "next-workday", "restday", "next-restday"]),
    st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SA", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
                     "FREQ=MONTHLY;BYDAY=1TH", "FREQ=MONTHLY;BYMONTHDAY=31"]),
    st.dates(date(2025, 1, 1), date(2026, 6, 1)), st.integers(1, 200),
)  # fmt: skip
def test_dates_follow_the_rule_come_once_and_do_not_depend_on_where_one_looks(
    days, rule, first, span
):
    row = Series(rrule=rule, days=days, first_on=first)
    end = first + timedelta(days=span)
    all_at_once = list(recurrence.slots(row, first, end))
    halves = [
        *recurrence.slots(row, first, first + timedelta(days=span // 2)),
        *recurrence.slots(row, first + timedelta(days=span // 2 + 1), end),
    ]
    assert all_at_once == halves
    assert len({slot.day for slot in all_at_once}) == len(all_at_once)
    for slot in all_at_once:
        assert first <= slot.slot <= end
        assert slot.slot <= slot.day <= slot.slot + timedelta(days=14)
        if days != "any":
            assert workdays.is_workday(slot.day) is days.endswith("workday")


@pytest.mark.parametrize("wrong", ["", "FREQ=SECONDLY", "weekly", "FREQ=WEEKLY;BYDAY=XX",
                                   "FREQ=WEEKLY;UNTIL=20270101", "FREQ=DAILY;COUNT=3"])  # fmt: skip
def test_a_rule_that_is_none_is_refused_in_words(field, wrong):
    with pytest.raises(Denied):
        series(field, rrule=wrong)
    assert Series.objects.count() == 0


def test_a_rota_takes_places_in_turn_even_over_holidays(field):
    places = [field.cast.places["community"], field.cast.places["other_community"]]
    row = series(field, turns=[(place, "") for place in places])
    seen = [one.place for one in row.occurrences.select_related("place").order_by("starts_at")]
    assert seen == [places[n % 2] for n in range(len(seen))]


def test_ending_a_series_cancels_what_was_to_come(field, moved):
    row = series(field)
    first = row.occurrences.order_by("starts_at").first()
    with moved(first.ends_at + timedelta(days=1)):
        assert planning.end_series(row, reason="换成每月一次", by=field.host) == 8
        with pytest.raises(Denied):
            planning.end_series(row, reason="再来一次", by=field.host)
        assert planning.extend_all() == 0
    states = row.occurrences.order_by("starts_at").values_list("state", flat=True)
    assert list(states) == ["planned"] + ["cancelled"] * 8


# ── who may plan what ───────────────────────────────────────────────────────────────────────────
def test_only_a_body_that_holds_it_at_a_place_of_its_level(field):
    with pytest.raises(Denied):  # the water company holds no stalls
        field.stall(organisation=field.cast.bodies["water"], by=field.cast.water_handler)
    with pytest.raises(Denied):
        field.stall(place=field.cast.places["grid"])
    with pytest.raises(Denied):
        field.stall(kind="no-such-thing")
    with pytest.raises(Denied):
        field.stall(starts_at=START - timedelta(hours=1))
    with pytest.raises(Denied):
        field.stall(ends_at=START)
    with pytest.raises(Denied):
        field.stall(seats={"nobody": {"seats": 3}})
    with pytest.raises(Denied):
        field.stall(case_number="2638420567")
    assert Occurrence.objects.count() == 0


@pytest.mark.parametrize("part", ["resident", "volunteer", "steward", "other_manager", "auditor",
                                  "administrator", "lighting_handler"])  # fmt: skip
def test_nobody_else_plans_for_the_office(field, part):
    with pytest.raises(Denied):
        field.stall(by=getattr(field.cast, part))


@pytest.mark.parametrize("part", ["town_handler", "coordinator"])
def test_the_office_and_the_county_plan(field, part):
    assert field.stall(by=getattr(field.cast, part)).sequence == 0


def test_moving_counts_a_sequence_and_keeps_the_uid(field):
    stall = field.stall()
    uid = stall.uid
    planning.move_occurrence(
        stall, starts_at=START + timedelta(days=2), reason="下雨", by=field.host,
        place=field.cast.places["other_community"], spot="东门",
    )  # fmt: skip
    stall.refresh_from_db()
    assert (stall.uid, stall.sequence, stall.spot) == (uid, 1, "东门")
    assert stall.place_path == field.cast.places["other_community"].path
    assert stall.ends_at - stall.starts_at == timedelta(hours=2)
    for wrong in ({"reason": ""}, {"reason": "打我 19900001234"}, {"starts_at": START}):
        with pytest.raises(Denied):
            planning.move_occurrence(stall, **{
                "starts_at": START + timedelta(days=3), "reason": "x", "by": field.host, **wrong
            })  # fmt: skip
    assert Entry.objects.filter(verb="activity.moved").count() == 1


def test_of_two_who_change_it_at_once_one_is_told_so(field):
    stall = field.stall()
    seen = Occurrence.objects.get(pk=stall.pk)
    planning.cancel(stall, reason="下雨", by=field.host)
    with pytest.raises(Denied):
        planning.move_occurrence(
            seen, starts_at=START + timedelta(days=4), reason="改", by=field.host
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Occurrence.objects.filter(pk=stall.pk).update(reason="")


def test_facts_of_the_journal_hold_no_names_and_no_words(field):
    stall = field.stall(note="带身份证", spot="广场", title="专场")
    seats.sign_up(stall, "helper", by=field.cast.resident)
    planning.move_occurrence(
        stall, starts_at=START + timedelta(days=2), reason="开会", by=field.host
    )
    planning.cancel(stall, reason="下雨", by=field.host)
    for line in Entry.objects.filter(verb__startswith="activity."):
        said = str(line.facts)
        for word in ("带身份证", "专场", "开会", "下雨", field.cast.resident.user.display_name):
            assert word not in said


# ── letters ─────────────────────────────────────────────────────────────────────────────────────
def test_who_is_on_the_list_is_told_once_in_their_language(field):
    stall = field.stall(seats={"helper": {"seats": 1, "standby": 1}})
    first, second = field.cast.resident, field.cast.neighbour
    one = seats.sign_up(stall, "helper", by=first)
    seats.sign_up(stall, "helper", by=second)
    type(second.user).objects.filter(pk=second.user.pk).update(language="en")
    planning.move_occurrence(
        stall, starts_at=START + timedelta(days=2), reason="开会", by=field.host
    )
    seats.withdraw(one, by=first)
    planning.cancel(stall, reason="下雨", by=field.host)
    lines = list(Entry.objects.filter(verb__in=notices.VERBS).order_by("seq"))
    with transaction.atomic():
        notices.handle(lines)
    with transaction.atomic():
        notices.handle(lines)
    said = sorted(
        (letter.template, letter.user_id) for letter in Letter.objects.filter(channel="inapp")
    )
    assert said == sorted([
        ("activity.cancelled", second.user.pk), ("activity.moved", second.user.pk),
        ("activity.moved_up", second.user.pk),
    ])  # fmt: skip
    letter = Letter.objects.get(template="activity.cancelled", channel="inapp")
    assert letter.context["what"] == "Service stall"
    assert letter.context["path"] == f"/activities/{stall.uid}/"


def test_old_news_is_not_sent(field, moved):
    stall = field.stall()
    seats.sign_up(stall, "helper", by=field.cast.resident)
    planning.cancel(stall, reason="下雨", by=field.host)
    with moved(START + timedelta(days=8)), transaction.atomic():
        notices.handle(list(Entry.objects.filter(verb="activity.cancelled")))
    assert Letter.objects.count() == 0


# ── a role for the whole series ─────────────────────────────────────────────────────────────────
def test_a_role_is_held_by_as_many_as_it_takes_and_fills_what_comes(field, moved):
    row = series(field, seats={"helper": {"seats": 1, "standby": 1}})
    first, second = field.person(), field.person()
    held = standing.claim(row, "helper", by=first)
    assert standing.claim(row, "helper", by=first) == held
    with pytest.raises(Denied):
        standing.claim(row, "helper", by=second)
    with pytest.raises(Denied):
        standing.claim(row, "keeper", by=first)
    assert first.user.sign_ups.count() == 9
    with moved(START + timedelta(days=7)):
        planning.extend_all()
        assert first.user.sign_ups.count() == 10
        with pytest.raises(Denied):
            standing.give_back(held, by=second)
        standing.give_back(held, by=first)
        standing.claim(row, "helper", by=second)
    assert second.user.sign_ups.filter(state="going").count() == 9
