"""`linli letters`: what an operator asks and does at the console."""

import pytest
from click.testing import CliRunner

from linli.letters import inbound
from linli.letters.commands import letters
from linli.letters.models import Letter, State
from linli.letters.outbox import Recipient

from .conftest import PHONE, write

pytestmark = pytest.mark.django_db


def linli(*words):
    return CliRunner().invoke(letters, words)


@pytest.fixture
def letter(subject):
    return write(Recipient(subject=subject))


def test_status_counts_every_state(letter):
    assert linli("status").output.split() == [
        "1", "waiting", "0", "sent", "0", "dead", "0", "folded",
    ]  # fmt: skip


def test_deliver_says_what_it_did(letter):
    assert linli("deliver").output.split() == ["1", "sent"]
    assert linli("deliver").output == "nothing is due\n"


def test_dead_letters_are_listed_without_addresses_and_are_no_success(letter):
    assert linli("dead").exit_code == 0
    Letter.objects.update(state=State.DEAD, error="ConnectionError")
    done = linli("dead")
    assert done.exit_code == 1
    assert "1 case.answered sms ConnectionError since 20" in done.output
    assert PHONE not in done.output
    assert linli("retry").output == "1 letters are on their way again\n"
    assert linli("dead").exit_code == 0


def test_a_reply_without_a_gateway(letter, monkeypatch):
    monkeypatch.setitem(inbound.HANDLERS, "case.answered", lambda letter, word: f"noted {word}")
    assert linli("sms-reply", PHONE, "2").exit_code == 1  # it has not left yet
    linli("deliver")
    assert linli("sms-reply", PHONE, "what?").output.startswith("not understood")
    done = linli("sms-reply", PHONE, "2")
    assert (done.exit_code, done.output) == (0, "noted unsolved\n")
    assert linli("sms-reply", PHONE, "2").output.startswith("the same word came just now")
    assert linli("sms-reply", PHONE, "1").output.startswith("another word came just now")
    assert "waits for a word" in linli("sms-reply", "19900009999", "1").output
