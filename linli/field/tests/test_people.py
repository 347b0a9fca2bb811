"""What people decide: two versions, what nobody understood, lost telephones, rescue files."""

import base64
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.cases.models import Case
from linli.field import health, keeping
from linli.field.actions import deciding, erasing, rescue, tasks
from linli.field.models import Device, FormVersion, Item, Rival, Tombstone
from linli.field.testing import canonical
from linli.field.tests.conftest import picture
from linli.journal.models import Entry
from linli.lib import clock
from linli.people.policies import Denied
from linli.vault import sealing
from linli.vault.models import ReadLog


@pytest.fixture
def rival(phone):
    """Two tabs froze different words under one name."""
    first = phone.freeze("沙发堵住了门。")
    phone.send(first)
    second = phone.freeze("沙发和柜子堵住了门。", name=first.id)
    phone.send(second)
    return Rival.objects.get(), second


class TestTwoVersions:
    def test_the_page_shows_both_and_the_second_follows(self, phone, rival):
        row, second = rival
        shown = phone.client.get("/field/conflicts/").content.decode()
        assert "沙发堵住了门" in shown
        assert "沙发和柜子" in shown
        phone.client.post(f"/field/conflicts/{row.pk}/decision/", {"decision": "second"})
        row.refresh_from_db()
        assert row.closed_at  # a matter takes more words by itself
        assert Entry.objects.filter(verb="case.added").count() == 1
        said = phone.status(second.id)[str(second.id)]
        assert said["beside"][0]["decided"]
        assert said["beside"][0]["receipt"]["sha256"] == second.sha256

    def test_the_first_stays(self, phone, rival, worker):
        row = deciding.decide(rival[0], "first", by=worker)
        assert row.closed_at
        assert not Entry.objects.filter(verb="case.added").exists()
        with pytest.raises(Denied):
            deciding.decide(row, "second", by=worker)

    def test_the_office_is_asked_and_says_what_it_did(self, phone, rival, worker, cast, client_as):
        deciding.decide(rival[0], "ask", by=worker)
        desk = client_as(cast.manager)
        assert desk.get("/desk/field/").status_code == 200
        address = f"/desk/field/versions/{rival[0].pk}/"
        assert desk.post(address, {"reason": ""}).status_code == 422
        opened = desk.post(address, {"reason": "本人请我们来定"}).content.decode()
        assert "沙发和柜子" in opened
        assert ReadLog.objects.count() == 2
        desk.post(f"{address}closed/", {"words": "电话问过，按第二份改好了"})
        assert health.open_rivals(cast.manager).count() == 0

    def test_nobody_else_decides(self, phone, rival, cast, client_as):
        with pytest.raises(Denied):
            deciding.decide(rival[0], "first", by=cast.manager)
        stranger = client_as(cast.other_manager)
        assert stranger.get(f"/desk/field/versions/{rival[0].pk}/").status_code == 404
        assert stranger.post(f"/field/conflicts/{rival[0].pk}/decision/").status_code == 404


class TestNobodyUnderstood:
    @pytest.fixture
    def item(self, phone):
        said = phone.note("灯坏了。", place="320481901001-99")  # a place that is not there yet
        phone.send(phone.telephone.freeze(said))
        return Item.objects.get()

    def test_it_is_on_the_desk_and_reading_it_takes_a_reason(self, item, cast, client_as):
        desk = client_as(cast.manager)
        assert f"/desk/field/{item.pk}/" in desk.get("/desk/field/").content.decode()
        assert "灯坏了" not in desk.get(f"/desk/field/{item.pk}/").content.decode()
        shown = desk.post(f"/desk/field/{item.pk}/", {"reason": "要补地点"}).content.decode()
        assert "灯坏了" in shown
        assert ReadLog.objects.get().reason == "要补地点"

    def test_the_same_bytes_are_tried_again(self, item, cast):
        with pytest.raises(Denied):
            tasks.try_again(item, by=cast.manager)
        cast.places["building"].code = "320481901001-99"
        type(cast.places["building"]).objects.filter(pk=cast.places["building"].pk).update(
            code="320481901001-99"
        )
        tasks.try_again(item, by=cast.manager)
        item.refresh_from_db()
        assert item.state == "processed"
        assert Case.objects.get().text == "灯坏了。"
        with pytest.raises(Denied):
            tasks.try_again(item, by=cast.manager)

    def test_or_done_by_hand(self, item, cast, client_as):
        desk = client_as(cast.manager)
        desk.post(f"/desk/field/{item.pk}/by-hand/", {"words": " "})
        item.refresh_from_db()
        assert item.state == "staff_task"
        desk.post(f"/desk/field/{item.pk}/by-hand/", {"words": "已另行登记"})
        item.refresh_from_db()
        assert item.state == "processed"
        assert item.problem == "已另行登记"

    def test_another_unit_does_not_see_it(self, item, cast, client_as):
        other = client_as(cast.other_manager)
        assert other.get(f"/desk/field/{item.pk}/").status_code == 404
        assert client_as(cast.resident).get("/desk/field/").status_code == 403


def closed(records, code, rounds=100_000):
    """A rescue file as the telephone writes it."""
    salt, iv = b"s" * 16, b"i" * 12
    key = PBKDF2HMAC(hashes.SHA256(), 32, salt, rounds).derive(code.encode())
    data = AESGCM(key).encrypt(iv, canonical({"records": records}), b"linli rescue 1")
    said = {"linli": "rescue 1", "rounds": rounds, "salt": salt, "iv": iv, "data": data}
    plain = {
        k: base64.b64encode(v).decode() if isinstance(v, bytes) else v for k, v in said.items()
    }
    return json.dumps(plain).encode()


