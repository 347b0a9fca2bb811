"""The pages: who gets in, what they say, that nothing is done by looking, and moving by hand."""

from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from linli.activities.actions import planning, rounds, seats
from linli.activities.models import SignUp
from linli.activities.planner import actions, walk, weeks
from linli.activities.planner.models import Cell, DayOff, Limits, Offer, Plan
from linli.activities.planner.tests.conftest import MONDAY
from linli.letters.models import Letter
from linli.lib import clock
from linli.people.policies import Denied

MOST_QUERIES = 12  # as everywhere; the request's own four on top


@pytest.fixture
def host(rotas, client_as) -> Client:
    client = client_as(rotas.host)
    client.cookies["django_language"] = "en"
    client.get("/")
    return client


def test_somebody_says_when_they_can_and_only_the_body_they_tick_sees_it(rotas, client_as):
    chen = rotas.person("chen", offered=False)
    seats.sign_up(rotas.stall(), "helper", by=chen)
    client = client_as(chen)
    given = {
        "bodies": [rotas.office.code], "week_hours": "4", "weekdays": ["mon", "sat"],
        "skills": ["legal"], "area": rotas.cast.places["community"].code,
        "days_off": "2026-11-10\n2026-11-12 2026-11-14",
    }  # fmt: skip
    assert client.post(reverse("my-times"), given).status_code == 302
    limits = Limits.objects.get(user=chen.user)
    assert (limits.week_hours, limits.weekdays, limits.skills) == (4, ["mon", "sat"], ["legal"])
    assert DayOff.objects.filter(user=chen.user).count() == 4
    assert Offer.objects.live().get().organisation == rotas.office
    page = client.get(reverse("my-times")).content.decode()
    assert "2026-11-13" in page


@pytest.mark.parametrize(("field", "value"), [
    ("days_off", "next week"), ("days_off", "2026-13-40"), ("days_off", "2026-11-14 2026-11-10"),
    ("week_hours", "0"), ("bodies", "somebody-else"), ("skills", "flying"),
])  # fmt: skip
def test_what_is_not_understood_is_asked_again(rotas, client_as, field, value):
    chen = rotas.person("chen", offered=False)
    assert client_as(chen).post(reverse("my-times"), {field: value}).status_code == 422
    assert not DayOff.objects.exists()


def test_from_proposal_to_publication_without_javascript(
    rotas, host, django_assert_max_num_queries
):
    for name in ("chen", "wu", "lin"):
        rotas.person(name)
    rotas.person("he", off=[MONDAY])
    stalls = [rotas.stall(day) for day in range(3)]
    days = {"first_on": MONDAY.isoformat(), "last_on": (MONDAY + timedelta(days=6)).isoformat()}
    answer = host.post(reverse("rota-new"), days)
    plan = Plan.objects.get()
    assert answer.url == reverse("rota", args=[plan.pk])
    with django_assert_max_num_queries(MOST_QUERIES + 4):
        page = host.get(answer.url).content.decode()
    assert "6 of 9" in page
    assert "3 seats are empty" not in page  # each keeper's seat by itself
    assert page.count("1 seat is empty") == 3
    seat = rotas.helper(stalls[0])
    where = reverse("rota-seat", args=[plan.pk, seat.pk])
    with django_assert_max_num_queries(MOST_QUERIES + 4):
        page = host.get(where).content.decode()
    assert "Off on this day." in page
    out = plan.cells.filter(seat=seat).first().user
    he = rotas.people["he"].user
    host.post(where, {"out": out.pk, "to": he.pk, "version": plan.version})
    assert Cell.objects.get(plan=plan, seat=seat, user=he).by_hand
    page = host.get(reverse("rota", args=[plan.pk])).content.decode()
    assert "by hand" in page
    assert "Off on this day." in page
    stale = host.post(where, {"out": he.pk, "version": plan.version}, follow=True)
    assert "Someone else has just changed this" in stale.content.decode()
    plan.refresh_from_db()
    table = host.get(reverse("rota-table", args=[plan.pk]))
    lines = table.content.decode().splitlines()
    assert lines[0].startswith("\ufeffDay,From,Until,What,Where,Role,Person")
    assert len(lines) == 1 + 9
    assert not SignUp.objects.exists()
    host.post(reverse("rota-publish", args=[plan.pk]), {"version": plan.version})
    assert SignUp.objects.filter(state="going").count() == 6
    assert Letter.objects.filter(template="rota.published", channel="inapp").count() == len(
        set(SignUp.objects.values_list("user", flat=True))
    )


def test_nobody_else_sees_limits_or_plans(rotas, client_as):
    rotas.person("chen", off=[MONDAY])
    stall = rotas.stall()
    plan = rotas.plan()
    pages = [
        reverse("rotas"), reverse("rota-new"), reverse("rota", args=[plan.pk]),
        reverse("rota-seat", args=[plan.pk, rotas.helper(stall).pk]),
        reverse("rota-table", args=[plan.pk]), reverse("rota-absence", args=[plan.pk]),
    ]  # fmt: skip
    for page in pages:
        assert client_as(rotas.people["chen"]).get(page).status_code in (403, 404)
        assert Client().get(page).status_code in (302, 403, 404)
    for page in pages[2:]:
        assert client_as(rotas.cast.manager).get(page).status_code == 404
    posts = ("rota-publish", "rota-again", "rota-drop")
    for name in posts:
        address = reverse(name, args=[plan.pk])
        assert client_as(rotas.cast.manager).post(address).status_code == 404
        assert client_as(rotas.host).get(address).status_code == 405


