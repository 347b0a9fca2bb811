"""Feeds read back by a calendar's eyes (RFC 5545)."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from linli.activities import calendars
from linli.activities.actions import planning, seats
from linli.activities.models import FeedToken
from linli.activities.tests.conftest import START
from linli.people.policies import Denied


def read(body):
    calendar = Calendar.from_ical(body)
    assert [part for part in calendar.walk() if part.errors] == []
    return calendar


def events(body):
    return {str(one["uid"]): one for one in read(body).walk("VEVENT")}


def test_an_event_says_when_where_and_who_hosts_it(field):
    stall = field.stall(note="带上证件")
    calendar = read(calendars.of_one(stall))
    assert str(calendar["version"]) == "2.0"
    assert calendar["prodid"]
    zone = calendar.walk("VTIMEZONE")[0]
    assert str(zone["tzid"]) == "Asia/Shanghai"
    event = events(calendars.of_one(stall))[f"{stall.uid}@linli"]
    assert event.decoded("dtstart") == stall.starts_at
    assert event.decoded("dtend") == stall.ends_at
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert event.decoded("dtstamp").utcoffset() == timedelta()
    assert event["sequence"] == 0
    assert str(event["status"]) == "CONFIRMED"
    assert "桃花社区" in event["location"]
    assert "社区广场" in event["location"]
    assert event["organizer"].params["CN"] == field.office.name
    assert str(event["url"]).endswith(f"/activities/{stall.uid}/")
    assert "带上证件" in event["description"]


def test_lines_are_folded_and_end_as_the_standard_wants(field):
    body = calendars.of_one(field.stall(note="很长的说明，" * 40))
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"\n" not in body.replace(b"\r\n", b"")


def test_moving_and_cancelling_reach_the_calendar_with_the_same_uid(field, moved):
    stall = field.stall()
    place = field.cast.places["community"]
    before = events(calendars.of_place(place))
    with moved(START + timedelta(minutes=5)):
        planning.move_occurrence(
            stall, starts_at=START + timedelta(days=3), reason="开会", by=field.host
        )
    after = events(calendars.of_place(place))
    assert set(after) == set(before) == {f"{stall.uid}@linli"}
    event, was = after[f"{stall.uid}@linli"], before[f"{stall.uid}@linli"]
    assert event["sequence"] == was["sequence"] + 1
    assert event.decoded("dtstamp") > was.decoded("dtstamp")
    assert event.decoded("dtstart") == START + timedelta(days=3)
    planning.cancel(stall, reason="下雨", by=field.host)
    event = events(calendars.of_place(place))[f"{stall.uid}@linli"]
    assert str(event["status"]) == "CANCELLED"
    assert event["sequence"] == 2
    assert "下雨" in event["description"]


def test_a_place_shows_what_is_public_under_it_and_nothing_else(field):
    stall, visit = field.stall(), field.round([])
    town = events(calendars.of_place(field.cast.places["town"]))
    assert set(town) == {f"{stall.uid}@linli"}
    assert str(visit.uid) not in str(town)
    assert events(calendars.of_place(field.cast.places["village"])) == {}


def test_somebodys_own_calendar_holds_nobody_else(field, client):
    stall, other = (
        field.stall(seats={"helper": {"seats": 1, "standby": 1}}),
        field.stall(title="别的"),
    )
    me, friend = field.cast.resident, field.cast.neighbour
    seats.sign_up(stall, "helper", by=friend)
    seats.sign_up(stall, "helper", by=me)
    seats.sign_up(other, "helper", by=friend)
    secret = calendars.new_address(me.user, by=me)
    answer = client.get(reverse("my-calendar", args=[secret]))
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert answer.headers["Cache-Control"] == "no-store"
    found = events(answer.content)
    assert set(found) == {f"{stall.uid}@linli"}
    assert str(found[f"{stall.uid}@linli"]["status"]) == "TENTATIVE"  # on the waiting list
    text = answer.content.decode()
    for word in (friend.user.display_name, str(friend.user.pk), str(me.user.pk), "别的"):
        assert word not in text


def test_the_secret_is_kept_as_a_hash_and_ends_when_its_owner_says_so(field, client):
    me, friend = field.cast.resident, field.cast.neighbour
    first = calendars.new_address(me.user, by=me)
    assert first not in FeedToken.objects.get().digest
    second = calendars.new_address(me.user, by=me)
    assert client.get(reverse("my-calendar", args=[first])).status_code == 404
    assert client.get(reverse("my-calendar", args=[second])).status_code == 200
    with pytest.raises(Denied):
        calendars.revoke(me.user, by=friend)
    with pytest.raises(Denied):
        calendars.new_address(me.user, by=friend)
    calendars.revoke(me.user, by=me)
    assert client.get(reverse("my-calendar", args=[second])).status_code == 404


def test_feeds_over_the_web(field, client, client_as):
    stall = field.stall()
    series = planning.plan_series(
        kind="square-stall", organisation=field.office, place=field.cast.places["community"],
        by=field.host, rrule="FREQ=WEEKLY;BYDAY=TH", first_on=START.date(), begins=START.time(),
    )  # fmt: skip
    pages = [("activity-calendar", stall.uid), ("place-calendar", stall.place.code),
             ("series-calendar", series.pk)]  # fmt: skip
    for name, key in pages:
        answer = client.get(reverse(name, args=[key]))
        assert answer.status_code == 200
        assert events(answer.content)
        assert Client().post(reverse(name, args=[key])).status_code == 405
    assert len(events(client.get(reverse("series-calendar", args=[series.pk])).content)) == 9
    assert client.get(reverse("place-calendar", args=["nowhere"])).status_code == 404
    mine = client_as(field.cast.resident)
    page = mine.post(reverse("service-feed")).content.decode()
    secret = page.split("/activities/mine/")[1].split(".ics")[0]
    assert client.get(reverse("my-calendar", args=[secret])).status_code == 200
    mine.post(reverse("service-feed"), {"end": "1"})
    assert client.get(reverse("my-calendar", args=[secret])).status_code == 404
