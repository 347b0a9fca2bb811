"""What is seen of a page that is opened once: barriers, weight, width and words."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

from linli.walks.sheets import Ground, Sheet, open_sheet
from linli.walks.visitors import EN, ZH, Visitors

PHONE, DESK = 360, 1280  # pixels of width
PICTURES = os.environ.get("LINLI_WALKS_PICTURES")

# Every piece of text that somebody can see or hear, with the language that its markup names. What
# unfolds counts too; what a choice offers, an image's name and a hint in a box as well.
WORDS = """() => {
  const found = []
  const tongue = (node) => node.closest('[lang]').getAttribute('lang').slice(0, 2)
  const skipped = 'script, style, noscript, template, code, textarea'
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const node = walker.currentNode, text = node.data.trim()
    if (text && !node.parentElement.closest(skipped)) {
      found.push([tongue(node.parentElement), text])
    }
  }
  for (const node of document.querySelectorAll('[alt], [aria-label], [placeholder], [title]')) {
    if (node.closest(skipped)) continue
    for (const name of ['alt', 'aria-label', 'placeholder', 'title']) {
      const text = node.getAttribute(name)
      if (text) found.push([tongue(node), text])
    }
  }
  return found
}"""


# How far the page sticks out to the right, with both sizes of letters.
WIDTHS = """() => {
  const root = document.documentElement, found = {}
  for (const letters of ['', ' with large letters']) {
    root.classList.toggle('large', Boolean(letters))
    found[innerWidth + ' px' + letters] = root.scrollWidth - innerWidth
  }
  root.classList.remove('large')
  return found
}"""
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


@dataclass
class Sight:
    """One page in one language."""

    barriers: dict[int, list[Any]] = field(default_factory=dict)  # width -> what axe finds
    bytes: int = 0  # as they travelled, compressed, without photos
    requests: list[str] = field(default_factory=list)
    widths: dict[str, int] = field(default_factory=dict)  # width and letters -> pixels too many
    words: list[tuple[str, str]] = field(default_factory=list)  # (language of the markup, text)
    complaints: list[str] = field(default_factory=list)


def see(visitors: Visitors, sheet: Sheet, ground: Ground, language: str, kept: Any) -> Sight:
    """Open the page on a phone, then at a desk, as somebody who comes for the first time."""
    sight = Sight()
    page = visitors.come(language=language, act_as=sheet.act_as, kept=kept if sheet.asks else None)
    with _weighing(page, sight), visitors.expecting_errors():
        open_sheet(sheet, page, ground)
    sight.words = [(tongue, text) for tongue, text in page.evaluate(WORDS)]
    for width in (PHONE, DESK):
        page.set_viewport_size({"width": width, "height": 800})
        sight.barriers[width] = barriers(page)
        sight.widths.update(page.evaluate(WIDTHS))
        if PICTURES:
            name = f"{sheet.name.replace(' ', '-')}.{language[:2]}.{width}.png"
            page.screenshot(path=Path(PICTURES) / name, full_page=True)
    visitors.leave()
    sight.complaints, visitors.complaints = visitors.complaints, []
    return sight


def barriers(page: Page) -> list[Any]:
    """What axe finds on the page as it stands: (rule, [(where, markup)])."""
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [
        (rule["id"], [(node["target"], node["html"][:160]) for node in rule["nodes"]])
        for rule in found
    ]


@contextmanager
def _weighing(page: Page, sight: Sight) -> Iterator[None]:
    """Count what travels for the last page that is opened meanwhile, with an empty cache."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    photos: set[str] = set()

    def asked(event: dict[str, Any]) -> None:
        if event["type"] == "Document":
            sight.requests.clear()
            sight.bytes = 0

    def answered(event: dict[str, Any]) -> None:
        if event["response"]["mimeType"] in {"image/jpeg", "image/png"}:
            photos.add(event["requestId"])
        else:
            sight.requests.append(event["response"]["url"])

    def ended(event: dict[str, Any]) -> None:
        if event["requestId"] not in photos:
            sight.bytes += int(event["encodedDataLength"])

    devtools.on("Network.requestWillBeSent", asked)
    devtools.on("Network.responseReceived", answered)
    devtools.on("Network.loadingFinished", ended)
    yield
    devtools.detach()


LANGUAGES = {"zh": ZH, "en": EN}
