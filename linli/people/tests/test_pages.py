"""The pages of signing in and of oneself: in both languages, in the frame, without inline script."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from linli.journal.models import Entry
from linli.people import actions
from linli.people.actors import SYSTEM
from linli.people.models import User

PAGES = [
    "me", "acting", "mfa_index", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_activate_totp",
]  # fmt: skip
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)
UNTRANSLATED = re.compile(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}")


def main_of(page: str) -> str:
    return re.sub(r"<[^>]+>", " ", re.search(r"<main.*?</main>", page, re.DOTALL)[0])


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_stands_in_the_frame_and_speaks_the_language(cast, client_as, name, language):
    client = client_as(cast.manager)
    client.cookies["django_language"] = language
    answer = client.get(reverse(name))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert not INLINE.search(page)
    assert len(page) < 100_000
    if language == "zh-hans":
        assert not UNTRANSLATED.search(main_of(page)), main_of(page)
    else:
        assert not re.search(r"[\u4e00-\u9fff]{5,}", main_of(page).replace("桃花社区居委会", ""))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_pages_of_signing_in_speak_the_language(client, db, language, settings):
    settings.LINLI_CODE_SENDER = "linli.people.tests.sent.send_code"
    client.cookies["django_language"] = language
    first = client.post(reverse("account_login"), {"address": "x"}).content.decode()
    client.post(reverse("account_login"), {"address": "19900001234"})
    second = client.post(reverse("sign-in-code"), {"code": "1"}).content.decode()
    for page in (first, second):
        assert not INLINE.search(page)
        assert 'role="alert"' in page
        assert bool(UNTRANSLATED.search(main_of(page))) is (language == "en"), main_of(page)


def test_a_profile_is_changed_kept_and_the_journal_says_only_that_it_was(cast, client_as):
    client = client_as(cast.resident)
    said = {"display_name": " Pine ", "language": "en", "large_letters": "on"}
    answer = client.post(reverse("me"), said)
    assert answer.url == reverse("me")
    user = User.objects.get(pk=cast.resident.user.pk)
    assert (user.display_name, user.language, user.large_letters) == ("Pine", "en", True)
    assert answer.cookies["django_language"].value == "en"
    assert answer.cookies["linli_large"].value == "1"
    line = Entry.objects.get(verb="user.changed")
    assert line.facts == {}
    assert "Saved." in client.get(reverse("me")).content.decode()


@pytest.mark.parametrize(
    "said", [{"display_name": "x" * 41, "language": "en"}, {"language": "fr"}, {}]
)
def test_a_wrong_profile_is_refused(cast, client_as, said):
    client = client_as(cast.resident)
    answer = client.post(reverse("me"), said)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert not Entry.objects.filter(verb="user.changed").exists()


def test_switching_is_in_the_journal_and_only_to_ones_own(cast, client_as):
    post = actions.open_post("visitor", cast.bodies["committee"], by=SYSTEM)
    second = actions.appoint(post, cast.manager.user, by=SYSTEM)
    client = client_as(cast.manager)
    page = client.get(reverse("acting")).content.decode()
    assert page.count('type="radio"') == 3
    answer = client.post(reverse("acting"), {"role": str(second.pk), "next": "/near/"})
    assert answer.url == "/near/"
    line = Entry.objects.get(verb="role.switched")
    assert line.facts == {"from": "MGR", "to": "GRID", "appointment": str(second.pk)}
    assert line.actor == cast.manager.id
    assert client.post(reverse("acting"), {"role": "999999"}).status_code == 403
    assert client.post(reverse("acting"), {"role": ""}).status_code == 403
    assert client.post(reverse("acting"), {"role": "resident", "next": "//x.example"}).url == (
        reverse("acting")
    )


@pytest.mark.parametrize("name", ["me", "acting", "leave-everywhere", "mfa_index"])
def test_strangers_are_led_to_sign_in(client, db, name):
    answer = client.post(reverse(name)) if name == "leave-everywhere" else client.get(reverse(name))
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize(
    ("name", "method"), [("me", "put"), ("acting", "delete"), ("leave-everywhere", "get")]
)
def test_other_methods_are_405(cast, client_as, name, method):
    assert getattr(client_as(cast.resident), method)(reverse(name)).status_code == 405


def test_signed_in_people_are_not_asked_again(cast, client_as):
    client = client_as(cast.resident)
    assert client.get(reverse("account_login"), {"next": "/near/"}).url == "/near/"


# ── tables ──────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("model", ["organisation", "post", "appointment", "user"])
def test_the_administrator_sees_the_tables_and_nobody_else(cast, client_as, model):
    where = reverse(f"admin:people_{model}_changelist")
    for part in ("resident", "steward", "manager", "coordinator", "auditor"):
        assert client_as(getattr(cast, part)).get(where).status_code == 403
    client = client_as(cast.administrator)
    answer = client.get(where)
    assert answer.status_code == 200
    assert client.get(reverse("admin:index")).status_code == 200
    assert Client().get(where).url.startswith(reverse("account_login"))
    assert Client().get(reverse("admin:login")).url.startswith(reverse("account_login"))


def test_other_packages_tables_stay_shut_even_for_the_administrator(cast, client_as):
    client = client_as(cast.administrator)
    index = client.get(reverse("admin:index")).content.decode()
    for app in ("/mfa/", "/auth/", "/account/"):
        assert f"/admin{app}" not in index
    assert client.get(reverse("admin:mfa_authenticator_changelist")).status_code == 403


def test_a_body_is_added_and_renamed_through_the_journal(cast, client_as):
    client = client_as(cast.administrator)
    place = cast.places["town"]
    said = {"code": "housing", "kind": "housing", "name": "住建办", "name_en": "Housing",
            "place": place.pk, "public_line": "0519", "valid_from": "2026-01-05"}  # fmt: skip
    answer = client.post(reverse("admin:people_organisation_add"), said)
    assert answer.status_code == 302, answer.content.decode()
    body = cast.bodies["lighting"].__class__.objects.get(code="housing")
    opened = Entry.objects.filter(verb="organisation.opened")
    assert opened.filter(subject=f"people.Organisation:{body.pk}").count() == 1
    change = reverse("admin:people_organisation_change", args=[body.pk])
    client.post(change, {"name": "住建局", "name_en": "", "public_line": "", "kind": "police"})
    body.refresh_from_db()
    assert (body.name, body.kind) == ("住建局", "housing")
    assert Entry.objects.filter(verb="organisation.described").count() == 1
    assert (
        client.post(reverse("admin:people_organisation_delete", args=[body.pk])).status_code == 403
    )
    assert client.get(reverse("admin:people_appointment_add")).status_code == 403
    answer = client.post(
        reverse("admin:people_organisation_add"), said | {"kind": "guild", "code": "g"}
    )
    assert answer.status_code == 403


def test_accounts_are_closed_from_the_table_but_not_ones_own(cast, client_as):
    client = client_as(cast.administrator)
    chosen = [cast.resident.id, cast.administrator.id]
    where = reverse("admin:people_user_changelist")
    client.post(where, {"action": "close_accounts", "_selected_action": chosen})
    assert not User.objects.get(pk=cast.resident.id).is_active
    assert User.objects.get(pk=cast.administrator.id).is_active
    assert Entry.objects.get(verb="user.closed").actor == cast.administrator.id
