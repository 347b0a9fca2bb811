"""One message a day for each person over all modules, none at night, and nothing lost by it."""

from datetime import datetime, timedelta

import pytest

from linli.letters import delivery
from linli.letters.budget import quiet_until
from linli.letters.delivery import deliver
from linli.letters.models import Channel, Letter, Nudge, State
from linli.letters.outbox import Recipient, forget_sent
from linli.letters.templates import TEMPLATES
from linli.lib import clock
from linli.people.actions.accounts import open_account
from linli.people.actors import SYSTEM

from .conftest import PHONE, new_subject, write

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 4, 10, tzinfo=clock.LOCAL)


def context_of(template):
    return {name: f"/{name}/" if name == "path" else name for name in TEMPLATES[template].needs}


@pytest.fixture
def reader():
    user = open_account(display_name="reader", by=SYSTEM)
    user.vault_subject = new_subject(phone=PHONE)
    user.save()
    return user


def tell(user, template="post.invited", key="1"):
    return write(Recipient(user=user), template, context_of(template), key=key)


def outside():
    return Letter.objects.exclude(channel=Channel.INAPP)


def plain():
    return [
        name for name, one in sorted(TEMPLATES.items())
        if one.inbox and not one.asks and not one.now
    ]  # fmt: skip


def test_ten_modules_at_once_are_one_message(reader, gateway):
    ten = plain()[:10]
    assert len(ten) == 10
    with clock.moved_to(MORNING):
        for name in ten:
            tell(reader, name)
        assert deliver() == {"sent": 1, "held": 9}
        assert deliver() == {}
    assert len(gateway()) == 1
    assert "/inbox/" in gateway()[0]["text"]
    assert outside().filter(state=State.FOLDED, folded_into__state=State.SENT).count() == 9
    assert Letter.objects.filter(channel=Channel.INAPP, state=State.SENT).count() == 10


def test_a_single_message_leads_to_its_own_page(reader, gateway):
    with clock.moved_to(MORNING):
        tell(reader)
        assert deliver() == {"sent": 1}
    assert "/path/" in gateway()[0]["text"]


def test_what_comes_later_that_day_waits_for_the_next_morning(reader, gateway):
    with clock.moved_to(MORNING):
        tell(reader, key="1")
        deliver()
    with clock.moved_to(MORNING + timedelta(hours=2)):
        tell(reader, key="2")
        tell(reader, key="3")
        assert deliver() == {"held": 2}
    with clock.moved_to(MORNING + timedelta(hours=21)):
        assert deliver() == {}
    with clock.moved_to(MORNING + timedelta(hours=22, minutes=1)):
        assert deliver() == {"sent": 1, "held": 1}
    assert len(gateway()) == 2
    assert not outside().filter(state=State.WAITING).exists()


def test_a_word_that_is_waited_for_and_one_of_use_only_now_are_outside_of_it(reader, gateway):
    pressing = [name for name, one in TEMPLATES.items() if one.inbox and (one.asks or one.now)]
    with clock.moved_to(MORNING):
        tell(reader)
        for name in pressing:
            tell(reader, name)
        deliver()
        deliver()
    assert len(pressing) >= 3
    assert len(gateway()) == 1 + len(pressing)


def test_a_telephone_without_an_account_has_no_inbox_and_hears_at_once(subject, gateway):
    with clock.moved_to(MORNING):
        for key in "12":
            write(Recipient(subject=subject), key=key)
        assert deliver() == {"sent": 2}
    assert len(gateway()) == 2


def test_the_next_speaks_when_the_first_could_not_be_delivered(settings, reader, gateway):
    with clock.moved_to(MORNING):
        for key in "12":
            tell(reader, key=key)
        settings.LINLI_SMS = "linli.letters.tests.test_delivery.refusing_gateway"
        assert deliver(batch=1) == {"dead": 1}
        settings.LINLI_SMS = "file"
        assert deliver() == {"sent": 1}
    assert len(gateway()) == 1


def test_what_was_folded_comes_back_when_its_message_is_given_up(reader):
    with clock.moved_to(MORNING):
        for key in "123":
            tell(reader, key=key)
        first = outside().order_by("pk").first()
        Nudge.objects.create(user=reader, day=clock.today(), letter=first)
        outside().exclude(pk=first.pk).update(state=State.FOLDED, folded_into=first)
        delivery._mine(first)
        delivery._give_up(first, "Undeliverable")
    assert outside().filter(state=State.WAITING, folded_into=None).count() == 2


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-04 20:59", None),
        ("2026-11-04 21:00", "2026-11-05 08:00"),
        ("2026-11-05 00:30", "2026-11-05 08:00"),
        ("2026-11-05 07:59", "2026-11-05 08:00"),
        ("2026-11-05 08:00", None),
    ],
)
def test_the_night_is_quiet(settings, at, until):
    settings.LINLI_QUIET_HOURS = "21-8"
    moment = datetime.fromisoformat(at).replace(tzinfo=clock.LOCAL)
    expected = until and datetime.fromisoformat(until).replace(tzinfo=clock.LOCAL)
    assert quiet_until(moment) == expected


def test_no_message_leaves_at_night(settings, reader, gateway):
    settings.LINLI_QUIET_HOURS = "21-8"
    with clock.moved_to(MORNING.replace(hour=23)):
        tell(reader)
        assert deliver() == {"held": 1}
        assert deliver() == {}
    with clock.moved_to(MORNING.replace(hour=8, minute=1) + timedelta(days=1)):
        assert deliver() == {"sent": 1}
    assert len(gateway()) == 1


def test_the_record_of_nudges_goes_with_the_words(reader):
    with clock.moved_to(MORNING):
        tell(reader)
        deliver()
    with clock.moved_to(MORNING + timedelta(days=9)):
        forget_sent()
    assert not Nudge.objects.exists()
