"""The record of service: hours from in and out, a certificate with a code, corrections, a table."""

import re
from datetime import date, timedelta

import pytest

from linli.people.policies import Denied
from linli.points import pdf
from linli.points.actions import certifying, correcting
from linli.points.models import Certificate, Correction
from linli.points.tests.conftest import START


@pytest.fixture
def served(ground):
    who = ground.volunteer(joins=False)
    ground.stay(who, minutes=90)
    return who


def days():
    return {"since": "2026-01-01", "until": (START + timedelta(days=3)).date().isoformat()}


def test_a_certificate_is_a_pdf_whose_code_anyone_can_check(ground, served, moved, client_as):
    with moved(START + timedelta(days=3)):
        client = client_as(served)
        answer = client.post("/service/record/certificate/", {"name": "王  小明", **days()})
    row = Certificate.objects.get()
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-1.4")
    assert "王 小明".encode("utf-16-be").hex().upper().encode() in answer.content
    assert (row.minutes, row.times) == (100, 2)  # 90 and the 10 of the first time
    stranger = client_as(ground.person())
    stranger.logout()
    stranger.cookies["django_language"] = "en"
    address = f"/certificate/{row.code}/"
    page = stranger.get(address).text
    assert "This certificate holds." in page
    assert "小明" not in page
    assert "Yes: this name" in stranger.post(address, {"name": "王 小明"}).text
    assert "No: another name" in stranger.post(address, {"name": "王小花"}).text
    typed = f"{row.code[:6].lower()}-{row.code[6:]}"
    assert "This certificate holds." in stranger.get("/certificate/", {"code": typed}).text
    assert stranger.get("/certificate/K7MP4WK7MP4W/").status_code == 404


def test_the_name_is_stored_nowhere(ground, served, moved):
    with moved(START + timedelta(days=3)):
        row = certifying.issue("王小明", date(2026, 1, 1), date(2026, 11, 30), by=served)
    assert all("小明" not in str(value) for value in vars(row).values())


def test_an_ended_certificate_says_so(ground, served, moved, client_as):
    with moved(START + timedelta(days=3)):
        row = certifying.issue("A", date(2026, 1, 1), date(2026, 11, 30), by=served)
        with pytest.raises(Denied):
            certifying.revoke(row, by=ground.person())
        client = client_as(served)
        client.post(f"/service/record/certificate/{row.pk}/end/")
        assert "no longer holds" in client.get(f"/certificate/{row.code}/").text


@pytest.mark.parametrize(
    "given",
    [
        {"name": ""}, {"name": "x" * 41}, {"since": ""}, {"since": "2027-01-01"},
        {"until": "2026-01-02"},
    ],
)  # fmt: skip
def test_no_certificate_of_nothing(served, client_as, given):
    values = {"name": "王小明", **days(), **given}
    page = client_as(served).post("/service/record/certificate/", values, follow=True)
    assert page.status_code == 200
    assert not Certificate.objects.exists()


def test_the_record_and_its_table(served, moved, client_as):
    with moved(START + timedelta(days=3)):
        client = client_as(served)
        assert "2026" in client.get("/service/record/").text
        table = client.get("/service/record/table/").content.decode("utf-8-sig").splitlines()
    assert table[0] == "Day,Activity,Role,Host,Minutes"
    assert table[-1].endswith(",90")
    assert len(table) == 3


def test_a_stay_can_be_looked_at_again(ground, served, moved, client_as):
    with moved(START + timedelta(days=3)):
        stay = certifying.stays(served.user, date(2026, 11, 1), date(2026, 11, 30))[-1]
        client = client_as(served)
        client.post(f"/service/record/correct/{stay.pk}/", {"words": "我早到了半小时。"})
        with pytest.raises(Denied, match="already"):
            correcting.ask(stay, "again", by=served)
        with pytest.raises(Denied):
            correcting.ask(stay, "not mine", by=ground.person())
        desk = client_as(ground.cast.manager)
        assert "我早到了半小时" in desk.get("/desk/points/").text
        row = Correction.objects.get()
        desk.post(f"/desk/points/corrections/{row.pk}/", {"answer": "签到表上是 9 点。"})
        assert "签到表上是" in client.get("/service/record/").text
        with pytest.raises(Denied):
            correcting.answer(row, "once more", by=ground.cast.manager)


def test_a_page_of_pdf_is_whole():
    text = pdf.page([pdf.Line("志愿服务 ()\\", 20, 700), pdf.Line("长" * 90, 20, 600)], "x", "t")
    start = int(re.search(rb"startxref\n(\d+)", text)[1])
    assert text[start : start + 4] == b"xref"
    places = [int(one) for one in re.findall(rb"(\d{10}) 00000 n", text)]
    for number, place in enumerate(places, 1):
        assert text[place:].startswith(b"%d 0 obj" % number)
    assert pdf.width_of("长" * 90, 20) > pdf.WIDTH  # it was set smaller
