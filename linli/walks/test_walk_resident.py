"""Walk-through 4.1: from the card at the door to "not solved", at 360 px, with an old telephone."""

import io
import re

import pytest
from PIL import Image

from linli.walks.visitors import EN, ZH

WORDS = "楼前面的路灯又不亮了，晚上看不清台阶。"


def photo():
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "#446655").save(out, "JPEG")
    return {"name": "lamp.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def tell(page, county, *, phone="", words=WORDS, with_photo=True, join=False):
    """Steps 1 to 8: from the door card to the receipt; returns number and word."""
    page.goto(f"/at/{county.door}/")
    page.locator("nav.ways a[href^='/tell/']").first.click()
    page.fill("[name=text]", words)
    if with_photo:
        page.locator("input[type=file]").set_input_files(photo())
    page.locator("form[data-keep=tell] > p > .button").click()
    page.wait_for_selector("[name=send]")
    if join:
        page.locator("input[name=join]:not([value=''])").first.check()
    else:
        page.locator("input[name=category]").first.check()
    page.locator("input[name=visibility][value=public]").check()
    if phone:
        page.fill("[name=phone]", phone)
    page.click("[name=send]")
    page.wait_for_url("**/receipt/**")
    number = re.search(r"/receipt/(\d{10})/", page.url)[1]
    word = page.locator(".plate b").nth(1).inner_text().strip()
    return number, word


def test_the_card_at_the_door_says_where_you_are_and_who_looks_after_it(visitors, county):
    page = visitors.come(language=ZH)
    page.goto(f"/at/{county.door}/")
    assert "7号楼" in page.locator("h1").inner_text()
    card = page.locator("main").inner_text()
    assert "陈女士" in card
    assert "吴先生" in card
    assert page.locator("nav.ways a").count() == 4


def test_large_letters_stay_on_every_page(visitors, county):
    page = visitors.come()
    page.goto(f"/at/{county.door}/")
    page.locator("button[name=large]").click()
    page.goto("/where/")
    assert page.locator("html.large").count() == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_from_a_sentence_and_a_photo_to_number_unit_and_day(visitors, county, scripts):
    page = visitors.come(language=ZH, java_script_enabled=scripts)
    number, word = tell(page, county)
    receipt = page.locator("main").inner_text()
    assert re.fullmatch(r"[A-Z0-9]{6}", word)
    assert "路灯管理" in receipt
    assert "前" in receipt  # "by … day", in words
    assert "如果超时" in receipt
    # "Where is my matter", from another browser, with what stands on the receipt
    other = visitors.come(language=ZH, java_script_enabled=scripts)
    other.goto("/where/")
    other.fill("[name=number]", f"{number[:2]} {number[2:6]} {number[6:]}")
    other.fill("[name=word]", word.lower())
    other.locator("main form[method=post] .button").first.click()
    other.wait_for_url(f"**/mine/{number}/")
    story = other.locator("main").inner_text()
    assert "转给" in story
    assert WORDS in story
    assert "这个地方以前的答复" in story


def test_neighbours_are_offered_to_be_joined_and_the_number_is_ones_own(visitors, county):
    page = visitors.come(language=EN)
    page.goto(f"/at/{county.door}/")
    page.locator("nav.ways a[href^='/tell/']").first.click()
    page.fill("[name=text]", "路灯不亮")
    page.locator("form[data-keep=tell] > p > .button").click()
    offered = page.locator("input[name=join]:not([value=''])").first
    known = offered.get_attribute("value")
    offered.check()
    page.click("[name=send]")
    page.wait_for_url("**/receipt/**")
    assert known not in page.url


def test_not_solved_by_text_message_and_by_link_reopens_at_once(visitors, county):
    page = visitors.come(language=ZH)
    phone = "19900004321"
    number, _word = tell(page, county, phone=phone, words="7号楼前路灯坏了三天。", with_photo=False)
    _answer(visitors, number)
    texts = county.wait_for_texts(phone, 2)
    assert len(texts) == 2
    for text in texts:  # no name, no topic, no place
        assert not re.search("路灯|7号楼|桃园|管理", text)
    assert county.text_from(phone, "2") == "taken"
    page.goto(f"/mine/{number}/")
    assert "没有解决：退回溧阳市路灯管理" in page.locator("main").inner_text()
    _answer(visitors, number)
    link = re.search(r"https?://[^/\s]+(/r/[\w=-]+/)", county.wait_for_texts(phone, 3)[2])[1]
    again = visitors.come(language=ZH)
    again.goto(link)
    again.locator("input[name=reply][value=unsolved]").check()
    again.locator("form[action$='/reply/'] .button").click()
    again.wait_for_url(f"**/mine/{number}/")
    assert "上一级" in again.locator("main").inner_text()


def _answer(visitors, number):
    desk = visitors.come(language=ZH, width=1280, act_as="lighting")
    desk.goto(f"/desk/case/{number}/")
    form = desk.locator(f"form[action='/desk/case/{number}/answer/']").first
    if not form.is_visible():
        desk.locator("details:has(form[action$='/answer/']) > summary").first.click()
    form.locator("textarea").fill("灯泡已经换好，请今晚看一下。")
    form.locator("button[type=submit]").first.click()
    desk.wait_for_load_state()
