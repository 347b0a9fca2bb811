"""Every page is walked by the person it is for, and shut to the others."""

import io
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from linli.activities.actions import seats
from linli.activities.models import Home, Occurrence, Opened, Record, Series, Sheet, SignUp
from linli.activities.models.people import Going
from linli.cases import timeline
from linli.cases.models import Case
from linli.files.models import Photo


def text(answer, status=200):
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def post(client, name, *args, **data):
    answer = client.post(reverse(name, args=args), data)
    assert answer.status_code in (200, 302, 422), answer.status_code
    return answer


def picture():
    file = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(file, "PNG")
    return SimpleUploadedFile("page.png", file.getvalue(), "image/png")


@pytest.fixture
def host(field, client_as):
    return client_as(field.host)


# ── for everybody ───────────────────────────────────────────────────────────────────────────────
def test_what_is_on_is_listed_by_day_and_place(field, client):
    field.stall(note="带上证件")
    elsewhere = field.cast.places["village"]
    body = text(client.get(reverse("activities")))
    assert "小广场摆摊" in body
    assert "11月5日" in body
    there = text(client.get(reverse("activities"), {"place": elsewhere.code}))
    assert "社区广场" not in there
    here = text(client.get(reverse("activities"), {"where": "桃花社区", "kind": "square-stall"}))
    assert "社区广场" in here
    assert "社区广场" not in text(client.get(reverse("activities"), {"kind": "theme-day"}))
    for odd in ({"from": "2026-99-99"}, {"place": "nowhere"}, {"where": "火星"}, {"kind": "x"}):
        text(client.get(reverse("activities"), odd))


def test_the_list_costs_the_same_for_two_and_for_twenty(
    field, client, django_assert_max_num_queries
):
    for n in range(20):
        field.stall(title=f"摊位{n}")
    with django_assert_max_num_queries(3):
        assert "摊位19" in text(client.get(reverse("activities")))


def test_a_stranger_reads_one_and_is_led_to_sign_in(field, client):
    stall = field.stall(seats={"helper": {"seats": 1}})
    page = text(client.get(reverse("activity", args=[stall.uid])))
    assert "小广场摆摊" in page
    assert reverse("account_login") in page
    assert "0" in page
    answer = client.post(reverse("activity-sign-up", args=[stall.uid, "helper"]))
    assert answer.status_code == 302
    assert SignUp.objects.count() == 0
    assert client.get(reverse("activity", args=[uuid.uuid4()])).status_code == 404


def test_a_resident_takes_a_seat_and_gives_it_back(field, client_as):
    stall = field.stall(seats={"helper": {"seats": 1, "standby": 1}})
    first, second = client_as(field.cast.resident), client_as(field.cast.neighbour)
    post(first, "activity-sign-up", stall.uid, "helper")
    post(second, "activity-sign-up", stall.uid, "helper")
    assert "候补" in text(second.get(reverse("activity", args=[stall.uid])))
    page = text(first.get(reverse("activity", args=[stall.uid])))
    assert field.cast.neighbour.user.display_name not in page, "others are nobody's business"
    post(first, "activity-withdraw", stall.uid)
    assert SignUp.objects.get(user=field.cast.neighbour.user).state == Going.GOING
    post(first, "activity-withdraw", stall.uid)  # a second tap says so politely


def test_what_is_not_public_is_not_there_for_strangers(field, client, client_as):
    visit = field.round([])
    assert not visit.is_public
    where = reverse("activity", args=[visit.uid])
    assert client.get(where).status_code == 404
    assert client_as(field.cast.resident).get(where).status_code == 404
    assert client.get(reverse("activity-calendar", args=[visit.uid])).status_code == 404
    assert client_as(field.cast.manager).get(where).status_code == 200
    assert str(visit.uid) not in text(client.get(reverse("activities")))


