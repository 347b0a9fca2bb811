"""Promise P18: what is changed behind our back is found; with a witness, a rebuilt chain too."""

import json
import random
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from linli.journal import chain, check, commands, gaps, keyfiles, seal
from linli.journal.models import Entry, Seal
from linli.journal.record import record
from linli.journal.testing import wipe_allowed
from linli.lib import clock

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def own_key(settings, tmp_path):
    settings.DATA = tmp_path
    return tmp_path / "secrets" / seal.KEY_FILE


def write(count=1, on_day=0):
    """Lines as if they were written so many days from now: `at` is the database's own otherwise."""
    made = []
    for n in range(count):
        facts = {"n": n, "share": 0.1 * n, "words": "路灯 lamp", "list": [1, 2.0, None, True]}
        with transaction.atomic():
            made.append(record("case.noted", on=f"x:{n}", by="system", facts=facts))
    if on_day:
        with wipe_allowed():
            for entry in made:
                Entry.objects.filter(seq=entry.seq).update(at=entry.at + on_day * DAY)
    return made


def after(days):
    return clock.moved_to(clock.now() + days * DAY)


def three_days(count=4):
    """Lines on three days, the day between two of them without any; all sealed."""
    for day in (0, 1, 3):
        write(count, on_day=day)
    assert Entry.objects.count() == 3 * count
    with after(4):
        made = seal.seal_up_to_yesterday()
    assert len(made) == 4
    return made


def test_days_are_sealed_and_verified():
    made = three_days()
    assert [row.count for row in made] == [4, 4, 0, 4]
    assert made[1].head == made[2].head  # the day without a line
    report = check.verify()
    assert (report.ok, report.entries, report.seals, report.unsealed) == (True, 12, 4, 0)
    write(2, on_day=4)
    assert check.verify().unsealed == 2


def test_sealing_twice_seals_once():
    three_days()
    with after(4):
        assert seal.seal_up_to_yesterday() == []
    assert Seal.objects.count() == 4


def test_an_empty_journal_has_nothing_to_seal():
    assert seal.seal_up_to_yesterday() == []
    assert seal.seal_now() is None
    report = check.verify()
    assert (report.ok, report.entries, report.seals) == (True, 0, 0)


def test_today_stays_open_until_it_is_over():
    write(3)
    assert seal.seal_up_to_yesterday() == []
    assert check.verify().unsealed == 3


def test_sealing_now_and_again_when_the_day_is_over():
    write(2)
    early = seal.seal_now()
    assert (early.count, early.day) == (2, clock.today())
    assert seal.seal_now() is None
    write(3)
    with after(1):
        late = seal.seal_up_to_yesterday()
    assert [(row.day, row.count) for row in late] == [(early.day, 3)]
    assert check.verify().ok


def test_a_line_committed_after_its_day_was_sealed_is_sealed_with_the_next():
    write(2)
    with after(1):
        seal.seal_up_to_yesterday()
    write(1)  # `at` is the day that is sealed already
    write(1, on_day=1)
    with after(2):
        made = seal.seal_up_to_yesterday()
    assert sum(row.count for row in made) == 2
    report = check.verify()
    assert (report.ok, report.unsealed) == (True, 0)


def test_days_end_at_local_midnight():
    assert seal._end_of(date(2026, 3, 1)) == datetime.fromisoformat("2026-03-02T00:00:00+08:00")


@pytest.mark.django_db(transaction=True)
def test_the_chain_does_not_depend_on_the_engine():
    """One line and its hash, worked out by hand: changing the rules breaks every old seal."""
    line = {
        "seq": 7, "id": "6f1c", "at": datetime.fromisoformat("2026-03-01T08:00:00.5+08:00"),
        "when": datetime.fromisoformat("2026-03-01T00:00:00+00:00"), "verb": "case.noted",
        "facts": {"b": 1.0, "a": "路", "c": [None, True, 0.25]},
    }  # fmt: skip
    assert chain.canonical(line).decode() == (
        '{"at":"2026-03-01T00:00:00.500000Z","facts":{"a":"路","b":1,"c":[null,true,0.25]},'
        '"id":"6f1c","seq":7,"verb":"case.noted","when":"2026-03-01T00:00:00.000000Z"}'
    )
    assert chain.link(chain.START, line) == (
        "8760444eea6dc8701f23ca39ca5db947632d5999718f0d754f895de9460875c3"
    )
    made = write(1)[0]
    read = next(iter(chain.lines()))
    assert read["facts"] == made.facts
    assert read["at"] == made.at


