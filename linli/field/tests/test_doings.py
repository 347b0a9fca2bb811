"""Notes of activities from a telephone: visits, coming and going, pages of paper, and two at once."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from linli.activities import homes
from linli.activities.actions import planning
from linli.activities.actions.seats import assign
from linli.activities.models import Record, Sheet, SignUp
from linli.cases.models import Case
from linli.field import reading, shell
from linli.field.models import Item, Rival
from linli.field.tests.conftest import Phone, picture
from linli.lib import clock
from linli.people import actions
from linli.people.actors import SYSTEM, under
from linli.people.models import Appointment
from linli.playbook import current

START = datetime(2026, 11, 7, 9, 0, tzinfo=clock.LOCAL)


@pytest.fixture
def moved():
    with clock.moved_to(START):
        yield


def hold(kind, unit, place=None):
    post = actions.open_post(kind, unit, by=SYSTEM, place=place, seats=2,
                             valid_from=clock.today() - timedelta(days=9))  # fmt: skip
    people = []
    for _n in range(2):
        user = actions.open_account(display_name=kind)
        row = actions.appoint(post, user, by=SYSTEM, from_date=clock.today() - timedelta(days=5))
        people.append(under(Appointment.objects.with_posts().get(pk=row.pk)))
    return people


@pytest.fixture
def visits(moved, cast, client_as):
    """Two visitors, one home, today's round."""
    body, place = cast.bodies["committee"], cast.places["community"]
    visitors = hold("visitor", body, place)
    rule = current().activities["home-visits"]
    home = homes.agree(rule, organisation=body, place=place, label="老周家", way="二楼左手",
                       consent=True, by=visitors[0]).home  # fmt: skip
    round_ = planning.plan_occurrence(
        kind="home-visits", organisation=body, place=place, by=cast.manager, stops=[home],
        starts_at=START + timedelta(minutes=30),
    )  # fmt: skip
    for one in visitors:
        assign(round_, "visitor", one.user, by=cast.manager)
    return round_, [Phone(client_as(one), place).enrol() for one in visitors]


def visit(phone, round_, outcome="met", **more):
    stop = round_.stops.get()
    values = (
        {"f-consent": True, "f-read-back": True, "f-said": "楼道的灯坏了。"}
        if outcome == "met"
        else {}
    )
    said = {
        "kind": "activity:home-visits", "form": "activity:home-visits@test", "task": str(round_.uid),
        "stop": stop.pk, "outcome": outcome, "values": values, "photos": [], "place": "",
        "acting": phone.hello()["acting"],
    }  # fmt: skip
    return phone.telephone.freeze(said | more)


def test_the_day_is_on_the_phone_with_no_more_than_is_needed(visits):
    round_, (phone, _other) = visits
    said = phone.client.get("/sync/bundle").json()
    [task] = said["tasks"]
    assert task["uid"] == str(round_.uid)
    [stop] = task["stops"]
    assert stop["label"] == "老周家"
    assert stop["lon"] is None
    kinds = {form["id"] for form in said["forms"]}
    assert {"activity:home-visits", "case:visit-voice", "check-in", "check-out"} <= kinds
    assert "老周家" in phone.client.get("/field/").content.decode()
    assert "老周家" not in phone.client.get("/field/?shell=1").content.decode()


@pytest.mark.parametrize("outcome", ["met", "nobody-home", "does-not-wish"])
def test_a_visit_is_noted_once(visits, outcome):
    round_, (phone, _other) = visits
    frozen = visit(phone, round_, outcome)
    for _again in range(3):
        assert phone.send(frozen).status_code == 201
    assert Record.objects.get().outcome == outcome
    assert Item.objects.get().state == "processed"


def test_a_colleague_was_first_and_nothing_is_lost(visits):
    round_, (first, second) = visits
    first.send(visit(first, round_))
    frozen = visit(second, round_, "nobody-home")
    answer = second.send(frozen)
    assert answer.status_code == 201
    assert Item.objects.get(client_id=frozen.id).state == "conflict"
    assert Record.objects.count() == 1
    rival = Rival.objects.get()
    mine, theirs = reading.both(rival)[1], reading.both(rival)[0]
    assert ("情况怎么样？", "nobody-home") in mine or len(mine) == 1
    assert any("楼道的灯坏了" in str(value) for _label, value in theirs)
    shown = second.client.get("/field/conflicts/").content.decode()
    assert "楼道的灯坏了" in shown
    second.client.post(f"/field/conflicts/{rival.pk}/decision/", {"decision": "first"})
    assert Item.objects.get(client_id=frozen.id).state == "processed"
    assert not first.client.get("/field/conflicts/").content.decode().count("楼道的灯坏了")


