"""Suggestions while somebody writes: topics and neighbours with reasons, softly, never ticked."""

import re

import pytest

from linli import playbook
from linli.cases import learning, suggest, topic_model
from linli.cases.actions.handle import answer, publish
from linli.cases.models import Asker, Case
from linli.places.tree import add
from linli.triage.learning import learn

HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def own_model(tmp_path, settings):
    settings.DATA = tmp_path
    topic_model.forget()
    yield topic_model.path()
    topic_model.forget()


@pytest.fixture
def rule():
    return playbook.current().kinds["request"]


def ask(client, ground, text="七号楼前面的路灯不亮了。", **more):
    data = {"text": text, "place": ground.building.code, **more}
    response = client.post("/suggestions/request/", data, **HTMX)
    assert response.status_code == 200
    return response.content.decode()


def public(ground, text, **changes):
    case = ground.say(text=text, **changes).case
    publish(case, text, by=ground.staff("lamps"))
    return case


# ── topics ──────────────────────────────────────────────────────────────────────────────────


def test_without_a_model_the_playbooks_words_speak(rule):
    (first, *_rest) = suggest.likely("七号楼前面的路灯不亮了", rule)
    assert (first.category.id, first.words) == ("street-light", ("路灯", "灯不亮"))
    assert suggest.likely("路", rule) == []
    assert suggest.likely("今天天气很好", rule) == []


def test_a_learned_model_names_what_the_playbook_has_no_word_for(rule, own_model):
    texts = ["塔吊夜里轰隆隆响", "塔吊响到半夜", "家里龙头没有水", "龙头放不出水来"]
    learn(texts, ["noise", "noise", "water-supply", "water-supply"]).save(own_model)
    (first, *_rest) = suggest.likely("对面的塔吊一直在响", rule)
    assert first.category.id == "noise"
    assert any("塔吊" in word for word in first.words)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"PK\x03\x04"])
def test_a_broken_model_is_no_model(rule, own_model, content):
    own_model.parent.mkdir(parents=True)
    own_model.write_bytes(content)
    assert suggest.likely("路灯不亮了", rule)[0].category.id == "street-light"


def test_learning_needs_enough_published_cases(ground):
    assert learning.relearn() == "few"
    assert not topic_model.path().exists()


def test_learning_reads_published_texts_alone_and_keeps_none(ground, monkeypatch, own_model):
    monkeypatch.setattr(learning, "FEWEST", 8)
    lamps = ground.staff("lamps")
    for at in range(8):
        topic, words = [("noise", "塔吊响到半夜"), ("water-supply", "龙头放不出水")][at % 2]
        case = ground.say(category=topic, text=f"{words}，第{'一二三四五六七八'[at]}次说了").case
        Case.objects.filter(pk=case.pk).update(owner=lamps.organisation)
        case.refresh_from_db()
        answer(case, "办好了", by=lamps)
        publish(case, case.text, by=lamps)
    ground.say(category="noise", text="秘密的锣鼓")
    told = learning._handled()
    assert len(told) == 8
    assert not any("锣鼓" in text for _topic, text in told)
    assert learning.relearn() in {"kept", "worse"}
    monkeypatch.setattr(learning, "_hits", lambda model, asked: model is not None)
    assert learning.relearn() == "kept"
    assert "塔吊".encode("utf-32le") not in own_model.read_bytes()
    monkeypatch.setattr(learning, "_hits", lambda model, asked: model is None)
    assert learning.relearn() == "worse"
    assert not own_model.exists()


# ── neighbours ──────────────────────────────────────────────────────────────────────────────


def near(ground, rule, text="七号楼前面的路灯不亮了。", topic="street-light", **pin):
    return suggest.neighbours(ground.building, rule, [topic], text, **pin)


def test_the_reason_names_words_of_a_published_text(ground, rule):
    public(ground, "七号楼下的路灯坏了三天，晚上看不清路。")
    (row,) = near(ground, rule)
    assert (row.words, row.same_topic, row.same_place) == (("七号楼", "路灯"), True, True)


