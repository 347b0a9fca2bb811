"""Walk-through 4.2, steps 1 to 10: a volunteer with a cheap telephone in a hill village.

The line between browser and county is a real one of our own: it is cut, thin, or broken off in the
middle of a picture, for pages and service worker alike.
"""

import io
import random
import re
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from PIL import Image

from linli.proofs.browser_chromium import Chromium
from linli.walks.line import Line
from linli.walks.visitors import EN, ZH, Visitors


def photo(name="photo.jpg", size=(1400, 1050)):
    """A picture that does not get small: a hundred kilobytes and more after it was drawn anew."""
    dots = Image.frombytes("RGB", (140, 105), random.Random(name).randbytes(140 * 105 * 3))
    out = io.BytesIO()
    dots.resize(size, Image.Resampling.BILINEAR).save(out, "JPEG", quality=92)
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.fixture
def line(county):
    line = Line(int(county.url.rpartition(":")[2]))
    yield line
    line.close()


@pytest.fixture
def volunteer(chromium, county, line):
    """The volunteer behind the line; whatever a page complains of but the cut fails the test."""
    crowd = Visitors(chromium, replace(county, url=line.url), {})
    with crowd.expecting_errors():
        yield crowd
        crowd.leave()  # what the cut line made the browser say may be heard only now
    assert crowd.complaints == []


def today(crowd, language=ZH):
    """Steps 1 and 2: at the office, with a connection, until the dot is green."""
    page = crowd.come(language=language, act_as="volunteer")
    page.set_default_timeout(60_000)
    page.goto("/field/")
    page.wait_for_selector("#ready.yes")
    listed(page, 6)
    return page


def listed(page, least):
    """The homes of today, once so many are drawn."""
    page.locator("#tasks .stop").nth(least - 1).wait_for()
    return page.locator("#tasks .stop").all_inner_texts()


def queued(page, count):
    """The queue page, once it shows so many that wait."""
    page.goto("/field/queue/")
    page.locator("#queue-items .queue-item").nth(count - 1).wait_for()
    assert page.locator("#queue-items .queue-item").count() == count


def bar(page):
    return page.locator(".field-bar [role=status]")


def settled(page, words):
    """Wait until the line at the foot says so."""
    page.locator(".field-bar", has_text=words).wait_for()


def stop(page, n):
    page.goto("/field/")
    page.locator("#tasks .stop").nth(n).locator("a").click()
    page.wait_for_selector("#form:not([hidden])")


def choose(page, outcome):
    page.locator(f"input[name=outcome][value={outcome}]").check()


def finish(page):
    page.locator("#form button[type=submit]").click()
    page.wait_for_selector("#form-done:not([hidden])")


def test_the_walk_of_the_volunteer(volunteer, line):
    page = today(volunteer)

    # 1, 2: it can stand on the home screen; the day is here, small, and the dot is green
    assert page.locator("link[rel=manifest]").count() == 1
    size = page.locator("#ready small").inner_text()
    assert "千字节" in size  # under one megabyte at the first visit
    assert "可以出发" in page.locator("#ready").inner_text()

    # 3: flight mode; the list opens, each home with no more than is needed
    line.cut()
    page.goto("/field/")
    page.wait_for_selector("#ready.yes")
    homes = listed(page, 6)
    assert all("号楼" not in text and "岁" not in text for text in homes)

    # 4: "does not wish" is final and complete; "nobody home" too
    stop(page, 0)
    assert page.locator("input[name=outcome]").count() == 3
    choose(page, "does-not-wish")
    assert page.locator("#form-fields .field:visible").count() == 1
    finish(page)
    assert "已存在这部手机里" in page.locator("#form-done").inner_text()
    stop(page, 1)
    choose(page, "nobody-home")
    finish(page)

    # 5, 6: met; three prompts, one line, read back and ticked; it becomes a matter with one press
    stop(page, 2)
    choose(page, "met")
    page.locator("#form button[type=submit]").click()
    page.locator("#form-errors a").first.wait_for()  # the tick is missing, and it says so
    page.locator("[data-field=f-consent] input").check()
    page.locator("[data-field='f-said'] textarea, [data-field='f-said'] input").fill(
        "楼道的灯坏了。"
    )
    page.locator("[data-field='f-read-back'] input").check()
    finish(page)
    page.locator("#form-done .button").first.click()
    page.wait_for_selector("#form:not([hidden])")
    assert page.locator("[data-field=text] textarea").input_value() == "楼道的灯坏了。"
    fill_matter(page)
    page.locator("#shot").set_input_files(photo())
    page.wait_for_selector(".shots img")
    finish(page)

    # 7: the bar counts, the queue explains each
    settled(page, "4 条等着")
    queued(page, 4)
    assert "等信号" in page.locator("#queue-items").inner_text()

    # 9: one bar of signal; the texts leave, the picture goes on where it stopped
    line.mend(rate=40_000)
    page.locator("#send-now").click()
    page.locator("#queue-items", has_text=re.compile("照片正在传：[1-9]")).wait_for()
    assert page.locator("#queue-items .queue-item").count() == 1
    line.cut()
    page.locator("#queue-items .queue-item", has_text="文字已送到").wait_for()
    before = line.upward
    line.mend()
    page.locator("#send-now").click()
    settled(page, "都已经发出去了")
    assert line.upward - before < 200_000  # not once more from the start
    page.locator("summary", has_text="已经送到的").click()
    page.locator("#queue-done .queue-item").nth(3).wait_for()
    assert page.locator("#queue-done .queue-item").count() == 4
    assert "编号" in page.locator("#queue-done").inner_text()

    # 3 again: the list knows what was noted
    page.goto("/field/")
    page.locator("#tasks .stop .badge:visible").nth(2).wait_for()


