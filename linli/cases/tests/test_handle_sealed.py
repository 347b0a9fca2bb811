"""What opens only with a reason, and the special steps that the playbook gives a kind."""

import html
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from linli.cases.actions.handle import accept
from linli.cases.actions.pass_on import transfer
from linli.cases.actions.steps import do_step
from linli.cases.models import Asker, Case, CasePhoto, State, StepDone
from linli.files import photos
from linli.journal.models import Entry
from linli.people.actors import ANONYMOUS
from linli.vault import sealing


def at(name, case, *more):
    return reverse(f"desk-{name}", args=[case.number, *more])


def text_of(answer):
    return html.unescape(answer.content.decode())


@pytest.fixture
def dispute(ground):
    return ground.say(
        kind="dispute", category="neighbours", place=ground.village, visibility="sealed",
        phone="19900001234", name="王", consent=True, text="他家的水漏到我家",
        fields={"other-party": "楼上的人"},
    ).case  # fmt: skip


@pytest.fixture
def errand(ground):
    case = ground.say(
        kind="errand", category="certificates", place=ground.village, visibility="office",
        phone="19900001234", name="王", text="换一张社保卡",
    ).case  # fmt: skip
    given = {"what": "换社保卡", "for-whom": "myself", "which-documents": "身份证",
             "expires": "2026-12-31", "signed": True}  # fmt: skip
    do_step(case, "mandate", given, by=ANONYMOUS, asker=Asker.objects.get(case=case))
    case.refresh_from_db()
    return case


# ── with a reason ───────────────────────────────────────────────────────────────────────────


def test_sealed_words_open_with_a_reason_that_is_logged(ground, dispute, client_as):
    mediator = client_as(ground.staff("mediator"))
    closed = text_of(mediator.get(at("case", dispute)))
    assert "他家的水漏到我家" not in closed
    assert "楼上的人" not in closed
    opened = mediator.post(at("read", dispute), {"reason": "准备明天的调解"})
    assert opened.status_code == 200
    assert "他家的水漏到我家" in text_of(opened)
    assert "楼上的人" in text_of(opened)
    assert opened.headers["Cache-Control"] == "no-store"
    reads = sealing.reads_of(dispute.sealed_subject)
    assert {read.kind for read in reads} == {"text", "field.other-party"}
    assert {read.reason for read in reads} == {"准备明天的调解"}
    assert "他家的水漏到我家" not in text_of(mediator.get(at("case", dispute)))


def test_without_a_reason_it_stays_sealed(ground, dispute, client_as):
    mediator = client_as(ground.staff("mediator"))
    for reason in ("", "   "):
        answer = mediator.post(at("read", dispute), {"reason": reason})
        assert answer.status_code == 422
        assert "他家的水漏到我家" not in text_of(answer)
        assert 'aria-invalid="true"' in text_of(answer)
    assert not sealing.reads_of(dispute.sealed_subject).exists()


def test_only_its_readers_find_a_sealed_case(ground, dispute, client_as):
    for who in ("town", "county", "manager", "lamps"):
        browser = client_as(ground.staff(who))
        assert browser.get(at("case", dispute)).status_code == 404
        assert browser.post(at("read", dispute), {"reason": "x"}).status_code == 404


def test_the_contact_opens_for_one_asker_with_a_reason(ground, client_as):
    receipt = ground.say(phone="19900001234")
    lamps = client_as(ground.staff("lamps"))
    asked = {"asker": receipt.number, "reason": "约时间上门"}
    opened = lamps.post(at("contact", receipt.case), asked)
    assert opened.status_code == 200
    assert "19900001234" in text_of(opened)
    read = sealing.reads_of(receipt.asker.subject).get()
    assert (read.kind, read.reason) == ("phone", "约时间上门")
    assert "19900001234" not in text_of(lamps.get(at("case", receipt.case)))
    assert lamps.post(at("contact", receipt.case), asked | {"reason": ""}).status_code == 422
    other = ground.say(phone="19900005678")
    assert lamps.post(
        at("contact", receipt.case), asked | {"asker": other.number}
    ).status_code == 404  # fmt: skip
    assert sealing.reads_of(other.asker.subject).count() == 0