# ── the host ────────────────────────────────────────────────────────────────────────────────────
def plan(**changes):
    return {
        "where": "桃花社区", "day": "2026-11-12", "begins": "09:30", "minutes": "120",
        "seats-keeper": "2", "seats-helper": "3", "repeat": "", "days": "next-workday",
        "spot": "广场东边", "title": "", "note": "", "turns": "", "last_on": "", **changes,
    }  # fmt: skip


def test_the_host_plans_one(field, host):
    page = text(host.get(reverse("plan-activity", args=["square-stall"])))
    assert "320481901001" in page
    answer = host.post(reverse("plan-activity", args=["square-stall"]), plan(where="320481901001"))
    row = Occurrence.objects.get()
    assert answer.url == reverse("desk-activity", args=[row.uid])
    assert row.seats.get(role="helper").seats == 3
    assert text(host.get(answer.url))
    assert row.starts_at.isoformat() == "2026-11-12T01:30:00+00:00"


def test_the_host_plans_a_rota_of_squares(field, host):
    answer = host.post(
        reverse("plan-activity", args=["square-stall"]),
        plan(where="320481901001", repeat="week", turns="桃花社区\n梅林社区\n"),
    )
    series = Series.objects.get()
    assert answer.url == reverse("activity-series", args=[series.pk])
    names = [row.place.name for row in Occurrence.objects.order_by("starts_at")[:4]]
    assert names == ["桃花社区", "梅林社区", "桃花社区", "梅林社区"]
    page = text(host.get(answer.url))
    assert "结束" in page
    post(host, "end-series", series.pk, reason="换成别的办法")
    assert set(Occurrence.objects.values_list("state", flat=True)) == {"cancelled"}


@pytest.mark.parametrize(
    "wrong",
    [{"where": "火星"}, {"day": "gestern"}, {"minutes": "0"}, {"seats-helper": "9999"},
     {"day": "2026-11-01"}, {"turns": "火星", "repeat": "week"}, {"note": "打我手机 19900001234"}],
)  # fmt: skip
def test_a_wrong_plan_comes_back_with_a_sentence(field, host, wrong):
    answer = host.post(
        reverse("plan-activity", args=["square-stall"]), plan(**{"where": "320481901001", **wrong})
    )
    assert "notice" in text(answer)
    assert Occurrence.objects.count() == 0


def test_only_the_host_plans_moves_and_cancels(field, client_as):
    stall = field.stall()
    for other in (field.cast.resident, field.cast.steward, field.cast.other_manager):
        browser = client_as(other)
        assert browser.post(reverse("plan-activity", args=["square-stall"]), plan()).status_code in (
            302, 403,
        )  # fmt: skip
        browser.post(reverse("cancel-activity", args=[stall.uid]), {"reason": "x"})
        assert browser.get(reverse("move-activity", args=[stall.uid])).status_code == 403
        assert browser.get(reverse("desk-activity", args=[stall.uid])).status_code == 403
    stall.refresh_from_db()
    assert stall.is_open
    assert Occurrence.objects.count() == 1


def test_the_host_moves_and_cancels(field, host, client):
    stall = field.stall()
    text(host.get(reverse("move-activity", args=[stall.uid])))
    said = {"day": "2026-11-13", "begins": "10:00", "reason": "部门开会"}
    post(host, "move-activity", stall.uid, **said)
    assert "改期：部门开会" in text(client.get(reverse("activity", args=[stall.uid])))
    assert "notice" in text(host.post(reverse("move-activity", args=[stall.uid]), {}))
    post(host, "cancel-activity", stall.uid, reason="")
    stall.refresh_from_db()
    assert stall.is_open
    post(host, "cancel-activity", stall.uid, reason="下雨")
    assert "下雨" in text(client.get(reverse("activity", args=[stall.uid])))
    assert "下雨" in text(client.get(reverse("activities")))


