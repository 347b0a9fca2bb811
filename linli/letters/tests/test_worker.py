"""The worker: every round does its three things, survives what fails, and ends when asked."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import OperationalError, connection, transaction

from linli.journal.followers import Follower
from linli.journal.record import record
from linli.letters import periodic, worker
from linli.letters.models import Job
from linli.letters.outbox import Recipient
from linli.letters.periodic import HOLD, Periodic, run_due
from linli.letters.worker import GRACE, work, work_once
from linli.lib import clock

from .conftest import new_subject, write

HOUR = timedelta(hours=1)


def job(run=lambda: None, name="a job", every=HOUR):
    return Periodic(name, every, run)


def later(**span):
    return clock.moved_to(clock.now() + timedelta(**span))


@pytest.mark.django_db
class TestJobs:
    def test_a_job_runs_at_once_and_then_after_its_time(self):
        runs = []
        jobs = [job(lambda: runs.append(1))]
        with clock.moved_to(clock.now()):
            assert [run_due(jobs), run_due(jobs)] == [1, 0]
            with later(seconds=3599):
                assert run_due(jobs) == 0
            with later(seconds=3600):
                assert run_due(jobs) == 1
        assert len(runs) == 2

    def test_two_workers_do_not_both_run_it(self):
        assert run_due([job()]) == 1
        with later(hours=2):
            assert periodic._claim(job())
            assert not periodic._claim(job())
            assert run_due([job()]) == 0

    def test_the_job_of_a_worker_that_died_is_taken_over(self):
        assert run_due([job()]) == 1
        with later(hours=2):
            assert periodic._claim(job())
            with later(seconds=HOLD.total_seconds() + 1):
                assert run_due([job()]) == 1

    def test_a_run_that_was_taken_over_does_not_end_the_other(self):
        """A worker that slept through its time wakes up while another one runs the job."""
        runs = []

        def slow():
            runs.append("slow")
            with later(minutes=2):
                assert periodic._claim(job())
            runs.append("other holds it")

        run_due([job(slow)])
        row = Job.objects.get()
        assert runs == ["slow", "other holds it"]
        assert row.ran_at is None
        assert row.holder
        assert row.held_until > clock.now() + HOLD
        with later(minutes=2, seconds=30):
            assert run_due([job()]) == 0

    def test_a_job_does_not_leave_its_thread_behind(self):
        before = threading.active_count()
        run_due([job(name=str(n)) for n in range(5)])
        assert threading.active_count() == before

    def test_one_that_fails_does_not_keep_the_others_from_running(self, caplog):
        runs = []

        def fail():
            raise LookupError("19900001234 is nobody")

        assert run_due([job(fail, "bad"), job(lambda: runs.append(1), "good")]) == 2
        assert runs == [1]
        assert "LookupError at test_worker.py" in caplog.text
        assert "19900001234" not in caplog.text
        row = Job.objects.get(name="bad")
        assert (row.ran_at, row.failures) == (None, 1)
        assert row.error.startswith("LookupError at test_worker.py")

    def test_one_that_fails_is_left_alone_for_longer_each_time(self):
        fails = []

        def fail():
            fails.append(clock.now())
            raise LookupError

        start = clock.now()
        for second in range(0, 1000, 10):
            with clock.moved_to(start + timedelta(seconds=second)):
                run_due([job(fail)])
        gaps = [round((b - a).total_seconds()) for a, b in pairwise(fails)]
        assert gaps == [30, 60, 120, 240, 480]

    def test_after_a_good_run_the_failures_are_forgotten(self):
        answers = iter([True, False])

        def run():
            if next(answers):
                raise LookupError

        run_due([job(run)])
        with later(minutes=1):
            run_due([job(run)])
        row = Job.objects.get()
        assert (row.failures, row.error, row.held_until) == (0, "", None)

    def test_nothing_due_writes_nothing(self, django_assert_num_queries):
        jobs = [job(name=str(number)) for number in range(5)]
        run_due(jobs)
        with django_assert_num_queries(1):
            assert run_due(jobs) == 0


@pytest.mark.django_db(transaction=True)
def test_a_job_that_takes_long_stays_with_its_worker():
    """Longer than its hold, while another worker keeps asking for it."""
    hold, asked, over = timedelta(seconds=0.3), [], threading.Event()

    def other():
        try:
            while not over.wait(0.05):
                asked.append(run_due([Periodic("long", HOUR, lambda: None, hold)]))
        finally:
            connection.close()

    def long():
        thread.start()
        time.sleep(1.0)

    thread = threading.Thread(target=other)
    run_due([Periodic("long", HOUR, long, hold)])
    over.set()
    thread.join()
    assert len(asked) >= 5
    assert sum(asked) == 0


@pytest.mark.django_db(transaction=True)
class TestRounds:
    def test_a_round_reads_the_journal_sends_letters_and_runs_jobs(self, gateway):
        seen, runs = [], []
        follower = Follower("test", ("case.received",), seen.extend)
        with transaction.atomic():
            record("case.received", on="cases.Case:1", by="system")
        write(Recipient(subject=new_subject(phone="19900001234")))
        jobs = [job(lambda: runs.append(1))]
        assert work_once([follower], jobs) >= 3
        while work_once([follower], jobs):
            pass
        assert (len(seen), len(gateway()), runs) == (1, 1, [1])

    def test_it_goes_on_after_the_database_was_away(self, monkeypatch, caplog):
        monkeypatch.setattr(worker, "IDLE", 0.01)
        stop, answers = threading.Event(), []

        def sometimes(*args):
            answers.append(1)
            if len(answers) < 4:
                raise OperationalError("the row of 19900001234")
            stop.set()
            return 0

        monkeypatch.setattr(worker, "work_once", sometimes)
        work([], [], stop)
        assert len(answers) == 4
        assert "OperationalError at" in caplog.text
        assert "19900001234" not in caplog.text

    def test_the_pause_grows_and_shrinks_again(self, monkeypatch):
        pauses, stop = [], threading.Event()
        plan = iter([True] * 7 + [False] + [True] * 2)

        def round_(*args):
            try:
                bad = next(plan)
            except StopIteration:
                stop.set()
                return 1
            if bad:
                raise OperationalError
            return 1

        monkeypatch.setattr(worker, "work_once", round_)
        monkeypatch.setattr(stop, "wait", pauses.append)
        work([], [], stop)
        assert pauses == [1, 2, 4, 8, 16, 30, 30, 1, 2]

    def test_a_round_ends_early_when_asked(self):
        asked = []
        follower = Follower("test", (), lambda entries: None)
        work_once([follower], [job(lambda: asked.append(1))], stop=lambda: True)
        assert asked == []


SCRIPT = """
import django; django.setup()
import time
from datetime import timedelta
from itertools import pairwise
from linli.letters import worker, periodic
def slow():
    print("begun", flush=True)
    time.sleep({sleep})