def test_a_contact_that_was_shredded_is_said_so(ground, client_as):
    receipt = ground.say(phone="19900001234")
    sealing.destroy(receipt.asker.subject, by=ground.staff("lamps"), reason="Zeit")
    answer = client_as(ground.staff("lamps")).post(
        at("contact", receipt.case), {"asker": receipt.number, "reason": "约时间"}
    )
    assert answer.status_code == 409


def test_the_county_alone_opens_no_contact(ground, client_as):
    receipt = ground.say(phone="19900001234")
    browser = client_as(ground.staff("county"))
    assert at("contact", receipt.case) not in text_of(browser.get(at("case", receipt.case)))
    asked = {"asker": receipt.number, "reason": "约时间"}
    assert browser.post(at("contact", receipt.case), asked).status_code == 403


def test_the_county_reads_the_whole_text_only_with_a_reason(ground, client_as):
    case = ground.say(text="请打 19900001234 找我。灯坏了").case
    browser = client_as(ground.staff("county"))
    closed = text_of(browser.get(at("case", case)))
    assert "灯坏了" in closed
    assert "19900001234" not in closed
    assert browser.post(at("read", case), {"reason": ""}).status_code == 422
    assert Entry.objects.filter(verb="case.text_read").count() == 0
    opened = browser.post(at("read", case), {"reason": "催办前核对"})
    assert "19900001234" in text_of(opened)
    assert Entry.objects.filter(verb="case.text_read").count() == 1
    assert case.words.get(purpose="reason").text == "催办前核对"  # the asker finds it in the story


def test_photos_open_with_the_text(ground, client_as):
    case = ground.say().case
    upload = SimpleUploadedFile("a.png", picture(), "image/png")
    CasePhoto.objects.create(case=case, photo=photos.keep(upload), order=0)
    assert "<img src=" in text_of(client_as(ground.staff("lamps")).get(at("case", case)))
    county = client_as(ground.staff("county"))
    assert "/files/" not in text_of(county.get(at("case", case)))
    assert "/files/" in text_of(county.post(at("read", case), {"reason": "核对"}))


# ── steps of a kind, drawn from the playbook ────────────────────────────────────────────────


def test_a_step_stands_in_the_way_and_says_for_whom(ground, client_as):
    case = ground.say(
        kind="errand", category="certificates", place=ground.village, visibility="office",
        phone="19900001234", name="王",
    ).case  # fmt: skip
    page = text_of(client_as(ground.staff("agent")).get(at("case", case)))
    assert "委托单" in page
    assert at("accept", case) not in page  # the asker signs first
    assert at("answer", case) not in page


def test_an_errand_runs_from_mandate_to_returned_originals(ground, errand, client_as):
    agent = client_as(ground.staff("agent"))
    assert agent.post(at("accept", errand), {"revision": errand.revision}).status_code == 302
    take = {"f-documents": "身份证\n户口本", "revision": errand.revision + 1}
    assert agent.post(at("step", errand, "documents-received"), take).status_code == 302
    assert StepDone.objects.get(case=errand, step="documents-received").data == {
        "documents": ["身份证", "户口本"]
    }
    assert at("answer", errand) not in text_of(agent.get(at("case", errand)))
    agent.post(
        at("step", errand, "submitted"), {"f-window": "社保大厅", "f-submitted-on": "2026-11-04"}
    )
    agent.post(at("step", errand, "result"), {"f-outcome": "done"})
    page = text_of(agent.get(at("case", errand)))
    assert 'name="returned" value="户口本"' in page
    some = agent.post(at("step", errand, "returned"), {"returned": ["身份证"], "f-no-copies": "on"})
    assert some.status_code == 409
    assert "户口本" in text_of(some).split('role="alert"')[1][:400]
    every = {"returned": ["身份证", "户口本"], "f-no-copies": "on"}
    assert agent.post(at("step", errand, "returned"), every).status_code == 302
    assert set(StepDone.objects.values_list("step", flat=True)) >= {"returned", "result"}


def test_a_field_that_is_missing_or_wrong_keeps_the_rest(ground, errand, client_as):
    agent = client_as(ground.staff("agent"))
    accept(errand, by=ground.staff("agent"))
    agent.post(at("step", errand, "documents-received"), {"f-documents": ""})
    answer = agent.post(
        at("step", errand, "submitted"), {"f-window": "社保大厅", "f-submitted-on": "gestern"}
    )
    assert answer.status_code == 422
    assert "社保大厅" in text_of(answer)
    assert not StepDone.objects.filter(step="submitted").exists()


