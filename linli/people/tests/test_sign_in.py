"""Signing in by a code: the way in, and everything that does not lead in."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse

from linli.lib import clock
from linli.people import actions, demo_cast, limits, sign_in
from linli.people.actors import SYSTEM
from linli.people.contact import parse
from linli.people.models import SignInAddress, SignInCode, User
from linli.people.policies import Denied
from linli.people.tests import sent

PHONE = "199 0000 1234"


@pytest.fixture(autouse=True)
def letters(settings):
    settings.LINLI_CODE_SENDER = "linli.people.tests.sent.send_code"
    settings.LINLI_SEAL = "linli.people.tests.sent.seal"
    sent.CODES.clear()
    sent.SEALED.clear()


def ask(client: Client, address: str = PHONE, **more) -> str:
    answer = client.post(reverse("account_login"), {"address": address, **more})
    assert answer.status_code == 302, answer.content.decode()
    assert answer.url == reverse("sign-in-code")
    return sent.CODES[-1][2]


def give(client: Client, code: str):
    return client.post(reverse("sign-in-code"), {"code": code})


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# ── the way in ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("address", [PHONE, "chen@example.org"])
def test_an_unknown_address_gets_a_code_and_then_an_account(client, db, address):
    code = ask(client, address)
    assert len(code) == 6
    assert code.isdigit()
    assert not User.objects.exists()
    answer = give(client, code)
    assert answer.status_code == 302
    assert answer.url == reverse("me")
    assert signed_in(client)
    user = User.objects.get()
    assert not user.has_usable_password()
    where = parse(address)
    (kept,) = sent.SEALED
    assert kept == (user.vault_subject, where.channel, where.value)


def test_the_same_address_leads_to_the_same_account_however_it_is_typed(client, db):
    give(client, ask(client))
    again = Client()
    answer = give(again, ask(again, "+8619900001234", next="/near/"))
    assert answer.url == "/near/"
    assert User.objects.count() == 1
    assert len(sent.SEALED) == 1


def test_no_table_and_no_session_holds_the_address_or_the_code(client, db):
    code = ask(client)
    give(client, code)
    rows = [*SignInAddress.objects.values(), *SignInCode.objects.values(), *User.objects.values()]
    rows += [session.get_decoded() for session in Session.objects.all()]
    held = str(rows)
    assert "19900001234" not in held
    assert code not in held
    assert "1234" not in client.cookies.output()


def test_asking_makes_no_session(client, db):
    ask(client)
    client.get(reverse("sign-in-code"))
    assert not Session.objects.exists()


def test_known_unknown_and_closed_addresses_are_answered_alike(client, db):
    give(client, ask(client))
    closed = Client()
    give(closed, ask(closed, "closed@example.org"))
    actions.deactivate(User.objects.latest("joined_at"), by=SYSTEM)
    answers = []
    for address in (PHONE, "19900009999", "closed@example.org", "nobody@example.org"):
        fresh = Client()
        first = fresh.post(reverse("account_login"), {"address": address})
        page = fresh.get(reverse("sign-in-code")).content.decode()
        page = page.replace(parse(address).masked, "").replace(fresh.cookies["csrftoken"].value, "")
        answers.append((first.status_code, first.url, len(page)))
    assert len(set(answers)) == 1


def test_full_width_digits_with_blanks_are_digits(client, db):
    code = ask(client)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    give(client, f" {wide[:3]} {wide[3:]} ")
    assert signed_in(client)


def test_a_person_takes_their_language_and_letters_along(client, db):
    give(client, ask(client))
    User.objects.update(language="en", large_letters=True)
    other = Client()
    answer = give(other, ask(other))
    assert answer.cookies["django_language"].value == "en"
    assert answer.cookies["linli_large"].value == "1"


# ── what does not lead in ───────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("address", ["", "nobody", "0519 8723 4567"])
def test_a_wrong_address_gets_a_sentence_and_no_code(client, db, address):
    answer = client.post(reverse("account_login"), {"address": address})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()
    assert sent.CODES == []


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_three_wrong_tries_and_the_right_code_is_worth_nothing(client, db):
    code = ask(client)
    for _ in range(3):
        assert give(client, wrong(code)).status_code == 200
    give(client, code)
    assert not signed_in(client)
    assert not User.objects.exists()


def test_a_code_opens_once(client, db):
    code = ask(client)
    cookie = client.cookies["linli_sign_in"].value
    give(client, code)
    thief = Client()
    thief.cookies["linli_sign_in"] = cookie
    give(thief, code)
    assert not signed_in(thief)


def test_a_code_is_good_for_ten_minutes(client, db):
    start = clock.now()
    with clock.moved_to(start):
        code = ask(client)
    with clock.moved_to(start + timedelta(minutes=10, seconds=1)):
        answer = give(client, code)
    assert answer.url == reverse("account_login")
    assert not signed_in(client)
    row = SignInCode.objects.get()
    with clock.moved_to(start + timedelta(minutes=10)), pytest.raises(sign_in.CodeOver):
        sign_in.confirm(row.pk, parse(PHONE), code)


def test_a_code_belongs_to_the_browser_that_asked(client, db):
    """Who knows a code but not the browser's id gets nowhere, and uses up none of its tries."""
    code = ask(client)
    stranger = Client()
    ask(stranger)
    for _ in range(3):
        give(stranger, code)
    assert not signed_in(stranger)
    give(client, code)
    assert signed_in(client)


def test_a_code_for_one_address_does_not_open_another(db):
    pk = sign_in.ask(parse(PHONE))
    code = sent.CODES[-1][2]
    with pytest.raises(sign_in.WrongCode):
        sign_in.confirm(pk, parse("19900005678"), code)


