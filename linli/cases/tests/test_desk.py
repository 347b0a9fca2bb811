"""The desk: whose cases lie on it, the five numbers, the lists, the gaps, the ledger."""

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from linli.cases import desk, ledger
from linli.cases.actions.handle import accept, answer
from linli.cases.actions.pass_on import refuse, transfer
from linli.cases.models import Case, Refusal
from linli.lib import clock
from linli.places.tree import add


def on_desk(actor, **asked):
    found, _more = desk.rows(actor, desk.asked({key: str(value) for key, value in asked.items()}))
    return [case.number for case in found]


def look(client_as, actor, path="/desk/", **query):
    return client_as(actor).get(path, query)


# ── whose ───────────────────────────────────────────────────────────────────────────────────


def test_a_unit_sees_its_own_cases_and_no_others(ground):
    lamp, water = ground.say().number, ground.say(category="water-supply").number
    assert on_desk(ground.staff("lamps")) == [lamp]
    assert on_desk(ground.staff("lamps2")) == [lamp]
    assert on_desk(ground.staff("water")) == [water]
    assert on_desk(ground.staff("county")) == []


def test_a_steward_sees_what_is_addressed_to_the_post_or_given_to_them(ground):
    steward, other = ground.staff("steward"), ground.staff("gridworker")
    mine = ground.say(kind="steward-message", category="cleaning", visibility="office").case
    ground.say(category="cleaning")  # the committee's, not the steward's
    assert mine.owner_post_id == steward.appointment.post_id
    assert on_desk(steward) == [mine.number]
    assert on_desk(other) == []
    Case.objects.filter(pk=mine.pk).update(handler=other.user)
    assert on_desk(other) == [mine.number]


def test_a_sealed_case_lies_only_on_its_readers_desk(ground):
    sealed = ground.say(
        kind="dispute", category="neighbours", place=ground.village, visibility="sealed",
        phone="19900001234", name="王", consent=True, fields={"other-party": "隔壁"},
    )  # fmt: skip
    assert on_desk(ground.staff("mediator")) == [sealed.number]
    assert on_desk(ground.staff("town"), list="elsewhere") == []
    clerk = ground.staff("manager")
    Case.objects.filter(pk=sealed.case.pk).update(owner=clerk.organisation)
    assert on_desk(clerk) == []


def test_an_office_also_sees_its_place_with_other_units_and_a_department_what_it_sent_on(ground):
    case = ground.say().case
    lamps, water = ground.staff("lamps"), ground.staff("water")
    assert on_desk(ground.staff("town"), list="elsewhere") == [case.number]
    assert on_desk(water, list="elsewhere") == []
    transfer(case, water.organisation, "管道漏水冲了灯杆", by=lamps)
    assert on_desk(lamps) == []
    assert on_desk(lamps, list="elsewhere") == [case.number]
    assert on_desk(water) == [case.number]


def test_nobody_finds_what_is_said_about_their_own_unit(ground):
    office = ground.units["town-office"]
    case = ground.say(category="cleaning", about=office).case
    assert case.owner_id != office.pk
    assert on_desk(ground.staff("town"), list="elsewhere") == []


# ── the five numbers and the lists ──────────────────────────────────────────────────────────


@pytest.fixture
def full_desk(ground):
    """Two late, one due today, one later, one answered, one that came back."""
    lamps, town = ground.staff("lamps"), ground.staff("town")
    cases = {
        name: ground.say().case for name in ("late", "later late", "today", "ahead", "answered")
    }
    days = {"late": -3, "later late": -1, "today": 0, "ahead": 4}
    evening = clock.now().astimezone(clock.LOCAL).replace(hour=23, minute=59, second=59)
    for name, day in days.items():
        when = evening + timedelta(days=day)
        Case.objects.filter(pk=cases[name].pk).update(due_at=when, answer_due_at=when)
    answer(cases["answered"], "灯泡已换好。", by=lamps)
    back = ground.say(category="roads").case
    transfer(back, town.organisation, "在镇上", by=ground.staff("county"))
    transfer(back, lamps.organisation, "是路灯", by=town)
    refuse(back, "不是我们的灯", by=lamps)
    return {**{name: case.number for name, case in cases.items()}, "returned": back.number}


