"""One line per action, in its transaction, without personal data, for ever."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from linli.journal.models import Bookmark, Entry, Seal
from linli.journal.record import NotRecordable, record, subject_of
from linli.lib import clock

pytestmark = pytest.mark.django_db


def line(**changes):
    return record("case.answered", **{"on": "cases.Case:7", "by": "system", **changes})


def test_a_line_says_what_happened():
    entry = line(by=SimpleNamespace(id=uuid4()), place="3204/", org="5", facts={"in_time": True})
    kept = Entry.objects.get()
    assert (kept.verb, kept.subject, kept.place, kept.org) == (
        "case.answered", "cases.Case:7", "3204/", "5",
    )  # fmt: skip
    assert kept.actor == entry.actor
    assert len(kept.actor) == 36
    assert kept.facts == {"in_time": True}
    assert abs(clock.now() - kept.at) < timedelta(seconds=60)
    assert abs(kept.when - kept.at) < timedelta(milliseconds=5)
    assert entry.seq == kept.seq
    assert entry.at == kept.at


def test_the_subject_of_a_row_is_its_model_and_key():
    bookmark = Bookmark.objects.create(follower="letters")
    assert subject_of(bookmark) == "journal.Bookmark:letters"
    with pytest.raises(NotRecordable):
        subject_of(Entry())


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written():
    with pytest.raises(RuntimeError, match="transaction"):
        line()
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_line_goes_when_the_action_fails():
    def fail():
        with transaction.atomic():
            line()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not Entry.objects.exists()


def test_a_moved_clock_moves_when_and_never_at():
    past = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    with clock.moved_to(past):
        entry = line()
    assert entry.when == past
    assert abs(clock.now() - entry.at) < timedelta(seconds=60)


def test_when_can_be_given_and_needs_a_zone():
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=clock.LOCAL)
    assert line(when=moment).when == moment
    with pytest.raises(ValueError, match="time zone"):
        line(when=datetime(2026, 3, 1))


def test_coarse_keeps_the_hour_only():
    entry = line(coarse=True)
    given = line(coarse=True, when=datetime(2026, 3, 1, 9, 30, 5, 9, tzinfo=UTC))
    for moment in (entry.at, entry.when, given.at, given.when):
        assert (moment.minute, moment.second, moment.microsecond) == (0, 0, 0)
    assert given.when.hour == 9
    assert timedelta(0) <= clock.now() - entry.at < timedelta(hours=1, seconds=60)


@pytest.mark.parametrize(
    "facts",
    [
        {"phone": "19900001234"},
        {"a": [{"b": "call 199-0000-1234 please"}]},
        {"n": 19900001234},
        {"mail": "wang@example.org"},
        {"19900001234": 1},
        {"where": "3号楼2单元301室"},
        {"x": float("nan")},
        {"x": float("inf")},
        {"x": Decimal("1")},
        {"x": datetime(2026, 1, 1, tzinfo=UTC)},
        {"x": uuid4()},
        {1: "x"},
        {"x": "a\0b"},
        {"x": "\ud800"},
        {"x": {"y": object()}},
        {"x": b"bytes"},
        {"x": "长" * 20_000},
    ],
)
def test_facts_are_plain_and_hold_nothing_personal(facts):
    with pytest.raises(NotRecordable) as refusal:
        line(facts=facts)
    assert "1990000" not in str(refusal.value)
    assert not Entry.objects.exists()


def test_identifiers_are_never_taken_for_telephone_numbers():
    """Hex digits look like a mobile by chance; an action must not fail by chance."""
    for text in (
        "19900001-2345-4678-9abc-19900001234a",
        "cases.Case:aaaaaaaa-aaaa-4aaa-8aaa-a19900001234",
        "ab19900001234cd19900001234ef",
    ):
        assert line(facts={"id": text}).facts == {"id": text}
    assert line(facts={"at": clock.now().isoformat(), "no": "2638420567", "lon": 119.48123456789})


@pytest.mark.parametrize(
    "changes", [{"on": ""}, {"by": ""}, {"on": "x" * 121}, {"place": "1/" * 101}, {"org": "9" * 61}]
)
def test_a_line_that_does_not_fit_is_refused(changes):
    with pytest.raises(NotRecordable):
        line(**changes)


@pytest.mark.parametrize("verb", ["", "case", "Case.Answered", "case answered", "case.", "x.ä"])
def test_a_verb_has_a_shape(verb):
    with pytest.raises(NotRecordable):
        record(verb, on="x", by="system")


def sql(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("table", ["journal_entry", "journal_seal"])
def test_the_database_refuses_to_change_or_remove(table):
    entry = line()
    Seal.objects.create(
        number=1, day=clock.today(), upto_seq=entry.seq, count=1, head="a", previous="b",
        key="k", signature="s", made_at=clock.now(),
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="only grows"):
        sql(f"UPDATE {table} SET " + ("verb = 'x.y'" if "entry" in table else "head = 'x'"))
    with pytest.raises(IntegrityError, match="only grows"):
        sql(f"DELETE FROM {table}")
    if connection.vendor == "postgresql":
        with pytest.raises(IntegrityError, match="only grows"):
            sql(f"TRUNCATE {table}")
    else:
        with pytest.raises(IntegrityError, match="only grows"):
            sql(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    assert Entry.objects.get() == entry
    assert Seal.objects.get().head == "a"


@pytest.mark.django_db(transaction=True)
def test_lines_come_in_the_order_of_their_numbers():
    seqs = []
    for _ in range(3):
        with transaction.atomic():
            seqs.append(line().seq)
    assert seqs == sorted(seqs)
    assert len(set(seqs)) == 3
