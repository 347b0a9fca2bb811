"""Lists and search: what is found, what is not, and that nobody finds what they may not read."""

import random
from datetime import timedelta

import pytest

from linli import playbook
from linli.cases import desk_search, finding, reading, searching
from linli.cases.actions import handle
from linli.cases.actions.join import merge
from linli.cases.finding import Wanted
from linli.cases.models import Case, DeskLine, SearchLine
from linli.cases.tests.crowd import SIGNS, crowd
from linli.lib import clock, ids, terms
from linli.lib.text import query_terms, spaced
from linli.people.policies import allowed
from linli.vault import sealing
from linli.web import snippets


def wanted(query: str = "", **filters) -> Wanted:
    return Wanted(words=terms.phrases_of(query), **filters)


def numbers(asked: Wanted, most: int = 20) -> list[str]:
    """Every page of a list, one after the other."""
    found, after = [], ""
    while True:
        page = finding.page(asked, most, after)
        found += [row.number for row in page.rows]
        if not page.more:
            return found
        after = page.more


def published(ground, text: str, **changes) -> Case:
    case = ground.say(text=text, **changes).case
    water = changes.get("category") == "water-supply"
    handle.publish(case, text, by=ground.staff("water" if water else "lamps"))
    searching.index(case)
    return case


# ── words ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "query",
    ["灯", "路灯", "路灯不亮", "7号 路灯", "ＬＥＤ", "led", "LED灯", "lamp", "灯、不亮", "新桥村", "戴埠",
     "xinqiao village", "不亮了"],
)  # fmt: skip
def test_words_of_any_length_are_found(ground, query):
    case = published(ground, "7号楼前面的路灯不亮了，是 LED灯 (new lamp)。")
    published(ground, "水管漏水", category="water-supply", place=ground.county)
    assert case.number in numbers(wanted(query))


@pytest.mark.parametrize(
    "query", ["灯路", "亮不", "路不亮", "la", "amp", "坏", "？", "", "led亮", "🏮"]
)
def test_what_was_not_said_is_not_found(ground, query):
    published(ground, "路灯不亮了，是LED灯 lamp")
    asked = terms.phrases_of(query)
    assert not asked.words or numbers(Wanted(words=asked)) == []


def test_a_phrase_never_reaches_from_one_text_into_the_next(ground):
    case = published(ground, "灯坏")
    handle.accept(case, by=ground.staff("lamps"))
    handle.answer(case, "修好", by=ground.staff("lamps"))
    searching.index(case)
    assert numbers(wanted("修好")) == [case.number]
    assert numbers(wanted("灯坏修好")) == []


def test_every_query_gives_what_a_look_at_every_text_gives(ground):
    cases = crowd(ground, 120)
    draw = random.Random(3)
    for _n in range(60):
        query = "".join(draw.choice(SIGNS) for _sign in range(draw.randrange(1, 4)))
        state, kind = (
            draw.choice(["", "open", "done"]),
            draw.choice(["", *sorted({case.kind for case in cases})]),
        )
        path = draw.choice(["", ground.town.path, ground.village.path, ground.building.path])
        since = draw.choice([None, clock.now() - timedelta(minutes=400)])
        phrase = f" {query_terms(query)[0]} "
        expected = [
            case.number for case in reversed(cases)
            if phrase in f" {spaced(case.text)} " and case.place_path.startswith(path)
            and (not kind or case.kind == kind) and (since is None or case.received_at >= since)
            and (not state or (case.closed_at is None) == (state == "open"))
        ]  # fmt: skip
        got = numbers(wanted(query, state=state, kind=kind, path=path, since=since), most=7)
        kept = {number for number in got if number in {case.number for case in cases}}
        # Names of places and units are found too, so the search may know more than the texts.
        assert set(expected) <= kept
        for number in kept - set(expected):
            assert phrase in SearchLine.objects.get(case__number=number).words


def test_pages_neither_lose_nor_repeat(ground):
    cases = crowd(ground, 60)
    Case.objects.update(received_at=clock.now() - timedelta(hours=3))  # all in one moment
    SearchLine.objects.all().delete()
    searching.reindex(Case.objects.all())
    for asked in (wanted(), wanted(state="open"), wanted("灯"), wanted(path=ground.town.path)):
        got = numbers(asked, most=7)
        assert len(got) == len(set(got))
    assert sorted(numbers(wanted(), most=7)) == sorted(case.number for case in cases)
    assert len(numbers(wanted(path=ground.town.path), most=7)) == 60


