"""Pictures: text first, pieces by offset, drawn anew, and an item is done only when none is missing."""

import hashlib
from datetime import timedelta

import pytest
from PIL import Image

from linli.cases.models import Case, CasePhoto
from linli.field import parts, receipts
from linli.field.models import Blob, Item, ItemPhoto
from linli.field.tests.conftest import picture
from linli.files import shelf
from linli.files.models import Photo
from linli.lib import clock


@pytest.fixture
def waiting(phone):
    """A record that names one picture, and the picture."""
    content, sha = picture()
    frozen = phone.freeze(photos=[sha])
    receipt = phone.send(frozen).json()["receipt"]
    assert receipt["missing_photos"] == [sha]
    return phone, frozen, content, sha


def test_the_text_makes_the_matter_and_the_picture_follows_in_pieces(waiting):
    phone, frozen, content, sha = waiting
    assert Case.objects.count() == 1
    assert Item.objects.get().state == "received"
    half = len(content) // 2
    first = phone.put(sha, 0, len(content), content[:half])
    assert first.json()["offset"] == half
    assert not first.json()["receipts"]
    where = phone.client.head(f"/sync/blob/{sha}")
    assert where.headers["Upload-Offset"] == str(half)
    last = phone.put(sha, half, len(content), content[half:]).json()
    [receipt] = last["receipts"]
    assert receipt["missing_photos"] == []
    assert receipts.verify(receipt, receipts.public_keys()[0])
    assert Item.objects.get().state == "processed"
    assert CasePhoto.objects.get().case == Case.objects.get()
    assert not Blob.objects.exists()
    assert phone.send(frozen).json()["receipt"] == receipt


def test_a_piece_from_another_place_is_told_where_it_goes_on(waiting):
    phone, _frozen, content, sha = waiting
    phone.put(sha, 0, len(content), content[:100])
    wrong = phone.put(sha, 0, len(content), content[:100])
    assert wrong.status_code == 409
    assert wrong.json()["offset"] == 100


def test_sent_again_when_it_is_here_gives_the_receipt(waiting):
    phone, _frozen, content, sha = waiting
    phone.put(sha, 0, len(content), content)
    again = phone.put(sha, 0, len(content), content).json()
    assert again["receipts"][0]["missing_photos"] == []
    assert Photo.objects.count() == 1


def test_what_was_changed_on_the_way_begins_anew(waiting):
    phone, _frozen, content, sha = waiting
    answer = phone.put(sha, 0, len(content), b"x" * len(content))
    assert answer.status_code == 409
    assert answer.json()["offset"] == 0
    assert phone.put(sha, 0, len(content), content).json()["receipts"]


def test_nothing_is_taken_that_nobody_waits_for(phone, phone_of, cast, waiting):
    content, sha = picture("blue")
    answer = phone.put(sha, 0, len(content), content)
    assert answer.status_code == 404
    assert answer.json()["code"] == "text_first"
    # Somebody else's picture looks exactly like none.
    _phone, _frozen, content, sha = waiting
    assert phone_of(cast.manager).put(sha, 0, len(content), content).status_code == 404


def test_one_picture_of_two_records_is_two_pictures(phone):
    content, sha = picture()
    phone.send(phone.freeze("第一件。", photos=[sha]))
    phone.send(phone.freeze("第二件。", photos=[sha]))
    told = phone.put(sha, 0, len(content), content).json()["receipts"]
    assert len(told) == 2
    assert CasePhoto.objects.count() == 2
    phone.send(phone.freeze("第三件。", photos=[sha]))
    assert phone.put(sha, 0, len(content), content).json()["receipts"]
    assert CasePhoto.objects.count() == 3


def test_what_is_no_picture_is_refused_and_the_owner_goes_without(phone):
    content = b"no picture at all" * 50
    sha = hashlib.sha256(content).hexdigest()
    frozen = phone.freeze(photos=[sha])
    phone.send(frozen)
    answer = phone.put(sha, 0, len(content), content)
    assert answer.status_code == 422
    assert Item.objects.get().state == "received"
    said = phone.status(frozen.id, left_out={str(frozen.id): [sha]})[str(frozen.id)]
    assert said["receipt"]["missing_photos"] == []
    assert Item.objects.get().state == "processed"


def test_a_record_nobody_understood_keeps_its_picture(phone):
    content, sha = picture()
    phone.send(phone.telephone.freeze({**phone.note(photos=[sha]), "kind": "dance:tango"}))
    phone.put(sha, 0, len(content), content)
    assert Item.objects.get().state == "staff_task"
    kept = Photo.objects.get()
    assert kept.claimed
    assert ItemPhoto.objects.get().photo == kept.pk


def test_metadata_never_survives(waiting, tmp_path):
    phone, _frozen, content, sha = waiting
    phone.put(sha, 0, len(content), content)
    with Image.open(shelf.path_of(Photo.objects.get())) as kept:
        assert not kept.getexif()


def test_halves_nobody_goes_on_with_are_swept_after_forty_days(
    waiting, django_capture_on_commit_callbacks
):
    phone, _frozen, content, sha = waiting
    phone.put(sha, 0, len(content), content[:100])
    assert parts.sweep() == 0
    Blob.objects.update(touched_at="2020-01-01T00:00Z")
    path = parts.path_of(Blob.objects.get())
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert parts.sweep() == 1
        assert path.exists()  # it goes when it is certain that the row is gone
    assert not path.exists()
    assert phone.put(sha, 0, len(content), content).json()["receipts"]


def test_a_twin_that_was_quicker_leaves_no_file_behind(
    waiting, monkeypatch, django_capture_on_commit_callbacks
):
    phone, _frozen, content, sha = waiting
    write = parts.write
    files = []

    def overtaken(blob, offset, piece):
        monkeypatch.setattr(parts, "write", write)
        files.append(parts.path_of(blob))
        with django_capture_on_commit_callbacks(execute=True):
            assert phone.put(sha, 0, len(content), content).json()["receipts"]
        write(blob, offset, piece)

    monkeypatch.setattr(parts, "write", overtaken)
    with django_capture_on_commit_callbacks(execute=True):
        assert phone.put(sha, 0, len(content), content).json()["receipts"]
    assert not Blob.objects.exists()
    assert [path.exists() for path in files] == [False]


def test_a_file_whose_row_is_gone_is_swept_after_a_day(waiting):
    phone, _frozen, content, sha = waiting
    phone.put(sha, 0, len(content), content[:100])
    path = parts.path_of(Blob.objects.get())
    Blob.objects.all().delete()
    parts.sweep()
    assert path.exists()
    with clock.moved_to(clock.now() + timedelta(days=2)):
        parts.sweep()
    assert not path.exists()


@pytest.mark.parametrize("headers", [{}, {"Upload-Offset": "-1"}, {"Upload-Offset": "x"}])
def test_a_piece_says_where_it_belongs(waiting, headers):
    phone, _frozen, content, sha = waiting
    answer = phone.client.put(f"/sync/blob/{sha}", content, headers=headers,
                              content_type="application/octet-stream")  # fmt: skip
    assert answer.status_code == 422


def test_too_large_a_picture_is_refused(waiting):
    phone, _frozen, content, sha = waiting
    assert phone.put(sha, 0, 13_000_000, content).status_code == 422
    assert not ItemPhoto.objects.get().arrived_at
