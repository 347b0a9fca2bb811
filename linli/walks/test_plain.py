"""Light, narrow, in one language and without a mouse: what a 66-year-old's telephone can do."""

import re

import pytest

from linli.walks.sheets import HOUSE, SHEETS
from linli.walks.sights import LANGUAGES
from linli.walks.visitors import EN

MOST_BYTES, MOST_REQUESTS = 100_000, 6

HAN = re.compile("[\u3400-\u9fff]+")
LATIN = re.compile("[A-Za-z]{2,}")
# What stays as it is on Chinese pages: names of things that have no Chinese one, units, languages.
NAMES = {
    "CC", "BY", "Ed", "English", "GeoNames", "JavaScript", "KB", "Leaflet", "SHA", "geonames",
    "htmx", "org",
}  # fmt: skip
CODES = re.compile(r"\b(?=[A-Z]*\d)?[A-Z0-9]{6}\b")  # the words of receipts, the codes of doors
OWN_NAME = "中文"  # the language switch names each language in itself


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sheet", SHEETS, ids=str)
def test_a_page_is_light_and_asks_for_little(sights, sheet, language):
    sight = sights(sheet, language)
    assert 5_000 < sight.bytes <= MOST_BYTES
    # The design page shows every behaviour at once; a browser fetches its icon by itself, once.
    asked = [url for url in sight.requests if "/mark." not in url]
    assert len(asked) <= MOST_REQUESTS + 2 * (sheet.name == "design"), asked


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sheet", SHEETS, ids=str)
def test_nothing_sticks_out_to_the_right(sights, sheet, language):
    widths = sights(sheet, language).widths
    assert len(widths) == 4
    assert {name: over for name, over in widths.items() if over > 0} == {}


@pytest.mark.parametrize("sheet", SHEETS, ids=str)
def test_chinese_pages_have_no_english_words(sights, sheet):
    sight = sights(sheet, "zh")
    own = [CODES.sub("", text) for tongue, text in sight.words if tongue == "zh"]
    assert sum(len(HAN.findall(text)) for text in own) > 20
    strange = {word for text in own for word in LATIN.findall(text)} - NAMES
    assert strange == set()


@pytest.mark.parametrize("sheet", SHEETS, ids=str)
def test_english_pages_have_chinese_only_where_somebody_wrote_it(sights, sheet):
    own = [text for tongue, text in sights(sheet, "en").words if tongue == "en"]
    assert sum(len(LATIN.findall(text)) for text in own) > 20
    assert {text for text in own if HAN.search(text.replace(OWN_NAME, ""))} == set()


# ── without a mouse ──────────────────────────────────────────────────────────────────────────────
FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one)
  // A choice shows its focus on the card around it.
  const around = [one, one.closest('label'), one.closest('.photo-pick')].filter(Boolean)
  const ring = around.some((each) => {
    const look = getComputedStyle(each)
    return parseFloat(look.outlineWidth) > 0 && look.outlineStyle !== 'none'
  })
  const box = one.getBoundingClientRect()
  const name = one.name ? `[name=${one.name}]` : one.className || one.tagName
  return {name, value: one.value ?? '', text: one.innerText ?? '', main: Boolean(one.closest('main')),
          ring: ring || style.boxShadow !== 'none', seen: box.bottom > 0 && box.top < innerHeight}
}"""


class Keys:
    """Somebody who has keys only; every stop must be seen."""

    def __init__(self, page):
        self.page = page

    def tab(self):
        self.page.keyboard.press("Tab")
        here = self.page.evaluate(FOCUS)
        assert here["ring"], f"no ring around {here}"
        assert here["seen"], f"out of sight: {here}"
        return here

    def tab_to(self, name="", text=""):
        """Go on until the focus stands there; a page has fewer stops than sixty."""
        for _n in range(60):
            here = self.tab()
            if here["name"] == name or (text and here["text"].strip() == text):
                return here
        raise AssertionError(f"no tab leads to {name or text} on {self.page.url}")

    def press(self, key):
        self.page.keyboard.press(key)

    def write(self, words):
        self.page.keyboard.type(words)


def test_telling_and_replying_need_no_mouse(visitors, county):
    page = visitors.come(language=EN, width=1280)
    keys = Keys(page)
    page.goto(f"/tell/?at={HOUSE}")
    assert keys.tab()["name"] == "skip"
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    assert keys.tab_to("[name=text]")["main"]
    keys.write("The lamp behind the house flickers at night.")
    keys.tab_to(text="Go on")
    keys.press("Enter")
    page.wait_for_selector("[name=send]")
    keys.tab_to("[name=visibility]")
    keys.press("ArrowDown")
    assert page.locator("[name=visibility]:checked").input_value() == "office"
    keys.tab_to("[name=send]")
    keys.press("Enter")
    page.wait_for_url("**/receipt/**")
    keys.tab_to(text="See where it stands")
    keys.press("Enter")
    page.wait_for_url("**/mine/**")
    number = page.url.rstrip("/").rpartition("/")[2]

    unit = visitors.come(act_as="lighting")
    unit.goto(f"/desk/case/{number}/")
    unit.fill("#answer-words", "灯头已更换。")
    unit.click("form[action$='/answer/'] .button")

    page.reload()
    keys.tab_to("[name=reply]")
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    assert page.locator("[name=reply]:checked").input_value() == "solved"
    keys.tab_to("[name=satisfied]")
    keys.press("ArrowDown")
    keys.tab_to(text="Send my word")
    keys.press("Enter")
    page.wait_for_selector("text=Thank you for your word.")
