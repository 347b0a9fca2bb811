"""One message for each key, over the ways that the vault opens, and no address in it."""

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection, transaction

from linli.letters import outbox
from linli.letters.channels import sms
from linli.letters.delivery import deliver
from linli.letters.models import Channel, Letter, State
from linli.letters.outbox import CodeNotSent, Recipient, send, send_code
from linli.lib import clock
from linli.vault import sealing

from .conftest import CASE, EMAIL, PHONE, new_subject, write

pytestmark = pytest.mark.django_db


def channels():
    return sorted(Letter.objects.values_list("channel", flat=True))


def test_a_stranger_with_a_phone_gets_a_text_message(subject):
    letter = write(Recipient(subject=subject))
    assert (letter.channel, letter.state) == (Channel.SMS, State.WAITING)
    assert channels() == ["sms"]


def test_an_account_gets_its_inbox_and_one_way_outside(user):
    sealing.seal(user.vault_subject, "email", EMAIL, purpose="sign-in")
    sealing.seal(user.vault_subject, "phone", PHONE, purpose="sign-in")
    letter = write(Recipient(user=user))
    assert (letter.channel, letter.state) == (Channel.INAPP, State.SENT)
    assert channels() == ["inapp", "sms"]


def test_the_order_of_channels_is_the_persons(user):
    sealing.seal(user.vault_subject, "email", EMAIL, purpose="sign-in")
    sealing.seal(user.vault_subject, "phone", PHONE, purpose="sign-in")
    write(Recipient(user=user, channels=("email", "sms")))
    assert channels() == ["email"]


def test_the_second_way_is_taken_where_the_first_is_not_there():
    write(Recipient(subject=new_subject(email=EMAIL, name="王小明")))
    assert channels() == ["email"]


def test_who_left_nothing_gets_nothing():
    assert write(Recipient(subject=new_subject(name="王小明"))) is None
    assert write(Recipient()) is None
    assert channels() == []


def test_a_staff_letter_stays_in_the_inbox(user):
    sealing.seal(user.vault_subject, "phone", PHONE, purpose="sign-in")
    write(Recipient(user=user, channels=("inapp",)), "case.dispatched")
    assert channels() == ["inapp"]


def test_the_named_file_goes_before_the_accounts_own(user, gateway):
    sealing.seal(user.vault_subject, "phone", "19900009999", purpose="sign-in")
    write(Recipient(user=user, subject=new_subject(phone=PHONE), channels=("sms",)))
    deliver()
    assert [line["to"] for line in gateway()] == [PHONE]


def test_the_same_key_is_the_same_letter(subject):
    first = write(Recipient(subject=subject))
    assert write(Recipient(subject=subject)).pk == first.pk
    assert write(Recipient(subject=subject), key="2").pk != first.pk
    assert write(Recipient(subject=subject), "case.extended").pk not in {first.pk}
    assert Letter.objects.count() == 3


def test_one_key_for_two_people_is_two_letters(subject):
    write(Recipient(subject=subject))
    write(Recipient(subject=new_subject(phone="19900005678")))
    assert Letter.objects.count() == 2


def test_a_new_address_makes_no_second_letter_of_an_old_message(user):
    first = write(Recipient(user=user))
    sealing.seal(user.vault_subject, "phone", PHONE, purpose="sign-in")
    assert write(Recipient(user=user)).pk == first.pk
    assert channels() == ["inapp"]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_write_one_letter(subject):
    if connection.vendor == "sqlite":
        pytest.skip("On SQLite writers queue; the unique key is tested above.")
    ready = threading.Barrier(2)
    seen = []

    def one():
        try:
            with transaction.atomic():
                ready.wait(5)
                seen.append(send(Recipient(subject=subject), "case.answered", CASE, key="1").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(seen) == 2
    assert len(set(seen)) == 1
    assert Letter.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written(subject):
    with pytest.raises(RuntimeError, match="transaction"):
        send(Recipient(subject=subject), "case.answered", CASE, key="1")
    assert not Letter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_is_not_told(subject, gateway):
    with transaction.atomic():
        send(Recipient(subject=subject), "case.answered", CASE, key="1")
        transaction.set_rollback(True)
    deliver()
    assert gateway() == []


@pytest.mark.parametrize(
    ("template", "context", "error"),
    [
        ("case.unknown", CASE, KeyError),
        ("case.answered", {"path": "/r/t/"}, KeyError),
        ("case.answered", {**CASE, "name": "王小明"}, KeyError),
        ("case.answered", {**CASE, "path": "https://elsewhere.example.org/"}, ValueError),
        ("case.answered", {**CASE, "path": "//elsewhere.example.org/"}, ValueError),
        ("case.answered", {**CASE, "path": "/\\elsewhere.example.org/"}, ValueError),
    ],
)
def test_a_wrong_context_is_refused_when_the_letter_is_written(subject, template, context, error):
    with pytest.raises(error):
        write(Recipient(subject=subject), template, context)
    assert not Letter.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 300])