def copied(of, **changes):
    row = Entry.objects.filter(seq=of).values().get()
    return Entry(**{**row, **changes})


def edit(draw, seqs):
    changes = {
        "verb": "case.forged", "subject": "x:forged", "place": "9/", "org": "forged",
        "actor": "forged", "method": "forged", "facts": {"n": -1},
        "at": clock.now() - 9 * DAY, "when": clock.now() - 9 * DAY,
    }  # fmt: skip
    name = draw.choice(sorted(changes))
    Entry.objects.filter(seq=draw.choice(seqs)).update(**{name: changes[name]})
    return f"edit {name}"


def delete(draw, seqs):
    Entry.objects.filter(seq=draw.choice(seqs)).delete()
    return "delete"


def insert(draw, seqs):
    """Before everything, or among the others, which move up to make room."""
    place = draw.choice([0, -5, *seqs])
    line = copied(draw.choice(seqs), seq=place, id=uuid4())
    if place in seqs:
        for seq in reversed(seqs[seqs.index(place) :]):
            Entry.objects.filter(seq=seq).update(seq=seq + 1)
    line.save(force_insert=True)
    return f"insert at {place}"


def swap(draw, seqs):
    one, two = draw.sample(seqs, 2)
    first, second = copied(one), copied(two)
    Entry.objects.filter(seq__in=[one, two]).delete()
    first.seq, second.seq = two, one
    first.save(force_insert=True)
    second.save(force_insert=True)
    return "swap"


def cut_tail(draw, seqs):
    Entry.objects.filter(seq__gte=draw.choice(seqs)).delete()
    return "cut tail"


def forge_seal(draw, seqs):
    row = Seal.objects.get(number=draw.randint(1, 4))
    changes = {
        "day": row.day + DAY, "upto_seq": row.upto_seq - 1, "count": row.count + 1,
        "head": "0" * 64, "previous": "1" * 64, "signature": "2" * 128, "key": "3" * 64,
        "made_at": row.made_at + DAY, "number": 77,
    }  # fmt: skip
    name = draw.choice(sorted(changes))
    Seal.objects.filter(number=row.number).update(**{name: changes[name]})
    return f"forge seal {name}"


def drop_seal(draw, seqs):
    Seal.objects.filter(number=draw.randint(1, 3)).delete()
    return "drop seal"


def cut_with_seals(draw, seqs):
    """Only a witness can know that there was more."""
    row = Seal.objects.get(number=draw.choice([2, 4]))
    Seal.objects.filter(number__gte=row.number).delete()
    Entry.objects.filter(seq__gt=Seal.objects.get(number=row.number - 1).upto_seq).delete()
    return "cut tail and its seals"


def rebuild(draw, seqs):
    """Somebody who holds the signing key forges a line and every seal anew."""
    edit(draw, seqs)
    rows = list(Seal.objects.order_by("number"))
    Seal.objects.all().delete()
    key = seal._keys(keyfiles.read(seal.KEY_FILE))[0]
    previous, start = chain.START, 0
    for row in rows:
        row.previous = row.head = previous
        for line in chain.lines(start or None, row.upto_seq):
            row.head = chain.link(row.head, line)
        row.signature = key.sign(chain.canonical(seal.statement(row))).hex()
        row.save(force_insert=True)
        previous, start = row.head, row.upto_seq
    return "rebuild"


WITHOUT_WITNESS = [edit, edit, delete, insert, swap, cut_tail, forge_seal, drop_seal]
WITH_WITNESS = [cut_with_seals, rebuild]


def test_a_hundred_random_changes_by_a_superuser_are_found():
    three_days()
    seqs = list(Entry.objects.order_by("seq").values_list("seq", flat=True))
    witness = json.loads(json.dumps(seal.document()))
    draw, missed, done = random.Random(18), [], {}
    with wipe_allowed():
        for turn in range(100):
            change = draw.choice(WITHOUT_WITNESS + WITH_WITNESS)
            mark = transaction.savepoint()
            said = change(draw, seqs)
            alone, witnessed = check.verify(), check.verify(witness)
            transaction.savepoint_rollback(mark)
            done[change.__name__] = done.get(change.__name__, 0) + 1
            if witnessed.ok or (change in WITHOUT_WITNESS and alone.ok):
                missed.append((turn, said))
            # Teeth: without a witness these two pass, so it is the witness that finds them.
            assert change in WITHOUT_WITNESS or alone.ok, said
    assert missed == []
    assert set(done) == {change.__name__ for change in WITHOUT_WITNESS + WITH_WITNESS}
    assert check.verify(witness).ok


