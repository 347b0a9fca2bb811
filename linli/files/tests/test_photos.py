"""Photos from keeping to erasing: links that expire, files that go with their row."""

import hashlib
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from linli.files import photos, shelf
from linli.files.models import Photo
from linli.files.photos import Refused, claim, erase, follow, keep, links
from linli.lib import clock

from . import corpus

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def upload(content=None, name="CANARY holiday 19900001234.jpg"):
    return SimpleUploadedFile(name, content or corpus.jpeg(exif=corpus.exif()), "image/jpeg")


def files(media):
    return sorted(path for path in Path(media).rglob("*") if path.is_file())


def later(**span):
    return clock.moved_to(clock.now() + timedelta(**span))


def age(path, **span):
    then = (clock.now() - timedelta(**span)).timestamp()
    os.utime(path, (then, then))


class TestKeeping:
    def test_two_files_and_a_row(self, media):
        photo = keep(upload())
        full, thumb = shelf.path_of(photo), shelf.path_of(photo, thumb=True)
        assert files(media) == sorted([full, thumb])
        assert photo.sha256 == hashlib.sha256(full.read_bytes()).hexdigest()
        assert (photo.width, photo.height, photo.size) == (640, 480, full.stat().st_size)
        assert full.name.startswith(photo.sha256)
        assert full.parent.name == photo.sha256[:2]

    def test_nothing_of_the_upload_is_kept_not_even_its_name(self, media):
        keep(upload(corpus.LADEN["all"]() + corpus.archive()))
        kept = b"".join(path.read_bytes() + str(path).encode() for path in files(media))
        assert not any(canary in kept for canary in corpus.CANARIES)
        assert "CANARY" not in repr(Photo.objects.values().get())

    def test_the_files_are_their_owners_alone(self, media):
        keep(upload())
        assert {path.stat().st_mode & 0o777 for path in files(media)} == {0o600}

    def test_the_minute_of_sending_is_not_kept(self, media):
        photo = keep(upload())
        assert (photo.created_at.minute, photo.created_at.second) == (0, 0)
        assert all(path.stat().st_mtime % 3600 == 0 for path in files(media))

    def test_refused_leaves_nothing(self, media):
        with pytest.raises(Refused):
            keep(upload(b"words"))
        assert not Photo.objects.exists()
        assert files(media) == []

    def test_a_file_that_lies_about_its_name_is_judged_by_its_content(self):
        with pytest.raises(Refused):
            keep(upload("路灯坏了".encode() * 100, "photo.jpg"))
        assert keep(upload(corpus.saved(corpus.drawing(), "PNG"), "notes.txt")).pk

    def test_a_full_disk_leaves_no_half_picture(self, media, monkeypatch):
        def full(handle):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            keep(upload())
        assert files(media) == []
        assert not Photo.objects.exists()

    def test_the_same_picture_twice_is_two_photos(self, media):
        one, two = keep(upload()), keep(upload())
        assert one.sha256 == two.sha256
        erase(one)
        assert shelf.path_of(two).exists()


class TestTickets:
    def test_a_ticket_leads_to_its_photo_until_somebody_holds_it(self):
        photo = keep(upload())
        words = photos.ticket(photo)
        assert photos.unclaimed([words, words, "forged", ""]) == [photo]
        assert claim(photo)
        assert not claim(photo)
        assert photos.unclaimed([words]) == []

    def test_in_their_order(self):
        kept = [keep(upload()) for _ in range(3)]
        tickets = [photos.ticket(photo) for photo in reversed(kept)]
        assert photos.unclaimed(tickets) == kept[::-1]

    def test_a_day_later_it_is_over(self):
        words = photos.ticket(keep(upload()))
        with later(hours=25):
            assert photos.unclaimed([words]) == []

    def test_a_link_is_no_ticket_and_a_ticket_no_link(self):
        photo = keep(upload())
        token = links(photo).full.split("/")[2]
        assert photos.unclaimed([token]) == []
        with pytest.raises(LookupError):
            follow(photos.ticket(photo))


