"""The way of a member: nothing too early, nothing without its papers, nothing left out, two people."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from linli import playbook
from linli.journal.models import Entry
from linli.lib import clock
from linli.members import my_file, standing
from linli.members.actions import entering, moving
from linli.members.models import Member, Move, Paper
from linli.members.tests.conftest import START
from linli.people.policies import Denied, NeedsReason, NeedsSecond
from linli.playbook.membership import Length
from linli.vault import sealing


def test_the_name_is_sealed_and_stands_nowhere_else(rolls):
    member = rolls.enter("张三丰")
    assert (member.number, member.stage, member.at.id) == (1, "applicant", "applicant")
    assert "张三丰" not in str(Member.objects.values().get())
    assert sealing.kinds_of(member.subject) == ["name"]
    lines = Entry.objects.filter(subject=f"members.Member:{member.pk}")
    assert [line.verb for line in lines] == ["member.entered"]
    assert "张三丰" not in str(list(lines.values()))


def test_numbers_go_up_in_each_body_and_a_name_is_there_once(rolls):
    assert [rolls.enter(name).number for name in ("甲一", "乙二", "丙三")] == [1, 2, 3]
    assert rolls.enter("甲一", body=rolls.chapter).number == 1
    with pytest.raises(Denied, match="on a roll already"):
        rolls.enter(" 甲 一 ")


@pytest.mark.parametrize("name", ["", "  ", "张" * 41, "张三 19900001234"])
def test_a_name_is_a_name(rolls, name):
    with pytest.raises(Denied):
        rolls.enter(name)


def test_one_person_is_in_one_branch(rolls):
    person = rolls.person()
    rolls.enter("张三", user=person.user)
    with pytest.raises(Denied, match="on a roll already"):
        rolls.enter("张三三", user=person.user)
    rolls.enter("张三", user=person.user, body=rolls.chapter)  # another kind of membership


def test_nobody_puts_themselves_on(rolls):
    with pytest.raises(Denied, match="about yourself"):
        rolls.enter("孙主任", user=rolls.secretary.user)


def test_no_stage_is_shorter_than_its_least(rolls):
    member = rolls.enter(on=date(2026, 9, 1))
    rolls.paper(member, "application", "talk", "recommendation", "branch-decision")
    with pytest.raises(Denied, match="at least 3 months: not before"):
        moving.propose(member, "name-activist", by=rolls.secretary)
    the_day_before = clock.moved_to(START + timedelta(days=28))  # 30 November
    with the_day_before, pytest.raises(Denied, match="at least 3 months"):
        moving.propose(member, "name-activist", by=rolls.secretary)
    with clock.moved_to(START + timedelta(days=29)):  # 1 December: three months to the day
        moving.propose(member, "name-activist", by=rolls.secretary)
    member.refresh_from_db()
    assert (member.stage, member.since) == ("activist", date(2026, 12, 1))


def test_a_step_cannot_be_dated_back_before_its_papers_or_its_stage(rolls):
    member = rolls.enter()
    rolls.paper(member, "application", "talk", "recommendation", "branch-decision")
    with pytest.raises(Denied, match="is missing"):
        moving.propose(member, "name-activist", by=rolls.secretary, on=date(2026, 10, 1))
    with pytest.raises(Denied, match="before the present stage"):
        moving.propose(member, "name-activist", by=rolls.secretary, on=date(2025, 12, 1))
    with pytest.raises(Denied, match="still to come"):
        moving.propose(member, "name-activist", by=rolls.secretary, on=date(2026, 11, 3))


def test_every_paper_that_is_missing_is_named(rolls):
    member = rolls.enter()
    rolls.paper(member, "application")
    with pytest.raises(Denied) as caught:
        moving.propose(member, "name-activist", by=rolls.secretary)
    said = str(caught.value)
    assert "Note of the talk" in said
    assert "Recommendation" in said
    assert "Application" not in said


def test_a_paper_grows_old(rolls):
    member = rolls.enter()
    rolls.paper(member, "application", "talk", "recommendation")
    rolls.paper(member, "branch-decision", dated=date(2026, 8, 1))
    with pytest.raises(Denied, match="is older than 3 months"):
        moving.propose(member, "name-activist", by=rolls.secretary)
    rolls.paper(member, "branch-decision", dated=date(2026, 8, 2))
    assert moving.propose(member, "name-activist", by=rolls.secretary).state == Move.State.DONE


def test_no_step_is_left_out(rolls):
    member = rolls.enter()
    for step in ("name-candidate", "admit", "confirm", "restore", "no-such-step"):
        with pytest.raises(Denied, match="does not lead on from here"):
            moving.propose(member, step, by=rolls.secretary)


def test_nobody_is_entered_in_the_middle(rolls):
    for stage in ("activist", "candidate", "correction", "removed", "nonsense"):
        with pytest.raises(Denied, match="Nobody comes in at this stage"):
            rolls.enter(stage=stage)


def test_who_comes_from_elsewhere_takes_two(rolls):
    member = rolls.enter(stage="full")
    assert Member.objects.current().count() == 0
    assert [row.pk for row in Member.objects.waiting()] == [member.pk]
    move = member.moves.get()
    with pytest.raises(NeedsSecond):
        moving.agree(move, by=rolls.secretary)
    moving.agree(move, by=rolls.above)
    assert Member.objects.current().get().stage == "full"


def test_who_is_not_agreed_to_never_was(rolls):
    member = rolls.enter("王五", stage="full")
    moving.refuse(member.moves.get(), by=rolls.secretary)
    member.refresh_from_db()
    assert (member.stage, member.left_on) == ("", START.date())
    rolls.enter("王五")  # the name is free again


def test_a_step_for_two_waits_and_is_looked_at_again(rolls):
    member = rolls.full()
    rolls.paper(member, "own-word", "leave-meeting")
    move = moving.propose(member, "leave", by=rolls.secretary)
    assert move.state == Move.State.WAITING
    with pytest.raises(Denied, match="Another step waits"):
        moving.propose(member, "leave", by=rolls.secretary)
    Paper.objects.filter(member=member, kind="own-word").delete()
    with pytest.raises(Denied, match="is missing"):
        moving.agree(move, by=rolls.above)
    rolls.paper(member, "own-word")
    moving.agree(move, by=rolls.above)
    member.refresh_from_db()
    assert (member.stage, member.left_on) == ("left", START.date())
    assert not Member.objects.current().exists()
    with pytest.raises(Denied):
        moving.agree(move, by=rolls.above)


def test_the_second_of_a_step_above_is_of_another_body(rolls):
    member = rolls.enter(stage="probationary", on=date(2025, 10, 1))
    moving.agree(member.moves.get(), by=rolls.above)
    member.refresh_from_db()
    rolls.paper(member, "full-application", "full-meeting", "full-approval")
    move = moving.propose(member, "confirm", by=rolls.above)
    with pytest.raises(NeedsSecond, match="somebody else"):
        moving.agree(move, by=rolls.above)
    moving.agree(move, by=rolls.secretary)  # another body than the branch itself
    member.refresh_from_db()
    assert member.stage == "full"


def test_only_who_looks_after_it(rolls):
    member = rolls.enter()
    cast = rolls.cast
    for other in (cast.other_manager, cast.lighting_handler, cast.coordinator, cast.resident,
                  cast.grid_worker, cast.auditor):  # fmt: skip
        with pytest.raises(Denied):
            entering.note_paper(member, "talk", START.date(), by=other)
        with pytest.raises(Denied):
            rolls.enter("别人", by=other)


def test_names_open_with_a_reason_that_the_person_sees(rolls):
    member = rolls.enter("张三")
    with pytest.raises(NeedsReason):
        entering.read_names([member], by=rolls.secretary, reason=" ")
    with pytest.raises(Denied):
        entering.read_names([member], by=rolls.cast.coordinator, reason="look")
    names = entering.read_names([member], by=rolls.secretary, reason="the yearly review")
    assert names == {str(member.pk): "张三"}
    assert [row.reason for row in sealing.reads_of(member.subject)] == ["the yearly review"]


def test_what_is_expected_and_overdue(rolls):
    member = rolls.enter(on=date(2026, 9, 1))
    due = {row.name: (row.on, row.late) for row in standing.dues(member, {}, START.date())}
    assert due["Talk, within a month"] == (date(2026, 10, 1), True)
    assert due["Next step"] == (date(2027, 9, 1), False)
    done = {"talk": [date(2026, 10, 20)]}
    assert [row.name for row in standing.dues(member, done, START.date())] == ["Next step"]


def test_a_paper_again_and_again(rolls):
    member = rolls.full(on=date(2025, 6, 1))
    assert [(d.on, d.late) for d in standing.dues(member, {}, START.date())] == [
        (date(2026, 6, 1), True)
    ]
    days = {"yearly-review": [date(2026, 6, 15)]}
    assert [(d.on, d.late) for d in standing.dues(member, days, START.date())] == [
        (date(2027, 6, 15), False)
    ]


def test_the_same_software_runs_a_volunteers_association(rolls):
    member = rolls.enter("小林", body=rolls.chapter, on=date(2026, 7, 1))
    rolls.paper(member, "first-talk")
    moving.propose(member, "try", by=rolls.secretary, on=date(2026, 11, 2))
    member.refresh_from_db()
    with pytest.raises(Denied, match="at least 3 months"):
        moving.propose(member, "welcome", by=rolls.secretary)
    moving.propose(member, "leave", by=rolls.secretary)  # at any time
    member.refresh_from_db()
    assert member.stage == "gone"
    assert rolls.branch.kind not in playbook.current().memberships["volunteers"].bodies


def test_away_is_a_day_and_no_place(rolls):
    member = rolls.enter()
    entering.set_away(member, True, by=rolls.secretary)
    member.refresh_from_db()
    assert member.away_since == START.date()
    with pytest.raises(Denied):
        entering.set_away(member, True, by=rolls.secretary)
    entering.set_away(member, False, by=rolls.secretary)
    assert Member.objects.get().away_since is None


def test_the_database_keeps_two_people(rolls):
    member = rolls.enter(stage="full")
    with pytest.raises(IntegrityError), transaction.atomic():
        Move.objects.filter(member=member).update(second=rolls.secretary.id)


@pytest.mark.parametrize(
    ("amount", "unit", "day", "after"),
    [
        (1, "month", date(2026, 1, 31), date(2026, 2, 28)),
        (3, "month", date(2026, 11, 30), date(2027, 2, 28)),
        (1, "year", date(2028, 2, 29), date(2029, 2, 28)),
        (2, "week", date(2026, 12, 25), date(2027, 1, 8)),
        (10, "day", date(2026, 12, 25), date(2027, 1, 4)),
        (12, "month", date(2026, 12, 31), date(2027, 12, 31)),
    ],
)
def test_lengths_by_the_calendar(amount, unit, day, after):
    assert Length(amount, unit).after(day) == after


def test_my_file_holds_it_and_lets_go(rolls):
    person = rolls.person()
    member = rolls.full("张三", user=person.user)
    rolls.paper(member, "yearly-review")
    file = my_file.held(person.user)["memberships"][0]
    assert (file["number"], file["stage"]) == (1, "full")
    assert file["papers"] == [{"paper": "Yearly review", "dated": "2026-11-02"}]
    assert my_file.subjects(person.user) == {member.subject}
    my_file.erase(person.user)
    assert my_file.held(person.user) == {"memberships": []}
    assert Member.objects.current().count() == 1