def test_a_key_must_be_a_key(subject, key):
    with pytest.raises(ValueError):
        write(Recipient(subject=subject), key=key)


def test_no_address_stands_in_a_letter(subject):
    write(Recipient(subject=subject))
    deliver()
    row = repr(Letter.objects.values().get())
    assert PHONE not in row
    assert PHONE[-4:] not in row.replace(str(Letter.objects.get().pk), "")


def test_a_code_goes_out_at_once_and_is_kept_nowhere(gateway, mailbox):
    send_code("phone", PHONE, "123456")
    send_code("email", EMAIL, "654321")
    assert [(line["to"], "123456" in line["text"]) for line in gateway()] == [(PHONE, True)]
    assert [(mail.to, "654321" in mail.body) for mail in mailbox] == [([EMAIL], True)]
    assert not Letter.objects.exists()


def test_a_code_that_the_gateway_does_not_take_is_said_without_the_address(settings):
    settings.LINLI_SMS = "linli.letters.tests.test_delivery.broken_gateway"
    with pytest.raises(CodeNotSent) as refused:
        send_code("phone", PHONE, "123456")
    assert "几分钟" in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


class TestForgetting:
    def sent(self, to, **more):
        letter = write(to, **more)
        deliver()
        return letter

    def test_words_are_erased_a_week_after_they_left(self, subject):
        self.sent(Recipient(subject=subject))
        week = clock.now() + timedelta(days=7)
        with clock.moved_to(week - timedelta(seconds=5)):
            assert outbox.forget_sent() == 0
        with clock.moved_to(week + timedelta(seconds=5)):
            assert outbox.forget_sent() == 1
            assert outbox.forget_sent() == 0
        letter = Letter.objects.get()
        assert letter.context == {}
        assert letter.state == State.SENT

    def test_what_was_not_delivered_is_never_erased(self, subject):
        write(Recipient(subject=subject))
        write(Recipient(subject=subject), key="2")
        Letter.objects.filter(key__endswith=":2").update(state=State.DEAD)
        with clock.moved_to(clock.now() + timedelta(days=900)):
            assert outbox.forget_sent() == 0
        assert [letter.context for letter in Letter.objects.all()] == [CASE, CASE]

    def test_rows_go_after_a_year_but_not_unopened_ones(self, subject, user):
        self.sent(Recipient(subject=subject))
        write(Recipient(user=user), key="read")
        write(Recipient(user=user), key="unread")
        Letter.objects.filter(key__endswith=":read").update(read_at=clock.now())
        with clock.moved_to(clock.now() + timedelta(days=366)):
            outbox.forget_sent()
        assert [letter.key.rpartition(":")[2] for letter in Letter.objects.all()] == ["unread"]

    def test_an_inbox_keeps_its_words(self, user):
        write(Recipient(user=user))
        with clock.moved_to(clock.now() + timedelta(days=30)):
            outbox.forget_sent()
        assert Letter.objects.get().context == CASE


def test_the_log_of_messages_is_its_owners_only(subject):
    write(Recipient(subject=subject))
    deliver()
    assert sms.log_path().stat().st_mode & 0o777 == 0o600


def test_the_console_shows_the_end_of_an_address_only(settings, subject, capsys):
    settings.LINLI_SMS = "console"
    write(Recipient(subject=subject))
    deliver()
    printed = capsys.readouterr().out
    assert "…1234" in printed
    assert PHONE not in printed


def test_mail_says_that_a_machine_wrote_it_and_carries_the_key():
    letter = write(Recipient(subject=new_subject(email=EMAIL)))
    deliver()
    sent = mail.outbox[0]
    assert sent.extra_headers["Message-ID"] == f"<{letter.pk}@localhost>"
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
