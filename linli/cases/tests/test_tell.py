"""Telling through the pages, without JavaScript: words, details, receipt, and coming back."""

import re
import uuid
from datetime import timedelta

import pytest

from linli.cases.actions.handle import accept, answer
from linli.cases.models import Asker, Case, State
from linli.cases.views import access
from linli.lib import clock
from linli.places import tree


def words(ground, **changes):
    return {"client_id": str(uuid.uuid4()), "text": "七号楼前面的路灯不亮了。",
            "where": "新桥村", **changes}  # fmt: skip


def sent(ground, **changes):
    data = {"category": "street-light", "visibility": "public", "send": "1",
            "place": ground.building.code}  # fmt: skip
    return words(ground, **{**data, **changes})


def test_the_form_opens_without_an_account(ground, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        page = client.get("/tell/")
    html = page.content.decode()
    assert page.status_code == 200
    assert 'name="client_id"' in html
    assert "<style" not in html
    assert " style=" not in html


def test_page_two_offers_topics_and_keeps_what_was_typed(ground, client):
    page = client.post("/tell/", words(ground))
    html = page.content.decode()
    assert page.status_code == 200
    assert "七号楼前面的路灯不亮了。" in html
    assert 'value="street-light">' in html
    assert "因为您写了：路灯、灯不亮" in html
    assert not re.search(r'name="category" value="[^"]+" checked', html)
    assert Case.objects.count() == 0


def test_sending_gives_number_word_unit_and_day(ground, client, django_assert_max_num_queries):
    answer = client.post("/tell/", sent(ground))
    case = Case.objects.get()
    assert answer.status_code == 302
    with django_assert_max_num_queries(12):
        html = client.get(answer["Location"]).content.decode()
    assert case.pretty_number in html
    assert case.owner.name in html
    word = re.search(r"<b>([A-Z0-9]{6})</b>", html)
    assert word
    assert Asker.objects.get().knows(word[1])


def test_a_neighbour_is_offered_to_join_and_gets_an_own_number(ground, client):
    first = ground.say()
    html = client.post(
        "/tell/", words(ground, where="", place=ground.building.code)
    ).content.decode()
    assert f'value="{first.number}"' in html
    client.post("/tell/", sent(ground, join=first.number))
    assert Case.objects.count() == 1
    assert Asker.objects.count() == 2


def test_another_place_goes_before_the_place_of_the_door_card(ground, client):
    """ "It is somewhere else": the card's place is still in the form, what is typed counts."""
    typed = words(ground, where="戴埠镇", place=ground.building.code)
    html = client.post("/tell/", typed).content.decode()
    assert f'name="place" value="{ground.town.code}"' in html
    unknown = words(ground, where="火星村", place=ground.building.code)
    page = client.post("/tell/", unknown)
    assert page.status_code == 422
    assert f"地点：{ground.building.full_name('zh')}" not in page.content.decode()


def test_one_of_several_places_is_chosen_by_a_press(ground, client):
    other = tree.add(code="320481103202", kind="village", name="新桥头村", parent=ground.town)
    html = client.post("/tell/", words(ground, where="新桥")).content.decode()
    assert f'type="radio" name="place" value="{other.code}"' in html
    page = client.post("/tell/", words(ground, where="新桥", place=other.code))
    assert f'name="place" value="{other.code}"' in page.content.decode()


def test_twice_the_same_form_is_one_case(ground, client):
    data = sent(ground)
    one, two = client.post("/tell/", data), client.post("/tell/", data)
    assert one["Location"] == two["Location"]
    assert Case.objects.count() == 1


def test_other_words_under_the_same_id_are_asked_about_and_kept(ground, client):
    data = sent(ground)
    client.post("/tell/", data)
    again = client.post("/tell/", {**data, "text": "还有一件别的事"})
    assert again.status_code == 409
    assert "还有一件别的事" in again.content.decode()


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({"text": ""}, "新桥村"),
        ({"where": "火星村", "place": ""}, "路灯不亮"),
        ({"where": "", "place": ""}, "路灯不亮"),
        ({"lon": "abc", "where": "", "place": ""}, "路灯不亮"),
    ],
)
def test_bad_input_gets_a_sentence_and_loses_nothing(ground, client, changes, kept):
    page = client.post("/tell/", words(ground, **changes))
    html = page.content.decode()
    assert page.status_code == 422
    assert 'role="alert"' in html
    assert kept in html
    assert Case.objects.count() == 0


def test_a_bad_phone_number_is_said_on_the_second_page(ground, client):
    page = client.post("/tell/", sent(ground, phone="12"))
    assert page.status_code == 422
    assert "路灯不亮" in page.content.decode()


