"""What is sealed is not in the database in clear, opens with a reason, and dies with its key."""

import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction

from linli.journal import keyfiles
from linli.journal.models import Entry
from linli.people.actors import SYSTEM
from linli.vault import keys, sealing
from linli.vault.models import ReadLog, Sealed, SubjectKey

pytestmark = pytest.mark.django_db
PHONE = "199 0000 1234"
READER = SimpleNamespace(id="0192-reader", label="Town office · Wang 07")


@pytest.fixture(autouse=True)
def own_keys(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.delenv(keys.VARIABLE, raising=False)


@pytest.fixture
def subject():
    name = sealing.new_subject()
    sealing.seal(name, "phone", PHONE, purpose="contact")
    return name


def read(subject, kind="phone", **changes):
    return sealing.reveal(subject, kind, **{"by": READER, "reason": "to call back", **changes})


def test_what_was_sealed_opens(subject):
    sealing.seal(subject, "name", "王小明", purpose="contact")
    assert read(subject) == PHONE
    assert read(subject, "name") == "王小明"
    assert sealing.kinds_of(subject) == ["name", "phone"]


def test_the_database_holds_no_plain_text(subject):
    sealing.seal(subject, "email", "canary.wang@example.org", purpose="contact")
    sealing.seal(subject, "text", "Canary says the lamp is broken", purpose="words")
    read(subject)
    rows = [
        repr([bytes(v) if isinstance(v, memoryview) else v for v in row.__dict__.values()])
        for model in (Sealed, SubjectKey, ReadLog, Entry)
        for row in model.objects.all()
    ]
    assert len(rows) == 6
    for plain in ("19900001234", "199 0000 1234", "anary", "lamp"):
        assert not any(plain in row for row in rows)


@pytest.mark.django_db(transaction=True)
def test_the_file_of_the_database_holds_no_plain_text(subject):
    """Byte by byte, the write-ahead log too."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's files are the server's; its tables are searched above.")
    sealing.seal(subject, "text", "CanaryInTheFile", purpose="words")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE plain_control AS SELECT 'ControlInTheFile' AS word")
    name = connection.settings_dict["NAME"]
    parts = [Path(name + end).read_bytes() for end in ("", "-wal")]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE plain_control")
    assert any(b"ControlInTheFile" in part for part in parts)  # the search can find
    assert not any(b"CanaryInTheFile" in part for part in parts)


def test_sealing_again_replaces_and_keeps_no_history(subject):
    before = bytes(Sealed.objects.get().ciphertext)
    sealing.seal(subject, "phone", "19900005678", purpose="contact")
    row = Sealed.objects.get()
    assert bytes(row.ciphertext) != before
    assert read(subject) == "19900005678"
    assert sealing.find("phone", PHONE) == []
    assert sealing.find("phone", "19900005678") == [subject]


@pytest.mark.parametrize(
    "typed", ["1990000 1234", "+8619900001234", "0086 199-0000-1234", "（＋86）１９９ 0000 1234"]
)
def test_a_phone_is_found_however_it_is_typed(subject, typed):
    assert sealing.find("phone", typed) == [subject]


def test_an_email_is_found_however_it_is_typed():
    one, two = sealing.new_subject(), sealing.new_subject()
    sealing.seal(one, "email", "Wang@Example.org", purpose="contact")
    sealing.seal(two, "email", " wang@example.ORG", purpose="contact")
    assert sealing.find("email", "WANG@example.org ") == [one, two]
    assert sealing.find("email", "wang@example.com") == []


def test_what_is_no_number_is_kept_and_not_found(subject):
    sealing.seal(subject, "phone", "ask in the shop", purpose="contact")
    assert read(subject) == "ask in the shop"
    assert Sealed.objects.get().index == ""
    assert sealing.find("phone", "ask in the shop") == []
    assert sealing.find("phone", "") == []


def test_names_and_id_numbers_cannot_be_looked_up(subject):
    for kind in ("name", "id_number", "text"):
        with pytest.raises(ValueError, match="cannot be looked up"):
            sealing.find(kind, "x")


def test_a_ciphertext_opens_nowhere_else(subject):
    """Rows swapped by hand, between kinds and between people."""
    other = sealing.new_subject()
    sealing.seal(other, "phone", "19900009999", purpose="contact")
    sealing.seal(subject, "name", "王", purpose="contact")
    mine, name, theirs = (
        Sealed.objects.get(subject=s, kind=k)
        for s, k in ((subject, "phone"), (subject, "name"), (other, "phone"))
    )
    Sealed.objects.filter(pk=name.pk).update(ciphertext=mine.ciphertext)
    with pytest.raises(keys.WrongKey):
        read(subject, "name")
    Sealed.objects.filter(pk=theirs.pk).update(ciphertext=mine.ciphertext)
    with pytest.raises(keys.WrongKey):
        read(other)
    stolen = SubjectKey.objects.get(subject=subject).wrapped
    SubjectKey.objects.filter(subject=other).update(wrapped=stolen)
    with pytest.raises(keys.WrongKey):
        read(other)
    assert read(subject) == PHONE


def test_one_changed_byte_is_noticed(subject):
    row = Sealed.objects.get()
    for place in (0, len(bytes(row.ciphertext)) - 1):
        changed = bytearray(row.ciphertext)
        changed[place] ^= 1
        Sealed.objects.filter(pk=row.pk).update(ciphertext=bytes(changed))
        with pytest.raises(keys.WrongKey):
            read(subject)
    assert not ReadLog.objects.exists()  # nothing was read, so nothing is claimed


def test_another_master_key_opens_nothing(subject):
    keyfiles.replace(keys.FILE, [keys.new_line()])
    with pytest.raises(keys.WrongKey):
        read(subject)
    assert sealing.find("phone", PHONE) == []


@pytest.mark.parametrize("reason", ["", "  ", "\n\t"])
def test_nobody_reads_without_a_reason(subject, reason):
    with pytest.raises(sealing.ReasonMissing):
        read(subject, reason=reason)
    assert not ReadLog.objects.exists()


def test_every_reading_is_logged_for_the_subject(subject):
    read(subject, reason=" to call back ")
    read(subject, by=SYSTEM, reason="deliver a letter")
    newest, oldest = sealing.reads_of(subject)
    assert (oldest.reader, oldest.reason, oldest.kind) == ("0192-reader", "to call back", "phone")
    assert oldest.reader_label == "Town office · Wang 07"
    assert (newest.reader, newest.reason) == ("system", "deliver a letter")
    assert newest.reader_label == "邻里系统按规则自动读取"
    lines = Entry.objects.filter(subject=f"vault.Subject:{subject}").order_by("seq")
    assert {line.verb for line in lines} == {"vault.read"}
    assert [line.facts for line in lines] == [{"kind": "phone"}] * 2
    stranger = sealing.new_subject()
    assert not sealing.reads_of(stranger).exists()
    sealing.seal(stranger, "name", "王", purpose="contact")
    read(stranger, "name")
    both = sealing.reads_of_all({subject, stranger})
    assert [row.subject for row in both] == [stranger, subject, subject]


@pytest.mark.django_db(transaction=True)
def test_a_reading_that_is_rolled_back_gave_nothing(subject, monkeypatch):
    def broken(*_args, **_words):
        raise RuntimeError("the journal is full")

    monkeypatch.setattr(sealing, "record", broken)
    with pytest.raises(RuntimeError):
        read(subject)
    assert not ReadLog.objects.exists()


def test_what_was_never_sealed(subject):
    with pytest.raises(sealing.NothingSealed):
        read(subject, "email")
    with pytest.raises(sealing.NothingSealed):
        read(sealing.new_subject())
    assert not ReadLog.objects.exists()


def test_destroyed_is_gone_and_stays_gone(subject):
    sealing.seal(subject, "name", "王", purpose="contact")
    read(subject)
    sealing.destroy(subject, by=SYSTEM, reason="asked to be forgotten")
    assert sealing.is_destroyed(subject)
    for act in (
        lambda: read(subject),
        lambda: sealing.seal(subject, "phone", PHONE, purpose="contact"),
    ):
        with pytest.raises(sealing.Destroyed):
            act()
    assert sealing.find("phone", PHONE) == []
    assert sealing.kinds_of(subject) == []
    assert not Sealed.objects.exists()
    marker = SubjectKey.objects.get()
    assert marker.wrapped is None
    assert marker.destroyed_why == "asked to be forgotten"
    assert sealing.reads_of(subject).count() == 1
    proof = Entry.objects.get(verb="vault.destroyed")
    assert proof.facts == {"kinds": ["name", "phone"]}
    sealing.destroy(subject, by=SYSTEM, reason="again")
    assert Entry.objects.filter(verb="vault.destroyed").count() == 1
    assert SubjectKey.objects.get().destroyed_why == "asked to be forgotten"


def test_a_backup_of_the_rows_does_not_bring_it_back(subject):
    rows = list(Sealed.objects.values())
    sealing.destroy(subject, by=SYSTEM, reason="asked to be forgotten")
    Sealed.objects.bulk_create(Sealed(**row) for row in rows)
    with pytest.raises(sealing.Destroyed):
        read(subject)


def test_destroying_what_never_was_still_leaves_a_marker():
    name = sealing.new_subject()
    sealing.destroy(name, by=SYSTEM, reason="asked to be forgotten")
    with pytest.raises(sealing.Destroyed):
        sealing.seal(name, "phone", PHONE, purpose="contact")


def test_destroying_needs_a_reason(subject):
    with pytest.raises(sealing.ReasonMissing):
        sealing.destroy(subject, by=SYSTEM, reason=" ")
    assert read(subject) == PHONE


@pytest.mark.parametrize("part", ["subject", "kind", "value", "purpose"])
def test_sealing_needs_every_part(part):
    words = {"subject": "s", "kind": "name", "value": "v", "purpose": "p", part: ""}
    with pytest.raises(ValueError, match="needs"):
        sealing.seal(words["subject"], words["kind"], words["value"], purpose=words["purpose"])


def test_the_read_log_cannot_be_rewritten(subject):
    read(subject)
    with pytest.raises(IntegrityError, match="only grows"), transaction.atomic():
        ReadLog.objects.update(reason="nothing")
    assert ReadLog.objects.get().reason == "to call back"


def test_a_marker_never_has_a_key(subject):
    with pytest.raises(IntegrityError), transaction.atomic():
        SubjectKey.objects.update(wrapped=None)


@pytest.mark.django_db(transaction=True)
def test_two_who_seal_a_new_subject_at_once_use_one_key():
    name, failures = sealing.new_subject(), []

    def work(kind):
        try:
            sealing.seal(name, kind, f"value of {kind}", purpose="race")
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    kinds = [f"field.{n}" for n in range(6)]
    threads = [threading.Thread(target=work, args=[kind]) for kind in kinds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert [read(name, kind) for kind in kinds] == [f"value of {kind}" for kind in kinds]
