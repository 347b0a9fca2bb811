"""A new master key, a try of every seal, and nothing left on disk of what was destroyed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection, transaction

from linli.journal import keyfiles
from linli.journal.models import Entry
from linli.people.actors import SYSTEM
from linli.vault import commands, keeping, keys, sealing
from linli.vault.models import ReadLog, Sealed, SubjectKey

pytestmark = pytest.mark.django_db
PHONE = "19900001234"


@pytest.fixture(autouse=True)
def key_file(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    monkeypatch.delenv(keys.VARIABLE, raising=False)
    return tmp_path / "secrets" / keys.FILE


@pytest.fixture
def subjects():
    names = [sealing.new_subject() for _ in range(5)]
    for n, name in enumerate(names):
        sealing.seal(name, "phone", f"1990000{n:04}", purpose="contact")
        sealing.seal(name, "name", f"Person {n}", purpose="contact")
    sealing.destroy(names[4], by=SYSTEM, reason="test")
    return names


def call(*words):
    return CliRunner().invoke(commands.vault, words)


def read(subject, kind="phone"):
    return sealing.reveal(subject, kind, by=SYSTEM, reason="test")


def test_turning_to_a_new_master_key(subjects, key_file):
    old = keys.ring().current
    wrapped = {row.subject: row.wrapped for row in SubjectKey.objects.all()}
    assert "4 keys wrapped anew" in call("rotate").output
    current = keys.ring().current
    assert current.id != old.id
    assert len(keyfiles.read(keys.FILE)) == 2
    for row in SubjectKey.objects.filter(wrapped__isnull=False):
        assert (row.master, row.wrapped != wrapped[row.subject]) == (current.id, True)
    assert "1 old master keys removed" in call("rotate", "--forget-old").output
    assert len(keyfiles.read(keys.FILE)) == 1
    assert key_file.stat().st_mode & 0o777 == 0o600
    for n, name in enumerate(subjects[:4]):
        assert read(name) == f"1990000{n:04}"
        assert read(name, "name") == f"Person {n}"
        assert sealing.find("phone", f"1990000{n:04}") == [name]
    assert Entry.objects.filter(verb="vault.rotated").get().facts == {"subjects": 4}
    assert SubjectKey.objects.get(subject=subjects[4]).wrapped is None


def test_turning_reads_nothing_for_anybody(subjects):
    call("rotate")
    assert not ReadLog.objects.exists()


def test_a_turn_that_was_interrupted_goes_on(subjects, monkeypatch):
    keeping.add_master_key()
    current = keys.ring().current
    assert keeping._turn_some(current, most=2) == 2
    # In between everything opens and is found, whichever key it hangs on.
    assert [read(name) for name in subjects[:4]] == [f"1990000{n:04}" for n in range(4)]
    assert [sealing.find("phone", f"1990000{n:04}") for n in range(4)] == [
        [name] for name in subjects[:4]
    ]
    refused = call("rotate", "--forget-old")
    assert refused.exit_code == 1
    assert "2 keys and 2 indexes still need" in refused.output
    assert "2 keys wrapped anew" in call("rotate", "--go-on").output
    assert len(keyfiles.read(keys.FILE)) == 2
    assert call("rotate", "--forget-old").exit_code == 0


def test_forgetting_without_turning_removes_nothing(subjects):
    assert "0 old master keys removed" in call("rotate", "--forget-old").output
    assert read(subjects[0]) == "19900000000"


def test_keys_from_the_environment(monkeypatch, key_file):
    first, second = keys.new_line(), keys.new_line()
    monkeypatch.setenv(keys.VARIABLE, first)
    name = sealing.new_subject()
    sealing.seal(name, "phone", PHONE, purpose="contact")
    assert not key_file.exists()
    refused = call("rotate")
    assert refused.exit_code == 1
    assert "--go-on" in refused.output
    assert call("rotate", "--forget-old").exit_code == 1
    monkeypatch.setenv(keys.VARIABLE, f"{second},{first}")
    assert "1 keys wrapped anew" in call("rotate", "--go-on").output
    monkeypatch.setenv(keys.VARIABLE, second)
    assert read(name) == PHONE
    assert sealing.find("phone", PHONE) == [name]


def test_a_key_without_an_id_gets_one_from_itself(monkeypatch):
    bare = keys.new_line().partition(":")[2]
    monkeypatch.setenv(keys.VARIABLE, bare)
    name = sealing.new_subject()
    sealing.seal(name, "phone", PHONE, purpose="contact")
    assert read(name) == PHONE


@pytest.mark.parametrize("bad", ["x", "id:x", "id:AAAA", "a b:" + "A" * 43 + "=", ",", "k:" * 9])
def test_a_bad_key_is_refused_with_a_sentence(monkeypatch, bad):
    monkeypatch.setenv(keys.VARIABLE, bad)
    with pytest.raises(keys.WrongKey, match="32 bytes"):
        sealing.seal("s", "phone", PHONE, purpose="contact")


def test_two_keys_with_one_id_are_refused(monkeypatch):
    one, two = (f"k:{keys.new_line().partition(':')[2]}" for _ in range(2))
    monkeypatch.setenv(keys.VARIABLE, f"{one},{two}")
    with pytest.raises(keys.WrongKey, match="same id"):
        keys.ring()


def test_the_key_file_is_made_once_and_for_its_owner_alone(key_file):
    first = keys.ring().current
    assert keys.ring().current == first
    assert key_file.stat().st_mode & 0o777 == 0o600
    key_file.chmod(0o640)
    with pytest.raises(keyfiles.UnsafeKeyFile, match="chmod 600"):
        keys.ring()


def test_no_key_file_is_made_where_something_is_sealed_already(subjects, key_file):
    """A lost key file must be restored, not replaced by a new key that opens nothing."""
    key_file.unlink()
    found = call("check")
    assert found.exit_code == 1
    assert "missing" in found.output
    with pytest.raises(keys.WrongKey, match="backup"):
        sealing.seal(sealing.new_subject(), "phone", PHONE, purpose="contact")
    assert not key_file.exists()


def test_check_opens_everything(subjects):
    good = call("check", "--json")
    assert good.exit_code == 0
    assert json.loads(good.output) == {
        "ok": True, "subjects": 5, "destroyed": 1, "values": 8, "first_bad": None,
    }  # fmt: skip
    assert not ReadLog.objects.exists()


def test_check_finds_what_does_not_open(subjects):
    rows = list(Sealed.objects.order_by("pk"))
    Sealed.objects.filter(pk=rows[0].pk).update(ciphertext=rows[1].ciphertext)
    bad = call("check")
    assert bad.exit_code == 1
    assert f"{rows[0].subject} {rows[0].kind}: does not open" in bad.output
    assert "1 do not open" in bad.output


def test_check_finds_leftovers(subjects):
    Sealed.objects.create(subject=subjects[4], kind="name", ciphertext=b"x", purpose="p")
    Sealed.objects.create(subject="nobody", kind="name", ciphertext=b"x", purpose="p")
    bad = call("check").output
    assert "destroyed, but something is still sealed" in bad
    assert "1 sealed values have no key at all" in bad


def test_a_new_key_is_printed_and_not_stored(key_file):
    line = call("new-key").output.strip()
    assert len(keys._parsed((line,)).current.secret) == 32
    assert not key_file.exists()


@pytest.mark.django_db(transaction=True)
def test_destroyed_is_gone_from_disk_after_the_sweep():
    name = sealing.new_subject()
    sealing.seal(name, "phone", PHONE, purpose="contact")
    secret = bytes(SubjectKey.objects.get(subject=name).wrapped)
    sealed = bytes(Sealed.objects.get(subject=name).ciphertext)
    if connection.vendor == "sqlite":  # as settings.py has it outside tests
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete=ON")
    with transaction.atomic():
        sealing.destroy(name, by=SYSTEM, reason="test")
    assert call("sweep").output == "swept\n"
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'vault_sealed'"
            )
            assert cursor.fetchone()[0] == 0
        return
    file = connection.settings_dict["NAME"]
    parts = [Path(file + end).read_bytes() for end in ("", "-wal") if Path(file + end).exists()]
    assert name.encode() in b"".join(parts)  # the marker: the search finds what is there
    for gone in (secret, sealed):
        assert gone not in b"".join(parts)