def record(frozen, *pictures):
    return {
        "id": str(frozen.id), "sha256": frozen.sha256, "form": frozen.form,
        "device": frozen.device, "signature": frozen.signature,
        "body": base64.b64encode(frozen.body).decode(),
        "pictures": [{"data": base64.b64encode(one).decode()} for one in pictures],
    }  # fmt: skip


class TestRescue:
    def test_a_desk_takes_it_in_and_the_telephone_only_repeats(self, phone, cast, client_as):
        content, sha = picture()
        frozen = phone.freeze(photos=[sha])
        file = closed([record(frozen, content)], "ACDEF23456")
        desk = client_as(cast.manager)
        answer = desk.post("/desk/field/rescue/", {
            "file": SimpleUploadedFile("r.json", file), "code": "acdef 23456"})  # fmt: skip
        assert answer.status_code == 200, answer.content.decode()
        item = Item.objects.get()
        assert item.state == "processed"
        assert str(item.person_id) == phone.hello()["person"]
        assert phone.send(frozen).json()["replayed"]
        assert Case.objects.count() == 1

    def test_it_is_the_writers_not_the_desks(self, phone, cast, worker):
        frozen = phone.freeze()
        rescue.take_in([record(frozen)], by=cast.manager)
        line = Entry.objects.get(verb="case.received")
        assert line.actor == worker.id

    def test_what_nobody_signed_is_refused(self, phone, cast):
        frozen = phone.freeze()
        forged = {**record(frozen), "signature": ""}
        made = rescue.take_in([forged], by=cast.manager)
        assert made.new == 0
        assert len(made.problems) == 1
        Device.objects.update(revoked_at=clock.now())
        assert rescue.take_in([record(frozen)], by=cast.manager).new == 0

    @pytest.mark.parametrize(
        "file", [b"", b"{}", b"[]", b'{"linli":"rescue 1","rounds":1}', b"\xff"]
    )
    def test_what_is_no_such_file_is_said(self, file):
        with pytest.raises(Denied):
            rescue.unpack(file, "X")

    def test_another_code_does_not_open_it(self, phone):
        with pytest.raises(Denied):
            rescue.unpack(closed([record(phone.freeze())], "ACDEF23456"), "ACDEF23457")


class TestTelephones:
    def test_a_lost_one_is_removed_by_its_owner(self, phone):
        shown = phone.client.get("/field/phones/").content.decode()
        device = Device.objects.get()
        assert str(device.pk) in shown
        phone.client.post(f"/field/phones/{device.pk}/revocation/")
        assert phone.send(phone.freeze()).status_code == 403

    def test_only_by_its_owner_here(self, phone, cast, client_as):
        device = Device.objects.get()
        other = client_as(cast.manager)
        assert other.post(f"/field/phones/{device.pk}/revocation/").status_code == 404

    def test_health_counts_and_says_nobodys_words(self, phone, cast, client_as):
        frozen = phone.freeze("只有我知道的话。")
        phone.send(frozen)
        phone.send(frozen)
        phone.status(frozen.id, unsent=4, oldest="2026-05-01T09:00:00+08:00")
        found = health.of(cast.manager)
        assert found.replays == 1
        assert [d.unsent for d in found.devices] == [4]
        for part in (cast.manager, cast.administrator):
            assert "只有我知道" not in client_as(part).get("/desk/field/").content.decode()
        assert not health.of(cast.other_manager).devices

    def test_a_picture_missing_for_a_day_is_chased(self, phone, cast):
        phone.send(phone.freeze(photos=["a" * 64]))
        assert health.of(cast.manager).incomplete == 0
        Item.objects.update(received_at=clock.now() - timedelta(hours=25))
        assert health.of(cast.manager).incomplete == 1


class TestForgetting:
    def test_the_bytes_go_after_ninety_days_and_the_name_stays(self, phone):
        frozen = phone.freeze()
        phone.send(frozen)
        with clock.moved_to(clock.now() + timedelta(days=89)):
            assert keeping.forget_old() == 0
        with clock.moved_to(clock.now() + timedelta(days=91)):
            assert keeping.forget_old() == 1
        assert keeping.body_of(Item.objects.get()) is None
        assert phone.send(frozen).json()["replayed"]

    def test_what_somebody_must_still_read_is_kept(self, phone):
        phone.send(phone.telephone.freeze_bytes(b"{", "f"))
        with clock.moved_to(clock.now() + timedelta(days=91)):
            assert keeping.forget_old() == 0

    def test_erased_means_gone_and_sending_again_does_not_revive(self, phone, worker):
        frozen = phone.freeze()
        phone.send(frozen)
        subject = Item.objects.get().subject
        assert erasing.erase_person(worker.user) == 1
        assert not Item.objects.exists()
        assert sealing.is_destroyed(subject)
        assert Tombstone.objects.get().client_id == frozen.id
        phone.enrol()
        assert phone.send(frozen).status_code in (410, 422)

    def test_tombstones_stand_for_two_years(self, phone, cast):
        phone.send(phone.freeze())
        erasing.bury(Item.objects.get(), why="withdrawn", by=cast.manager)
        with clock.moved_to(clock.now() + timedelta(days=729)):
            erasing.forget_old()
            assert Tombstone.objects.exists()
        with clock.moved_to(clock.now() + timedelta(days=731)):
            erasing.forget_old()
        assert not Tombstone.objects.exists()

    def test_forms_stay_readable_for_more_than_a_year(self, phone):
        phone.client.get("/sync/bundle")
        assert FormVersion.objects.exists()
        with clock.moved_to(clock.now() + timedelta(days=400)):
            erasing.forget_old()
        assert FormVersion.objects.exists()