def test_the_list_at_the_door(field, host, moved, client_as):
    stall = field.stall()
    keeper = field.hold("stall-keeper", field.office)
    where = reverse("desk-activity", args=[stall.uid])
    assert keeper.user.display_name in text(host.get(where))  # can be asked
    post(host, "put-in", stall.uid, role="keeper", person=str(keeper.user.pk))
    post(host, "put-in", stall.uid, role="keeper", person=str(field.cast.resident.user.pk))
    row = SignUp.objects.get()
    mine = client_as(keeper)
    with moved(stall.starts_at):
        page = text(mine.get(where))
        word = re.search(r"<b>([0-9A-Z]{4})</b>", page).group(1)
        post(mine, "activity-door", stall.uid, code="wrong")
        post(mine, "activity-door", stall.uid, code=word)
        assert SignUp.objects.get().state == Going.IN
    with moved(stall.ends_at):
        post(mine, "clock", stall.uid, row.pk, verb="out")
    assert "2 小时" in text(mine.get(reverse("service")))


def test_how_it_went_is_noted_once(field, host, moved):
    stall = field.stall()
    with moved(stall.starts_at):
        page = text(host.get(reverse("desk-activity", args=[stall.uid])))
        name = re.search(r'name="client_id" value="([0-9a-f-]+)"', page).group(1)
        said = {"client_id": name, "outcome": "held", "f-policy": "7", "f-note": "电话 19900001234"}
        post(host, "note-activity", stall.uid, **said)
        post(host, "note-activity", stall.uid, **said)
        wrong = post(host, "note-activity", stall.uid, client_id=str(uuid.uuid4()), outcome="")
        assert wrong.status_code == 422
    record = Record.objects.get()
    assert record.fields["policy"] == 7
    assert "19900001234" not in str(record.fields)
    stall.refresh_from_db()
    assert stall.state == "held"
    assert "7" in text(host.get(reverse("desk-activity", args=[stall.uid])))


def test_a_matter_that_came_of_a_stall(field, host, moved, client_as):
    stall = field.stall()
    kind = "stall-voice"
    where = reverse("activity-matter", args=[stall.uid, kind])
    with moved(stall.starts_at):
        page = text(host.get(where))
        name = re.search(r'name="client_id" value="([0-9a-f-]+)"', page).group(1)
        said = {"client_id": name, "text": "路灯坏了", "category": "street-light", "consent": "on",
                "f-slip-given": "on"}  # fmt: skip
        slip = text(host.post(where, said))
        again = text(host.post(where, said))
        assert re.search(r"<b>\w{6}</b>", slip).group() == re.search(r"<b>\w{6}</b>", again).group()
        assert "notice" in text(host.post(where, {"client_id": str(uuid.uuid4())}))
    case = Case.objects.get()
    assert Opened.objects.get().case_number == case.number
    assert (case.channel, case.place) == ("stall", stall.place)
    story = timeline.story(case, timeline.UNIT)
    came = next(moment for moment in story if moment.verb == "case.came_of")
    assert came.title == "记录于：小广场摆摊"
    assert came.href == reverse("activity", args=[stall.uid])
    assert host.get(reverse("activity-matter", args=[stall.uid, "wish"])).status_code == 404
    stranger = client_as(field.cast.other_manager)
    assert stranger.get(where).status_code == 404


# ── homes ───────────────────────────────────────────────────────────────────────────────────────
def agree(browser, label="王家"):
    said = {"label": label, "way": "桥头第三家", "consent": "on"}
    page = text(browser.post(reverse("home-agrees", args=["home-visits"]), said))
    return re.search(r"<b>([0-9 ]{12})</b>", page).group(1), re.search(
        r"<b>(\w{6})</b>", page
    ).group(1)


