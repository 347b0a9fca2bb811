"""Have a say (4.1 step 11), why it cannot open yet (4.3 steps 7 and 8), and a road to its end."""

import re

from linli.walks.visitors import EN, ZH

TREES, ROAD = "停车位还是种树", "学校门口的村道"


def open_motion(page, title):
    page.goto("/say/")
    if not page.locator(f"main a:has-text('{title}')").count():
        page.goto("/motions/")
    page.locator(f"main a:has-text('{title}')").first.click()
    page.wait_for_load_state()
    return page.locator("main").inner_text()


def test_a_resident_reads_where_it_stands_is_on_the_roll_and_objects(visitors):
    page = visitors.come(language=ZH, act_as="resident")
    said = open_motion(page, TREES)
    assert "第 3 步（共 5 步）" in said
    assert "您在这里的名单上" in said
    assert "还缺公示栏的照片" in said
    assert "约 13 万元" in said  # the draft itself
    page.locator("form[action$='/objections/'] textarea").fill("车位留多少要写清楚。")
    page.locator("form[action$='/objections/'] button").press("Enter")
    page.wait_for_load_state()
    story = page.locator("main").inner_text()
    assert "车位留多少要写清楚。" in story
    page.locator("form[action*='/objections/'] button:has-text('收回')").last.click()
    page.wait_for_load_state()
    assert "已收回" in page.locator("main").inner_text()


def test_the_manager_is_told_why_and_how_many_it_takes(visitors):
    page = visitors.come(language=ZH, width=1280, act_as="manager")
    page.goto("/desk/motions/")
    page.locator(f"main a:has-text('{TREES}')").first.click()
    page.wait_for_load_state()
    said = page.locator("main").inner_text()
    assert "“开会表决”还不能开始" in said
    assert "还缺公示栏的照片" in said
    assert re.search(r"公示到 .+ 才满", said)
    assert "91 名村（居）民代表，至少到会 61 名" in said
    page.locator("main a[href$='/sheet/']").first.click()
    page.wait_for_load_state()
    rows = page.locator("main tbody tr")
    assert rows.count() == 91
    assert rows.first.inner_text().startswith("1")
    page.locator("main details summary").first.click()
    page.fill("[name=reason]", "打印签到表")
    page.locator("main details form button").click()
    page.wait_for_load_state()
    names = [cell.inner_text() for cell in page.locator("main tbody tr td:nth-child(3)").all()]
    assert all(names)


def test_a_road_from_a_proposal_to_the_evaluation_lies_open(visitors):
    page = visitors.come(language=EN, width=1280)
    page.goto("/motions/?state=over")
    page.locator(f"main a:has-text('{ROAD}')").first.click()
    page.wait_for_load_state()
    said = page.locator("main").inner_text()
    for words in (
        "carried out", "Draft, version 2", "310,000 yuan", "frozen with 30 entries", "27 of 30",
        "photo of the board", "back to the draft", "308,000 yuan", "done as decided",
        "23 of 25 residents asked are content", "11 of 12 residents",
    ):  # fmt: skip
        assert words in said, words
    page.locator("main summary:has-text('Minutes')").click()
    assert "监督小组" in page.locator("main").inner_text()


def test_a_topic_of_the_forum_becomes_a_motion_and_is_taken_up(visitors):
    page = visitors.come(language=ZH, act_as="resident")
    page.goto("/forum/")
    page.locator("main a[href^='/forum/b/']").first.click()
    page.wait_for_load_state()
    link = page.locator("main a[href*='/forum/']").filter(has_text=re.compile(r"\S"))
    hrefs = [one.get_attribute("href") or "" for one in link.all()]
    page.goto(next(href for href in hrefs if re.fullmatch(r"/forum/\d+/", href)))
    page.locator("a:has-text('立为议题')").click()
    page.wait_for_url("**/motions/new/**")
    page.fill("[name=title]", "小区里装休息长椅")
    page.fill("[name=text]", "走累了没地方坐，建议在路边装六把长椅。")
    page.fill("[name=where]", "燕山社区")
    page.locator("[name=procedure][value=five-steps]").check()
    page.fill("[name=cost]", "6,000")
    page.locator("main form button:has-text('提出来')").click()
    page.wait_for_url(re.compile(r"/motions/[0-9a-f-]{36}/"))
    story = page.locator("main").inner_text()
    assert "来自论坛里的一个话题" in story
    assert "还没有受理" in story
    key = page.url.rstrip("/").rpartition("/")[2]
    desk = visitors.come(language=ZH, width=1280, act_as="manager")
    desk.goto(f"/desk/motions/{key}/")
    desk.locator("form:has([value=take-up]) button").click()
    desk.wait_for_load_state()
    desk.fill("[name=text]", "路边装六把长椅，每把 1000 元。")
    desk.fill("[name=cost]", "6000")
    desk.locator("form:has([value=draft]) button").click()
    desk.wait_for_load_state()
    desk.locator("form:has([value=finish]) button").click()
    desk.wait_for_load_state()
    desk.locator("form:has([value=publish]) button").click()
    desk.wait_for_load_state()
    page.goto(f"/motions/{key}/")
    assert "第 3 步（共 5 步）" in page.locator("main").inner_text()
