"""The pages: figures that open their lines, no names, forms that keep what was typed."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from linli.lib import clock, ids
from linli.people import actions
from linli.people.actors import as_resident
from linli.stores import my_file, reading
from linli.stores.actions import correcting, moving
from linli.stores.models import Gift, Movement, Request
from linli.vault import sealing

MOST_QUERIES = 16  # twelve, and the request's own four


@pytest.fixture
def browser(yard, client_as):
    def opened(actor):
        client = client_as(actor)
        client.cookies["django_language"] = "en"
        client.get("/")
        return client

    return opened


def read(client, name, *args, **query):
    return client.get(reverse(name, args=args), query).content.decode()


def test_everybody_reads_the_sums_and_the_lines_behind_them(
    yard, client, django_assert_max_num_queries
):
    client.cookies["django_language"] = "en"
    with clock.moved_to(clock.now() - timedelta(days=60)):
        yard.gift("rice", 1_500, name="王测试", agreed=True)
    yard.gift("rice", 20)
    case = yard.wish()
    yard.hand("rice", 30, wish=case.number)
    yard.hand("rice", 5, household="梅花三号")
    wrong = yard.hand("rice", 400)
    yard.back(wrong)
    with django_assert_max_num_queries(MOST_QUERIES):
        page = read(client, "store", "one")
    rice = page[page.index("Rice <span") : page.index("Cooking oil <span")]
    assert [n for n in ("1,500", "20", "35", "1,485") if f">{n}<" in rice] == [
        "1,500", "20", "35", "1,485"
    ]  # fmt: skip
    assert "Needed most" in page
    assert "Counted just now" in page
    assert ">1,520<" in read(client, "store", "one", period="all")
    with django_assert_max_num_queries(MOST_QUERIES):
        out = read(client, "store-movements", "one", item="rice", way="out", period="quarter")
    assert "Rice, 30 kg" in out
    assert "Taken back: Handed out" in out
    assert "Rice, 1,500 kg" not in out
    came = read(client, "store-movements", "one", item="rice", way="in")
    assert "Rice, 1,500 kg" in came
    for text in (page, out, came):
        assert not any(word in text for word in (case.number, "王测试", "梅花三号", "写错了"))
    assert client.get(reverse("store", args=["three"])).status_code == 404
    odd = client.get(reverse("store-movements", args=["one"]), {"before": "x"})
    assert odd.status_code == 400


def test_movements_come_page_by_page(yard, client):
    yard.gift("quilt", 40)
    for _n in range(reading.PAGE + 1):
        yard.hand("quilt", 1)
    client.cookies["django_language"] = "en"
    first = read(client, "store-movements", "one")
    assert first.count("Quilts, 1 pcs") == reading.PAGE
    before = Movement.objects.order_by("-pk")[reading.PAGE - 1].pk
    assert f"movements/?before={before}" in first
    second = read(client, "store-movements", "one", before=before)
    assert "Quilts, 40 pcs" in second
    assert 'rel="next"' not in second


def test_a_giver_follows_the_gift_without_an_account(yard, client, django_assert_max_num_queries):
    client.cookies["django_language"] = "en"
    rice, money = yard.gift("rice", 10, name="王测试", agreed=True), yard.gift("money", 10_050)
    yard.hand("rice", 3, household="梅花三号")
    yard.back(yard.hand("rice", 2))
    moving.move(yard.station, yard.other, "rice", 4, by=yard.worker, key=ids.new_uuid())
    yard.buy("coat", 2, 9_000)
    with django_assert_max_num_queries(MOST_QUERIES):
        page = read(client, "gift", rice.code.lower())
    assert "Handed out: Rice, 3 kg" in page
    assert "Moved to two: Rice, 4 kg" in page
    assert "There now: Rice, 3 kg at one" in page
    assert "There now: Rice, 4 kg at two" in page
    assert "Rice, 2 kg" not in page
    assert not any(word in page for word in ("王测试", "梅花三号", "Who gave it"))
    spent = read(client, "gift", money.code)
    assert "Spent 90 yuan; bought: Winter coats, 2 pcs" in spent
    assert "There now: 10.50 yuan at one" in spent
    found = client.get(reverse("find-gift"), {"code": f" {rice.code[:3]}-{rice.code[3:]}"})
    assert found.headers["Location"] == reverse("gift", args=[rice.code])
    none = client.get(reverse("find-gift"), {"code": "<b>no"})
    assert none.status_code == 422
    assert "&lt;b&gt;no" in none.content.decode()
    assert client.get(reverse("gift", args=["AAAAAA"])).status_code == 404


def test_a_mistaken_gift_says_so(yard, client):
    client.cookies["django_language"] = "en"
    gift = yard.gift("quilt", 10)
    yard.back(gift.lots.get().came.get().movement)
    assert "written down by mistake" in read(client, "gift", gift.code)


def test_the_desk_takes_in_and_gives_a_receipt(yard, browser):
    client = browser(yard.worker)
    address = reverse("store-act", args=["one", "in"])
    assert client.get(address).status_code == 200
    typed = {"item": "rice", "amount": "12", "name": "王测试"}
    wrong = client.post(address, typed)
    page = wrong.content.decode()
    assert wrong.status_code == 422
    assert "These things spoil" in page
    assert "only if the giver agrees" in page
    assert 'value="王测试"' in page
    assert 'value="12"' in page
    whole = {**typed, "best_before": "2026-12-24", "agreed": "on"}
    assert client.post(address, {**whole, "amount": "1.5"}).status_code == 422
    assert client.post(address, {**whole, "person": "19900009999"}).status_code == 422
    done = client.post(address, whole)
    gift = Gift.objects.get()
    assert done.headers["Location"] == reverse("gift", args=[gift.code])
    asked = client.post(reverse("gift-giver", args=[gift.code]), {"reason": ""})
    assert asked.status_code == 422
    shown = client.post(reverse("gift-giver", args=[gift.code]), {"reason": "thank-you letter"})
    assert "Given by: 王测试" in shown.content.decode()
    client.post(reverse("forget-giver", args=[gift.code]))
    assert sealing.kinds_of(gift.subject) == []
    money = {"item": "money", "amount": "12.34"}
    assert client.post(address, money).status_code == 302
    assert yard.there("money") == 1_234


def test_the_desk_hands_out_buys_moves_and_keeps_what_was_typed(yard, browser):
    yard.gift("money", 50_000)
    client, case = browser(yard.worker), yard.wish()

    def post(verb, **said):
        return client.post(reverse("store-act", args=["one", verb]), said)

    assert post("buy", item="quilt", amount="3", cost="150.50").status_code == 302
    assert (yard.there("money"), yard.there("quilt")) == (34_950, 3)
    for said in ({"wish": "26 1"}, {}, {"wish": case.number, "household": "Plum 3"}):
        wrong = post("out", item="quilt", amount="1", **said)
        assert wrong.status_code == 422
        assert 'value="1"' in wrong.content.decode()
    assert post("out", item="quilt", amount="1", wish=case.number).status_code == 302
    assert post("out", item="quilt", amount="9", household="Plum 3").status_code == 422
    assert post("move", item="quilt", amount="1", other="two").status_code == 302
    assert post("move", item="quilt", amount="1", other="three").status_code == 422
    assert post("sell", item="quilt", amount="1").status_code == 404
    desk = read(client, "desk-store", "one")
    assert case.number in desk
    assert (yard.there("quilt"), yard.there("quilt", yard.other)) == (1, 1)


def test_count_write_off_and_taking_back_wait_for_the_second(
    yard, browser, django_assert_max_num_queries
):
    lot = yard.gift("rice", 20, best_before=yard.day(2)).lots.get()
    wrong = yard.hand("rice", 1)
    client = browser(yard.worker)

    def post(verb, **said):
        return client.post(reverse("store-act", args=["one", verb]), said)

    assert post("count", item="rice", amount="19", reason="").status_code == 302
    assert not Request.objects.exists()
    assert post("count", item="rice", amount="18", reason="").status_code == 422
    assert post("count", item="rice", amount="18", reason="mice").status_code == 302
    assert post("waste", lot=lot.pk, amount="4", reason="wet").status_code == 302
    assert post("waste", lot="0", amount="4", reason="wet").status_code == 422
    back = reverse("store-take-back", args=["one", wrong.pk])
    assert client.get(back).status_code == 200
    assert client.post(back, {"reason": ""}).status_code == 422
    assert client.post(back, {"reason": "typed wrong"}).status_code == 302
    assert client.post(back, {"reason": "typed wrong"}).status_code == 422
    with django_assert_max_num_queries(MOST_QUERIES):
        page = read(client, "desk-store", "one")
    assert page.count("You asked for this") == 3
    assert "expires soon" in page
    asked = Request.objects.order_by("asked_at")
    client.post(reverse("store-request", args=["one", asked[0].pk]), {"say": "yes"})
    assert yard.there("rice") == 19
    second = browser(yard.second)
    for row in asked:
        second.post(reverse("store-request", args=["one", row.pk]), {"say": "yes"})
    assert yard.there("rice") == 19 - 1 - 4 + 1
    assert "Waits for a second person" not in read(second, "desk-store", "one")


def test_the_desk_is_closed_to_others_and_the_office_above_may_only_agree(yard, browser):
    yard.gift("quilt", 2)
    asked = correcting.count(yard.station, "quilt", 1, "少一床", by=yard.worker, key=ids.new_uuid())
    stranger = browser(as_resident(actions.open_account(display_name="somebody")))
    assert stranger.get(reverse("desk-store", args=["one"])).status_code in (403, 404)
    assert browser(yard.cast.manager).get(reverse("desk-store", args=["one"])).status_code == 404
    office = browser(yard.cast.town_handler)
    page = read(office, "desk-store", "one")
    assert "Take a gift in" not in page
    assert office.get(reverse("store-act", args=["one", "in"])).status_code in (403, 404)
    office.post(reverse("store-request", args=["one", asked.pk]), {"say": "no"})
    asked.refresh_from_db()
    assert asked.state == "declined"
    assert yard.there("quilt") == 2


def test_the_facility_leads_to_its_store(yard, client, browser):
    assert reverse("store", args=["one"]) in read(client, "facility", "one")
    desk = read(browser(yard.worker), "desk-facility", "one")
    assert reverse("desk-store", args=["one"]) in desk


def test_my_file_holds_my_gifts_and_erasing_destroys_my_name(yard, browser):
    user = actions.open_account(display_name="giver")
    mine = yard.gift("quilt", 2, name="王测试", agreed=True, user=user)
    yard.gift("quilt", 1, name="李测试", agreed=True)
    [row] = my_file.held(user, by=as_resident(user), reason="own file")["gifts"]
    assert (row["code"], row["amount"], row["name"]) == (mine.code, 2, "王测试")
    assert my_file.subjects(user) == {mine.subject}
    client = browser(as_resident(user))
    exported = json.loads(client.get(reverse("my-file-export")).content)
    assert exported["gifts"] == [row]
    assert any(read["who"] for read in exported["opened_by"])
    client.post(reverse("erase-me"), {"sure": "yes"})
    gift = Gift.objects.get(pk=mine.pk)
    assert (gift.subject, gift.user) == ("", None)
    assert sealing.kinds_of(mine.subject) == []
    assert Gift.objects.exclude(subject="").count() == 1
