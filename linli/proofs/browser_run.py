"""The run of the proof `browser`: burst after burst of records, each cut off by kill -9."""

import json
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.db import connection
from playwright.sync_api import BrowserContext, Error, Page, Route, sync_playwright

from linli.cases.models import Case
from linli.field.models import Item
from linli.proofs.browser_chromium import Chromium
from linli.proofs.county import CODES, prepare
from linli.proofs.phone_ground import Person, people
from linli.proofs.receipts import Web, free_port
from linli.proofs.result import Result
from linli.site import static_files
from linli.site.processes import APPLICATION, address

PATIENCE = 180.0  # seconds in which all must arrive once nobody kills any more
FAULTS = {"request": 0.1, "answer": 0.2, "portal": 0.1}

# Notes records as fast as it can through the app's own queue, and says each that is saved. Every
# seventh is one that a rule refuses: it has to stay on the phone until a person lets it go.
BURST = """async ([name, place, broken]) => {
  const phone = self.linliField
  if (broken === "early-saved") {
    const { store } = phone
    store.freeze = async (item, bytes, photos) => {
      const sealed = await store.seal(bytes, item.id)
      const rows = await Promise.all(photos.map(async (one) => ({ item: item.id, sha256: one.sha256,
        size: one.bytes.length, sealed: await store.seal(one.bytes, one.sha256) })))
      return new Promise((resolve) => {
        const step = store.db.transaction(["items", "photos"], "readwrite")
        step.objectStore("items").add({ ...item, sealed }).onsuccess = resolve
        for (const row of rows) step.objectStore("photos").put(row)
        // The disk of a cheap telephone is slow: the step is not over when the row is in.
        const end = performance.now() + 30_000
        const more = () => { if (performance.now() < end) step.objectStore("items").count().onsuccess = more }
        more()
      })
    }
  }
  const { freeze, newName } = await import(self.linliModules.capture)
  const { redrawn } = await import(self.linliModules.photos)
  const canvas = document.createElement("canvas")
  ;[canvas.width, canvas.height] = [160, 120]
  const pen = canvas.getContext("2d")
  const shot = async () => {
    const noise = pen.createImageData(canvas.width, canvas.height)
    noise.data.forEach((_dot, n) => (noise.data[n] = n % 4 === 3 ? 255 : Math.random() * 256))
    pen.putImageData(noise, 0, 0)
    return redrawn(await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8)))
  }
  const form = { id: "case:request", version: "case:request@browser", name: "request" }
  const go = async () => { for (;;) { await phone.flush(true); await new Promise((d) => setTimeout(d, 50)) } }
  go()
  if (broken === "delete-on-refusal") setInterval(async () => {
    const all = await phone.store.all()
    for (const item of all) if (item.state === "needs_help") {
      await phone.store.drop(item.id)
      self.linliDropped = true
    }
  }, 100)
  for (let n = 0; ; n += 1) {
    const text = n % 7 === 1 ? " " : `${name}-${n}：路灯不亮了。`
    const draft = { id: newName(), form: form.id, outcome: "", place,
      values: { text, category: "street-light", visibility: "public" } }
    const photos = n % 3 === 0 ? [await shot()] : []
    const item = await freeze(phone, draft, form, photos)
    self.linliSaved(JSON.stringify({ id: item.id, text, photos: photos.length }))
    await new Promise((done) => setTimeout(done, 20))
  }
}"""
WHAT_IS_LEFT = """async () => {
  const items = await self.linliField.store.all()
  return items.map(({ id, state, why, missing }) => ({ id, state, why, missing }))
}"""


def run(promise: str, n: int, seed: int, broken: str) -> Result:
    """Kill the browser `n` times, then let everything arrive and compare."""
    prepare()
    rng = Random(seed)
    person = people(1, rng)[0]
    connection.close()
    settings.DATA.joinpath("static").mkdir(exist_ok=True)
    static_files.collect_when_stale()
    result, web = Result(promise, n, seed, faults=n), Web(free_port(), APPLICATION)
    web.start()
    watched = Watched(rng)
    with tempfile.TemporaryDirectory(prefix="linli-profile-") as folder, sync_playwright() as play:
        chromium = Chromium(play.chromium, Path(folder))
        try:
            for turn in range(n):
                page = opened(chromium.open(), person, web.port)
                burst(page, f"{seed}-{turn}", watched, broken)
                chromium.kill()
            left = arrive(chromium.open(), person, web.port)
        finally:
            chromium.kill()
            web.kill()
    # playwright's loop is over: the database may be asked again
    compare(result, watched.saved, left)
    lost = {f"{name}_lost" if name != "portal" else "portals": watched.faults[name]
            for name in FAULTS}  # fmt: skip
    result.more |= {"kills": n, **lost}
    result.faults += sum(lost.values())
    return result