def test_what_was_said_on_the_visit_becomes_a_matter(visits):
    round_, (phone, _other) = visits
    values = {
        "text": "楼道的灯坏了，晚上看不见。", "category": "street-light", "f-read-back": True,
        "f-copy": "slip", "consent": True,
    }  # fmt: skip
    said = {
        "kind": "case:visit-voice", "form": "case:visit-voice@test", "task": str(round_.uid),
        "values": values, "place": round_.place.code, "photos": [],
        "acting": phone.hello()["acting"],
    }  # fmt: skip
    frozen = phone.telephone.freeze(said)
    answer = phone.send(frozen)
    assert answer.status_code == 201, answer.json()
    assert answer.json()["word"]
    assert phone.send(frozen).json()["replayed"]
    assert Case.objects.get().number == answer.json()["receipt"]["number"]


def test_coming_and_going_give_hours(visits):
    round_, (phone, _other) = visits

    def stay(kind, when):
        said = {"kind": kind, "form": f"{kind}@test", "task": str(round_.uid), "values": {},
                "captured": {"at": when.isoformat()}, "acting": phone.hello()["acting"]}  # fmt: skip
        return phone.send(phone.telephone.freeze(said))

    with clock.moved_to(START + timedelta(hours=4)):
        assert stay("check-in", START + timedelta(minutes=30)).status_code == 201
        assert stay("check-out", START + timedelta(hours=3, minutes=30)).status_code == 201
        given = phone.client.get("/sync/bundle").json()["service"]
    assert given["hours"] == 3.0
    assert given["rest_until"]
    assert SignUp.objects.filter(state="checked_out").count() == 1


def test_a_page_is_photographed_and_the_desk_types_it(moved, cast, client_as):
    keeper, _second = hold("box-keeper", cast.bodies["bus_company"], cast.places["line"])
    phone = Phone(client_as(keeper), cast.places["line"]).enrol()
    content, sha = picture()
    said = {
        "kind": "page:empty-the-box", "form": "page:empty-the-box@test", "values": {"number": "14"},
        "place": cast.places["line"].code, "photos": [sha], "acting": phone.hello()["acting"],
    }  # fmt: skip
    answer = phone.send(phone.telephone.freeze(said))
    assert answer.status_code == 201, answer.json()
    sheet = Sheet.objects.get()
    assert (sheet.number, sheet.photo) == (14, None)
    phone.put(sha, 0, len(content), content)
    sheet.refresh_from_db()
    assert sheet.photo is not None
    assert Item.objects.get().state == "processed"


def test_a_round_that_nobody_knows_is_a_persons_task(visits):
    round_, (phone, _other) = visits
    frozen = visit(phone, round_, task="7a6f3c1e-0000-4000-8000-000000000000")
    assert phone.send(frozen).status_code == 201
    assert Item.objects.get().state == "staff_task"


def test_the_first_visit_is_one_megabyte_and_a_day_of_thirty_homes_two(moved, cast, client_as):
    body, place = cast.bodies["committee"], cast.places["community"]
    one = hold("visitor", body, place)[0]
    stops = [
        homes.agree(current().activities["home-visits"], organisation=body, place=place,
                    label=f"第{n:02}户人家", way="桥头右转，第二排靠河的那一家，门口有一棵老槐树",
                    consent=True, by=one).home
        for n in range(30)
    ]  # fmt: skip
    round_ = planning.plan_occurrence(
        kind="home-visits", organisation=body, place=place, by=cast.manager, stops=stops,
        starts_at=START + timedelta(minutes=30),
    )  # fmt: skip
    assign(round_, "visitor", one.user, by=cast.manager)
    phone = Phone(client_as(one), place).enrol()
    files = [finders.find(name) for name in (*shell.FILES, *shell.scripts())]
    kept = sum(Path(file).stat().st_size for file in files)
    kept += sum(len(phone.client.get(reverse(name)).content) for name in shell.PAGES)
    kept += len(phone.client.get("/field/sw.js").content)
    day = phone.client.get("/sync/bundle")
    assert [len(task["stops"]) for task in day.json()["tasks"]] == [30]
    assert kept < 1_000_000
    assert kept + len(day.content) < 2_000_000
