"""The overview: what everybody sees, what the office sees, and every number opened."""

import html
import re
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.http import QueryDict
from django.test import Client

from linli.cases.actions.handle import answer
from linli.cases.models import Case
from linli.figures import opened, periods, queries, show
from linli.figures.tests.conftest import live
from linli.lib import clock
from linli.places.tree import add
from linli.web.jinja import url


def see(client, **query):
    answer = client.get("/overview/", query)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def links(page):
    return sorted(set(re.findall(r'href="(/overview/cases/[^"]*)"', page)))


@pytest.fixture
def office(ground, client_as):
    return client_as(ground.staff("county"))


def answered(ground, count, **changes):
    for _n in range(count):
        case = ground.say(**changes).case
        answer(case, "修好了", by=ground.staff("lamps"))


# ── what everybody sees ─────────────────────────────────────────────────────────────────────


def test_three_rates_stand_apart_with_n(ground, client):
    answered(ground, 6)
    ground.say()
    with clock.moved_to(clock.now() + timedelta(days=8)):
        page = see(client, period="month")
        assert "86 %" in page  # 6 of 7 in time
        assert "(6/7)" in page


def test_fewer_than_five_are_not_shown_to_everybody(ground, client, office):
    answered(ground, 4)
    with clock.moved_to(clock.now() + timedelta(days=8)):
        strangers, insiders = see(client), see(office_again(ground))
    assert "100 %" not in strangers
    assert "100 %" in insiders
    assert "(4/4)" in insiders
    assert "(4/4)" not in strangers
    assert ">4</b>" not in strangers


def office_again(ground):
    """Staff sessions end over night; a fresh browser in the moved time."""
    client = Client()
    client.force_login(ground.staff("county").user)
    return client


def test_one_small_town_cannot_be_found_by_subtraction(ground, client):
    far = add(code="320481109", kind="town", name="远镇", parent=ground.county)
    near = add(code="320481110", kind="town", name="近镇", parent=ground.county)
    answered(ground, 8)
    answered(ground, 6, place=near)
    answered(ground, 2, place=far)
    with clock.moved_to(clock.now() + timedelta(days=8)):
        page = see(client)
    assert "(8/8)" in page
    assert "(2/2)" not in page
    assert "(6/6)" not in page  # 16 less 8 less 6 would be two


def test_a_town_of_which_nothing_is_known_is_still_listed(ground, client):
    add(code="320481109", kind="town", name="远镇", parent=ground.county)
    assert "远镇" in see(client)


def test_late_and_taken_on_by_nobody_stands_first(ground, client):
    add(code="320481102", kind="town", name="先镇", parent=ground.county)
    case = ground.say().case
    with clock.moved_to(case.due_at + timedelta(days=1)):
        page = see(client)
    assert page.index("戴埠镇") < page.index("先镇")


def test_down_from_county_to_village_and_no_further(ground, client):
    answered(ground, 5)
    county = see(client)
    assert "place=320481103&" in county
    town = see(client, place="320481103")
    assert "新桥村" in town
    village = see(client, place=ground.village.code)
    assert "第一网格" not in village
    for code in (ground.grid.code, ground.building.code, "nowhere"):
        assert client.get("/overview/", {"place": code}).status_code == 404


def test_what_is_known_only_of_the_town_is_a_row_of_its_own(ground, client):
    answered(ground, 6, place=ground.town)
    page = see(client, place=ground.town.code)
    assert "here=1" in page
    address = next(link for link in links(page) if "here=1" in link and "received" in link)
    assert client.get(html.unescape(address)).content.decode().count("case-row") == 6


# ── which days ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("period", ["week", "month", "quarter", "own", "nonsense"])
def test_every_choice_of_days_answers(ground, client, period):
    answered(ground, 5)
    assert see(client, period=period)


@pytest.mark.parametrize(
    "days",
    [
        {"from": "2026-11-05", "to": "2026-11-01"},
        {"from": "x", "to": "2026-11-01"},
        {"from": "1990-01-01", "to": "2026-11-01"},
        {"from": "2026-11-01", "to": ""},
    ],
)
def test_days_that_make_no_sense_are_answered_with_a_sentence(ground, client, days):
    assert 'role="alert"' in see(client, period="own", **days)


def test_own_days_count_only_theirs(ground, client):
    with clock.moved_to(clock.now() - timedelta(days=30)):
        answered(ground, 7)
    answered(ground, 5)
    page = see(client, period="own", **{"from": "2026-10-01", "to": "2026-10-10"})
    assert ">7</b>" in page
    assert ">5</b>" not in page


# ── opened ──────────────────────────────────────────────────────────────────────────────────


def test_every_number_opens_the_cases_that_it_counts(ground, office):
    live(ground, 60, 11)
    cache.clear()
    found = links(see(office, period="quarter"))
    assert len(found) > 15
    for address in found:
        assert office.get(html.unescape(address)).status_code == 200
    period = periods.this_quarter(clock.today())
    board = queries.board(ground.county.path, period)
    for card in show.cards(board, True, partial(url, "overview-cases", period="quarter")):
        for band in [*card.bands, *card.excluded]:
            asked = opened.chosen(QueryDict(urlsplit(band.href).query))
            cases = opened.subjects(asked, ground.county.path, period)
            assert len(cases) == len(set(cases))
            if "rate=response" in band.href:
                assert len(cases) == band.count
            else:  # words: one case may have been answered, and asked about, more than once
                assert 0 < len(cases) <= band.count


