"""Seen with a browser: no barrier that axe finds, nothing cut off, each behaviour at its work."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from linli.places import tree

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOWHERE = "/there/is/nothing/"
PAGES = ["/design/", "/about/", "/privacy/", NOWHERE]
LARGE = {"name": "linli_large", "value": "1"}


def _open(look, path, **options):
    return look(path, status=404 if path == NOWHERE else 200, **options)


def _barriers(page):
    found = Axe().run(page).response["violations"]
    return [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(
    ("width", "scheme"), [(360, "light"), (1280, "dark")], ids=["phone by day", "desk by night"]
)
def test_axe_finds_no_barrier(look, path, scheme, width):
    page = _open(look, path, width=width, color_scheme=scheme)
    assert _barriers(page) == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("language", "cookies"), [("zh-CN", ()), ("en-GB", (LARGE,))])
def test_nothing_is_wider_than_the_smallest_phone(look, path, language, cookies):
    page = _open(look, path, width=320, language=language, cookies=cookies)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", PAGES)
def test_what_is_pressed_is_44_pixels_high(look, path):
    page = _open(look, path, width=360)
    low = page.evaluate(
        """() => [...document.querySelectorAll(
             '.button, .tool, .paths a, .tabs a, .foot a, summary, .choice, .way, select, textarea,'
             + ' input:not([type=hidden],[type=radio],[type=checkbox])')]
           .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 43.9)
           .map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert low == []


def test_the_first_tab_skips_to_the_content(look):
    page = look("/about/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_large_letters_lose_nothing_that_was_typed(look):
    page = look("/design/")
    size = "getComputedStyle(document.body).fontSize"
    small = page.evaluate(size)
    page.fill("#id_where", "桃园 7 幢")
    page.click("form[data-large-letters] button")
    assert page.input_value("#id_where") == "桃园 7 幢"
    assert float(page.evaluate(size)[:-2]) > 1.25 * float(small[:-2])
    page.reload()
    assert float(page.evaluate(size)[:-2]) > 1.25 * float(small[:-2])


def test_switches_work_without_javascript(look):
    page = look("/about/", java_script_enabled=False)
    page.click("form[data-large-letters] button")
    page.click("button[name=language]")
    assert page.url.endswith("/about/")
    assert page.locator("html.large[lang=en]").count() == 1


def test_the_map_is_fetched_only_when_somebody_wants_to_move_it(look):
    page = look("/design/")
    assert page.evaluate("typeof window.L") == "undefined"
    page.click("[data-map-move]")
    page.wait_for_selector(".leaflet-control-zoom-in")
    dot = page.locator(".map-point").first
    before = dot.bounding_box()
    page.click(".leaflet-control-zoom-in")
    page.wait_for_timeout(600)
    after = dot.bounding_box()
    assert after["width"] == pytest.approx(before["width"], abs=2)  # the ground grew, the dot not
    assert abs(after["x"] - before["x"]) + abs(after["y"] - before["y"]) > 5
    assert _barriers(page) == []


def test_a_photo_is_shown_and_small_before_it_is_sent(look, tmp_path):
    from PIL import Image  # noqa: PLC0415

    picture = tmp_path / "big.png"
    Image.new("RGB", (4000, 3000), "green").save(picture)
    page = look("/design/")
    page.set_input_files("#id_photo", picture)
    page.wait_for_selector("[data-photo] img")
    size = page.evaluate(
        """async () => { const file = document.querySelector('#id_photo').files[0];
                         const { width, height } = await createImageBitmap(file);
                         return [width, height] }"""
    )
    assert size == [1600, 1200]


def test_paper_has_the_content_and_none_of_the_buttons(look):
    page = look("/about/")
    page.emulate_media(media="print")
    assert page.locator("h1").is_visible()
    for hidden in (".head", ".foot", ".button"):
        assert not page.locator(hidden).first.is_visible()


RING = [[119.2, 31.2], [119.8, 31.2], [119.8, 31.6], [119.2, 31.6], [119.2, 31.2]]
WHOLE = json.dumps({"type": "Polygon", "coordinates": [RING]})


@pytest.fixture
def county():
    """The playbook's county and three towns in a row, of which only a point is known."""
    whole = tree.add(code="320481", kind="county", name="示例市", boundary=WHOLE)
    for code, name, lon in [
        ("320481101", "东镇", 119.6),
        ("320481102", "中镇", 119.52),
        ("320481103", "西镇", 119.4),
    ]:
        tree.add(code=code, kind="town", name=name, parent=whole, lon=lon, lat=31.4)
    return whole


def test_a_pin_on_the_map_fills_the_form_and_says_the_name(look, county):
    page = look("/tell/", width=360)
    page.click("[data-pin-open]")
    page.locator(".map-board svg").click()
    expect(page.locator("[data-pin-map] [role=status]")).not_to_be_empty()
    assert page.locator("[data-pin-map] [role=status]").inner_text() == "示例市"
    # The middle of the drawing is the middle between the two towns.
    assert float(page.input_value("[name=lon]")) == pytest.approx(119.5, abs=0.01)
    assert float(page.input_value("[name=lat]")) == pytest.approx(31.4, abs=0.01)
    assert page.locator(".map-pin").is_visible()


def test_a_pin_stays_true_on_the_moved_map(look, county):
    page = look("/tell/", width=360)
    page.click("[data-pin-open]")
    page.click("[data-map-move]")
    page.wait_for_selector(".leaflet-control-zoom-in")
    page.click(".leaflet-control-zoom-in")
    page.wait_for_timeout(600)
    page.locator(".map-point").nth(1).click()  # the town in the middle
    expect(page.locator("[name=lon]")).not_to_have_value("")
    assert float(page.input_value("[name=lon]")) == pytest.approx(119.52, abs=0.005)
    assert float(page.input_value("[name=lat]")) == pytest.approx(31.4, abs=0.01)


def test_where_i_am_is_asked_on_a_press_only(look, county):
    where = {"longitude": 119.41234567, "latitude": 31.4}
    page = look("/tell/", geolocation=where, permissions=["geolocation"])
    assert page.input_value("[name=lon]") == ""
    page.click("[data-pin-here]")
    expect(page.locator("[name=lon]")).not_to_have_value("")
    assert page.input_value("[name=lon]") == "119.412346"


def test_near_me_takes_only_100_metres_with_it(look, county):
    where = {"longitude": 119.41234567, "latitude": 31.4}
    page = look("/near/", geolocation=where, permissions=["geolocation"])
    page.click("[data-here]")
    page.wait_for_url("**/near/?lon=119.412&lat=31.400")


def test_what_was_typed_survives_a_change_of_language(look, county):
    page = look("/tell/")
    page.fill("textarea", "路灯不亮，晚上看不见路。")
    page.click("button[name=language]")
    page.wait_for_selector("html[lang=en]")
    expect(page.locator("textarea")).not_to_have_value("")
    assert page.input_value("textarea") == "路灯不亮，晚上看不见路。"
    assert page.evaluate("Object.keys(localStorage).length") == 0  # this tab, and no longer


def test_reading_aloud_starts_and_stops(look):
    page = look("/about/")
    page.evaluate(
        """() => { window.heard = []; speechSynthesis.speak = (words) => heard.push(words.text);
                   speechSynthesis.cancel = () => heard.push('stop') }"""
    )
    page.click("[data-read-aloud]")
    heard = page.evaluate("heard")
    assert heard[1] == page.locator("h1").inner_text()
    assert len(heard) == len(set(heard)) > 15  # nothing is read twice
    page.click("[data-read-aloud]")
    assert page.evaluate("heard.at(-1)") == "stop"
