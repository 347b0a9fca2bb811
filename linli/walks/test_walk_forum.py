"""A village road in the forum: read, written about, moderated, made a matter, and its answer."""

import re

import pytest

from linli.walks.visitors import EN, ZH

ROAD = "村东到茶场的路，能不能大家商量着修"


def road(page):
    """From "have a say" by a search to the topic of the village road, as a newcomer finds it."""
    page.goto("/say/")
    page.locator("main a[href='/forum/']").click()
    page.fill("[name=q]", "六百三十米")
    page.locator("form[role=search] button").click()
    page.locator(".case-row a", has_text=ROAD).first.click()
    page.wait_for_url(re.compile(r"/forum/\d+/(#f1)?$"))
    return re.search(r"/forum/(\d+)/", page.url)[1]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_visitor_reads_everything_and_is_led_to_signing_in(visitors, scripts):
    page = visitors.come(language=ZH, java_script_enabled=scripts)
    topic = road(page)
    said = page.locator("main").inner_text()
    assert "1#" in said
    assert "已被版务员隐藏：辱骂或威胁他人" in said  # with its number and its reason
    assert "脑子" not in said
    assert "已转成事项" in said
    assert "事项" in page.locator(".floor.official").last.inner_text()  # the answer came back
    page.locator(f"main a[href='/forum/{topic}/reply/']").click()
    page.wait_for_url("**/sign-in/**")
    assert f"next=/forum/{topic}/reply/" in page.url.replace("%2F", "/")


def test_the_matter_and_the_topic_show_each_other(visitors):
    page = visitors.come(language=EN)
    topic = road(page)
    page.locator(".tied a[href^='/case/']").first.click()
    page.wait_for_url("**/case/**")
    assert page.locator(f"main a[href='/forum/{topic}/']").count() >= 1
    assert page.locator(".talk .case-row").count() >= 1


def test_a_link_to_a_floor_leads_to_it_on_whatever_page_it_stands(visitors):
    page = visitors.come(language=ZH)
    page.goto("/forum/")
    page.locator(".case-row a", has_text="接楼").first.click()
    page.wait_for_url(re.compile(r"/forum/\d+/$"))
    page.goto(f"{page.url}45/")
    assert page.url.endswith("?page=3#f45")
    assert page.locator("#f45").is_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_open_answer_edit_and_take_back(visitors, scripts):
    page = visitors.come(language=ZH, act_as="resident", java_script_enabled=scripts)
    title = f"桥头的凳子谁放的？谢谢{'！' if scripts else '。'}"
    page.goto("/forum/b/help/")
    page.locator("main a[href='/forum/b/help/new/']").click()
    page.fill("[name=title]", title)
    page.fill("[name=text]", "等车的时候可以坐了。我的电话是 19900000001。")
    with visitors.expecting_errors():
        page.locator("main form[enctype] .actions button").first.click()
        assert "19900000001" in page.locator(".notice.warn").inner_text()  # asked first
    page.locator("[name=blank_out]").click()
    page.wait_for_url(re.compile(r"/forum/\d+/(#f1)?$"))
    assert "我的电话是 ***" in page.locator("#f1").inner_text()
    page.fill("[name=text]", "**真好**")
    page.locator("form[action$='/reply/'] .actions button").first.click()
    page.wait_for_url("**#f2")
    assert page.locator("#f2 strong").inner_text() == "真好"
    page.locator("#f2 footer a[href$='/more/']").click()
    page.locator("main a[href$='/edit/']").click()
    page.fill("[name=text]", "真的很好")
    page.locator("main form button").first.click()
    page.wait_for_url("**#f2")
    assert "改过" in page.locator("#f2").inner_text()
    page.locator("#f2 footer a[href$='/more/']").click()
    page.locator("details:has(form[action$='/take-back/']) > summary").click()
    page.locator("form[action$='/take-back/'] button").click()
    page.wait_for_url("**#f2")
    assert "作者已收回" in page.locator("#f2").inner_text()


def test_a_moderator_lets_nobody_see_an_advert_and_says_so(visitors):
    desk = visitors.come(language=ZH, width=1280, act_as="manager")
    desk.goto("/forum/queue/")
    card = desk.locator("section.card", has_text="代办贷款")
    floor = card.locator("h2 a").get_attribute("href").removesuffix("more/")
    card.locator("button[value=hide]").click()
    desk.wait_for_selector(".notice.ok")
    reader = visitors.come(language=ZH)
    reader.goto(floor)
    shut = reader.locator(f"#f{floor.split('/')[-2]}").inner_text()
    assert "已被版务员隐藏：广告" in shut
    assert "贷款" not in shut
    reader.goto("/forum/log/")
    assert "广告" in reader.locator("main .case-row").first.inner_text()


def test_with_the_keyboard_alone(visitors):
    page = visitors.come(language=EN, width=1280, act_as="neighbour")
    road(page)
    link = page.locator("#f1 footer a").first
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/reply/?to=1")
    page.locator("[name=text]").focus()
    page.keyboard.type("按键也行")
    while page.evaluate("document.activeElement.textContent.trim()") not in ("Send", "发出"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"#f\d+$"))
    assert "按键也行" in page.locator(".floor").last.inner_text()
