"""A word that comes back is heard once, about the letter it answers, and kept as a digit only."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from linli.letters import inbound
from linli.letters.delivery import deliver
from linli.letters.inbound import SETTLING, Result, receive
from linli.letters.models import Channel, Letter
from linli.letters.outbox import Recipient
from linli.lib import clock
from linli.vault import sealing

from .conftest import PHONE, new_subject, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard(monkeypatch):
    """(key of the letter, word) for every word that was passed on."""
    words = []

    def hear(letter, word):
        words.append((letter.key.rpartition(":")[2], word))
        return "Thank you."

    monkeypatch.setitem(inbound.HANDLERS, "case.answered", hear)
    return words


def asked(subject, key="1", template="case.answered", **to):
    write(Recipient(subject=subject, **to), template, key=key)
    deliver()


def reply(text, sender="+86 199 0000 1234"):
    return receive(Channel.SMS, sender, text).result


def answers():
    rows = Letter.objects.filter(template__startswith="reply.").order_by("created_at")
    return [(row.template, row.channel) for row in rows]


@pytest.mark.parametrize(
    ("text", "word"),
    [("1", "solved"), (" 2。", "unsolved"), ("３", "unsure"), ("①", "solved"), ("二", "unsolved")],
)
def test_a_digit_is_a_word(subject, heard, text, word):
    asked(subject)
    assert reply(text) == Result.TAKEN
    assert heard == [("1", word)]
    assert answers() == [("reply.taken", "sms")]


@pytest.mark.parametrize(
    "text", ["", "好的", "2号楼的灯又坏了", "12", "4", "0", "是 1 还是 2", "\0"]
)
def test_anything_else_is_asked_about_once(subject, heard, gateway, text):
    asked(subject)
    assert reply(text) == Result.UNCLEAR
    assert reply(text) == Result.UNCLEAR
    deliver()
    assert heard == []
    assert answers() == [("reply.unclear", "sms")]
    assert "1 已解决" in gateway()[-1]["text"]
    assert reply("1") == Result.TAKEN
    assert heard == [("1", "solved")]


def test_nothing_of_what_was_written_is_kept(subject, heard):
    asked(subject)
    reply("CanaryWords from me")
    reply("1")
    assert "Canary" not in repr(list(Letter.objects.values()))
    assert Letter.objects.get(template="case.answered").reply == "solved"


def test_the_newest_letter_is_meant(subject, heard):
    asked(subject, "old")
    with clock.moved_to(clock.now() + timedelta(days=1)):
        asked(subject, "new")
        assert reply("1") == Result.TAKEN
    assert heard == [("new", "solved")]


def test_a_message_that_comes_twice_says_nothing_about_an_older_letter(subject, heard):
    """A gateway that repeats itself must not close the matter before."""
    asked(subject, "old")
    asked(subject, "new")
    assert [reply("1"), reply("1")] == [Result.TAKEN, Result.REPEATED]
    assert heard == [("new", "solved")]


def test_second_thoughts_are_not_taken_for_a_word_about_an_older_letter(subject, heard):
    asked(subject, "old")
    asked(subject, "new")
    assert [reply("1"), reply("2"), reply("2")] == [Result.TAKEN, Result.WHICH, Result.WHICH]
    assert heard == [("new", "solved")]
    assert sorted(answers()) == [("reply.taken", "sms"), ("reply.which", "sms")]


def test_later_on_the_older_letter_can_be_answered(subject, heard):
    asked(subject, "old")
    asked(subject, "new")
    reply("1")
    with clock.moved_to(clock.now() + SETTLING + timedelta(seconds=1)):
        assert reply("2") == Result.TAKEN
    assert heard == [("new", "solved"), ("old", "unsolved")]


def test_who_was_asked_nothing_is_nobody(subject, heard):
    asked(subject, template="case.received")
    assert reply("1") == Result.NOBODY
    assert reply("1", "19900008888") == Result.NOBODY
    assert reply("1", "not a number") == Result.NOBODY
    assert heard == []
    assert answers() == []


def test_a_letter_that_did_not_leave_yet_cannot_be_answered(subject, heard):
    write(Recipient(subject=subject))
    assert reply("1") == Result.NOBODY


def test_an_account_is_found_by_its_own_number(user, heard):
    sealing.seal(user.vault_subject, "phone", PHONE, purpose="sign-in")
    write(Recipient(user=user))
    deliver()
    assert reply("3") == Result.TAKEN
    assert heard == [("1", "unsure")]


def test_a_number_of_the_account_is_not_the_number_that_was_written_to(user, heard):
    sealing.seal(user.vault_subject, "phone", "19900009999", purpose="sign-in")
    asked(new_subject(phone=PHONE), user=user, channels=("sms",))
    assert reply("1", "19900009999") == Result.NOBODY
    assert reply("1") == Result.TAKEN


def test_a_family_with_one_phone_answers_the_newest_of_both(heard):
    asked(new_subject(phone=PHONE), "mother")
    with clock.moved_to(clock.now() + timedelta(minutes=1)):
        asked(new_subject(phone=PHONE), "father")
        assert reply("2") == Result.TAKEN
    assert heard == [("father", "unsolved")]


def test_what_the_handler_says_goes_to_the_operator_not_into_a_message(subject, heard, gateway):
    asked(subject)
    assert receive(Channel.SMS, PHONE, "1").words == "Thank you."
    deliver()
    assert len(gateway()) == 2
    assert "Thank you." not in gateway()[-1]["text"]


def test_a_handler_that_fails_leaves_the_letter_open(subject, heard, monkeypatch):
    asked(subject)

    def fail(letter, word):
        raise LookupError

    with monkeypatch.context() as patch:
        patch.setitem(inbound.HANDLERS, "case.answered", fail)
        with pytest.raises(LookupError):
            reply("1")
    assert reply("1") == Result.TAKEN


def test_long_after_the_words_are_erased_a_reply_still_finds_its_matter(subject, heard):
    asked(subject)
    Letter.objects.update(context={})
    assert reply("1") == Result.TAKEN
    assert Letter.objects.get(template="reply.taken").context == {"path": "/"}


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_heard(subject, heard):
    asked(subject)
    ready = threading.Barrier(2)
    results = []

    def one():
        try:
            ready.wait(5)
            results.append(reply("1"))
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(results) == [Result.REPEATED, Result.TAKEN]
    assert heard == [("1", "solved")]


class TestGateway:
    URL = "/letters/sms/"
    BODY = {"from": PHONE, "text": "1"}

    @pytest.fixture(autouse=True)
    def key(self, settings):
        settings.LINLI_SMS_INBOUND_KEY = "the-key-of-the-gateway"

    def post(self, client, body=None, key="the-key-of-the-gateway"):
        headers = {"x-linli-key": key} if key else {}
        return client.post(self.URL, self.BODY if body is None else body, headers=headers)

    def test_it_hands_in_a_word(self, client, subject, heard):
        asked(subject)
        answer = self.post(client)
        assert (answer.status_code, answer.json()) == (200, {"result": "taken"})
        assert heard == [("1", "solved")]

    @pytest.mark.parametrize("key", ["", "wrong", "the-key-of-the-gatewa", "钥匙"])
    def test_without_the_key_nothing_is_heard(self, client, subject, heard, key):
        asked(subject)
        assert self.post(client, key=key).status_code == 403
        assert heard == []

    def test_an_empty_setting_is_no_key(self, client, settings, subject, heard):
        settings.LINLI_SMS_INBOUND_KEY = ""
        asked(subject)
        assert self.post(client, key="").status_code == 403
        assert self.post(client, key="the-key-of-the-gateway").status_code == 403

    @pytest.mark.parametrize(
        "body", [{}, {"from": PHONE}, {"text": "1"}, {"from": "1" * 50, "text": "1"},
                 {"from": "199\x000000", "text": "1"}],
    )  # fmt: skip
    def test_half_a_message_is_refused_with_a_sentence(self, client, body):
        answer = self.post(client, body)
        assert answer.status_code == 400
        assert "needed" in answer.json()["error"]

    def test_it_is_for_posting(self, client):
        assert client.get(self.URL).status_code == 405
