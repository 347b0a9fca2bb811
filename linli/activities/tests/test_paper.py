"""A page reconciles to the last line before it closes; its picture goes when two agree."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from linli.activities import my_file
from linli.activities.actions import paper, seats
from linli.activities.models import Line, Opened, Sheet, SignUp
from linli.activities.models.people import Going
from linli.cases.models import Case
from linli.files import photos
from linli.files.models import Photo
from linli.journal.models import Entry
from linli.people.policies import Denied

LINES = ["早上太挤", "站牌字小", "谢谢"]


@pytest.fixture
def desk(field):
    return field.cast.volunteer, field.cast.bus_handler


def sheet(field, by, number=14, photo=None):
    return paper.add_sheet(
        kind="empty-the-box", organisation=field.cast.bodies["bus_company"],
        place=field.cast.places["line"], number=number, week=date(2026, 11, 4), by=by, photo=photo,
    )  # fmt: skip


def picture():
    file = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(file, "PNG")
    return photos.keep(SimpleUploadedFile("page.png", file.getvalue(), "image/png"))


def test_two_who_read_the_same_close_the_first_part_at_once(field, desk):
    one, two = desk
    row = sheet(field, one, photo=picture())
    paper.copy(row, LINES, by=one)
    with pytest.raises(Denied):
        paper.read(row, LINES, by=one)
    paper.read(row, ["早上太挤 ", "站牌字小。", "谢 谢"], by=two)  # width, spaces, full stops
    assert row.stage == "settle"
    assert Photo.objects.count() == 0
    assert [line.text for line in row.lines.all()] == LINES
    assert set(row.lines.values_list("first", "second")) == {("", "")}


def test_only_the_two_settle_a_difference_and_a_line_one_saw_alone_can_go(field, desk):
    one, two = desk
    row = sheet(field, one)
    paper.copy(row, LINES, by=one)
    paper.read(row, [*LINES[:2], "谢谢师傅", "还有一行"], by=two)
    assert [line.number for line in paper.differences(row)] == [3, 4]
    third = field.hold("handler", field.cast.bodies["bus_company"])
    with pytest.raises(Denied):
        paper.correct(row, {3: "谢谢师傅"}, by=third)
    paper.correct(row, {3: "谢谢师傅"}, by=one)
    paper.correct(row, {4: ""}, by=two)
    assert row.stage == "settle"
    assert row.lines.count() == 3
    with pytest.raises(Denied):
        paper.correct(row, {1: "改"}, by=one)


def test_a_page_closes_when_every_line_is_a_case_or_has_its_reason(field, desk):
    one, two = desk
    row = sheet(field, one)
    paper.copy(row, LINES, by=one)
    first = row.lines.get(number=1)
    with pytest.raises(Denied):
        paper.settle_line(first, by=two, category="public-transport")
    paper.read(row, LINES, by=two)
    lines = list(row.lines.all())
    for wrong in ({}, {"category": "roads", "reason": "thanks"}, {"reason": "lazy"},
                  {"category": "noise"}):  # fmt: skip
        with pytest.raises(Denied):
            paper.settle_line(lines[0], by=two, **wrong)
    given_ = paper.settle_line(lines[0], by=two, category="public-transport")
    with pytest.raises(Denied):
        paper.settle_line(lines[0], by=two, reason="thanks")
    assert paper.settle_line(lines[1], by=two, reason="same") is None
    row.refresh_from_db()
    assert row.stage == "settle"
    paper.settle_line(lines[2], by=two, reason="thanks")
    row.refresh_from_db()
    assert row.stage == "closed"
    case = Case.objects.get()
    assert (case.number, case.channel, case.kind) == (given_.number, "paper", "comment-card")
    assert Opened.objects.get().case_number == case.number
    assert Entry.objects.get(verb="activity.page_closed").facts["lines"] == 3
    assert Entry.objects.filter(verb="case.came_of").count() == 1


def test_numbers_of_people_do_not_pass_from_a_page_into_a_case(field, desk):
    one, two = desk
    row = sheet(field, one)
    for step, by in ((paper.copy, one), (paper.read, two)):
        step(row, ["请打 19900001234 告诉我"], by=by)
    paper.settle_line(row.lines.get(), by=two, category="public-transport")
    assert "19900001234" not in Case.objects.get().text


def test_an_empty_page_closes_by_itself(field, desk):
    one, two = desk
    row = sheet(field, one)
    paper.copy(row, [], by=one)
    paper.read(row, ["", "  "], by=two)
    assert row.stage == "closed"


def test_the_same_page_comes_once_and_strangers_bring_none(field, desk):
    one, _two = desk
    sheet(field, one)
    with pytest.raises(Denied):
        sheet(field, one)
    for other in (field.cast.manager, field.cast.resident, field.host):
        with pytest.raises(Denied):
            sheet(field, other, number=15)
    assert Sheet.objects.get().week == date(2026, 11, 2)


def test_the_database_keeps_no_picture_of_a_page_on_which_two_agree(field, desk):
    one, two = desk
    row = sheet(field, one)
    paper.copy(row, LINES, by=one)
    paper.read(row, LINES, by=two)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sheet.objects.filter(pk=row.pk).update(photo=picture())
    with pytest.raises(IntegrityError), transaction.atomic():
        Sheet.objects.filter(pk=row.pk).update(reader=row.copier)
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.filter(sheet=row).update(settled_at=row.agreed_at)


def test_words_of_closed_pages_go_after_ninety_days(field, desk, moved):
    one, two = desk
    row = sheet(field, one)
    paper.copy(row, LINES, by=one)
    paper.read(row, LINES, by=two)
    for line in row.lines.all():
        paper.settle_line(line, by=two, reason="thanks")
    row.refresh_from_db()
    with moved(row.closed_at + timedelta(days=90)):
        assert paper.forget() == 0
    with moved(row.closed_at + timedelta(days=90, seconds=1)):
        assert paper.forget() == 1
        assert paper.forget() == 0
    assert set(row.lines.values_list("text", "reason")) == {("", "thanks")}


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(["甲", "乙", "丙 丁", ""]), max_size=5),
       st.lists(st.sampled_from(["甲", "乙", "丙丁", "戊"]), max_size=5))  # fmt: skip
def test_a_page_never_closes_with_a_line_that_is_not_settled(field, first, second):
    one, two = field.cast.volunteer, field.cast.bus_handler
    with transaction.atomic():
        row = sheet(field, one, number=99)
        paper.copy(row, first, by=one)
        paper.read(row, second, by=two)
        if row.stage == "agree":
            paper.correct(row, {line.number: line.first for line in paper.differences(row)}, by=two)
        lines = list(row.lines.all())
        assert [line.text for line in lines] == [w for w in map(str.strip, first) if w]
        for n, line in enumerate(lines):
            assert Sheet.objects.get(pk=row.pk).stage == "settle", n
            paper.settle_line(line, by=two, reason="thanks")
        row.refresh_from_db()
        assert row.stage == "closed"
        transaction.set_rollback(True)


# ── my file ─────────────────────────────────────────────────────────────────────────────────────
def test_erasing_somebody_gives_the_seat_to_who_waits(field):
    stall = field.stall(seats={"helper": {"seats": 1, "standby": 1}})
    me, friend = field.cast.resident, field.cast.neighbour
    seats.sign_up(stall, "helper", by=me)
    seats.sign_up(stall, "helper", by=friend)
    held = my_file.held(me.user)
    assert [row["what"] for row in held["service"]] == ["square-stall"]
    my_file.erase(me.user, by=me)
    assert my_file.held(me.user)["service"] == []
    assert SignUp.objects.get().state == Going.GOING
    assert SignUp.objects.get().user == friend.user
