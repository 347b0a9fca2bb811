"""A text message with one digit is the asker's word."""

import pytest

from linli.cases.actions.handle import accept, answer
from linli.cases.models import Case, State
from linli.cases.tests.conftest import START, build
from linli.journal import followers
from linli.letters import inbound
from linli.letters.delivery import deliver
from linli.letters.inbound import Result
from linli.lib import clock
from linli.site.wiring import FOLLOWERS

PHONE = "19900000042"
pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(settings, tmp_path):
    """A matter of somebody with a telephone, answered, and the message is out."""
    settings.DATA = tmp_path
    with clock.moved_to(START):
        ground = build()
        case = ground.say(phone=PHONE).case
        lamps = ground.staff("lamps")
        accept(case, by=lamps)
        answer(case, "灯泡已换好。", by=lamps)
        for follower in FOLLOWERS:
            while followers.run(follower):
                pass
        while deliver(100):
            pass
        yield case


@pytest.mark.parametrize(
    ("sign", "state"), [("1", State.CONFIRMED), ("２", State.ACCEPTED), ("3", State.ANSWERED)]
)
def test_one_digit_says_it(answered, sign, state):
    outcome = inbound.receive("sms", PHONE, sign)
    assert outcome.result == Result.TAKEN
    assert Case.objects.get(pk=answered.pk).state == state
    assert outcome.words


def test_not_solved_says_to_whom_it_goes(answered):
    outcome = inbound.receive("sms", PHONE, "2")
    assert answered.owner.name_for("zh-hans") in outcome.words


def test_too_late_is_said_in_a_sentence(answered):
    Case.objects.filter(pk=answered.pk).update(
        state=State.SILENT, closed_at=clock.now(), due_at=None
    )
    outcome = inbound.receive("sms", PHONE, "1")
    assert outcome.words
    assert Case.objects.get(pk=answered.pk).state == State.SILENT


def test_another_telephone_changes_nothing(answered):
    assert inbound.receive("sms", "19900000043", "1").result == Result.NOBODY
    assert Case.objects.get(pk=answered.pk).state == State.ANSWERED