class TestLinks:
    @pytest.fixture
    def photo(self):
        return keep(upload(), claimed=True)

    def test_they_show_the_picture_and_the_small_one(self, client, photo):
        for address, path in [(links(photo).full, shelf.path_of(photo)),
                              (links(photo).thumb, shelf.path_of(photo, thumb=True))]:  # fmt: skip
            answer = client.get(address)
            assert answer.status_code == 200
            assert b"".join(answer.streaming_content) == path.read_bytes()

    def test_a_browser_is_told_what_it_is_and_to_keep_it_to_itself(self, client, photo):
        answer = client.get(links(photo).full)
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["Content-Disposition"] == 'inline; filename="photo.jpg"'
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Cache-Control"] == "private, max-age=1800"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"

    def test_they_end_within_an_hour_and_hold_for_half_of_one(self, client, photo):
        for minute in range(0, 60, 7):
            with later(minutes=minute):
                address = links(photo).full
                with later(minutes=29, seconds=59):
                    assert b"".join(client.get(address).streaming_content)
                with later(minutes=60, seconds=1):
                    assert client.get(address).status_code == 404

    def test_the_same_half_hour_gives_the_same_link(self, photo):
        moment = clock.now().replace(minute=1)
        with clock.moved_to(moment):
            first = links(photo)
        with clock.moved_to(moment.replace(minute=29)):
            assert links(photo) == first
        with clock.moved_to(moment.replace(minute=31)):
            assert links(photo) != first

    def test_a_forged_one_is_nothing(self, client, photo):
        address = links(photo).full
        token = address.split("/")[2]
        other = links(keep(upload())).full.split("/")[2]
        said, _colon, sign = token.partition(":")
        for forged in (token[:-1], said, sign, f"{other.partition(':')[0]}:{sign}", "x", "..%2f"):
            assert client.get(f"/files/{forged}/").status_code == 404

    def test_it_says_nothing_about_the_place_of_the_file(self, photo):
        assert photo.sha256 not in links(photo).full
        assert re.fullmatch(r"/files/[\w:=-]+/", links(photo).full)

    def test_an_erased_photo_is_gone_at_once(
        self, client, photo, django_capture_on_commit_callbacks
    ):
        address = links(photo).full
        with django_capture_on_commit_callbacks(execute=True):
            erase(photo)
        assert client.get(address).status_code == 404

    def test_a_lost_file_is_not_found_rather_than_broken(self, client, photo):
        shelf.remove(photo)
        assert client.get(links(photo).full).status_code == 404

    def test_it_is_for_looking(self, client, photo):
        assert client.post(links(photo).full).status_code == 405


class TestGoing:
    def test_erasing_takes_row_and_files(self, media, django_capture_on_commit_callbacks):
        photo = keep(upload())
        with django_capture_on_commit_callbacks(execute=True):
            erase(photo)
        assert not Photo.objects.exists()
        assert files(media) == []

    @pytest.mark.django_db(transaction=True)
    def test_erasing_that_is_taken_back_keeps_both(self, media):
        photo = keep(upload())
        with transaction.atomic():
            erase(photo)
            transaction.set_rollback(True)
        assert Photo.objects.exists()
        assert len(files(media)) == 2

    def test_what_was_never_sent_goes_after_a_day(self, media, django_capture_on_commit_callbacks):
        keep(upload())
        held = keep(upload(), claimed=True)
        with django_capture_on_commit_callbacks(execute=True), later(hours=24):
            assert photos.forget_unclaimed() == 0
        with django_capture_on_commit_callbacks(execute=True), later(hours=26):
            assert photos.forget_unclaimed() == 1
        assert Photo.objects.get() == held
        assert len(files(media)) == 2

    def test_files_that_nobody_owns_are_swept_up_after_a_day(self, media):
        photo = keep(upload(), claimed=True)
        orphan = keep(upload())
        Photo.objects.filter(pk=orphan.pk).delete()  # as after an action that was taken back
        draft = shelf.path_of(photo).with_name("draft-1")
        draft.write_bytes(b"half a picture")
        assert shelf.sweep() == 0  # it may still be on its way
        for path in files(media):
            age(path, days=1, minutes=1)
        assert shelf.sweep() == 3
        assert len(files(media)) == 2
        assert shelf.path_of(photo).exists()

    def test_an_empty_house_is_swept_too(self):
        assert shelf.sweep() == 0