def test_the_five_numbers_and_what_opens_behind_each(ground, full_desk):
    lamps, town = ground.staff("lamps"), ground.staff("town")
    counted = desk.numbers(lamps)
    assert (counted.all, counted.today, counted.late, counted.returned, counted.waiting) == (
        4, 1, 2, 0, 1,
    )  # fmt: skip
    assert on_desk(lamps, list="late") == [full_desk["late"], full_desk["later late"]]
    assert on_desk(lamps, list="today") == [full_desk["today"]]
    assert on_desk(lamps, list="waiting") == [full_desk["answered"]]
    assert desk.numbers(town).returned == 1
    assert on_desk(town, list="returned") == [full_desk["returned"]]


def test_late_comes_first_and_then_what_is_due_soonest(ground, full_desk):
    names = ("late", "later late", "today", "ahead")
    assert on_desk(ground.staff("lamps")) == [full_desk[name] for name in names]


def test_a_case_passed_on_again_after_a_refusal_is_not_a_return(ground, full_desk):
    town, water = ground.staff("town"), ground.staff("water")
    case = Case.objects.get(number=full_desk["returned"])
    transfer(case, water.organisation, "自来水的检修口", by=town)
    assert desk.numbers(water).returned == 0
    assert desk.numbers(water).all == 1


def test_after_the_second_refusal_the_backstop_finds_it_among_the_returned(ground, full_desk):
    town, water = ground.staff("town"), ground.staff("water")
    case = Case.objects.get(number=full_desk["returned"])
    transfer(case, water.organisation, "自来水的检修口", by=town)
    refuse(case, "也不是我们的", by=water)
    assert case.backstopped
    assert on_desk(ground.staff("county"), list="returned") == [case.number]


def test_lists_are_narrowed_by_kind_state_topic_and_place(ground):
    lamps = ground.staff("lamps")
    far = add(code="320481109", kind="town", name="远镇", parent=ground.county)
    here, there = ground.say().number, ground.say(place=far).number
    accept(Case.objects.get(number=there), by=lamps)
    assert on_desk(lamps, place=far.code) == [there]
    assert on_desk(lamps, place=ground.town.code) == [here]
    assert on_desk(lamps, place="nowhere") == []
    assert on_desk(lamps, state="accepted") == [there]
    assert set(on_desk(lamps, kind="request", category="street-light")) == {here, there}
    assert on_desk(lamps, kind="letter") == []
    assert set(on_desk(lamps, kind="no-such", state="confirmed", list="?")) == {here, there}


def test_pages_follow_by_key_and_hold_every_case_once(ground, client_as, monkeypatch):
    monkeypatch.setattr(desk, "PAGE", 3)
    numbers = {ground.say().case.pretty_number for _n in range(8)}  # all due at the same moment
    browser, path, seen = client_as(ground.staff("lamps")), "/desk/", []
    for _page in range(9):
        page = browser.get(path).content.decode()
        seen += [number for number in numbers if number in page]
        onward = re.search(r'href="(/desk/\?[^"]*after=[^"]*)"', page)
        if onward is None:
            break
        path = html.unescape(onward[1])
    assert sorted(seen) == sorted(numbers)


@pytest.mark.parametrize(
    "key", ["x", "2026-11-04~", "~1", "2026-11-04T00:00:00~zz", "9999-12-31T23:59:59-12:00~0"]
)
def test_a_broken_key_shows_the_first_page(ground, client_as, key):
    number = ground.say().case.pretty_number
    page = look(client_as, ground.staff("lamps"), after=key)
    assert page.status_code == 200
    assert number in page.content.decode()


# ── the page ────────────────────────────────────────────────────────────────────────────────


def test_the_page_takes_as_many_queries_for_forty_cases_as_for_one(
    ground, client_as, django_assert_max_num_queries
):
    browser = client_as(ground.staff("lamps"))
    ground.say()
    browser.get("/desk/")
    with django_assert_max_num_queries(12) as one:
        browser.get("/desk/")
    for _n in range(39):
        ground.say()
    with django_assert_max_num_queries(12) as forty:
        page = browser.get("/desk/")
    assert len(forty) == len(one)
    assert page.content.decode().count("case-row") == 40


def test_htmx_gets_the_list_alone(ground, client_as):
    number = ground.say().case.pretty_number
    browser = client_as(ground.staff("lamps"))
    page = browser.get("/desk/", headers={"HX-Request": "true"}).content.decode()
    assert number in page
    assert "<html" not in page
    assert page.strip().startswith('<section id="list"')