def test_a_full_hour_runs_over_into_the_next(ground, monkeypatch):
    monkeypatch.setattr(searching, "IN_AN_HOUR", 2)
    crowd(ground, 30)
    assert SearchLine.objects.count() == DeskLine.objects.count() == 30


# ── how a line follows its case ─────────────────────────────────────────────────────────────


def test_what_is_not_public_any_more_is_not_listed_even_before_the_follower_has_seen_it(ground):
    case, other = published(ground, "路灯一"), published(ground, "路灯二")
    merge(case, other, by=ground.staff("lamps"))
    assert SearchLine.objects.filter(case=case).exists()  # the index still has it
    for asked in (wanted("路灯"), wanted(), wanted(state="done"), wanted(path=ground.town.path)):
        assert case.number not in numbers(asked)
    searching.index(case)
    assert not SearchLine.objects.filter(case=case).exists()


def test_a_matter_is_listed_by_place_before_the_follower_has_seen_it(ground):
    number = ground.say().number
    for asked in (wanted(), wanted(path=ground.village.path), wanted(state="open", kind="request")):
        assert numbers(asked) == [number]
    assert numbers(wanted(state="done")) == []
    assert numbers(wanted(category="water-supply")) == []
    searching.index(Case.objects.get(number=number))
    assert numbers(wanted(path=ground.village.path)) == [number]  # once, not twice


def test_a_line_follows_its_state_owner_and_words(ground):
    case = published(ground, "路灯不亮")
    words = SearchLine.objects.get(case=case).words
    searching.index(case)
    assert SearchLine.objects.get(case=case).words == words  # the same again writes nothing new
    handle.accept(case, by=ground.staff("lamps"))
    handle.decline(case, "是私人的灯", "物业", by=ground.staff("lamps"))
    searching.index(case)
    assert numbers(wanted("路灯", state="done")) == [case.number]
    assert numbers(wanted("路灯", state="open")) == []


# ── who may not find what ───────────────────────────────────────────────────────────────────


def secrets(ground, text: str) -> dict[str, Case]:
    """The same words under seal, for an office, and in public before anybody has checked them."""
    rule = next(rule for rule in playbook.current().kinds.values() if rule.sealed_readers)
    sealed = crowd(ground, 1, indexed=False)[0]
    subject = sealing.new_subject()
    sealing.seal(subject, "text", text, purpose="test")
    Case.objects.filter(pk=sealed.pk).update(
        kind=rule.id, visibility="sealed", text="", public_text="", sealed_subject=subject
    )
    person = {"phone": "19900001234", "email": "somebody@example.org", "name": "张秘密"}
    return {
        "sealed": Case.objects.get(pk=sealed.pk),
        "office": ground.say(text=text, visibility="office", **person).case,
        "unchecked": ground.say(text=text, **person).case,
    }


def test_private_words_and_contacts_are_found_by_nobody_in_public(ground, client):
    cases = secrets(ground, "紫藤架子下的秘密")
    searching.reindex(Case.objects.all())
    lines = list(SearchLine.objects.values_list("words", flat=True))
    assert len(lines) == 1  # that there is one unchecked matter may be known; its words may not
    for query in ("紫藤", "秘", "秘密", "架子下的秘密", "19900001234", "somebody", "张秘密"):
        assert numbers(wanted(query)) == []
        assert not any(f" {spaced(query)} " in line for line in lines)
        html = client.get("/search/", {"q": query}).content.decode()
        assert not any(case.pretty_number in html for case in cases.values())
    assert not DeskLine.objects.filter(case=cases["sealed"]).exists()
    for actor in ground.actors.values():
        found = {case.pk for case in desk_search.find(actor, "秘密").cases}
        assert cases["sealed"].pk not in found
        for contact in ("19900001234", "somebody", "张秘密"):
            assert desk_search.find(actor, contact).cases == []


