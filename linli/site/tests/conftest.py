"""A real browser for tests marked `browser`; without Chromium they are skipped and say so."""

import os
from pathlib import Path

import pytest

CHROMIUM = Path(os.environ.get("LINLI_CHROMIUM", "/usr/bin/chromium"))
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip


@pytest.fixture(scope="module")
def chromium():
    if not CHROMIUM.exists():
        pytest.skip(f"NO BROWSER: {CHROMIUM} is missing, so nothing was looked at (apt: chromium)")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only where it is used

    # Playwright keeps a loop running in this thread; Django would refuse its database for that.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def look(chromium, live_server):
    """look("/about/", width=360, language="en", …): a page that fails the test if it complains."""
    contexts, complaints = [], []

    def open_page(
        path, *, width=1280, height=800, language="zh-CN", cookies=(), status=200, **options
    ):
        context = chromium.new_context(
            viewport={"width": width, "height": height}, locale=language, **options
        )
        contexts.append(context)
        context.add_cookies([{"url": live_server.url, **cookie} for cookie in cookies])
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        assert page.goto(live_server.url + path).status == status
        if status != 200:
            complaints.clear()  # a browser notes every such answer on its console
        page.wait_for_load_state("networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints
