"""Nothing twice, nothing lost: two workers, a kill, lines that become visible out of order."""

import os
import subprocess
import sys
import threading
from contextlib import closing, contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction

from linli.journal import followers, gaps
from linli.journal.followers import MOST_ATTEMPTS, Follower, run
from linli.journal.models import Bookmark, Entry, Stuck
from linli.journal.record import record
from linli.lib import clock

pytestmark = pytest.mark.django_db(transaction=True, reset_sequences=True)


@pytest.fixture(autouse=True)
def effects():
    """A table for what followers do; gives a function that reads it."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE effect (seq bigint)")
    gaps.WATCH.forget()
    yield lambda: [row[0] for row in rows("SELECT seq FROM effect ORDER BY seq")]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE effect")


def rows(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def note(entries):
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO effect VALUES (%s)", [(entry.seq,) for entry in entries])


def write(count, verb="case.received"):
    with transaction.atomic():
        return [record(verb, on=f"x:{n}", by="system").seq for n in range(count)]


def drain(follower, batch=500):
    while run(follower, batch):
        pass


NOTES = Follower("notes", (), note)


def test_a_follower_reads_everything_once(effects):
    seqs = write(25)
    drain(NOTES, batch=10)
    assert effects() == seqs
    assert run(NOTES) == 0
    more = write(3)
    assert run(NOTES) == 3
    assert effects() == seqs + more


def test_it_hears_only_its_verbs_and_moves_past_the_others(effects):
    heard = write(2, "case.answered")
    write(3, "case.noted")
    heard += write(1, "case.late")
    follower = Follower("answers", {"case.answered", "case.late"}, note)
    assert followers.behind(follower) == 6
    drain(follower)
    assert effects() == heard
    assert followers.behind(follower) == 0


def test_an_empty_journal():
    assert run(NOTES) == 0
    assert followers.behind(NOTES) == 0


def test_effect_and_bookmark_are_one(effects):
    """The handler fails after its effect: neither effect nor bookmark is there."""
    write(3)

    def half(entries):
        note(entries)
        raise RuntimeError

    follower = Follower("half", (), half)
    assert run(follower) == 0
    assert effects() == []
    assert Bookmark.objects.get().seq == 0


def test_it_does_not_run_inside_another_transaction(effects):
    write(1)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        run(NOTES)
    assert effects() == []


def broken_at(seq, effects_of=note):
    def handle(entries):
        effects_of(entries)
        if any(entry.seq == seq for entry in entries):
            raise ZeroDivisionError("quotes what a person wrote")

    return Follower("broken", (), handle)


def test_a_bad_line_is_set_aside_and_the_rest_goes_on(effects, caplog):
    seqs = write(10)
    bad = seqs[4]
    follower = broken_at(bad)
    moment = clock.now()
    for attempt in range(MOST_ATTEMPTS):
        assert not Stuck.objects.exists(), attempt
        with clock.moved_to(moment):
            run(follower)
            assert effects() == seqs[:4] or attempt == MOST_ATTEMPTS - 1
            assert attempt == MOST_ATTEMPTS - 1 or run(follower) == 0  # it waits
        moment += timedelta(seconds=5**attempt + 1)
    row = Stuck.objects.get()
    assert (row.follower, row.seq, row.error) == ("broken", bad, "ZeroDivisionError")
    with clock.moved_to(moment):
        drain(follower)
    assert effects() == [seq for seq in seqs if seq != bad]
    assert "quotes" not in caplog.text
    assert "ZeroDivisionError" in caplog.text


def test_a_line_that_fails_once_only_waits(effects):
    seqs, calls = write(3), []

    def handle(entries):
        calls.append(len(entries))
        if len(calls) <= 2:
            raise OSError
        note(entries)

    follower = Follower("shaky", (), handle)
    run(follower)
    assert Bookmark.objects.get().attempts == 1
    with clock.moved_to(clock.now() + timedelta(minutes=1)):
        drain(follower)
    assert effects() == seqs
    assert Bookmark.objects.get().attempts == 0
    assert not Stuck.objects.exists()


def test_a_stuck_line_is_tried_again_when_asked(effects):
    seqs = write(2)
    Bookmark.objects.create(follower="broken", seq=seqs[-1])
    row = Stuck.objects.create(follower="broken", seq=seqs[0], error="OSError")
    run(broken_at(seqs[0]))
    assert Stuck.objects.get().error == "OSError"  # nobody asked
    followers.try_again([row.pk])
    run(broken_at(seqs[0]))
    kept = Stuck.objects.get()
    assert (kept.error, kept.again) == ("ZeroDivisionError", False)
    assert effects() == []
    followers.try_again([row.pk])
    run(broken_at(0))
    assert not Stuck.objects.exists()
    assert effects() == [seqs[0]]


def in_threads(count, work):
    errors = []

    def guarded():
        try:
            work()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=guarded) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []


def test_two_workers_and_four_writers(effects):
    written, done = [], threading.Event()

    def writer():
        for _ in range(15):
            written.extend(write(1))

    def worker():
        while not done.is_set():
            run(NOTES, 7)
        drain(NOTES, 7)

    workers = threading.Thread(target=in_threads, args=(2, worker))
    workers.start()
    in_threads(4, writer)
    done.set()
    workers.join(60)
    drain(NOTES)
    assert effects() == sorted(written)
    assert len(written) == 60


KILLED = """
import os, signal, django
django.setup()
from django.db import connection
from linli.journal.followers import Follower, run
calls = 0
def handle(entries):
    global calls
    calls += 1
    with connection.cursor() as cursor:
        for entry in entries:
            cursor.execute("INSERT INTO effect VALUES (%s)", [entry.seq])
    if calls == 3:
        os.kill(os.getpid(), signal.SIGKILL)
follower = Follower("notes", (), handle)
while run(follower, 10):
    pass
"""


def test_killed_in_the_middle_it_goes_on_without_loss_or_repeat(effects):
    seqs = write(45)
    if connection.vendor == "sqlite":
        url = f"sqlite:///{connection.settings_dict['NAME']}"
    else:
        at = connection.settings_dict
        url = f"postgresql://{at['USER']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    done = subprocess.run(
        [sys.executable, "-c", KILLED],
        env={**os.environ, "LINLI_DATABASE_URL": url},
        timeout=60,
        check=False,
    )
    assert done.returncode == -9
    assert effects() == seqs[:20]
    drain(NOTES)
    assert effects() == seqs


@contextmanager
def writing(count=1, *, fail=False):
    """A transaction in another connection that has drawn numbers and is not yet over."""
    drawn, finish, seqs = threading.Event(), threading.Event(), []

    def work():
        try:
            with transaction.atomic():
                seqs.extend(record("case.noted", on="x:1", by="system").seq for _ in range(count))
                drawn.set()
                finish.wait(30)
                if fail:
                    transaction.set_rollback(True)
        finally:
            drawn.set()
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    drawn.wait(30)
    try:
        yield seqs
    finally:
        finish.set()
        thread.join(30)


def postgres_only():
    if connection.vendor != "postgresql":
        pytest.skip("On SQLite one transaction writes at a time: lines appear in order.")


class Naive:
    """Teeth: a follower whose bookmark is the greatest number it has seen."""

    def __init__(self):
        self.bookmark, self.seen = 0, []

    def run(self):
        numbers = Entry.objects.filter(seq__gt=self.bookmark).order_by("seq")
        self.seen += numbers.values_list("seq", flat=True)
        self.bookmark = max(self.seen, default=0)


def test_a_line_that_becomes_visible_late_is_not_lost(effects):
    postgres_only()
    naive = Naive()
    with writing() as slow:
        fast = write(2)
        assert slow[0] < fast[0]
        for _ in range(3):
            assert run(NOTES) == 0  # it stops before the gap
            naive.run()
        assert effects() == []
    drain(NOTES)
    naive.run()
    assert effects() == slow + fast
    assert naive.seen == fast  # the naive one has lost the slow line


def test_lines_before_the_gap_are_read(effects):
    postgres_only()
    first = write(3)
    with writing() as slow:
        write(1)
        drain(NOTES)
        assert effects() == first
    drain(NOTES)
    assert len(effects()) == 5
    assert slow[0] in effects()


def test_a_number_drawn_by_a_failed_transaction_is_passed(effects):
    postgres_only()
    first = write(1)
    with writing(3, fail=True) as lost:
        last = write(1)
        drain(NOTES)
        assert effects() == first
    drain(NOTES)
    assert effects() == first + last
    assert Bookmark.objects.get().seq == last[0] > lost[-1]


def another_database():
    """A connection to a database of the same server that is not ours, in a writing transaction."""
    at = connection.settings_dict
    link = psycopg.connect(
        dbname="postgres", user=at["USER"], host=at["HOST"], port=at["PORT"],
        password=at["PASSWORD"] or None,
    )  # fmt: skip
    link.execute("SELECT pg_current_xact_id()")
    return link


def test_a_long_transaction_of_another_database_holds_nobody_up(effects):
    postgres_only()
    with closing(another_database()):
        with writing(1, fail=True):
            last = write(1)
            run(NOTES)
            assert effects() == []
        drain(NOTES)
        assert effects() == last


def test_a_role_without_special_rights_sees_whom_to_wait_for(effects):
    """Else the worker would take every gap for final and lose lines."""
    postgres_only()
    at = connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE linli_plain LOGIN")
    try:
        with writing(), closing(
            psycopg.connect(
                dbname=at["NAME"], user="linli_plain", host=at["HOST"], port=at["PORT"],
                autocommit=True,
            )
        ) as plain:  # fmt: skip
            seen = {row[0] for row in plain.execute(gaps.AT_WORK)}
            assert seen
            assert seen == gaps._running()
            assert plain.execute(gaps.PREPARED).fetchall() == []
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP ROLE linli_plain")


def test_an_older_transaction_with_a_later_number(effects):
    """The one that began first draws last: its id says nothing about its number."""
    postgres_only()
    with writing(1) as slow:
        fast = write(1)
        run(NOTES)
        with writing(1) as slower:
            write(1)
            run(NOTES)
            assert effects() == []
        run(NOTES)
        assert effects() == []  # the first gap still holds it
    drain(NOTES)
    assert effects() == sorted([*slow, *fast, *slower, slower[0] + 1])


def test_a_busy_journal_does_not_push_the_mark_ahead_for_ever(effects):
    """Always some transaction is running, yet each gap is passed once its own has ended."""
    postgres_only()
    with writing(1, fail=True) as lost:
        first = write(1)
        run(NOTES)
    with writing(1):
        write(1)
        run(NOTES)
        assert effects() == first
        assert lost[0] < first[0]


def test_the_watch_may_forget_at_any_time(effects):
    """As after a restart of the worker between any two steps."""
    postgres_only()
    with writing() as slow:
        fast = write(1)
        for _ in range(3):
            gaps.WATCH.forget()
            run(NOTES)
        assert effects() == []
    gaps.WATCH.forget()
    drain(NOTES)
    assert effects() == slow + fast


def test_many_writers_out_of_order_lose_nothing(effects):
    """Writers that hold their numbers for a while, some of which fail, against two workers."""
    written, done = [], threading.Event()

    def writer():
        for turn in range(12):
            with transaction.atomic():
                seqs = [record("case.noted", on="x:1", by="system").seq for _ in range(2)]
                done.wait(0.004 * (turn % 3))
                if turn % 4 == 3:
                    transaction.set_rollback(True)
                else:
                    written.extend(seqs)

    def worker():
        while not done.is_set():
            run(NOTES, 5)

    workers = threading.Thread(target=in_threads, args=(2, worker))
    workers.start()
    in_threads(5, writer)
    done.set()
    workers.join(60)
    drain(NOTES)
    kept = sorted(Entry.objects.values_list("seq", flat=True))
    assert kept == sorted(written)
    assert effects() == kept