def fill_matter(page):
    """What the form of a voice from a visit still asks."""
    for box in page.locator("#form-fields select").all():
        box.select_option(index=1)
    for group in page.locator("#form-fields fieldset").all():
        if not group.locator("input:checked").count():
            group.locator("input").first.check()
    for tick in page.locator("#form-fields .tick input").all():
        tick.check()
    for box in page.locator("#form-fields input[type=text], #form-fields input[type=tel]").all():
        if not box.input_value() and box.evaluate(
            "(e) => !e.closest('.field').querySelector('.optional')"
        ):
            box.fill("老周")


def test_a_colleague_was_first_and_both_are_kept(volunteer, line):
    """Step 10: two noted the same home; nothing is lost, and the writer decides."""
    page, other = today(volunteer), today(volunteer)
    line.cut()
    for one, outcome in ((page, "nobody-home"), (other, "does-not-wish")):
        stop(one, 3)
        choose(one, outcome)
        finish(one)
    line.mend()
    for one in (page, other):
        one.goto("/field/queue/")
        one.locator("#send-now").click()
        settled(one, "都已经发出去了")
    other.goto("/field/conflicts/")
    text = other.locator("main").inner_text()
    assert "没人在家" in text
    assert "不愿意" in text
    other.locator("button[value=first]").first.click()
    other.wait_for_load_state()
    assert "没有要决定的" in other.locator("main").inner_text()


@pytest.mark.parametrize("language", [ZH, EN])
def test_hours_and_rest_are_on_the_phone(volunteer, line, language):
    """Step 11: my service opens without signal."""
    page = today(volunteer, language)
    line.cut()
    page.goto("/field/service/")
    page.wait_for_selector("#service-stays li")
    assert page.locator("#service-hours").inner_text().strip()


def test_three_visits_with_photos_survive_a_killed_browser(
    chromium, county, line, visitors, tmp_path
):
    """Open, cut, note three with pictures, kill -9, open again, mend: three matters and no more."""
    keys = visitors._signed_in("grid-worker")
    browser = Chromium(chromium.browser_type, tmp_path)
    try:
        page = reopened(browser, keys, line)
        page.wait_for_selector("#ready.yes")
        line.cut()
        for n in range(3):
            page.goto(f"{line.url}/field/form/?form=case:grid-event")
            page.wait_for_selector("#form:not([hidden])")
            page.locator("[data-field=text] textarea").fill(f"第{n}处：下水道堵了，请来看看。")
            fill_matter(page)
            page.locator("#shot").set_input_files(photo(f"{n}.jpg"))
            page.wait_for_selector(".shots img")
            finish(page)
            assert "已存在这部手机里" in page.locator("#form-done").inner_text()
        settled(page, "3 条等着")
        browser.kill()

        page = reopened(browser, keys, line, "/field/queue/")
        settled(page, "3 条等着")
        page.locator("#queue-items", has_text="等信号").wait_for()
        line.mend(rate=60_000)
        page.locator("#send-now").click()
        page.locator("#queue-items", has_text="文字已送到").wait_for()
        page.wait_for_timeout(600)
        browser.kill()  # once more, in the middle of a picture

        page = reopened(browser, keys, line, "/field/queue/")
        line.mend()
        page.locator("#send-now").click()
        settled(page, "都已经发出去了")
        page.locator("summary", has_text="已经送到的").click()
        page.locator("#queue-done .queue-item").nth(2).wait_for()
        assert page.locator("#queue-done .queue-item").count() == 3
        numbers = page.locator("#queue-done .more").all_inner_texts()
    finally:
        browser.kill()
    assert len(set(numbers)) == 3
    with closing(sqlite3.connect(county.data / "linli.sqlite3")) as database:
        [found] = database.execute(
            "SELECT count(*) FROM cases_case WHERE text LIKE '第_处：下水道堵了，%'"
        )
    assert found == (3,)


def reopened(browser, keys, line, path="/field/"):
    context = browser.open()
    kept = [(c["name"], c["value"]) for c in keys["cookies"]] + [("django_language", "zh-hans")]
    context.add_cookies([{"name": n, "value": v, "url": line.url} for n, v in kept])
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{line.url}{path}")
    return page