@dataclass
class Watched:
    """What the pages said that they saved, and what the line did to them."""

    rng: Random
    saved: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)

    def note(self, words: str) -> None:
        said: dict[str, Any] = json.loads(words)
        self.saved[said["id"]] = said

    def line(self, route: Route) -> None:
        """Lose the request, lose the answer, or be a portal."""
        drawn, total = self.rng.random(), 0.0
        fault = ""
        for name, share in FAULTS.items():
            total += share
            if drawn < total and not fault:
                fault = name
        self.faults[fault] += 1
        with suppress(Error):  # the browser may be dead by now
            if fault == "portal":
                route.fulfill(status=200, content_type="text/html", body="<html>Free net</html>")
            elif fault:
                if fault == "answer":
                    route.fetch()
                route.abort()
            else:
                route.continue_()


def burst(page: Page, name: str, watched: Watched, broken: str) -> None:
    """One life of the browser: a page, a burst, and no end."""
    page.route("**/sync/**", watched.line)
    page.expose_function("linliSaved", watched.note)
    with suppress(Error):
        page.evaluate(f"(said) => {{ ({BURST})(said).catch((e) => console.error(e)) }}",
                      [name, CODES["village"], broken])  # fmt: skip
        if broken == "delete-on-refusal":  # it has had the time to go wrong
            until = time.monotonic() + PATIENCE
            # Asked again and again: waiting in the page needs eval, which our CSP forbids.
            while not page.evaluate("self.linliDropped") and time.monotonic() < until:
                page.wait_for_timeout(100)
        page.wait_for_timeout(watched.rng.uniform(300, 2000))
        # The sharpest moment is just after something was called saved.
        told = len(watched.saved)
        for _moment in range(300):
            page.wait_for_timeout(5)
            if len(watched.saved) > told:
                return


def opened(context: BrowserContext, person: Person, port: int) -> Page:
    base = address("127.0.0.1", port)
    context.add_cookies([
        {"name": name, "value": value, "url": base} for name, value in person.cookies.items()
    ])  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{base}/field/queue/")
    page.wait_for_selector("#queue:not([hidden])")  # by then the app has started
    # The modules' addresses carry hashes: take them from what the page has loaded.
    page.evaluate("""() => { self.linliModules = Object.fromEntries(
      performance.getEntriesByType("resource").map((one) => one.name)
        .filter((name) => /\\/field\\/\\w+(\\.\\w+)?\\.js$/.test(name))
        .map((name) => [/\\/field\\/(\\w+)/.exec(name.slice(name.indexOf("/static")))[1], name])) }""")
    return page


def arrive(context: BrowserContext, person: Person, port: int) -> dict[str, dict[str, Any]]:
    """A good line: press "send now" until nothing moves; what is left on the phone, by name."""
    page = opened(context, person, port)
    until = time.monotonic() + PATIENCE
    while True:
        page.evaluate("self.linliField.flush(true)")
        left = {row["id"]: row for row in page.evaluate(WHAT_IS_LEFT)}
        moving = [row for row in left.values() if row["state"] not in ("wiped", "needs_help")]
        if not moving or time.monotonic() > until:
            return left
        page.wait_for_timeout(200)


def compare(result: Result, saved: dict[str, dict[str, Any]], left: dict[str, Any]) -> None:
    """Whatever was called saved is at the office once, or is still here because a rule refuses it."""
    rows = Counter(Case.objects.values_list("text", flat=True))
    items = {str(one.client_id): one for one in Item.objects.prefetch_related("photos")}
    for name, said in saved.items():
        here, item = left.get(name), items.get(name)
        if not said["text"].strip():
            result.lost += here is None or here["state"] != "needs_help"
            continue
        result.lost += rows[said["text"]] == 0
        if here is None or here["state"] != "wiped":
            result.violated(f"{name} on the phone: {here}")
        if item is None or item.state != Item.State.PROCESSED:
            result.violated(f"{name} at the office: {item and item.state}")
        elif item.photos.filter(arrived_at__isnull=False).count() != said["photos"]:
            result.violated(f"{name} lacks a picture")
    result.duplicated = sum(count - 1 for count in rows.values())
    refused = sum(not said["text"].strip() for said in saved.values())
    result.more |= {"saves": len(saved), "refused": refused, "at_the_office": len(items),
                    "sent_again": Item.objects.filter(replays__gt=0).count()}  # fmt: skip
    if not saved:
        result.violated("nothing was tested: nothing was ever saved")
