"""Passkeys and authenticator apps: staff doors stay shut without one."""

import html
import json
import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from linli.people import sign_in
from linli.people.contact import parse
from linli.people.tests import sent
from linli.people.tests.key import Key

PHONE = "19900001234"
HTTPS = {"secure": True}


@pytest.fixture(autouse=True)
def staff_need_one(settings):
    cache.clear()  # allauth counts its tries there
    settings.LINLI_REQUIRE_SECOND_FACTOR = True
    settings.LINLI_CODE_SENDER = "linli.people.tests.sent.send_code"
    settings.LINLI_SEAL = "linli.people.tests.sent.seal"


@pytest.fixture
def manager(cast, client_as) -> Client:
    """The community's manager, signed in by a code only."""
    sign_in.add_address(cast.manager.user, parse(PHONE))
    return client_as(cast.manager)


def options_on(page: str) -> dict:
    """What the page hands to passkey.js."""
    found = re.search(r'data-options="([^"]*)"', page)
    assert found, page
    return json.loads(html.unescape(found[1]))


def add_key(client: Client) -> Key:
    key = Key()
    where = reverse("mfa_add_webauthn")
    page = client.get(where, **HTTPS).content.decode()
    answer = client.post(
        where, {"name": "work phone", "passwordless": "on",
                "credential": key.add(options_on(page)["creation_options"])}, **HTTPS,
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    return key


def digits(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def add_app(client: Client) -> str:
    where = reverse("mfa_activate_totp")
    page = client.get(where).content.decode()
    secret = re.search(r"<b>([A-Z2-7]{20,})</b>", page)[1]
    answer = client.post(where, {"code": digits(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret


def desk(client: Client):
    return client.get(reverse("desk"), **HTTPS)


def by_code(client: Client):
    client.post(reverse("account_login"), {"address": PHONE}, **HTTPS)
    return client.post(reverse("sign-in-code"), {"code": sent.CODES[-1][2]}, **HTTPS)


def test_without_one_a_member_of_staff_is_a_resident(manager):
    answer = desk(manager)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("mfa_index"))
    page = manager.get(reverse("me"), **HTTPS).content.decode()
    assert reverse("mfa_index") in page
    assert manager.get("/admin/", **HTTPS).status_code == 403


def test_a_resident_needs_none(cast, client_as):
    client = client_as(cast.resident)
    assert client.get(reverse("me")).status_code == 200
    assert desk(client).status_code == 403
    assert client_as(cast.volunteer).get(reverse("me")).status_code == 200


def test_a_key_opens_the_desk(manager):
    add_key(manager)
    assert desk(manager).status_code == 200


def test_a_key_signs_in_by_itself(manager):
    key = add_key(manager)
    fresh = Client()
    where = reverse("mfa_login_webauthn")
    asked = fresh.get(where, headers={"Accept": "application/json"}, **HTTPS).json()
    answer = fresh.post(where, {"credential": key.show(asked["request_options"])}, **HTTPS)
    assert answer.status_code == 302
    assert desk(fresh).status_code == 200


def test_a_key_of_somebody_else_or_of_another_site_opens_nothing(manager, cast, client_as):
    key = add_key(manager)
    where = reverse("mfa_login_webauthn")
    for change in (
        {"private": Key().private},
        {"origin": "https://evil.example"},
        {"id": b"x" * 16},
    ):
        wrong = Key()
        wrong.private, wrong.id, wrong.user = key.private, key.id, key.user
        for name, value in change.items():
            setattr(wrong, name, value)
        fresh = Client()
        asked = fresh.get(where, headers={"Accept": "application/json"}, **HTTPS).json()
        fresh.post(where, {"credential": wrong.show(asked["request_options"])}, **HTTPS)
        assert "_auth_user_id" not in fresh.session


def test_an_answer_given_once_is_worth_nothing_again(manager):
    key = add_key(manager)
    where = reverse("mfa_login_webauthn")
    fresh = Client()
    asked = fresh.get(where, headers={"Accept": "application/json"}, **HTTPS).json()
    shown = key.show(asked["request_options"])
    fresh.post(where, {"credential": shown}, **HTTPS)
    again = Client()
    again.get(where, headers={"Accept": "application/json"}, **HTTPS)
    again.post(where, {"credential": shown}, **HTTPS)
    assert "_auth_user_id" not in again.session


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "{}",
        "[]",
        "null",
        "3",
        '{"id": 1}',
        '{"id": "a", "rawId": "a", "response": {}}',
        "not json",
        '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"clientDataJSON": "AA", '
        '"authenticatorData": "AA", "attestationObject": "AA", "signature": "AA"}}',
    ],
)
def test_a_malformed_key_is_refused_without_an_error(manager, credential):
    add_key(manager)
    for name in ("mfa_login_webauthn", "mfa_reauthenticate_webauthn", "mfa_add_webauthn"):
        client = Client() if name == "mfa_login_webauthn" else manager
        answer = client.post(reverse(name), {"credential": credential}, **HTTPS)
        assert answer.status_code in {200, 302}


def test_a_code_alone_does_not_sign_in_whoever_has_a_key(manager):
    key = add_key(manager)
    fresh = Client()
    answer = by_code(fresh)
    assert answer.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in fresh.session
    page = fresh.get(answer.url, **HTTPS).content.decode()
    shown = {"credential": key.show(options_on(page)["request_options"])}
    answer = fresh.post(reverse("mfa_authenticate"), shown, **HTTPS)
    assert answer.status_code == 302
    assert desk(fresh).status_code == 200


def test_an_app_opens_the_desk_and_its_secret_is_locked_in_the_table(manager):
    secret = add_app(manager)
    rows = str(list(Authenticator.objects.values("data")))
    assert secret not in rows
    fresh = Client()
    by_code(fresh)
    assert "_auth_user_id" not in fresh.session
    fresh.post(reverse("mfa_authenticate"), {"code": "000000"}, **HTTPS)
    assert "_auth_user_id" not in fresh.session
    fresh.post(reverse("mfa_authenticate"), {"code": digits(secret)}, **HTTPS)
    assert desk(fresh).status_code == 200


def test_a_spare_code_opens_once(manager):
    add_app(manager)
    page = manager.get(reverse("mfa_view_recovery_codes")).content.decode()
    spare = re.findall(r"<code>(\w+)</code>", page)
    assert len(spare) == 10
    first = Client()
    by_code(first)
    first.post(reverse("mfa_authenticate"), {"code": spare[0]}, **HTTPS)
    assert desk(first).status_code == 200
    again = Client()
    by_code(again)
    again.post(reverse("mfa_authenticate"), {"code": spare[0]}, **HTTPS)
    assert "_auth_user_id" not in again.session


def test_a_session_from_before_the_key_has_to_show_it(manager, cast, client_as):
    older = client_as(cast.manager)
    key = add_key(manager)
    answer = older.get(reverse("mfa_add_webauthn"), **HTTPS)
    assert answer.status_code == 302  # adding another key needs the first one
    answer = desk(older)
    assert answer.url.startswith(reverse("mfa_reauthenticate_webauthn"))
    page = older.get(answer.url, **HTTPS).content.decode()
    shown = {"credential": key.show(options_on(page)["request_options"]), "next": reverse("desk")}
    answer = older.post(reverse("mfa_reauthenticate_webauthn"), shown, **HTTPS)
    assert answer.url == reverse("desk")
    assert desk(older).status_code == 200


def test_an_older_session_shows_the_app_too(manager, cast, client_as):
    older = client_as(cast.manager)
    secret = add_app(manager)
    answer = desk(older)
    assert answer.url.startswith(reverse("mfa_reauthenticate"))
    shown = {"code": digits(secret), "next": reverse("desk")}
    assert older.get(answer.url, **HTTPS).status_code == 200
    answer = older.post(reverse("mfa_reauthenticate"), shown, **HTTPS)
    assert answer.url == reverse("desk")


def test_guessing_at_the_second_factor_is_stopped_after_five(manager):
    secret = add_app(manager)
    fresh = Client()
    by_code(fresh)
    for _ in range(5):
        fresh.post(reverse("mfa_authenticate"), {"code": "000000"}, **HTTPS)
    fresh.post(reverse("mfa_authenticate"), {"code": digits(secret)}, **HTTPS)
    assert "_auth_user_id" not in fresh.session


def test_too_many_tries_with_keys_are_answered_in_our_frame(settings, db):
    settings.MFA_RATE_LIMITS = {"webauthn_login": "1/m/ip"}
    for status in (302, 429):
        answer = Client().post(reverse("mfa_login_webauthn"), {"credential": "{}"}, **HTTPS)
        assert answer.status_code == status
    assert "<main" in answer.content.decode()


def test_giving_up_half_way_leaves_nothing(manager):
    add_app(manager)
    fresh = Client()
    by_code(fresh)
    fresh.post(reverse("account_logout"), **HTTPS)
    assert fresh.get(reverse("mfa_authenticate"), **HTTPS).url == reverse("account_login")


def test_switching_from_resident_to_a_staff_post_needs_it_too(manager, cast):
    manager.post(reverse("acting"), {"role": "resident"})
    manager.post(reverse("acting"), {"role": str(cast.manager.appointment.pk)})
    assert desk(manager).status_code == 302


INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)
SENTENCE = re.compile(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_the_second_factor_speaks_the_language(manager, cast, client_as, language):
    add_key(manager)
    add_app(manager)
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    half = Client()
    by_code(half)
    older = client_as(cast.manager)
    pages = [
        (manager, "mfa_index", []), (manager, "mfa_list_webauthn", []),
        (manager, "mfa_edit_webauthn", [key.pk]), (manager, "mfa_remove_webauthn", [key.pk]),
        (manager, "mfa_deactivate_totp", []), (manager, "mfa_view_recovery_codes", []),
        (manager, "mfa_generate_recovery_codes", []), (half, "mfa_authenticate", []),
        (older, "mfa_reauthenticate", []), (older, "mfa_reauthenticate_webauthn", []),
    ]  # fmt: skip
    for client, name, args in pages:
        client.cookies["django_language"] = language
        answer = client.get(reverse(name, args=args), **HTTPS)
        page = answer.content.decode()
        assert answer.status_code == 200, name
        assert not INLINE.search(page), name
        words = re.sub(r"<[^>]+>", " ", re.search(r"<main.*?</main>", page, re.DOTALL)[0])
        words = words.replace("work phone", "")
        assert bool(SENTENCE.search(words)) is (language == "en"), (name, words)


def test_a_key_is_renamed_and_removed(manager):
    add_key(manager)
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    manager.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "blue key"}, **HTTPS)
    assert "blue key" in manager.get(reverse("mfa_list_webauthn"), **HTTPS).content.decode()
    manager.post(reverse("mfa_remove_webauthn", args=[key.pk]), **HTTPS)
    assert not Authenticator.objects.exists()  # the spare codes go with the last key


def test_a_key_of_somebody_else_is_not_found(manager, cast, client_as):
    add_key(manager)
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    other = client_as(cast.other_manager)
    for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
        assert other.get(reverse(name, args=[key.pk]), **HTTPS).status_code == 404
