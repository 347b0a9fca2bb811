"""Claimed, sent, marked: nothing lost, nothing stuck, and a person is shown what was given up."""

import threading
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.db import connection

from linli.letters import dead, delivery
from linli.letters.channels import Undeliverable
from linli.letters.delivery import LEASE, MOST_ATTEMPTS, deliver, retry_dead
from linli.letters.models import Letter, State
from linli.letters.outbox import Recipient
from linli.lib import clock
from linli.people.actors import SYSTEM
from linli.vault import sealing

from .conftest import EMAIL, PHONE, new_subject, write

pytestmark = pytest.mark.django_db
GATEWAY = "linli.letters.tests.test_delivery."


def broken_gateway(address, body, key):
    raise ConnectionError(f"cannot reach {address}")


def refusing_gateway(address, body, key):
    raise Undeliverable


@pytest.fixture
def moved():
    """Step through time: `moved(seconds)` from now on."""
    stack = []

    def step(**span):
        context = clock.moved_to(clock.now() + timedelta(**span))
        context.__enter__()
        stack.append(context)

    yield step
    while stack:
        stack.pop().__exit__(None, None, None)


@pytest.fixture
def letter(subject):
    return write(Recipient(subject=subject))


def test_a_letter_is_sent_once(letter, gateway):
    assert deliver() == {"sent": 1}
    assert deliver() == {}
    assert [(line["to"], line["key"]) for line in gateway()] == [(PHONE, str(letter.pk))]
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.lease_until) == (State.SENT, 1, None)


def test_the_person_sees_that_their_number_was_used(letter, subject):
    deliver()
    read = sealing.reads_of(subject).get()
    assert (read.reader, read.kind) == (SYSTEM.id, "phone")
    assert read.reason == "letter: case.answered"


def test_a_failing_gateway_is_tried_again_later_and_later(letter, settings, moved, gateway):
    settings.LINLI_SMS = GATEWAY + "broken_gateway"
    pauses = []
    for _ in range(MOST_ATTEMPTS - 1):
        assert deliver() == {"later": 1}
        assert deliver() == {}
        letter.refresh_from_db()
        pause = (letter.next_try - clock.now()).total_seconds()
        pauses.append(pause)
        moved(seconds=pause + 1)
    for number, pause in enumerate(pauses):
        assert 0.79 * 30 * 2**number <= pause <= 1.21 * 30 * 2**number
    settings.LINLI_SMS = "file"
    assert deliver() == {"sent": 1}
    assert len(gateway()) == 1


def test_after_eight_tries_a_person_must_look(letter, settings, moved):
    settings.LINLI_SMS = GATEWAY + "broken_gateway"
    for _ in range(MOST_ATTEMPTS - 1):
        deliver()
        moved(hours=2)
    assert deliver() == {"dead": 1}
    moved(days=30)
    assert deliver() == {}
    letter.refresh_from_db()
    assert (letter.state, letter.error) == (State.DEAD, "ConnectionError")
    pile = dead.piles()[0]
    assert (pile.template, pile.error, pile.count) == ("case.answered", "ConnectionError", 1)


def test_a_dead_letter_can_be_sent_again(letter, settings, gateway):
    settings.LINLI_SMS = GATEWAY + "refusing_gateway"
    assert deliver() == {"dead": 1}
    settings.LINLI_SMS = "file"
    assert retry_dead() == 1
    assert deliver() == {"sent": 1}
    assert len(gateway()) == 1
    letter.refresh_from_db()
    assert letter.error == ""


def test_an_address_that_never_takes_letters_is_not_tried_eight_times(letter, settings):
    settings.LINLI_SMS = GATEWAY + "refusing_gateway"
    assert deliver() == {"dead": 1}


@pytest.mark.parametrize(("code", "way"), [(550, "dead"), (450, "later")])
def test_a_mail_server_that_says_never_is_believed(code, way, monkeypatch):
    def refuse(self):
        raise SMTPRecipientsRefused({EMAIL: (code, b"no")})

    monkeypatch.setattr("django.core.mail.EmailMessage.send", refuse)
    write(Recipient(subject=new_subject(email=EMAIL)))
    assert deliver() == {way: 1}


def test_whoever_was_erased_meanwhile_gets_nothing(letter, subject, gateway):
    sealing.destroy(subject, by=SYSTEM, reason="asked to be erased")
    assert deliver() == {"dead": 1}
    letter.refresh_from_db()
    assert letter.error == "NoAddress"
    assert gateway() == []


def test_the_error_keeps_no_address(letter, settings, caplog):
    settings.LINLI_SMS = GATEWAY + "broken_gateway"
    deliver()
    assert PHONE not in repr(Letter.objects.values().get())
    assert PHONE not in caplog.text


def test_a_letter_whose_worker_died_waits_for_the_lease_and_goes_out(letter, moved, gateway):
    assert delivery._claim(Letter.objects.get())
    assert deliver() == {}
    moved(seconds=LEASE.total_seconds() + 1)
    assert deliver() == {"sent": 1}
    assert len(gateway()) == 1


def test_a_letter_that_kills_its_worker_ends_as_dead(letter, moved, gateway):
    for _ in range(MOST_ATTEMPTS):
        assert delivery._claim(Letter.objects.get())
        moved(seconds=LEASE.total_seconds() + 1)
    assert deliver() == {"dead": 1}
    letter.refresh_from_db()
    assert letter.error == "Unfinished"
    assert gateway() == []


def test_two_workers_that_saw_the_same_letter_do_not_both_get_it(letter):
    one, two = Letter.objects.get(), Letter.objects.get()
    assert delivery._claim(one)
    assert not delivery._claim(two)


def test_a_worker_that_was_slow_does_not_undo_what_another_did(letter, moved):
    slow = Letter.objects.get()
    assert delivery._claim(slow)
    moved(seconds=LEASE.total_seconds() + 1)
    assert deliver() == {"sent": 1}
    delivery._later(slow, "TimeoutError")
    letter.refresh_from_db()
    assert letter.state == State.SENT


def test_a_worker_that_was_slow_but_sent_ends_the_matter(letter, moved, settings, gateway):
    slow = Letter.objects.get()
    assert delivery._claim(slow)
    moved(seconds=LEASE.total_seconds() + 1)
    settings.LINLI_SMS = GATEWAY + "broken_gateway"
    assert deliver() == {"later": 1}
    delivery._mark_sent(slow)
    moved(days=1)
    assert deliver() == {}


def test_a_batch_is_a_batch_and_stops_when_asked(subject, gateway):
    for number in range(5):
        write(Recipient(subject=subject), key=str(number))
    assert deliver(batch=2) == {"sent": 2}
    asked = iter([False, True])
    assert deliver(stop=lambda: next(asked)) == {"sent": 1}
    assert deliver().total() == 2
    assert len({line["key"] for line in gateway()}) == 5


@pytest.mark.django_db(transaction=True)
def test_four_workers_send_each_letter_once(subject, gateway):
    for number in range(40):
        write(Recipient(subject=subject), key=str(number))
    errors = []

    def work():
        try:
            while Letter.objects.filter(state=State.WAITING).exists():
                deliver(batch=10)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    sent = [line["key"] for line in gateway()]
    assert len(sent) == len(set(sent)) == 40