def test_the_first_bad_range_is_named_and_later_ones_are_not_blamed():
    made = three_days()
    with wipe_allowed():
        Entry.objects.filter(seq=made[1].upto_seq).update(org="forged")
    report = check.verify()
    assert len(report.bad) == 1
    assert report.first_bad.startswith(f"Seal 2 of {made[1].day}: the lines")


def test_seals_signed_with_another_key_are_found(own_key):
    """The database alone is in the forger's hands, not the key file."""
    three_days()
    kept = own_key.read_text()
    with wipe_allowed():
        own_key.write_text(Ed25519PrivateKey.generate().private_bytes_raw().hex())
        rebuild(random.Random(1), list(Entry.objects.order_by("seq").values_list("seq", flat=True)))
        own_key.write_text(kept)
    assert "key that is not ours" in check.verify().first_bad or "signature" in (
        check.verify().first_bad
    )


def test_an_older_key_still_verifies(own_key):
    write(1)
    with after(1):
        seal.seal_up_to_yesterday()
    own_key.write_text(
        f"{Ed25519PrivateKey.generate().private_bytes_raw().hex()}\n{own_key.read_text()}"
    )
    write(1, on_day=1)
    with after(2):
        seal.seal_up_to_yesterday()
    assert len(set(Seal.objects.values_list("key", flat=True))) == 2
    assert check.verify().ok


def test_the_key_is_its_owners_alone(own_key):
    write(1)
    seal.seal_now()
    assert own_key.stat().st_mode & 0o777 == 0o600
    assert own_key.parent.stat().st_mode & 0o777 == 0o700
    own_key.chmod(0o644)
    with pytest.raises(keyfiles.UnsafeKeyFile, match="chmod 600"):
        check.verify()
    own_key.chmod(0o600)
    own_key.write_text("")
    with pytest.raises(keyfiles.UnsafeKeyFile, match="backup"):
        check.verify()
    own_key.write_text("not hex")
    with pytest.raises(keyfiles.UnsafeKeyFile, match="64 hex"):
        check.verify()


def test_a_day_waits_for_a_transaction_that_still_runs(monkeypatch):
    write(2)
    monkeypatch.setattr(seal, "PATIENCE", 0.2)
    monkeypatch.setattr(gaps, "settled", lambda after, most: after)
    with after(1), pytest.raises(seal.NotSettled):
        seal.seal_up_to_yesterday()
    assert not Seal.objects.exists()


def call(*words):
    return CliRunner().invoke(commands.journal, words)


def test_the_command_prints_one_object_and_fails_when_it_should():
    three_days()
    good = call("verify", "--json")
    assert good.exit_code == 0
    assert json.loads(good.output) == {
        "promise": "P18", "ok": True, "entries": 12, "seals": 4, "first_bad": None, "unsealed": 0,
    }  # fmt: skip
    with wipe_allowed():
        Entry.objects.filter(verb="case.noted").update(org="forged")
    bad = call("verify", "--json")
    assert bad.exit_code == 1
    assert json.loads(bad.output)["first_bad"].startswith("Seal 1")
    assert "NOT as they were sealed" in call("verify").output


def test_the_command_asks_a_witness(tmp_path):
    three_days()
    file = tmp_path / "heads.json"
    file.write_text(call("heads").output)
    assert call("verify", "--witness", str(file)).exit_code == 0
    with wipe_allowed():
        rebuild(random.Random(3), list(Entry.objects.order_by("seq").values_list("seq", flat=True)))
    assert call("verify").exit_code == 0
    found = call("verify", "--witness", str(file))
    assert found.exit_code == 1
    assert "the witness saw head" in found.output


@pytest.mark.parametrize("text", ["", "no json", "[]", "{}", '{"heads": [{"number": 1}]}'])
def test_a_file_that_is_no_witness_is_refused(tmp_path, text):
    file = tmp_path / "w.json"
    file.write_text(text)
    result = call("verify", "--witness", str(file))
    assert result.exit_code == 1
    assert "Error" in result.output
    assert "heads" in result.output or "JSON" in result.output


def test_the_command_seals():
    write(2)
    assert "nothing to seal" in call("seal").output
    assert "seal 1: 2 lines" in call("seal", "--now").output


def test_the_command_lists_stuck_lines():
    assert call("stuck").output == "0 stuck\n"
    assert call("stuck", "--retry", "9").exit_code == 1