def test_a_private_field_goes_to_the_vault(ground, dispute, client_as):
    mediator = client_as(ground.staff("mediator"))
    mediator.post(at("step", dispute, "sorted"), {"f-route": "mediate"})
    dispute.refresh_from_db()
    mediator.post(at("accept", dispute), {"revision": dispute.revision})
    kept = {"f-held-on": "2026-11-04", "f-minutes": "双方同意修水管"}
    assert mediator.post(at("step", dispute, "session"), kept).status_code == 302
    assert StepDone.objects.get(step="session").data["minutes"] == "sealed"
    opened = text_of(mediator.post(at("read", dispute), {"reason": "写结果"}))
    assert "双方同意修水管" in opened


def test_a_step_for_others_or_of_no_name(ground, errand, client_as):
    agent = client_as(ground.staff("agent"))
    assert agent.post(at("step", errand, "no-such-step"), {}).status_code == 404
    assert agent.post(at("step", errand, "mandate"), {}).status_code in {409, 422}
    stranger = client_as(ground.staff("water"))
    assert stranger.post(at("step", errand, "submitted"), {}).status_code == 404
    assert agent.get(at("step", errand, "submitted")).status_code == 405


@pytest.fixture
def patrol(ground):
    case = ground.say(
        by=ground.staff("gridworker"), kind="grid-event", channel="patrol", category="cleaning",
        place=ground.grid, visibility="office", text="垃圾桶满了",
    ).case  # fmt: skip
    return case


def picture():
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(file, "PNG")
    return file.getvalue()


def test_a_picture_taken_for_a_step_becomes_a_photo_of_the_case(
    ground, patrol, client_as, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    step = next(s for s in patrol.rule.steps if any(f.type == "photo" for f in s.fields))
    field = next(f for f in step.fields if f.type == "photo")
    owner = {"village-committee": "manager", "town-office": "town"}[patrol.owner.kind]
    Case.objects.filter(pk=patrol.pk).update(handler=None)
    patrol.refresh_from_db()
    values = {f"f-{f.id}": "x" for f in step.fields if f.type == "text"}
    values |= {f"f-{f.id}": f.choices[0].id for f in step.fields if f.type == "choice"}
    values |= {f"f-{f.id}": "on" for f in step.fields if f.type == "tick"}
    values |= {f"f-{f.id}": "2026-11-04" for f in step.fields if f.type == "date"}
    browser = client_as(ground.staff(owner))
    page = text_of(browser.get(at("case", patrol)))
    assert f'name="f-{field.id}"' in page
    broken = SimpleUploadedFile("a.png", b"no picture", "image/png")
    assert browser.post(
        at("step", patrol, step.id), values | {f"f-{field.id}": broken}
    ).status_code == 409  # fmt: skip
    assert not StepDone.objects.exists()
    good = SimpleUploadedFile("a.png", picture(), "image/png")
    done = browser.post(at("step", patrol, step.id), values | {f"f-{field.id}": good})
    assert done.status_code == 302
    photo = CasePhoto.objects.get(case=patrol).photo
    assert StepDone.objects.get(case=patrol).data[field.id] == str(photo.pk)


def test_a_wish_goes_on_the_tree_from_the_desk(ground, client_as):
    wish = ground.say(kind="wish", category="daily-life", place=ground.town, visibility="public",
                      phone="19900001236", name="赵", consent=True, text="一双雨鞋").case  # fmt: skip
    station = client_as(ground.staff("station"))
    verified = {"f-for-whom": "adult", "f-wisher-agrees": "on"}
    assert station.post(at("step", wish, "verified"), verified).status_code == 302
    shown = {"f-public-text": "一双雨鞋", "f-price-band": "small"}
    assert station.post(at("step", wish, "published"), shown).status_code == 302
    wish.refresh_from_db()
    assert wish.public_text == "一双雨鞋"
    assert wish.state == State.ROUTED


def test_a_case_sent_on_keeps_its_story_with_the_first_receiver(ground, client_as):
    case = ground.say().case
    transfer(case, ground.units["water-company"], "是检修口", by=ground.staff("lamps"))
    page = text_of(client_as(ground.staff("lamps")).get(at("case", case)))
    assert "是检修口" in page
    assert at("accept", case) not in page