def test_words_that_nobody_published_are_no_reason(ground, rule):
    ground.say(text="七号楼前面的路灯不亮了，我是王秘密。")
    (row,) = near(ground, rule, text="七号楼前面的路灯不亮了，王秘密也知道。")
    assert row.words == ()
    assert row.same_topic


def test_what_is_not_public_is_never_offered(ground, rule):
    ground.say(visibility="office", text="七号楼前面的路灯不亮了。")
    assert near(ground, rule) == []


def test_another_topic_is_offered_only_for_words_in_common(ground, rule):
    public(ground, "七号楼的路灯杆歪了要倒。")
    ground.say(category="water-supply", text="停水了")
    rows = near(ground, rule, text="七号楼的路灯杆碰到电线", topic="power-gas")
    assert [row.case.category for row in rows] == ["street-light"]
    assert near(ground, rule, text="幼儿园门口堵车", topic="roads") == []


def test_distance_is_said_in_steps_of_a_hundred_metres_and_far_is_left_out(ground, rule):
    public(ground, "路灯坏了", lon=119.5, lat=31.3)
    (row,) = near(ground, rule, lon=119.5031, lat=31.3)
    assert row.metres in {200, 300, 400}
    assert near(ground, rule, lon=119.6, lat=31.3) == []


def test_three_at_most_the_likeliest_first_in_one_statement(
    ground, rule, django_assert_num_queries
):
    for at in range(4):
        ground.say(text=f"别的事{at}")
    same = public(ground, "七号楼前面的路灯不亮了，孩子摔了一跤。")
    with django_assert_num_queries(1):
        rows = near(ground, rule)
    assert len(rows) == 3
    assert rows[0].case.number == same.number


# ── the pages ───────────────────────────────────────────────────────────────────────────────


def test_the_fragment_says_why_and_ticks_nothing(ground, client):
    other = public(ground, "七号楼下的路灯坏了三天。")
    html = ask(client, ground)
    assert "因为您写了：路灯、灯不亮" in html
    assert f'value="{other.number}">' in html
    assert "都提到：七号楼、路灯" in html
    ticked = re.findall(r'name="(\w+)" value="([^"]*)" checked', html)
    assert ticked == [("join", "")]


def test_what_somebody_chose_stays_chosen_while_they_write_on(ground, client):
    other = ground.say()
    html = ask(client, ground, category="street-light", join=other.number)
    assert 'value="street-light" checked' in html
    assert f'value="{other.number}" checked' in html


@pytest.mark.parametrize("text", ["", "  ", "啊", "x" * 9000])
def test_the_fragment_is_empty_where_there_is_nothing_to_say(ground, client, text):
    assert 'type="radio"' not in ask(client, ground, text)


def test_an_unknown_kind_is_not_found(ground, client):
    assert client.post("/suggestions/nothing/", {"text": "路灯"}, **HTMX).status_code == 404


def test_the_choice_of_page_one_is_kept_on_page_two(ground, client):
    data = {"client_id": "11111111-1111-4111-8111-111111111111", "text": "灯下积水",
            "place": ground.building.code, "category": "drainage"}  # fmt: skip
    html = client.post("/tell/", data).content.decode()
    assert 'value="drainage" checked' in html


def test_who_joins_need_not_choose_a_topic(ground, client):
    first = ground.say()
    data = {"client_id": "11111111-1111-4111-8111-111111111112", "text": "我家门口也是",
            "place": ground.building.code, "visibility": "public", "send": "1",
            "join": first.number}  # fmt: skip
    assert client.post("/tell/", data).status_code == 302
    assert Asker.objects.filter(case=first.case).count() == 2
    data |= {"client_id": "11111111-1111-4111-8111-111111111113", "join": ""}
    page = client.post("/tell/", data)
    assert page.status_code == 422
    assert "请选一个" in page.content.decode()


def test_a_place_elsewhere_offers_nothing(ground, client):
    add(code="320481103202", kind="village", name="石桥村", parent=ground.town)
    ground.say()
    assert 'name="join"' not in ask(client, ground, place="", where="石桥村")
