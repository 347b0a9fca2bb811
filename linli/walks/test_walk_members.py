"""Walk-through 4.3, step 10: a list from the town, tried out first; and the ways of members and ties."""

import csv
import io

from linli.walks.visitors import EN, ZH

ROLL = "main section:last-of-type .case-row a[href$='/party/']"


def forty():
    """40 lines from the town: 37 new ones, 2 twice, 1 with a stage that is none."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["姓名", "阶段", "日期"])
    rows.writerows([[f"从镇里来的{n}", "正式党员", "2024-03-05"] for n in range(37)])
    rows.writerows([["从镇里来的0", "正式党员", "2024-03-05"]] * 2)
    rows.writerow(["写错的", "不存在的阶段", "2024-03-05"])
    return text.getvalue().encode("gb18030")  # as Chinese Excel writes it


def open_roll(visitors, act_as="manager", language=ZH):
    page = visitors.come(language=language, width=1280, act_as=act_as)
    page.goto("/desk/members/")
    page.goto(page.locator(ROLL).first.get_attribute("href"))
    return page


def test_a_list_of_forty_is_tried_out_before_anything_is_written(visitors):
    page = open_roll(visitors)
    before = page.locator("main .tabs .badge").all_inner_texts()
    roll = page.url
    page.goto(f"{roll}list/")
    page.set_input_files("input[type=file]", {
        "name": "list.csv", "mimeType": "text/csv", "buffer": forty(),
    })  # fmt: skip
    page.locator("main form[enctype] button").click()
    page.wait_for_selector("#run")
    numbers = [int(b) for b in page.locator("main .stats .stat b").all_inner_texts()]
    assert numbers == [37, 2, 1]
    assert "没有“不存在的阶段”这个阶段" in page.locator("main").inner_text()
    again = page.context.new_page()
    again.goto(roll)
    assert again.locator("main .tabs .badge").all_inner_texts() == before
    again.close()
    page.locator("main form:has(input[name=kept]) button").click()
    page.wait_for_selector("#waits")
    assert page.locator("button[value=agree]").count() == 0  # somebody else has to agree
    assert "37 人" in page.locator("main").inner_text()
    page.locator("button[value=refuse]").click()
    page.wait_for_selector("#file")


def test_a_member_goes_on_step_by_step_and_not_before(visitors):
    page = open_roll(visitors)
    page.goto(f"{page.url}new/")
    page.fill("[name=name]", "新来的小蒋")
    page.locator("main form button").last.click()
    page.wait_for_url("**/desk/members/one/*/")
    story = page.locator("main").inner_text()
    assert "至少3 个月" in story
    assert "缺“入党申请书”" in story
    assert "新来的小蒋" not in story  # the name is sealed at once
    page.locator("details:has([name=reason]) > summary").last.click()
    page.fill("[name=reason]", "核对刚才的登记")
    page.locator("form:has([name=reason]) button").last.click()
    page.wait_for_load_state()
    assert "新来的小蒋" in page.locator("h1").inner_text()


def test_a_forbidden_ground_is_refused_in_a_sentence(visitors):
    page = open_roll(visitors)
    page.goto(
        page.locator("main .case-row a[href^='/desk/members/one/']").first.get_attribute("href")
    )
    page.locator("details:has([name=evidence]) > summary").click()
    page.locator("[name=step][type=radio]").first.check()
    page.locator("[name=ground][type=radio]").first.check()
    page.fill("[name=evidence]", "今年两次到市里上访，反映村里的账目。")
    page.locator("form:has([name=evidence]) button").click()
    page.wait_for_load_state()
    assert "任何时候都不能拿来对谁不利" in page.locator("body").inner_text()
    assert page.locator("#step-against").count() == 0


def test_a_tie_of_ones_own_and_a_contact_noted(visitors):
    page = visitors.come(language=EN, width=360, act_as="volunteer")
    page.goto("/ties/mine/")
    page.locator("main .case-row a").first.click()
    page.wait_for_url("**/ties/*/")
    assert "a household" in page.locator("main").inner_text()
    page.locator("[name=kind][value=done]").check()
    page.locator("form:has([name=kind]) button").click()
    page.wait_for_load_state()
    assert "Something done" in page.locator("#contacts ~ ul").inner_text()


def test_a_match_with_its_reasons_waits_for_both(visitors):
    page = visitors.come(language=ZH, width=1280, act_as="manager")
    page.goto("/ties/unit-community/lists/")
    row = page.locator("main .case-row:has(button[value=yes])").first
    assert "说的是同一类事 (100)" in row.inner_text()
    row.locator("button[value=yes]").click()
    page.wait_for_load_state()
    assert "您同意了" in page.locator("body").inner_text()
    stranger = visitors.come(language=ZH)
    stranger.goto("/ties/unit-community/lists/")
    assert stranger.locator("form[action$='/answer/']").count() == 0


def test_everybody_sees_numbers_and_no_names(visitors):
    page = visitors.come(language=EN, width=360)
    page.goto("/bodies/")
    assert "became" in page.locator("main").inner_text()
    page.goto("/ties/")
    assert "Fewer than five" in page.locator("main").inner_text()
    assert page.locator("main a[href^='/desk/']").count() == 0