def test_everybody_sees_listed_cases_and_how_many_are_not_shown(ground, client, office):
    shown = [ground.say().case for _n in range(4)]
    hidden = [ground.say(visibility="office").case for _n in range(3)]
    asked = {"period": "month", "rate": "count", "band": "received"}
    page = client.get("/overview/cases/", asked).content.decode()
    assert all(case.pretty_number in page for case in shown)
    assert not any(case.pretty_number in page for case in hidden)
    assert "七号楼" not in page  # no text, and the place no finer than the village
    assert "新桥村" in page
    assert "3" in page.split("<p>", 1)[1]
    inside = office.get("/overview/cases/", asked).content.decode()
    assert all(case.pretty_number in inside for case in [*shown, *hidden])
    assert f"/desk/case/{hidden[0].number}/" in inside
    assert f"/desk/case/{shown[0].number}/" not in page


def test_behind_a_small_number_not_even_the_rest_is_counted(ground, client):
    ground.say()
    for _n in range(2):
        ground.say(visibility="office")
    asked = {"period": "month", "rate": "count", "band": "received"}
    page = re.sub(r"<[^>]*>", " ", client.get("/overview/cases/", asked).content.decode())
    assert not re.search(r"\b[23] (件|matters|more)", page)


def test_a_sealed_case_is_counted_and_never_listed(ground, client, office):
    sealed = ground.say(
        kind="dispute", category="neighbours", place=ground.village, visibility="sealed",
        phone="19900001234", name="王", consent=True, fields={"other-party": "隔壁"},
    ).case  # fmt: skip
    asked = {"period": "month", "rate": "count", "band": "received"}
    for browser in (client, office):
        page = browser.get("/overview/cases/", asked).content.decode()
        assert sealed.pretty_number not in page
    assert see(office).count(">1</b>") >= 1


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"rate": "response", "band": "nonsense"},
        {"rate": "nonsense", "band": "late"},
        {"rate": "owed"},
        {"rate": "count", "band": "late"},
        {"rate": "owed", "band": "late", "place": "nowhere"},
    ],
)
def test_a_number_that_does_not_exist_is_not_found(ground, client, asked):
    assert client.get("/overview/cases/", asked).status_code == 404


def test_the_list_goes_on_page_by_page(ground, client, monkeypatch):
    monkeypatch.setattr(opened, "PAGE", 3)
    numbers = {ground.say().case.pretty_number for _n in range(7)}
    path, seen = "/overview/cases/?period=month&rate=count&band=received", []
    for _page in range(9):
        page = client.get(path).content.decode()
        seen += [number for number in numbers if number in page]
        onward = re.search(r'href="(/overview/cases/\?[^"]*after=[^"]*)"', page)
        if onward is None:
            break
        path = html.unescape(onward[1])
    assert sorted(seen) == sorted(numbers)
    assert client.get(path.split("after=")[0] + "after=broken").status_code == 200


def test_late_now_opens_the_late_cases(ground, client):
    case = ground.say().case
    with clock.moved_to(case.due_at + timedelta(days=1)):
        page = client.get("/overview/cases/", {"rate": "owed", "band": "late"}).content.decode()
    assert case.pretty_number in page


# ── the page ────────────────────────────────────────────────────────────────────────────────


def test_visitors_pages_may_be_kept_and_those_of_staff_may_not(ground, client, office):
    page = client.get("/overview/")
    assert page.headers["Cache-Control"] == "public, max-age=60"
    assert {"Cookie", "Accept-Language"} <= set(page.headers["Vary"].split(", "))
    assert "csrfmiddlewaretoken" not in page.content.decode()
    assert "Set-Cookie" not in page.headers
    assert office.get("/overview/").headers["Cache-Control"] == "no-store"


def test_the_board_is_computed_anew_when_the_journal_grows(ground, client):
    answered(ground, 5)
    assert ">5</b>" in see(client)
    answered(ground, 1)
    assert ">6</b>" in see(client)


def test_pages_take_as_many_queries_for_many_cases_as_for_few(
    ground, client, office, django_assert_max_num_queries
):
    for count in (2, 30):
        live(ground, count, count) if count == 2 else answered(ground, count)
        for browser in (client, office):
            browser.get("/desk/")
            cache.clear()
            with django_assert_max_num_queries(12):
                browser.get("/overview/")
            with django_assert_max_num_queries(12):
                browser.get("/overview/cases/", {"rate": "count", "band": "received"})


def test_a_unit_that_looks_after_no_place_sees_what_everybody_sees(ground, client_as):
    answered(ground, 3)
    with clock.moved_to(clock.now() + timedelta(days=8)):
        page = see(client_as(ground.staff("lamps")))
        assert "(3/3)" not in page
        assert "(3/3)" in see(client_as(ground.staff("town")), place=ground.town.code)
        assert "(3/3)" not in see(client_as(ground.staff("town")))  # the county is not its place


def test_nothing_at_all_is_a_page_too(ground, client):
    page = see(client, period="week")
    assert "0" in page
    assert Case.objects.count() == 0