jobs = [periodic.Periodic("slow", timedelta(seconds=0), slow)]
worker.work([], jobs)
print("ended", flush=True)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("sleep", "cut"), [(0.05, False), (60, True)])
def test_sigterm_ends_it_within_two_seconds(sleep, cut, elsewhere):
    child = subprocess.Popen(
        [sys.executable, "-c", SCRIPT.format(sleep=sleep)],
        env={**os.environ, **elsewhere}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert child.stdout.readline() == "begun\n"
        began = time.monotonic()
        child.send_signal(signal.SIGTERM)
        rest = child.communicate(timeout=10)[0]
        # Python's own farewell takes a second when two cores are shared by many.
        assert time.monotonic() - began < GRACE + 2
    finally:
        child.kill()
        child.wait()
    assert child.returncode == 0
    assert ("ended" in rest) is not cut


@pytest.fixture
def elsewhere(tmp_path):
    """The environment of another process on this test's database."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{found['NAME']}"
    else:
        who = found["USER"] + (f":{found['PASSWORD']}" if found["PASSWORD"] else "")
        where = f"{found['HOST']}:{found['PORT']}" if found["PORT"] else found["HOST"]
        url = f"postgresql://{who}@{where}/{found['NAME']}"
    return {
        "LINLI_DATA": str(tmp_path), "LINLI_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "linli.settings",
    }  # fmt: skip
