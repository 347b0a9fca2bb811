"""A passkey in a real browser, with a phone that says yes: passkey.js at its work."""

import os
from pathlib import Path

import pytest
from django.urls import reverse

from linli.people import sign_in
from linli.people.cast import cast as gather
from linli.people.contact import parse

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHROMIUM = Path(os.environ.get("LINLI_CHROMIUM", "/usr/bin/chromium"))
PHONE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def page(live_server, settings):
    if not CHROMIUM.exists():
        pytest.skip(f"NO BROWSER: {CHROMIUM} is missing, so no key was tried (apt: chromium)")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only where it is used

    settings.LINLI_REQUIRE_SECOND_FACTOR = settings.DEMO = True
    settings.LINLI_CODE_SENDER = "linli.people.tests.sent.send_code"
    complaints: list[str] = []
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps a loop running in this thread; Django would refuse its database for that.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(base_url=live_server.url, locale="en")
        opened = context.new_page()
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        yield opened
        browser.close()
    assert complaints == []


def give_phone(page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})


def in_english(page) -> None:
    page.context.add_cookies([{"name": "django_language", "value": "en", "url": page.url}])


def test_from_the_code_to_the_key_to_the_desk(page, settings):
    sign_in.add_address(gather().manager.user, parse("19900001234"))
    page.goto(reverse("account_login"))
    in_english(page)
    give_phone(page)
    page.goto(reverse("account_login") + "?next=" + reverse("desk"))
    page.get_by_label("Your mobile number or e-mail").fill("199 0000 1234")
    page.get_by_role("button", name="Send me the digits").click()
    page.get_by_label("The six digits").fill(settings.LINLI_DEMO_CODE)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{reverse('mfa_index')}**")

    page.get_by_role("link", name="Add a key").click()
    page.get_by_role("button", name="Add this key").click()
    page.wait_for_url(f"**{reverse('mfa_view_recovery_codes')}")
    assert page.goto(reverse("desk")).status == 200

    page.context.clear_cookies()
    in_english(page)
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Use a passkey to sign in").click()
    page.wait_for_url(lambda url: reverse("account_login") not in url)
    assert page.goto(reverse("desk")).status == 200


def test_without_a_key_the_page_says_what_else_to_do(page):
    page.goto(reverse("account_login"))
    in_english(page)
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    refusing = {**PHONE, "isUserVerified": False}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": refusing})
    page.goto(reverse("account_login"))
    page.get_by_role("button", name="Use a passkey to sign in").click()
    page.get_by_text("That did not work.").wait_for()
    assert page.url.endswith(reverse("account_login"))
