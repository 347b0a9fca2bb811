"""POST /sync/items: kept and done in one transaction, the same receipt for the same bytes."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from linli.cases.actions import receive as receiving
from linli.cases.models import Asker, Case
from linli.field import keeping, receipts
from linli.field.effects import matters
from linli.field.models import Device, Item, Rival, Tombstone
from linli.journal.models import Entry
from linli.lib import clock
from linli.people.models import Appointment
from linli.people.policies import Denied


def test_a_record_becomes_a_matter_and_the_receipt_is_signed(phone):
    frozen = phone.freeze()
    answer = phone.send(frozen)
    assert answer.status_code == 201
    said = answer.json()
    case = Case.objects.get()
    assert case.channel == "patrol"
    receipt = said["receipt"]
    assert receipt["id"] == str(frozen.id)
    assert receipt["sha256"] == frozen.sha256
    assert receipt["number"] == case.number
    assert receipt["missing_photos"] == []
    assert receipts.verify(receipt, phone.hello()["keys"][0])
    item = Item.objects.get()
    assert item.state == "processed"
    assert item.effect == f"cases.Case:{case.pk}"
    assert keeping.body_of(item) == frozen.body
    assert Entry.objects.filter(verb="field.received").count() == 1


def test_the_same_bytes_again_give_the_same_receipt(phone):
    frozen = phone.freeze()
    first, again = phone.send(frozen).json(), phone.send(frozen).json()
    assert again["receipt"] == first["receipt"]
    assert again["replayed"]
    assert not first["replayed"]
    assert Case.objects.count() == 1
    assert Item.objects.get().replays == 1


def test_other_words_under_the_same_name_are_kept_beside(phone):
    first = phone.freeze()
    phone.send(first)
    other = phone.freeze("另外的话。", name=first.id)
    for _again in range(2):
        answer = phone.send(other)
        assert answer.status_code == 409
        receipt = answer.json()["receipt"]
        assert receipt["sha256"] == other.sha256
        assert receipts.verify(receipt, receipts.public_keys()[0])
    assert Case.objects.count() == 1
    assert keeping.body_of(Rival.objects.get()) == other.body
    assert phone.send(first).status_code == 201


def test_bytes_that_were_changed_on_the_way_are_refused(phone):
    frozen = phone.freeze()
    answer = phone.client.post("/sync/items", frozen.body + b" ",
                               content_type="application/octet-stream", headers=frozen.headers)  # fmt: skip
    assert answer.status_code == 422
    assert not Item.objects.exists()


def test_a_signature_of_another_telephone_is_refused(phone, phone_of, cast):
    other = phone_of(cast.manager)
    frozen = other.freeze()
    answer = phone.send(frozen)
    assert answer.status_code == 403
    assert answer.json()["code"] == "other_person"
    forged = {**phone.freeze().headers, "X-Linli-Signature": "AAAA"}
    body = phone.freeze().body
    assert phone.client.post("/sync/items", body, content_type="application/octet-stream",
                             headers=forged).status_code == 422  # fmt: skip


@pytest.mark.parametrize("body", [b"[1]", b"{", b"\xff\xfe", b'{"kind":3}',
                                  b'{"kind":"dance:tango"}', b'{"kind":"case:none"}',
                                  b'{"kind":"case:grid-event","values":{"text":{"a":1}}}',
                                  b"[" * 20000])  # fmt: skip
def test_what_is_not_understood_is_kept_and_receipted_and_a_person_looks(phone, body):
    frozen = phone.telephone.freeze_bytes(body, "old@1")
    answer = phone.send(frozen)
    assert answer.status_code == 201
    item = Item.objects.get()
    assert item.state == "staff_task"
    assert item.problem
    assert keeping.body_of(item) == body
    assert receipts.verify(answer.json()["receipt"], receipts.public_keys()[0])
    assert not Case.objects.exists()


def test_what_our_own_code_stumbles_over_is_a_persons_task(phone, monkeypatch):
    def broken(*_args, **_more):
        raise KeyError("a fault of ours")

    monkeypatch.setattr(matters, "draft_of", broken)
    assert phone.send(phone.freeze()).status_code == 201
    assert Item.objects.get().state == "staff_task"
    assert not Case.objects.exists()


def test_what_a_rule_forbids_stays_on_the_telephone(phone):
    answer = phone.send(phone.freeze("  "))
    assert answer.status_code == 422
    assert answer.json()["reason"]
    assert not Item.objects.exists()


def test_an_old_form_is_never_refused_and_unknown_values_stay_in_the_bytes(phone):
    said = phone.note()
    said["values"]["weather"] = "sunny"
    said["form"] = "case:grid-event@ten-years-old"
    frozen = phone.telephone.freeze(said)
    assert phone.send(frozen).status_code == 201
    assert b"sunny" in keeping.body_of(Item.objects.get())


def test_a_stranger_is_told_to_sign_in_and_nothing_redirects(phone, client):
    answer = client.post("/sync/items", b"x", content_type="application/octet-stream",
                         headers=phone.freeze().headers)  # fmt: skip
    assert answer.status_code == 401
    assert answer.json()["code"] == "signed_out"
    assert answer.headers["X-Linli-Sync"]


def test_a_post_that_has_ended_is_said(phone, worker):
    frozen = phone.freeze()
    Appointment.objects.filter(user=worker.user).update(to_date=clock.today())
    answer = phone.send(frozen)
    assert answer.status_code == 403
    assert answer.json()["code"] == "rights_ended"
    assert not Item.objects.exists()


def test_a_staff_post_without_its_second_factor_waits(phone, settings):
    frozen = phone.freeze()
    settings.LINLI_REQUIRE_SECOND_FACTOR = True
    answer = phone.send(frozen)
    assert answer.status_code == 401
    assert answer.json()["code"] == "locked"


def test_a_revoked_telephone_brings_nothing(phone):
    frozen = phone.freeze()
    Device.objects.update(revoked_at=clock.now())
    assert phone.send(frozen).status_code == 403
    assert not Item.objects.exists()


def test_what_was_deleted_stays_deleted(phone):
    frozen = phone.freeze()
    Tombstone.objects.create(client_id=frozen.id, sha256=frozen.sha256, kind="x", why="erased")
    assert phone.send(frozen).status_code == 410
    assert phone.status(frozen.id)[str(frozen.id)]["state"] == "deleted"
    assert not Item.objects.exists()


def test_too_large_is_said(phone):
    frozen = phone.telephone.freeze_bytes(b"x" * 300_000, "f")
    assert phone.send(frozen).status_code == 413


def test_volume_is_limited_by_bytes_not_by_tries(phone, monkeypatch):
    frozen = phone.freeze()
    monkeypatch.setattr("linli.field.actions.limits.MOST_TEXT", len(frozen.body) + 10)
    assert phone.send(frozen).status_code == 201
    for _again in range(5):
        assert phone.send(frozen).status_code == 201  # the same again costs nothing
    busy = phone.send(phone.freeze())
    assert busy.status_code == 429
    assert int(busy.headers["Retry-After"]) > 0


def test_status_knows_what_came_and_what_did_not(phone, cast, phone_of):
    frozen, never = phone.freeze(), uuid4()
    receipt = phone.send(frozen).json()["receipt"]
    said = phone.status(frozen.id, never, unsent=3, oldest="2026-05-01T09:00:00+08:00")
    assert said[str(frozen.id)]["state"] == "known"
    assert said[str(frozen.id)]["receipt"] == receipt
    assert said[str(never)] == {"state": "unknown"}
    assert Device.objects.get().unsent == 3
    # Whose it is not learns nothing.
    assert phone_of(cast.manager).status(frozen.id)[str(frozen.id)] == {"state": "unknown"}


def test_a_correction_adds_to_the_matter(phone):
    first = phone.freeze()
    phone.send(first)
    better = phone.telephone.freeze(phone.note("沙发有两个。", replaces=str(first.id)))
    assert phone.send(better).status_code == 201
    assert Case.objects.count() == 1
    assert Entry.objects.filter(verb="case.added").count() == 1


def test_a_record_of_everyday_needs_few_queries(phone, django_assert_max_num_queries):
    phone.send(phone.freeze())
    with django_assert_max_num_queries(75):
        phone.send(phone.freeze())


@pytest.mark.django_db(transaction=True)
def test_thirty_names_sent_five_times_at_once_are_thirty_matters(phone):
    """O21: the second waits and replays; an equal twin is never a conflict."""
    frozen = [phone.freeze(f"第{n}件：路边有积水。") for n in range(30)]

    def send(one):
        try:
            answer = phone.client.post(
                "/sync/items", one.body, content_type="application/octet-stream",
                headers=one.headers,
            )  # fmt: skip
            return answer.status_code, json.dumps(answer.json()["receipt"], sort_keys=True)
        finally:
            connection.close()

    for one in frozen:
        with ThreadPoolExecutor(5) as pool:
            answers = list(pool.map(send, [one] * 5))
        assert {code for code, _r in answers} == {201}
        assert len({receipt for _c, receipt in answers}) == 1
    assert Case.objects.count() == Asker.objects.count() == Item.objects.count() == 30
    assert not Rival.objects.exists()


def test_the_key_is_written_into_the_journal_once(db):
    assert receipts.announce_key()
    assert not receipts.announce_key()
    line = Entry.objects.get(verb="field.receipt_key")
    assert line.facts["ed25519"] == receipts.public_keys()[0]


def test_a_forged_receipt_is_not_one(phone):
    receipt = phone.send(phone.freeze()).json()["receipt"]
    public = receipts.public_keys()[0]
    assert not receipts.verify({**receipt, "number": "1"}, public)
    assert not receipts.verify({**receipt, "missing_photos": ["a"]}, public)
    assert not receipts.verify({k: v for k, v in receipt.items() if k != "sig"}, public)
    assert not receipts.verify({**receipt, "sig": "zz"}, public)


def test_a_rule_that_says_no_leaves_no_half(phone, monkeypatch):
    def no(*_args, **_more):
        raise Denied("no")

    monkeypatch.setattr(receiving, "add_asker", no)
    assert phone.send(phone.freeze()).status_code == 422
    assert not Item.objects.exists()
    assert not Case.objects.exists()