def test_a_household_agrees_is_visited_and_reads_its_own_page(field, client_as, moved):
    visitor = field.hold("visitor", field.cast.bodies["committee"])
    mine = client_as(visitor)
    text(mine.get(reverse("home-agrees", args=["home-visits"])))
    number, word = agree(mine)
    visit = field.round([Home.objects.get()])
    seats.assign(visit, "visitor", visitor.user, by=field.cast.manager)
    where = reverse("desk-activity", args=[visit.uid])
    stop = visit.stops.get()
    with moved(visit.starts_at):
        mine = client_as(visitor)  # a staff session of three days ago is over
        assert "王家" in text(mine.get(where))
        assert "王家" not in text(client_as(field.cast.manager).get(where)), "only who visits"
        note = reverse("round-stop", args=[visit.uid, stop.pk])
        assert "桥头第三家" in text(mine.get(note))
        assert "notice" in text(mine.post(note, {"client_id": str(uuid.uuid4()), "outcome": "met"}))
        post(mine, "finish-round", visit.uid)
        post(mine, "round-stop", visit.uid, stop.pk, **{
            "client_id": str(uuid.uuid4()), "outcome": "met", "f-consent": "on",
            "f-read-back": "on", "f-said": "想修村口的灯", "f-come-back-by": "2026-11-20",
        })  # fmt: skip
        post(mine, "finish-round", visit.uid)
        visit.refresh_from_db()
        assert visit.state == "held"
        family = Client()
        text(family.get(reverse("my-home")))
        post(family, "my-home", number=number, word="AAAAAA")
        post(family, "my-home", number=number, word=word)
        page = text(family.get(reverse("my-home")))
        assert "想修村口的灯" in page
        assert "11月20日" in page
        post(family, "home-wish", wish="come")
        post(family, "home-wish", wish="end")
        assert Home.objects.get().ended_at is not None
    assert text(Client().get(reverse("my-home"))).count("想修村口的灯") == 0


def test_stops_are_chosen_among_homes_that_may_be_visited(field, client_as):
    visitor = client_as(field.hold("visitor", field.cast.bodies["committee"]))
    agree(visitor)
    agree(visitor, "李家")
    visit = field.round([])
    manager = client_as(field.cast.manager)
    where = reverse("round-stops", args=[visit.uid])
    home = Home.objects.order_by("made_at").first()
    page = text(manager.get(where))
    assert home.number in page
    assert "王家" not in page
    manager.post(where, {"home": [home.number]})
    assert visit.stops.get().home == home
    assert f'value="{home.number}"' not in text(manager.get(where))
    manager.post(where, {"off": str(visit.stops.get().pk)})
    assert visit.stops.count() == 0
    assert Home.objects.get(pk=home.pk).next_visit_on is None


def test_who_does_not_visit_cannot_note_homes(field, client_as):
    for other in (field.cast.resident, field.cast.steward, field.cast.bus_handler):
        answer = client_as(other).get(reverse("home-agrees", args=["home-visits"]))
        assert answer.status_code in (403, 404)


# ── paper ───────────────────────────────────────────────────────────────────────────────────────
def test_a_page_from_picture_to_closed(field, client_as):
    keeper, clerk = field.cast.volunteer, field.cast.bus_handler
    one, two = client_as(keeper), client_as(clerk)
    where = reverse("sheet-new", args=["empty-the-box"])
    text(one.get(where))
    line = field.cast.places["line"]
    said = {"number": "14", "week": "2026-11-04", "place": line.code, "photo": picture()}
    answer = one.post(where, said)
    sheet = Sheet.objects.get()
    assert answer.url == reverse("sheet", args=[sheet.pk])
    assert sheet.week.isoformat() == "2026-11-02"
    text(one.get(answer.url))
    one.post(answer.url, {"lines": "3路早上太挤\n站牌字太小\n谢谢师傅"})
    assert "另一个人" in text(one.get(answer.url))
    page = text(two.get(answer.url))
    assert "站牌字太小" not in page, "the second reader does not see the first reading"
    two.post(answer.url, {"lines": "3路早上太挤\n站牌字大小\n谢谢师傅。"})
    assert Photo.objects.count() == 1
    page = text(two.get(answer.url))
    assert "站牌字太小" in page
    assert "谢谢师傅" not in page, "only what differs"
    two.post(answer.url, {"line-2": "站牌字太小"})
    assert Photo.objects.count() == 0, "the picture goes as soon as two agree"
    text(two.get(answer.url))
    for number, chosen in ((1, "case:public-transport"), (2, "case:roads")):
        post(two, "settle-line", sheet.pk, number, **{"as": chosen})
    sheet.refresh_from_db()
    assert sheet.stage == "settle"
    post(two, "settle-line", sheet.pk, 3, **{"as": "none:thanks"})
    sheet.refresh_from_db()
    assert sheet.stage == "closed"
    assert Case.objects.filter(kind="comment-card").count() == 2
    assert "100" in text(two.get(answer.url)) or "3" in text(two.get(answer.url))
    assert client_as(field.cast.manager).get(answer.url).status_code == 404
    assert one.post(where, {**said, "photo": picture()}).status_code == 200  # the same page again