def test_an_unknown_kind_is_not_found(ground, client):
    assert client.get("/tell/nothing/").status_code == 404


def test_coming_back_needs_number_and_word(ground, client):
    receipt = ground.say()
    mine = f"/mine/{receipt.number}/"
    assert client.get(mine).status_code == 404
    wrong = client.post("/where/", {"number": receipt.number, "word": "AAAAAA"})
    assert wrong.status_code == 422
    right = client.post(
        "/where/", {"number": receipt.case.pretty_number, "word": receipt.word.lower()}
    )
    assert right["Location"] == mine
    assert client.get(mine).status_code == 200


def test_a_mistyped_number_is_caught_by_its_check_digit(ground, client):
    receipt = ground.say()
    wrong = receipt.number[:-1] + str((int(receipt.number[-1]) + 1) % 10)
    page = client.post("/where/", {"number": wrong, "word": receipt.word})
    assert page.status_code == 422


def test_the_asker_says_not_solved_on_the_page(ground, client, django_assert_max_num_queries):
    receipt, lamps = ground.say(), ground.staff("lamps")
    accept(receipt.case, by=lamps)
    answer(receipt.case, "灯泡已换。", by=lamps)
    client.post("/where/", {"number": receipt.number, "word": receipt.word})
    with django_assert_max_num_queries(12):
        html = client.get(f"/mine/{receipt.number}/").content.decode()
    assert "灯泡已换。" in html
    nothing = client.post(f"/mine/{receipt.number}/reply/", {})
    assert nothing.status_code == 422
    done = client.post(f"/mine/{receipt.number}/reply/", {"reply": "unsolved", "satisfied": "0"})
    assert done.status_code == 302
    receipt.case.refresh_from_db()
    assert receipt.case.state == State.ACCEPTED


def test_strangers_get_404_for_private_matters(ground, client):
    public, office = ground.say(), ground.say(visibility="office")
    assert client.get(f"/case/{public.number}/").status_code == 200
    assert client.get(f"/case/{office.number}/").status_code == 404
    assert client.get(f"/receipt/{public.number}/").status_code == 404
    assert client.post(f"/mine/{public.number}/withdrawal/").status_code == 404


def test_the_public_page_shows_no_word_that_nobody_has_read(
    ground, client, django_assert_max_num_queries
):
    receipt = ground.say(text="张三家的灯不亮", phone="+8619900001234")
    with django_assert_max_num_queries(12):
        html = client.get(f"/case/{receipt.number}/").content.decode()
    assert "张三" not in html
    assert "19900001234" not in html


def test_near_and_door_card(ground, client, django_assert_max_num_queries):
    receipt = ground.say()
    with django_assert_max_num_queries(12):
        near = client.get(f"/near/?place={ground.village.code}").content.decode()
    assert receipt.number in near
    with django_assert_max_num_queries(12):
        card = client.get(f"/at/{ground.building.code}/").content.decode()
    assert "steward" in card
    assert client.get("/at/ZZZZZZ/").status_code == 404
    fragment = client.get("/near/?where=新桥", headers={"HX-Request": "true"}).content.decode()
    assert fragment.strip().startswith('<div id="found"')
    assert "<html" not in fragment


def test_of_several_askers_each_reads_only_their_own_words(ground, client):
    first = ground.say(text="我家在三楼，灯坏了")
    html = client.post("/tell/", sent(ground, text="我孙子摔了一跤", join=first.number))
    number = html["Location"].strip("/").split("/")[-1]
    page = client.get(f"/mine/{number}/").content.decode()
    assert "我孙子摔了一跤" in page
    assert "我家在三楼" not in page
    client.post("/where/", {"number": first.number, "word": first.word})
    page = client.get(f"/mine/{first.number}/").content.decode()
    assert "我家在三楼" in page
    assert "我孙子摔了一跤" not in page


def test_a_sensitive_topic_starts_with_the_office_only(ground, client):
    page = client.post("/tell/", words(ground, text="邻居吵架打人，想请人调解")).content.decode()
    office = page[page.index('value="office"') - 80 : page.index('value="office"') + 200]
    assert "checked" in office


def test_a_link_opens_one_answer_and_no_forged_one_opens_anything(ground, client):
    receipt = ground.say()
    answer(receipt.case, "修好了。", by=ground.staff("lamps"))
    path = access.link(receipt.asker, 1)
    assert len(path) <= 44
    assert client.get(path).status_code == 200
    for n in range(3, len(path) - 1):
        other = "A" if path[n] != "A" else "B"
        assert client.get(path[:n] + other + path[n + 1 :]).status_code == 404
    with clock.moved_to(clock.now() + timedelta(days=31)):
        assert client.get(path).status_code == 404