def test_an_absence_by_form_plans_only_those_seats_anew(rotas, host):
    for name in ("chen", "wu"):
        rotas.person(name)
    rotas.stall(0, helpers=1)
    plan = rotas.plan()
    ill = plan.cells.get().user
    address = reverse("rota-absence", args=[plan.pk])
    assert host.get(address).status_code == 200
    wrong = {"person": str(ill.pk), "first_on": MONDAY.isoformat(), "last_on": "2026-11-01"}
    assert host.post(address, wrong).status_code == 422
    host.post(address, wrong | {"last_on": MONDAY.isoformat()})
    assert plan.cells.get().user != ill


def test_the_week_names_what_clashes(rotas, host):
    chen = rotas.person("chen")
    first, second = rotas.stall(0, 9), rotas.stall(0, 10)
    for one in (first, second):
        seats.sign_up(one, "helper", by=chen)
    page = host.get(reverse("planner-week"), {"week": MONDAY.isoformat()}).content.decode()
    assert "chen is expected at the same time" in page
    assert "At the same time at the same place" in page
    assert "2 things clash this week" in page
    assert host.get(reverse("planner-week"), {"week": "soon"}).status_code == 200
    assert "chen" not in host.get(
        reverse("planner-week"), {"week": MONDAY.isoformat(), "kind": "theme-day"}
    ).content.decode()  # fmt: skip


def test_the_week_takes_as_many_queries_for_twenty_as_for_two(
    rotas, host, django_assert_max_num_queries
):
    for hour in range(8, 18):
        rotas.stall(0, hour)
        rotas.stall(1, hour)
    with django_assert_max_num_queries(MOST_QUERIES + 2):
        host.get(reverse("planner-week"), {"week": MONDAY.isoformat()})


def test_moving_names_what_it_breaks_before_it_is_done(rotas, host):
    chen = rotas.person("chen", off=[MONDAY + timedelta(days=1)])
    stall = rotas.stall(0)
    seats.sign_up(stall, "helper", by=chen)
    address = reverse("planner-move", args=[stall.pk])
    there = {"day": (MONDAY + timedelta(days=1)).isoformat(), "begins": "09:00", "reason": "有雨"}
    page = host.post(address, there).content.decode()
    assert "chen is off on that day." in page
    stall.refresh_from_db()
    assert stall.sequence == 0
    answer = host.post(address, there | {"sure": "1"})
    assert answer.status_code == 302
    stall.refresh_from_db()
    assert stall.sequence == 1
    assert stall.day == MONDAY + timedelta(days=1)
    shown = host.get(address + "?day=2026-11-12").content.decode()
    assert 'value="2026-11-12"' in shown
    assert host.post(address, {"day": "", "begins": "", "reason": ""}).status_code == 422


def test_days_off_are_told_to_the_mover_only_by_those_who_offered(rotas):
    chen = rotas.person("chen", off=[MONDAY], offered=False)
    stall = rotas.stall(1)
    seats.sign_up(stall, "helper", by=chen)
    assert weeks.moving(stall, stall.starts_at - timedelta(days=1)) == []


def test_a_large_plan_shows_that_it_is_being_planned(rotas, host, monkeypatch):
    rotas.person("chen")
    rotas.stall()
    monkeypatch.setattr(actions, "SMALL", 0)
    days = {"first_on": MONDAY.isoformat(), "last_on": MONDAY.isoformat()}
    page = host.post(reverse("rota-new"), days, follow=True).content.decode()
    assert "It is being planned." in page
    actions.propose_waiting()
    page = host.get(reverse("rota", args=[Plan.objects.get().pk])).content.decode()
    assert "Publish it" in page


def test_what_is_over_is_forgotten(rotas):
    rotas.person("chen", off=[MONDAY])
    rotas.stall()
    rotas.plan()
    with clock.moved_to(clock.now() + timedelta(days=30)):
        assert actions.forget() >= 2
    assert not DayOff.objects.exists()
    assert not Plan.objects.exists()


def test_stops_come_into_the_shortest_order_and_times_stay(rotas, client_as):
    cast = rotas.cast
    names = ("village", "community", "other_community")  # from west to east it is 1, 2, 0
    run = planning.plan_occurrence(
        kind="service-run", organisation=cast.bodies["bus_company"], place=cast.places["line"],
        by=cast.bus_handler, starts_at=clock.now() + timedelta(days=2),
        stops=[cast.places[name] for name in (names[1], names[0], names[2])],
    )  # fmt: skip
    times = {stop.pk: time(9 + n) for n, stop in enumerate(run.stops.all())}
    rounds.plan_times(run, times, by=cast.bus_handler)
    before = [stop.place.code for stop in run.stops.order_by("order")]
    client = client_as(cast.bus_handler)
    assert client.post(reverse("planner-order", args=[run.pk])).status_code == 302
    rows = list(run.stops.select_related("place").order_by("order"))
    assert [stop.place.lon for stop in rows] in (
        sorted(stop.place.lon for stop in rows),
        sorted((stop.place.lon for stop in rows), reverse=True),
    )
    assert [stop.place.code for stop in rows] != before
    assert [stop.planned_at for stop in rows] == [time(9), time(10), time(11)]
    run.stops.filter(order=1).update(noted_at=clock.now())
    with pytest.raises(Denied):
        walk.order(run, by=cast.bus_handler)
    with pytest.raises(Denied):
        walk.order(run, by=cast.lighting_handler)


def test_a_browser_understands_the_day_that_stands_in_the_field_in_chinese_too(rotas, client_as):
    page = client_as(rotas.host).get(reverse("rota-new")).content.decode()
    assert 'lang="zh-Hans"' in page
    assert 'value="2026-11-09"' in page