# ── my service ──────────────────────────────────────────────────────────────────────────────────
def test_registering_with_a_host_and_choosing_what_the_unit_is_told(field, client_as):
    mine = client_as(field.cast.resident)
    where = reverse("enrol", args=["community-service"])
    text(mine.get(where))
    committee, unit = field.cast.bodies["committee"], field.cast.bodies["water"]
    mine.post(where, {"host": committee.code, "unit": unit.code, "tell": "1"})
    page = text(mine.get(reverse("service")))
    assert "桃花社区居委会" in page
    row = field.cast.resident.user.enrolments.get()
    assert row.tell_unit
    assert client_as(field.cast.neighbour).post(
        reverse("change-enrolment", args=[row.pk]), {"leave": "1"}
    ).status_code == 404  # fmt: skip
    desk = client_as(field.cast.manager)
    assert "老周" in text(desk.get(reverse("activities-desk")))
    post(desk, "welcome", row.pk)
    post(mine, "change-enrolment", row.pk)
    row.refresh_from_db()
    assert row.confirmed_at is not None
    assert not row.tell_unit
    post(mine, "change-enrolment", row.pk, leave="1")
    row.refresh_from_db()
    assert row.ended_at is not None


def test_a_role_for_the_whole_series(field, client_as):
    manager = client_as(field.cast.manager)
    manager.post(reverse("plan-activity", args=["standing-duty"]), {
        "where": "320481901001", "day": "2026-11-12", "begins": "15:00", "minutes": "60",
        "seats-keeper": "1", "repeat": "week", "days": "any", "turns": "", "title": "护学岗",
        "note": "", "spot": "小学门口", "last_on": "",
    })  # fmt: skip
    series = Series.objects.get()
    mine = client_as(field.cast.resident)
    assert "护学岗" in text(mine.get(reverse("activity-series", args=[series.pk])))
    post(mine, "activity-claim", series.pk, "keeper")
    assert SignUp.objects.filter(state=Going.GOING).count() == Occurrence.objects.count() > 5
    post(client_as(field.cast.neighbour), "activity-claim", series.pk, "keeper")
    assert series.standing.count() == 1
    assert "护学岗" in text(mine.get(reverse("service")))
    post(mine, "activity-claim", series.pk, "none")
    assert SignUp.objects.filter(state=Going.GOING).count() == 0


def test_english_pages_have_no_chinese_left(field, client_as):
    stall = field.stall(spot="")
    mine = client_as(field.host)
    mine.cookies["django_language"] = "en"
    for name, args in (("activities", ()), ("activity", (stall.uid,)), ("activities-desk", ()),
                       ("desk-activity", (stall.uid,)), ("service", ()), ("my-home", ()),
                       ("plan-activity", ("square-stall",))):  # fmt: skip
        main = text(mine.get(reverse(name, args=args))).split("<main")[1].split("</main")[0]
        words = re.sub(r"<[^>]*>", " ", main)
        left = re.findall("[\u4e00-\u9fff]+", words)
        assert left == [], (name, left)
