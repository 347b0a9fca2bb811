"""A seat is taken and given back, and a whole activity is planned, moved and called off: by anybody.

Without scripts, and with the keyboard alone.
"""

import re
from datetime import date, timedelta

import pytest

from linli.walks.visitors import EN, ZH


def on_with_a_seat(page):
    """The page of something public that this person may come to."""
    page.goto("/activities/")
    links = page.locator("main a[href^='/activities/']").all()
    found = [link.get_attribute("href") or "" for link in links]
    for href in [href for href in found if re.fullmatch(r"/activities/[0-9a-f-]{36}/", href)]:
        page.goto(href)
        if page.locator("form[action*='/seat/'] button").count():
            return href
    raise AssertionError("nothing in the demonstration has a free seat for this person")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_seat_is_taken_and_given_back(visitors, scripts):
    page = visitors.come(language=ZH, act_as="neighbour", java_script_enabled=scripts)
    on_with_a_seat(page)
    page.locator("form[action*='/seat/'] button").first.click()
    page.wait_for_load_state()
    assert page.locator("#mine").count() == 1
    page.locator("form[action$='/withdrawal/'] button").click()
    page.wait_for_load_state()
    assert page.locator("#mine").count() == 0


def test_with_the_keyboard_alone(visitors):
    page = visitors.come(language=EN, width=1280, act_as="neighbour")
    on_with_a_seat(page)
    while not page.evaluate("document.activeElement.closest(\"form[action*='/seat/']\") !== null"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#mine")
    while not page.evaluate(
        "document.activeElement.closest(\"form[action$='/withdrawal/']\") !== null"
    ):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#mine", state="detached")


@pytest.mark.parametrize("scripts", [True, False])
def test_planned_moved_and_called_off(visitors, scripts):
    desk = visitors.come(language=EN, width=1280, act_as="manager", java_script_enabled=scripts)
    desk.goto("/desk/activities/plan/theme-day/")
    soon = date.today() + timedelta(days=20)
    fill(desk, day=soon.isoformat())
    desk.locator("main form[method=post] button").last.click()
    desk.wait_for_url(re.compile(r"/desk/activities/[0-9a-f-]{36}/$"))
    own = desk.url
    desk.locator("main a[href$='/move/']").click()
    desk.wait_for_load_state()
    fill(desk, day=(soon + timedelta(days=1)).isoformat(), reason="The square is being paved.")
    desk.locator("main form[method=post] button").last.click()
    desk.wait_for_url(own)
    public = visitors.come(language=EN, java_script_enabled=scripts)
    there = own.replace("/desk/", "/")
    public.goto(there)
    assert "Moved: The square is being paved." in public.locator("main").inner_text()
    desk.locator("summary:has-text('Cancel it')").click()
    desk.locator("form[action$='/cancel/'] [name=reason]").fill("Heavy rain is expected.")
    desk.locator("form[action$='/cancel/'] button").click()
    desk.wait_for_load_state()
    public.goto(there)
    assert "Cancelled: Heavy rain is expected." in public.locator("main").inner_text()


def fill(page, **values):
    for name, value in values.items():
        page.fill(f"main form[method=post] [name={name}]", value)