@pytest.mark.parametrize("path", ["/desk/", "/desk/gaps/", "/desk/next/", "/desk/find/"])
def test_the_desk_is_for_those_who_have_one(ground, client, client_as, path):
    assert client.get(path).status_code == 302  # to the sign-in page
    assert client_as(ground.staff("resident")).get(path).status_code == 403
    assert client_as(ground.staff("lamps")).post(path).status_code == 405


def test_open_by_a_number_somebody_reads_out(ground, client_as):
    receipt, browser = ground.say(), client_as(ground.staff("lamps"))
    shown = browser.get("/desk/find/", {"number": receipt.case.pretty_number})
    assert shown.url == reverse("desk-case", args=[receipt.number])
    for wrong in (receipt.number[:-1], "0000000000", ground.say(category="roads").number):
        answer = browser.get("/desk/find/", {"number": wrong}, follow=True)
        assert answer.redirect_chain[-1][0] == "/desk/"
        assert "notice" in answer.content.decode()


def test_the_next_case_is_the_one_due_after_this_and_then_the_first_again(
    ground, full_desk, client_as
):
    browser = client_as(ground.staff("lamps"))
    order = [Case.objects.get(number=number) for number in on_desk(ground.staff("lamps"))]
    first = browser.get("/desk/next/")
    assert first.url == reverse("desk-case", args=[order[0].number])
    for now, then in zip(order, [*order[1:], order[0]], strict=True):
        answer = browser.get("/desk/next/", {"after": desk.key_of(now)})
        assert answer.url == reverse("desk-case", args=[then.number])
    Case.objects.update(state="withdrawn", due_at=None, closed_at=clock.now())
    assert browser.get("/desk/next/").url == "/desk/"


def test_staff_may_write_down_what_somebody_says(ground, client_as):
    page = look(client_as, ground.staff("lamps")).content.decode()
    assert reverse("tell-kind", args=["letter"]) in page  # opened by staff
    assert reverse("tell-kind", args=["request"]) in page  # on behalf
    assert reverse("tell-kind", args=["grid-event"]) in page


def test_the_text_on_a_list_is_masked_for_who_must_give_a_reason(ground, client_as):
    text = "请打 19900001234 找我。灯坏了"
    county = ground.staff("county")
    case = ground.say(text=text, category="street-light").case
    Case.objects.filter(pk=case.pk).update(owner=county.organisation)
    assert "19900001234" not in look(client_as, county).content.decode()
    Case.objects.filter(pk=case.pk).update(owner=ground.staff("lamps").organisation)
    assert "19900001234" in look(client_as, ground.staff("lamps")).content.decode()


# ── the ledger ──────────────────────────────────────────────────────────────────────────────


def test_every_refusal_is_read_by_everybody(ground, client, django_assert_max_num_queries):
    case = ground.say().case
    refuse(case, "小区里的灯归物业管", by=ground.staff("lamps"))
    with django_assert_max_num_queries(4):
        page = client.get("/ledger/").content.decode()
    for words in ("小区里的灯归物业管", "新桥村", "street-lighting", "county-desk"):
        assert words.casefold() in page.casefold()
    assert "七号楼" not in page  # the place is shown to the village, no finer
    assert case.number not in page
    assert client.get("/ledger/", {"unit": "t-water-company"}).content.decode().count("归物业") == 0


def test_the_ledger_goes_back_page_by_page(ground, monkeypatch):
    monkeypatch.setattr(ledger, "PAGE", 2)
    for n in range(5):
        case = ground.say().case
        refuse(case, f"理由{n}", by=ground.staff("lamps"))
    seen, after = [], ""
    while True:
        found, after = ledger.lines(None, after)
        seen += [line.reason for line in found]
        if not after:
            break
    assert sorted(seen) == [f"理由{n}" for n in range(5)]
    assert ledger.lines(None, "nonsense")[0][0].reason in seen


def test_of_a_sealed_case_the_ledger_says_only_that_it_was_refused(ground, client):
    sealed = ground.say(
        kind="dispute", category="neighbours", place=ground.village, visibility="sealed",
        phone="19900001234", name="王", consent=True, fields={"other-party": "隔壁"},
    ).case  # fmt: skip
    Refusal.objects.create(
        case=sealed, entry=1, by=ground.units["council-hall"], sent_to=ground.units["town-office"],
        reason="两家都不来", ordinal=1, at=clock.now(),
    )  # fmt: skip
    page = client.get("/ledger/").content.decode()
    assert "两家都不来" not in page
    assert "新桥村" not in page
    assert "邻里家庭" not in page