def test_the_desk_finds_what_its_reader_may_read_and_nothing_else(ground, client_as):
    cases = []
    for topic, place in (
        ("street-light", ground.building), ("water-supply", ground.village),
        ("street-light", ground.county), ("water-supply", ground.town),
    ):  # fmt: skip
        for shown in ("public", "office"):
            text = "紫藤架子下的秘密"
            cases.append(ground.say(text=text, category=topic, place=place, visibility=shown).case)
    handle.accept(cases[0], by=ground.staff("lamps"))
    searching.reindex(Case.objects.all())
    for name, actor in ground.actors.items():
        found = {case.number for case in desk_search.find(actor, "秘密").cases}
        asks_why = actor.organisation and actor.needs_reason("case.view_text")
        readable = {
            case.number for case in Case.objects.select_related("owner", "place")
            if actor.organisation and allowed(reading.check_can_read, case, actor)
        }  # fmt: skip
        assert found == (set() if asks_why else readable), name
    assert desk_search.find(ground.staff("lamps"), "秘密").cases
    assert desk_search.find(ground.staff("lamps"), "秘人").cases == []
    assert desk_search.find(ground.staff("resident"), "秘密").cases == []


def test_nobody_types_a_mark(ground):
    published(ground, "路灯")
    for text in (terms.mark("s", "open"), "sopen", "\ue000sopen", "pOR", 'x" OR "灯', "NEAR(灯)"):
        asked = terms.phrases_of(text)
        assert not any(terms.MARK in word for word in asked.words)
        assert isinstance(numbers(Wanted(words=asked)) if asked.words else [], list)


def test_the_search_page_of_the_desk(ground, client_as):
    case = ground.say(text="电话 19900001234，灯坏了 <b>", visibility="office").case
    searching.index(case)
    browser = client_as(ground.staff("lamps"))
    html = browser.get("/desk/find/", {"number": "灯坏"}, follow=True).content.decode()
    assert case.pretty_number in html
    assert "<mark>灯坏</mark>" in html
    assert "<b>，" not in html
    assert "&lt;b&gt;" in html
    county = client_as(ground.staff("county")).get("/desk/search/", {"q": "灯坏"})
    assert county["Location"].startswith("/search/")  # needs a reason for a text: finds in public
    assert case.pretty_number not in client_as(ground.staff("water")).get(
        "/desk/search/", {"q": "灯坏"}
    ).content.decode()  # fmt: skip


# ── numbers ─────────────────────────────────────────────────────────────────────────────────


def test_a_number_opens_its_matter_or_says_what_is_wrong(ground, client, client_as):
    open_, office = ground.say(), ground.say(visibility="office")
    assert client.get("/search/", {"q": open_.case.pretty_number}).status_code == 302
    wrong = open_.number[:-1] + str((int(open_.number[-1]) + 1) % 10)
    for query in (wrong, office.number, "2600000000"):
        html = client.get("/search/", {"q": query}, headers={"accept-language": "en"})
        assert html.status_code == 200
        assert "number" in html.content.decode()
    hidden = client.get("/search/", {"q": office.number}).content
    # A matter that is not public and one that does not exist answer alike.
    absent = "269999999" + ids.check_digit("269999999")
    shown = client.get("/search/", {"q": absent}).content
    assert hidden.replace(office.number.encode(), b"N") == shown.replace(absent.encode(), b"N")
    staff = client_as(ground.staff("lamps")).get("/search/", {"q": office.number})
    assert staff["Location"] == f"/desk/case/{office.number}/"


# ── excerpts ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "query", "shown"),
    [
        ("七号楼的路灯坏了", "路灯", "七号楼的<mark>路灯</mark>坏了"),
        ("the LAMP is dark", "lamp dark", "the <mark>LAMP</mark> is <mark>dark</mark>"),
        ("ＬＥＤ灯", "led", "<mark>ＬＥＤ</mark>灯"),
        ("<script>灯</script>", "灯", "&lt;script&gt;<mark>灯</mark>&lt;/script&gt;"),
        ("第一行\n第二行有灯", "灯", "第二行有<mark>灯</mark>"),
        ("灯，不亮", "灯不亮", "<mark>灯，不亮</mark>"),
    ],
)
def test_found_words_are_marked(said, query, shown):
    assert str(snippets.excerpt(said, query)) == shown


def test_a_long_line_is_cut_around_the_find():
    shown = str(snippets.excerpt("远" * 200 + "灯" + "近" * 200, "灯"))
    assert shown.startswith("…远")
    assert shown.endswith("近…")
    assert len(shown) < 100
    assert snippets.excerpt("水管", "灯") is None
