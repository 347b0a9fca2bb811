"""Walk-through 4.3, steps 1 to 6: the manager's morning at the desk, and a page read by two."""

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


def test_a_gap_leads_to_somebody_near_who_agreed_to_be_asked(visitors):
    page = desk(visitors)
    page.locator(".stats .stat").nth(4).click()
    page.locator("main .rows > li a", has_text="号楼").first.click()
    page.wait_for_url("**/desk/gaps/*/")
    assert "已缺" in page.locator("main").inner_text()
    asking = page.locator("form[action$='/invitation/']")
    number, row = asking.count(), asking.first.locator("xpath=..").inner_text()
    asking.first.locator("button").click()
    page.wait_for_selector("[role=status]")
    assert row.split()[0] in page.locator("main").inner_text()
    assert asking.count() == number - 1  # nobody is asked twice


LINES = ["早上七点半的车太挤，能不能加一班", "桃园站的站牌字太小，老人看不清", "谢谢！车里很干净"]
READ = ["早上七点半的车太挤，能不能加一班", "桃园站的路牌字太小，老人看不清", "谢谢！车里很干净"]


def copy_page(visitors, part, lines, *, unseen=()):
    """Somebody writes down what stands on page 15, seeing the paper and nobody else's reading."""
    page = visitors.come(language=ZH, width=1280, act_as=part)
    page.goto("/desk/activities/")
    page.locator("a[href^='/desk/pages/']", has_text="15").first.click()
    page.wait_for_url(re.compile(r"/desk/pages/[0-9a-f-]{36}/"))
    assert page.locator("main figure img").count() == 1
    for words in unseen:
        assert words not in page.content()
    page.locator("textarea[name=lines]").fill("\n".join(lines))
    page.locator("main form .button").first.click()
    page.wait_for_load_state()
    return page


def test_two_read_a_page_and_each_line_becomes_something(visitors):
    copy_page(visitors, "volunteer", LINES)
    page = copy_page(visitors, "clerk", READ, unseen=LINES)
    seen = page.locator("main").inner_text()
    assert LINES[1] in seen
    assert READ[1] in seen
    assert LINES[0] not in seen  # what agrees is not shown again
    page.locator("input[name=line-2]").fill(LINES[1])
    page.locator("main form .button").first.click()
    page.wait_for_selector("select[name=as]")
    for choice in ("case:public-transport", "case:public-transport", "none:thanks"):
        form = page.locator("form:has(select[name=as])").first
        form.locator("select").select_option(choice)
        form.locator("button").click()
        page.wait_for_load_state()
    assert page.locator("select[name=as]").count() == 0
    assert page.locator("main .badge").count() == 3


def sequence(page, uid):
    calendar = page.request.get(f"/activities/{uid}.ics").text()
    return calendar, int(re.search(r"SEQUENCE:(\d+)", calendar)[1])


def test_a_booth_is_dragged_to_another_day_and_calendars_follow(visitors):
    page = desk(visitors)
    page.set_viewport_size({"width": 1280, "height": 1400})  # nothing scrolls under the mouse
    page.goto("/desk/week/")
    page.goto(page.get_by_role("link", name="后一周").get_attribute("href"))
    booth = page.locator("[data-move]").first
    uid = booth.get_attribute("data-move").rstrip("/").rsplit("/", 1)[-1]
    before, number = sequence(page, uid)
    home = booth.locator("xpath=ancestor::section").get_attribute("data-day")
    other = page.locator(f"section[data-day]:not([data-day='{home}'])").last
    day = other.get_attribute("data-day")
    booth.drag_to(other)
    page.wait_for_url(f"**/desk/week/{uid}/?day={day}")
    assert page.locator("input[name=day]").input_value() == day
    page.locator("textarea[name=reason], input[name=reason]").fill("那天下雨。")
    page.locator("main form .button").first.click()
    page.wait_for_load_state()
    if page.locator("button[name=sure]").count():  # what it would clash with is named first
        assert page.locator("[role=alert] li").count() >= 1
        page.locator("button[name=sure]").click()
        page.wait_for_load_state()
    after, later = sequence(page, uid)
    assert later == number + 1
    assert day.replace("-", "") in after
    assert day.replace("-", "") not in re.search(r"DTSTART.*", before)[0]
