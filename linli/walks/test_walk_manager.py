"""Walk-through 4.3, steps 1 to 3: the manager's morning at the desk."""

import re
from datetime import timedelta

from linli.lib import clock
from linli.walks.visitors import ZH


def numbers(page):
    return [int(stat.inner_text()) for stat in page.locator(".stats .stat b").all()]


def desk(visitors):
    page = visitors.come(language=ZH, width=1280, act_as="manager")
    page.goto("/desk/")
    return page


def test_five_numbers_each_open_their_list(visitors):
    page = desk(visitors)
    found = numbers(page)
    assert len(found) == 5
    assert all(found)
    for n in range(5):
        page.goto("/desk/")
        page.locator(".stats .stat").nth(n).click()
        page.wait_for_load_state()
        assert page.locator("main .rows > li, main table tbody tr").count() >= 1


def test_the_late_come_first_and_more_time_needs_a_reason(visitors):
    page = desk(visitors)
    first = page.locator("main .rows > li").first
    assert "超时" in first.inner_text()
    page.goto("/desk/")
    page.locator(".stats .stat").nth(0).click()  # due today: it can still be extended
    page.wait_for_load_state()
    page.locator("main .rows > li a").first.click()
    page.wait_for_url("**/desk/case/**")
    number = re.search(r"/case/(\d{10})/", page.url)[1]
    form = page.locator(f"form[action='/desk/case/{number}/extension/']")
    page.locator("details:has(form[action$='/extension/']) > summary").click()
    with visitors.expecting_errors():
        form.locator("button[type=submit]").first.click()
        page.wait_for_selector("[role=alert]")  # a reason is missing, and it says so
    form = page.locator(f"form[action='/desk/case/{number}/extension/']")
    if not form.is_visible():
        page.locator("details:has(form[action$='/extension/']) > summary").click()
    form.locator("select").select_option(index=1)
    form.locator("textarea").fill("配件明天才到。")
    day = (clock.now().astimezone(clock.LOCAL) + timedelta(days=4)).date()
    form.locator("input[type=date]").fill(day.isoformat())
    form.locator("button[type=submit]").first.click()
    page.wait_for_load_state()
    assert "延期到" in page.locator("main").inner_text()


def test_a_returned_matter_can_be_taken_on_or_sent_on(visitors):
    page = desk(visitors)
    page.locator(".stats .stat").nth(2).click()
    page.wait_for_load_state()
    page.locator("main .rows > li a").first.click()
    page.wait_for_url("**/desk/case/**")
    number = re.search(r"/case/(\d{10})/", page.url)[1]
    story = page.locator("main").inner_text()
    assert "自来水" in story
    assert "不归" in story
    page.locator(f"form[action='/desk/case/{number}/acceptance/'] button").first.click()
    page.wait_for_load_state()
    assert "已接办" in page.locator("main").inner_text()
