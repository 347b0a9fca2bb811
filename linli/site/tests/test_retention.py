"""Every clock strikes in its time, a rehearsal changes nothing, and who sleeps is told first."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from linli.cases.tests.conftest import START, build
from linli.journal.models import Entry
from linli.letters.delivery import deliver
from linli.letters.models import Letter, State
from linli.letters.outbox import Recipient
from linli.letters.tests.conftest import new_subject, write
from linli.lib import clock
from linli.people.actions.accounts import open_account
from linli.people.actors import SYSTEM
from linli.people.models import User
from linli.people.sign_in import SignInCode
from linli.points import keeping as points
from linli.site import retention, sleeping
from linli.site.commands import retain
from linli.site.wiring import JOBS
from linli.vault import keeping, sealing
from linli.vault.models import ReadLog

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def struck(**more):
    return {rule.id: n for rule, n in retention.strike_all(**more)}


def test_every_clock_has_a_name_of_its_own_and_the_worker_runs_it():
    names = [one.id for one in retention.CLOCKS]
    assert len(set(names)) == len(names)
    assert {f"retention: {name}" for name in names} <= {job.name for job in JOBS}


def test_a_rehearsal_counts_and_changes_nothing():
    subject = new_subject(phone="19900001234")
    write(Recipient(subject=subject))
    Letter.objects.update(state=State.SENT, sent_at=clock.now())
    with clock.moved_to(clock.now() + 8 * DAY):
        lines = Entry.objects.count()
        assert struck(dry=True)["R29"] == 1
        assert Letter.objects.get().context
        assert Entry.objects.count() == lines
        assert struck(dry=False)["R29"] == 1
        assert not Letter.objects.get().context
        assert struck(dry=False)["R29"] == 0
    line = Entry.objects.get(verb="retention.struck")
    assert line.facts == {"rule": "R29", "n": 1}


def test_years_of_points_have_their_clock():
    assert [one.run for one in retention.CLOCKS if one.id == "R22"] == [points.fold]


def test_the_command_prints_each_clock():
    said = CliRunner().invoke(retain, ["--dry-run"]).output
    assert "nothing was changed" in said
    assert all(one.id in said for one in retention.CLOCKS)
    assert set(json.loads(CliRunner().invoke(retain, ["--json"]).output)) == {
        one.id for one in retention.CLOCKS
    }


def test_the_log_of_readings_is_kept_for_three_years():
    subject = new_subject(phone="19900001234")
    sealing.reveal(subject, "phone", by=SYSTEM, reason="test")
    at = ReadLog.objects.get().at
    with clock.moved_to(at + keeping.KEEP_READS - timedelta(seconds=1)):
        assert keeping.forget_reads() == 0
    with clock.moved_to(at + keeping.KEEP_READS + timedelta(seconds=1)):
        assert keeping.forget_reads() == 1


@pytest.fixture
def sleeper():
    """A resident who signed in at START and never again."""
    user = open_account(display_name="老王", by=SYSTEM)
    User.objects.filter(pk=user.pk).update(last_login=START)
    user.refresh_from_db()
    sealing.seal(user.vault_subject, "phone", "+8619900001234", purpose="sign-in")
    return user


def at(span):
    return clock.moved_to(START + span)


def test_who_sleeps_is_told_and_ends_two_months_later(sleeper, settings):
    settings.LINLI_SMS = "linli.letters.channels.sms.to_console"
    with at(sleeping.REMINDED):
        assert sleeping.remind() == 0
    with at(sleeping.REMINDED + DAY):
        assert sleeping.remind() == 1
        assert sleeping.remind() == 0
        deliver()
    with at(sleeping.ENDED + timedelta(hours=1)):
        assert sleeping.end() == 0, "told a day later than at the first chance"
    with at(sleeping.ENDED + DAY + timedelta(hours=1)):
        assert sleeping.end() == 1
        assert sleeping.end() == 0
    sleeper.refresh_from_db()
    assert (sleeper.display_name, sleeper.is_active) == ("", False)
    assert sealing.is_destroyed(sleeper.vault_subject)


def test_nobody_ends_who_was_not_told_or_could_not_be_reached(sleeper):
    with at(3 * sleeping.ENDED):
        assert sleeping.end() == 0
        sleeping.remind()
    with at(4 * sleeping.ENDED):
        assert Letter.objects.filter(state=State.WAITING).exists()
        assert sleeping.end() == 0


def test_whoever_comes_back_begins_anew(sleeper):
    with at(sleeping.REMINDED + DAY):
        sleeping.remind()
        Letter.objects.update(state=State.SENT, sent_at=clock.now())
        User.objects.update(last_login=clock.now())
    with at(sleeping.ENDED + 2 * DAY):
        assert sleeping.end() == 0


def test_who_holds_a_post_or_waits_for_an_answer_does_not_sleep(db):
    with clock.moved_to(START):
        ground = build()
        resident, lamps = ground.staff("resident"), ground.staff("lamps")
        ground.say(by=resident, user=resident.user)
        User.objects.update(last_login=START - 5 * sleeping.ENDED)
        asleep = set(sleeping.asleep(clock.now()))
        assert ground.staff("neighbour").user in asleep
        assert not {resident.user, lamps.user} & asleep


def test_codes_end_with_their_clock(db):
    assert SignInCode.objects.count() == struck(dry=True)["R37"]