@pytest.mark.parametrize("change", [lambda c: "", lambda c: "x" + c, lambda c: c[:-5] + "AAAA="])
def test_a_changed_cookie_leads_back_to_the_beginning(client, db, change):
    code = ask(client)
    client.cookies["linli_sign_in"] = change(client.cookies["linli_sign_in"].value)
    assert give(client, code).url == reverse("account_login")


def test_a_closed_account_stays_closed_and_only_its_owner_learns_it(client, db):
    give(client, ask(client))
    actions.deactivate(User.objects.get(), by=SYSTEM)
    other = Client()
    answer = give(other, ask(other))
    assert answer.status_code == 200
    assert not signed_in(other)
    assert client.get(reverse("me")).url.startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_off_the_site(client, db, target):
    answer = give(client, ask(client, next=target))
    assert answer.url == reverse("me")


def test_one_address_is_sent_six_codes_an_hour(client, db):
    for _ in range(6):
        ask(client)
    answer = client.post(reverse("account_login"), {"address": PHONE})
    assert answer.status_code == 429
    assert len(sent.CODES) == 6
    ask(client, "19900005678")


def test_one_network_asks_sixty_times_an_hour(client, db):
    hour = limits.LIMITS["sign_in.ask"][0]
    for n in range(hour):
        ask(client, f"1990000{n:04d}")
    answer = client.post(reverse("account_login"), {"address": "19900009999"})
    assert answer.status_code == 429


def test_a_gateway_that_fails_is_said_and_leaves_no_code(client, db, settings):
    settings.LINLI_CODE_SENDER = "linli.people.tests.sent.fail"
    answer = client.post(reverse("account_login"), {"address": PHONE})
    assert answer.status_code == 503
    assert "The gateway sleeps." in answer.content.decode()
    assert not SignInCode.objects.exists()


@pytest.mark.parametrize("name", ["account_login", "sign-in-code"])
def test_forms_need_their_token(db, name):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse(name), {"address": PHONE, "code": "1"}).status_code == 403


def test_signing_out_is_a_post_and_ends_the_session(client, db):
    give(client, ask(client))
    assert client.get(reverse("account_logout")).status_code == 405
    assert client.post(reverse("account_logout")).url == reverse("home")
    assert not signed_in(client)


@pytest.mark.django_db(transaction=True)
def test_two_browsers_that_confirm_a_new_address_at_once_make_one_account():
    address = parse(PHONE)
    tries = [(sign_in.ask(address), sent.CODES[-1][2]) for _ in range(4)]
    start, users, odd = Barrier(len(tries)), [], []

    def confirm(pk, code) -> None:
        try:
            start.wait(10)
            users.append(sign_in.confirm(pk, address, code).user.pk)
        except Exception as error:
            odd.append(error)
        finally:
            connection.close()

    threads = [Thread(target=confirm, args=one) for one in tries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert odd == []
    assert len(set(users)) == 1
    assert User.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_guessing_from_many_threads_gets_three_tries():
    address = parse(PHONE)
    pk = sign_in.ask(address)
    code = sent.CODES[-1][2]
    guesses = [wrong(code)] * 8
    start, tried = Barrier(len(guesses)), []

    def guess(typed) -> None:
        try:
            start.wait(10)
            sign_in.confirm(pk, address, typed)
            tried.append("in")
        except sign_in.CodeOver:
            tried.append("over")
        except Denied:
            tried.append("wrong")
        finally:
            connection.close()

    threads = [Thread(target=guess, args=(typed,)) for typed in guesses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(tried) == 8
    assert tried.count("wrong") <= 2
    assert SignInCode.objects.get(pk=pk).tries == 3
    with pytest.raises(sign_in.CodeOver):
        sign_in.confirm(pk, address, code)


def test_codes_that_are_over_are_forgotten(db):
    sign_in.ask(parse(PHONE))
    assert sign_in.forget() == 0
    with clock.moved_to(clock.now() + timedelta(minutes=11)):
        assert sign_in.forget() == 1


def test_a_former_secret_still_finds_the_account_and_is_replaced(client, db, settings):
    give(client, ask(client))
    before = SignInAddress.objects.get().digest
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 8
    assert sign_in.owner(parse(PHONE)) == User.objects.get()
    assert SignInAddress.objects.get().digest != before
    settings.SECRET_KEY_FALLBACKS = []
    assert sign_in.owner(parse(PHONE)) == User.objects.get()


# ── the demo ────────────────────────────────────────────────────────────────────────────────────
def test_one_tap_signs_in_only_in_a_demo(client, db, settings):
    user = User.objects.create_user(id=demo_cast.user_id("resident"), display_name="老周")
    door = reverse("sign-in-as", args=["resident"])
    assert client.post(door).status_code == 404
    assert "老周" not in client.get(reverse("account_login")).content.decode()
    settings.DEMO = True
    assert "老周" in client.get(reverse("account_login")).content.decode()
    assert client.get(door).status_code == 405
    assert client.post(reverse("sign-in-as", args=["nobody"])).status_code == 404
    assert client.post(reverse("sign-in-as", args=["auditor"])).status_code == 404
    client.post(door)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_the_code_of_a_demo_is_always_the_same_and_is_said(client, db, settings):
    settings.DEMO = True
    assert ask(client) == settings.LINLI_DEMO_CODE
    assert settings.LINLI_DEMO_CODE in client.get(reverse("sign-in-code")).content.decode()
    give(client, settings.LINLI_DEMO_CODE)
    assert signed_in(client)


def test_outside_a_demo_the_demos_code_is_only_a_guess(client, db, settings, monkeypatch):
    monkeypatch.setattr(sign_in, "_fresh_code", lambda: "111111")
    ask(client)
    give(client, settings.LINLI_DEMO_CODE)
    assert not signed_in(client)
