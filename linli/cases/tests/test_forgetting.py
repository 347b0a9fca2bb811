"""What a closed matter forgets, to the second; the answer and the figures stay."""

import io
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from linli.cases import forgetting, searching
from linli.cases.actions.asker import reply
from linli.cases.actions.handle import accept, answer, note, publish
from linli.cases.models import Asker, Case, CasePhoto, DeskLine, SearchLine, Words
from linli.cases.tests.conftest import START
from linli.files import photos
from linli.files.models import Photo
from linli.journal import check
from linli.letters.models import Letter, State
from linli.letters.outbox import Recipient, send
from linli.lib import clock
from linli.people.actors import ANONYMOUS
from linli.places.models import Kind
from linli.vault import sealing

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.fixture
def closed(ground, settings, tmp_path):
    """A matter with everything that can be kept of one, closed at START."""
    settings.MEDIA_ROOT = tmp_path
    receipt = ground.say(phone="19900001234", spot="门口", lon=119.48, lat=31.42)
    case, lamps = receipt.case, ground.staff("lamps")
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(file, "PNG")
    upload = SimpleUploadedFile("a.png", file.getvalue(), "image/png")
    CasePhoto.objects.create(case=case, photo=photos.keep(upload), order=0)
    accept(case, by=lamps)
    publish(case, "路灯不亮。", by=lamps)
    note(case, "问过值班的人。", by=lamps)
    answer(case, "灯泡已换好。", by=lamps)
    receipt.asker.refresh_from_db()
    reply(receipt.asker, "solved", by=ANONYMOUS, words="谢谢王师傅")
    Letter.objects.all().delete()
    searching.index(case)
    case.refresh_from_db()
    assert case.closed_at == START
    return receipt


@contextmanager
def after(span):
    with clock.moved_to(START + span):
        yield


def boundary(forget, span):
    """Nothing goes at the very moment; a second later it does, and then nothing is left to do."""
    with after(span):
        assert forget() == 0
    with after(span + SECOND):
        assert forget() == 1
        assert forget() == 0


def test_contact_goes_thirty_days_after(closed):
    boundary(forgetting.contacts, 30 * DAY)
    assert sealing.is_destroyed(closed.asker.subject)
    assert Asker.objects.get().subject == ""
    assert Case.objects.get().text


def test_the_file_of_an_account_stays_with_the_account(ground, moved):
    resident = ground.staff("resident")
    sealing.seal(resident.user.vault_subject, "phone", "+8619900001234", purpose="sign-in")
    receipt = ground.say(by=resident, user=resident.user)
    Case.objects.update(state="silent", closed_at=START, due_at=None)
    with after(40 * DAY):
        assert forgetting.contacts() == 0
    assert receipt.asker.subject == resident.user.vault_subject
    assert not sealing.is_destroyed(resident.user.vault_subject)


@pytest.mark.parametrize("state", [State.WAITING, State.DEAD])
def test_who_has_not_been_told_yet_is_told_first(closed, state):
    with transaction.atomic():
        send(Recipient(subject=closed.asker.subject), "case.extended",
             {"number": closed.number, "path": "/x/"}, key="1")  # fmt: skip
    Letter.objects.update(state=state)
    with after(31 * DAY):
        assert forgetting.contacts() == 0
        Letter.objects.update(state=State.SENT, sent_at=clock.now())
        assert forgetting.contacts() == 1


def test_words_photos_and_the_exact_place_go_after_two_years(closed):
    photo = Photo.objects.get()
    boundary(forgetting.texts, 730 * DAY)
    case = Case.objects.select_related("place").get()
    assert (case.text, case.spot, case.lon, case.lat, case.data, case.handler) == (
        "", "", None, None, {}, None,
    )  # fmt: skip
    assert case.place.kind in (Kind.VILLAGE, Kind.COMMUNITY)
    assert case.place_path == case.place.path
    assert not Photo.objects.filter(pk=photo.pk).exists()
    asker = Asker.objects.get()
    assert not asker.knows(closed.word)
    assert asker.reply == "solved"
    assert [row.text for row in Words.objects.all()] == ["灯泡已换好。"]
    assert "谢谢王师傅" not in DeskLine.objects.get().words
    assert case.public_text == "路灯不亮。"
    assert SearchLine.objects.get().said


def test_a_sealed_matter_keeps_its_marker_only(ground):
    case = ground.say(
        kind="dispute", category="neighbours", place=ground.village, visibility="sealed",
        phone="19900001234", name="王", consent=True, fields={"other-party": "隔壁"},
    ).case  # fmt: skip
    Case.objects.update(state="silent", closed_at=START, due_at=None)
    keep = case.rule.keep.text_days
    boundary(forgetting.texts, keep * DAY)
    assert sealing.is_destroyed(case.sealed_subject)
    assert not Words.objects.filter(sealed=True).exists()


def test_the_word_on_the_receipt_of_a_nameless_matter_ends_after_ninety_days(ground):
    receipt = ground.say()
    Case.objects.update(state="silent", closed_at=START, due_at=None)
    boundary(forgetting.receipts, 90 * DAY)
    assert not Asker.objects.get().knows(receipt.word)


def test_notes_go_after_a_year_and_what_was_public_after_five(closed):
    boundary(forgetting.notes, 365 * DAY)
    boundary(forgetting.published, 5 * 365 * DAY)
    assert not Words.objects.exists()
    assert Case.objects.get().public_text == ""
    assert SearchLine.objects.get().said == ""


def test_an_open_matter_forgets_nothing(ground):
    ground.say(phone="19900001234")
    with after(10 * 365 * DAY):
        everything = (forgetting.contacts, forgetting.texts, forgetting.receipts,
                      forgetting.notes, forgetting.published)  # fmt: skip
        assert [forget() for forget in everything] == [0] * 5


def test_an_archive_brought_in_today_is_not_forgotten_today(ground):
    ground.say()
    Case.objects.update(
        state="silent", closed_at=START - 3000 * DAY, due_at=None, source="archive:1"
    )
    assert forgetting.texts() == 0
    with after(4000 * DAY):
        assert forgetting.texts() == 1


def test_the_journal_stays_whole(closed):
    with after(3000 * DAY):
        for forget in (forgetting.contacts, forgetting.texts, forgetting.published):
            forget()
    assert check.verify().ok
