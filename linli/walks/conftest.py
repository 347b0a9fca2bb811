"""The county, the browser, and visitors who complain about every fault of a page."""

import os
import shutil
from pathlib import Path

import pytest

from linli.walks.county import build, served
from linli.walks.sheets import HOUSE, NUMBER, Ground, told
from linli.walks.sights import LANGUAGES, see
from linli.walks.visitors import QUIET, Visitors

CHROMIUM = Path(os.environ.get("LINLI_CHROMIUM", "/usr/bin/chromium"))


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def chromium():
    """Debian's Chromium, without a head."""
    if not CHROMIUM.exists():
        words = f"NO BROWSER: {CHROMIUM} is missing, so nothing was walked (apt install chromium)"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(words)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only where it is used

    # Only as long as this package: its loop would stand in the way of other tests' databases.
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def built(chromium, tmp_path_factory):
    """The invented county with its month of life, in a folder that nobody serves."""
    folder = tmp_path_factory.mktemp("built")
    build(folder)
    return folder


@pytest.fixture(scope="package")
def county(built, tmp_path_factory):
    """A copy of it, served as everybody serves it."""
    folder = tmp_path_factory.mktemp("county")
    shutil.copytree(built, folder, dirs_exist_ok=True)
    with served(folder) as county:
        yield county


@pytest.fixture(scope="package")
def desk_keys():
    """Who has signed in already: part of the cast -> what their browser keeps."""
    return {}


@pytest.fixture
def visitors(chromium, county, desk_keys):
    """`visitors.come(…)` opens a browser of its own; whatever a page complains of fails the test."""
    crowd = Visitors(chromium, county, desk_keys)
    yield crowd
    crowd.leave()
    assert crowd.complaints == []


@pytest.fixture(scope="package")
def asker(chromium, county):
    """Somebody who has told us something: the ground of the sheets, and what their browser keeps."""
    ground = Ground(county.door, HOUSE)
    crowd = Visitors(chromium, county, {})
    page = crowd.come()
    page.goto(f"/tell/?at={HOUSE}")
    told()(page, ground)
    page.locator("[name=category]").first.check()
    page.click("[name=send]")
    page.wait_for_url(NUMBER)
    ground.number = NUMBER.search(page.url)[1]
    kept = page.context.storage_state()
    crowd.leave()
    assert crowd.complaints == []
    return ground, kept


@pytest.fixture(scope="package")
def sights(chromium, county, desk_keys, asker):
    """`sights(sheet, "zh")`: what is seen of a page, looked at once for all tests."""
    seen = {}

    def sight(sheet, language):
        if (sheet, language) not in seen:
            crowd = Visitors(chromium, county, desk_keys)
            try:
                seen[sheet, language] = see(crowd, sheet, asker[0], LANGUAGES[language], asker[1])
            finally:
                crowd.leave()
        return seen[sheet, language]

    return sight
