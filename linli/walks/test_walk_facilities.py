"""Lunch near me, a room for a meeting, and whether it is true that all are within thirty minutes.

Walk-throughs 4.1 step 10 and 4.4 step 6.
"""

import re

import pytest

from linli.walks.visitors import EN, ZH

HOME = "320481002003"


@pytest.mark.parametrize("scripts", [True, False])
def test_lunch_near_me_is_one_press_and_one_more_for_the_calendar(visitors, scripts):
    page = visitors.come(language=ZH, act_as="resident", java_script_enabled=scripts)
    page.goto("/near/?where=燕山")
    page.locator("main a[href^='/facilities/?near=']").click()
    page.locator(f"main a[href$='/canteen-{HOME}/']").click()
    page.wait_for_url(re.compile("/facilities/canteen-"))
    before = page.locator("main form[action$='/meal/'] button").count()
    page.locator("main form[action$='/meal/'] button").last.click()
    page.wait_for_load_state()
    assert page.locator("main form[action$='/meal/'] button").count() == before - 1
    page.goto("/bookings/")
    calendar = page.locator("main a[href^='/meals/']").last.get_attribute("href")
    assert "SUMMARY:午饭" in page.request.get(calendar).text()
    page.locator("main form[action$='/return/'] button").last.click()
    page.wait_for_load_state()
    page.goto(f"/facilities/canteen-{HOME}/")
    assert page.locator("main form[action$='/meal/'] button").count() == before


def test_a_visitor_sees_how_many_places_are_left(visitors):
    page = visitors.come(language=EN)
    page.goto(f"/facilities/canteen-{HOME}/")
    assert "4 places left" in page.locator("main").inner_text()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_room_that_is_taken_can_be_waited_for(visitors, scripts):
    page = visitors.come(language=EN, act_as="neighbour", java_script_enabled=scripts)
    page.goto("/bookings/")
    taken = page.locator("main a[href*='/rooms/']").first
    address = taken.get_attribute("href")
    when = page.locator("main .row-link:has(a[href*='/rooms/']) strong").first.inner_text()
    other = visitors.come(language=EN, act_as="volunteer", java_script_enabled=scripts)
    other.goto(address)
    day = day_of(page)
    begin, end = re.findall(r"\d\d:\d\d", when)
    for name, value in (("day", day), ("begin", begin), ("end", end), ("people", "5")):
        other.locator(f"[name={name}]").fill(value)
    with visitors.expecting_errors():
        other.locator("main form[action$='/booking/'] button").first.click()
        other.wait_for_load_state()
    assert "The room is taken then" in other.locator("main").inner_text()
    assert other.locator("[name=begin]").input_value()[:5] == begin
    other.locator("button[name=wait]").click()
    other.wait_for_url("**/bookings/")
    other.locator("main form[action$='/end/'] button").first.click()
    other.wait_for_load_state()
    assert other.locator("main form[action$='/end/']").count() == 0


def day_of(page):
    """The day of the first booking, from its calendar entry."""
    address = page.locator("main a[href^='/bookings/'][href$='.ics']").first.get_attribute("href")
    found = re.search(r"DTSTART:(\d{4})(\d\d)(\d\d)", page.request.get(address).text())
    return "-".join(found.groups())


def test_is_it_true_that_all_are_within_thirty_minutes(visitors):
    page = visitors.come(language=EN, width=1280, act_as="coordinator")
    page.goto("/travel/?kind=canteen&hour=noon&what=people-65")
    said = page.locator("main").inner_text()
    assert "of those whose way is known" in said
    assert "not known" in said
    share = float(re.search(r"([\d.]+) %", said)[1])
    page.locator("select[name=mode]").select_option("ebike")
    page.locator("main form .button").first.click()
    page.wait_for_url(re.compile("mode=ebike"))
    page.wait_for_function(f"!document.querySelector('#found').innerText.startsWith('{share}')")
    faster = float(re.search(r"([\d.]+) %", page.locator("#found").inner_text())[1])
    assert faster > share
    page.goto("/travel/?kind=canteen&hour=saturday")
    assert "closed at that hour" in page.locator("main").inner_text()


def test_the_best_two_new_sites_and_a_proposed_one_beside_them(visitors):
    page = visitors.come(language=EN, width=1280, act_as="coordinator")
    page.goto("/travel/?kind=canteen&hour=noon&what=people-65")
    page.locator("main a[href^='/desk/travel/sites/']").click()
    page.locator("summary").first.click()
    page.fill("#id_at", HOME)
    page.locator("main form[method=post] .button").last.click()
    page.wait_for_url(re.compile(r"/desk/travel/sites/[0-9a-f-]{36}/"))
    said = page.locator("main").inner_text()
    assert page.locator("main .split ol li").count() == 2
    assert "proven: no choice brings more" in said
    assert "The proposal" in said
    page.locator("main .split ol a").first.click()
    page.wait_for_url(re.compile("/desk/travel/what-if/"))
    assert "Before and after" in page.locator("main").inner_text()


def test_a_centre_is_dragged_and_the_answer_follows(visitors):
    page = visitors.come(language=ZH, width=1280, act_as="coordinator")
    page.set_viewport_size({"width": 1280, "height": 1400})  # nothing scrolls under the mouse
    page.goto("/desk/travel/what-if/?kind=service-centre&mode=ebike&minutes=15")
    dot = page.locator("#found [data-key]").first
    key, box = dot.get_attribute("data-key"), dot.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 50, box["y"] + 30, steps=4)
    page.mouse.up()
    page.wait_for_selector("#found h2")
    assert f"site={key}" in page.url
