"""Hours and points, the points inbox, going on holiday, and a letter to those working away.

Walk-throughs 4.2 step 11, 4.3 steps 9 and 12, and 4.4 step 9.
"""

import re
from datetime import timedelta

from linli.lib import clock
from linli.walks.visitors import EN, ZH


def claims(page):
    return page.locator("main input[name=claim]:not([disabled])")


def test_hours_points_with_their_reason_and_the_next_evening(visitors):
    page = visitors.come(language=ZH, act_as="volunteer")
    page.goto("/service/")
    said = page.locator("main").inner_text()
    assert re.search(r"\d+ 小时", page.locator(".stats .stat b").first.inner_text())
    assert re.search(r"下一次晚上的班最早在\d+月\d+日", said)
    page.locator("main a[href='/points/']").click()
    page.wait_for_url("**/points/")
    line = page.locator("main .rows .case-row").first
    assert "志愿服务，每小时 2 分" in line.inner_text()
    assert re.search(r"日志第 \d+ 行", line.inner_text())
    line.locator("a").first.click()  # a line of one's own can be objected to
    page.wait_for_url("**/points/line/*/")
    assert page.locator("main textarea").count() == 1


def test_claims_are_counted_in_bulk_and_objections_never(visitors):
    page = visitors.come(language=ZH, width=1280, act_as="manager")
    page.goto("/desk/points/")
    before = claims(page).count()
    assert before >= 2
    assert all("日志第" in row.inner_text() for row in page.locator("main form .rows > li").all())
    assert page.locator("main section").first.locator("input[type=checkbox]").count() == 0
    for n in range(2):
        claims(page).nth(n).check()
    page.locator("button[value=agree]").click()
    page.wait_for_load_state()
    assert claims(page).count() == before - 2
    page.locator("main a[href^='/desk/points/objections/']").first.click()
    page.wait_for_url("**/desk/points/objections/*/")
    assert page.locator("main textarea").count() == 1


def test_away_for_some_days_nothing_moves_before_the_other_says_yes(visitors):
    page = visitors.come(language=EN, width=1280, act_as="manager")
    page.goto("/me/")
    page.locator("main a[href*='/handover/']").first.click()
    page.wait_for_url("**/handover/")
    page.locator("main [name=to]").select_option(index=1)
    today = clock.today()
    with visitors.expecting_errors():  # the other way round: said so, and nothing typed is lost
        leave(page, today + timedelta(days=5), today + timedelta(days=2))
    assert page.locator("main [role=alert]").count() == 1
    assert page.locator("[name=last_on]").input_value() == str(today + timedelta(days=2))
    leave(page, today + timedelta(days=2), today + timedelta(days=5))
    page.wait_for_url("**/handovers/*/")
    assert "Asked. Nothing moves before they say yes." in page.locator("main").inner_text()
    page.locator("main form button").last.click()  # taken back
    page.wait_for_load_state()


def leave(page, first, last):
    page.fill("[name=starts_on]", str(first))
    page.fill("[name=last_on]", str(last))
    page.locator("main form button").last.click()
    page.wait_for_load_state()


def test_a_letter_to_those_away_is_a_number_a_test_copy_and_two_people(visitors):
    page = visitors.come(language=ZH, width=1280, act_as="coordinator")
    page.goto("/desk/letters/")
    page.locator("main li:has-text('致流动党员') form button").first.click()
    page.wait_for_url("**/desk/letters/*-*/")
    letter = page.url
    said = page.locator("main").inner_text()
    audience = int(page.locator(".stats .stat b").first.inner_text())
    assert audience >= 3
    assert "晚上 21 点到早上 8 点不发" in said
    assert "一件由服务台答复的事" in said
    page.locator("button[value=test]").click()
    page.wait_for_load_state()
    page.goto("/inbox/")
    assert "致流动党员" in page.locator("main").inner_text()
    page.goto(letter)
    page.locator("button[value=send]").click()
    page.wait_for_load_state()
    assert "还要第二个人同意" in page.locator("main").inner_text()
    assert page.locator("button[value=agree]").count() == 0
    page.locator("button[value=call-back]").click()
    page.wait_for_load_state()
    page.goto("/desk/letters/")
    page.locator("main a:has-text('别人的信息怎么守')").first.click()
    page.wait_for_load_state()
    assert "收信人数（已定）" in page.locator("main").inner_text()
