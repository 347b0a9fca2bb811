"""Seen with a browser: no barrier that axe finds, nothing cut off, each behaviour at its work."""

import pytest
from axe_playwright_python.sync_playwright import Axe

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
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_no_barrier(look, path, scheme, width):
    page = _open(look, path, width=width, color_scheme=scheme)
    assert _barriers(page) == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("cookies", [(), (LARGE,)], ids=["small", "large"])
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
