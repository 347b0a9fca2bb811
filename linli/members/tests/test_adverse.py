"""Nobody is dealt with without notice, evidence, a reply, a second person and an appeal."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from linli.journal.models import Entry
from linli.letters.models import Letter
from linli.lib import clock
from linli.members import notices
from linli.members.actions import adverse, adverse_reading, moving
from linli.members.models import Member, Move, Proceeding
from linli.members.tests.conftest import START
from linli.people.policies import Denied, NeedsReason, NeedsSecond
from linli.playbook.grounds import forbidden, forbidden_in
from linli.vault import sealing

DAY = timedelta(days=1)
EVIDENCE = "一月到六月没有参加一次组织生活，两次书面提醒后仍未参加。"
State = Proceeding.State


@pytest.fixture
def person(rolls):
    return rolls.person("老李")


@pytest.fixture
def member(rolls, person):
    return rolls.full(user=person.user)


@pytest.fixture
def notice(rolls, member):
    return adverse.give_notice(
        member, "correct", ground="no-part-half-year", evidence=EVIDENCE, by=rolls.secretary
    )


def decided(rolls, row, person):
    adverse.reply(row, "我住院三个月，请看病历。", by=person)
    rolls.paper(row.member, "two-talks", "adverse-meeting")
    adverse.decide(row, upheld=True, why="提醒之后仍然没有参加。", by=rolls.above)
    return row


def test_it_cannot_simply_be_taken(rolls, member):
    rolls.paper(member, "two-talks", "adverse-meeting")
    with pytest.raises(Denied, match="begins with a notice"):
        moving.propose(member, "correct", by=rolls.secretary)
    with pytest.raises(Denied, match="does not lead on from here"):
        adverse.give_notice(member, "remove", ground="court-sentence", evidence=EVIDENCE,
                            by=rolls.secretary)  # fmt: skip
    with pytest.raises(Denied, match="not against anybody"):
        adverse.give_notice(member, "leave", ground="court-sentence", evidence=EVIDENCE,
                            by=rolls.secretary)  # fmt: skip


@pytest.mark.parametrize("ground", [row.id for row in forbidden()])
def test_a_forbidden_ground_is_refused_with_a_sentence(rolls, member, ground):
    with pytest.raises(Denied, match="is never held against anybody"):
        adverse.give_notice(member, "correct", ground=ground, evidence=EVIDENCE, by=rolls.secretary)
    assert not Proceeding.objects.exists()


@pytest.mark.parametrize(
    ("evidence", "ground"),
    [
        ("今年三次越级上访，影响不好，屡教不改。", "petition"),
        ("向 12345 投诉本村两次，态度不好。", "complaint"),
        ("给村里的服务打了差评，不肯改口。", "rating"),
        ("对去年的决定提出申诉，纠缠不休。", "appeal"),
        ("在村民代表会议上投了反对票，不服从。", "vote"),
        ("在论坛上发帖说村里账目不清。", "forum-post"),
        ("本人信教，周日参加活动不来开会。", "belief"),
        ("他的儿子违法建房，本人不劝阻。", "family"),
        ("长期生病住院，不能参加会议了。", "health"),
        ("干部走访时拒绝入户，态度冷淡。", "declined-visit"),
        ("She voted against the plan of the village.", "vote"),
        ("He filed petitions above his level twice.", None),
    ],
)
def test_words_that_show_a_forbidden_ground_are_refused(rolls, member, evidence, ground):
    found = forbidden_in(evidence)
    if ground is None:
        assert found is None or found[0].id == "petition"
        return
    assert found is not None
    assert found[0].id == ground
    with pytest.raises(Denied, match="is never held against anybody"):
        adverse.give_notice(
            member, "correct", ground="breach-of-duty", evidence=evidence, by=rolls.secretary
        )


def test_a_ground_of_the_rules_and_evidence_are_needed(rolls, member):
    with pytest.raises(Denied, match="Only the grounds of the rules"):
        adverse.give_notice(member, "correct", ground="bad-manners", evidence=EVIDENCE,
                            by=rolls.secretary)  # fmt: skip
    with pytest.raises(Denied, match="The evidence takes"):
        adverse.give_notice(member, "correct", ground="breach-of-duty", evidence="  不好 ",
                            by=rolls.secretary)  # fmt: skip


def test_the_person_reads_it_and_replies(rolls, notice, person):
    assert adverse_reading.own(notice, by=person) == [("The evidence", EVIDENCE)]
    with pytest.raises(Denied):
        adverse_reading.own(notice, by=rolls.person())
    with pytest.raises(Denied):
        adverse.reply(notice, "不是我", by=rolls.person())
    adverse.reply(notice, "我住院了。", by=person)
    read = adverse_reading.said(notice, by=rolls.above, reason="to decide")
    assert [name for name, _words in read] == ["The evidence", "Their reply"]
    with pytest.raises(NeedsReason):
        adverse_reading.said(notice, by=rolls.above, reason="")


def test_nothing_is_decided_before_the_reply_or_its_time(rolls, notice):
    rolls.paper(notice.member, "two-talks", "adverse-meeting")
    why = "没有参加，证据清楚。"
    for days in (0, 7):
        with clock.moved_to(START + days * DAY), pytest.raises(Denied, match="may reply until"):
            adverse.decide(notice, upheld=True, why=why, by=rolls.above)
    with clock.moved_to(START + 8 * DAY):
        adverse.decide(notice, upheld=True, why=why, by=rolls.above)
    assert notice.state == State.DECIDED
    assert Member.objects.get().stage == "full"  # not yet: the appeal


def test_who_began_it_does_not_decide_it(rolls, notice, person):
    adverse.reply(notice, "请看病历。", by=person)
    rolls.paper(notice.member, "two-talks", "adverse-meeting")
    with pytest.raises(NeedsSecond):
        adverse.decide(notice, upheld=True, why="没有参加，证据清楚。", by=rolls.secretary)
    notice.member.papers.all().delete()
    with pytest.raises(Denied, match="is missing"):
        adverse.decide(notice, upheld=True, why="没有参加，证据清楚。", by=rolls.above)
    with pytest.raises(Denied, match="never held against"):
        adverse.decide(notice, upheld=True, why="因为他经常上访，影响很坏。", by=rolls.above)


def test_without_an_appeal_it_takes_effect_when_the_time_is_over(rolls, notice, person):
    decided(rolls, notice, person)
    with clock.moved_to(START + 30 * DAY):
        assert adverse.settle() == 0
    with clock.moved_to(START + 31 * DAY):
        assert adverse.settle() == 1
        assert adverse.settle() == 0
        with pytest.raises(Denied):
            adverse.appeal(notice, "我不服。", by=person)
    member = Member.objects.get()
    assert member.stage == "correction"
    notice.refresh_from_db()
    assert notice.state == State.IN_FORCE
    assert notice.review_on < notice.lapses_on <= (START + 31 * DAY).date() + 366 * DAY


def test_an_appeal_stops_it_and_a_third_person_decides(rolls, notice, person):
    decided(rolls, notice, person)
    adverse.appeal(notice, "请再看病历。", by=person)
    with clock.moved_to(START + 60 * DAY):
        assert adverse.settle() == 0
    for same in (rolls.secretary, rolls.above):
        with pytest.raises(NeedsSecond):
            adverse.decide_appeal(notice, upheld=True, why="申诉不成立，理由如下。", by=same)
    third = rolls.third()
    adverse.decide_appeal(notice, upheld=False, why="申诉成立，病历属实。", by=third)
    assert notice.state == State.DROPPED
    assert Member.objects.get().stage == "full"


def test_upheld_on_appeal_it_is_taken_at_once(rolls, notice, person):
    decided(rolls, notice, person)
    adverse.appeal(notice, "请再看病历。", by=person)
    adverse.decide_appeal(notice, upheld=True, why="申诉不成立，理由如下。", by=rolls.third())
    assert Member.objects.get().stage == "correction"
    move = Move.objects.get(step="correct")
    assert (move.by, move.second) == (rolls.secretary.id, rolls.above.id)


def test_who_left_meanwhile_has_left(rolls, notice, person):
    decided(rolls, notice, person)
    rolls.paper(notice.member, "own-word", "leave-meeting")
    moving.agree(moving.propose(notice.member, "leave", by=rolls.secretary), by=rolls.above)
    with clock.moved_to(START + 31 * DAY):
        adverse.settle()
    assert Member.objects.get().stage == "left"


def test_after_twelve_months_at_most_the_words_are_destroyed(rolls, notice, person):
    decided(rolls, notice, person)
    with clock.moved_to(START + 31 * DAY):
        adverse.settle()
    notice.refresh_from_db()
    with clock.moved_to(START + (31 + 364) * DAY):
        assert adverse.lapse() == 0
    with clock.moved_to(START + (31 + 366) * DAY):
        assert adverse.lapse() == 1
        assert adverse.lapse() == 0
    assert sealing.is_destroyed(notice.subject)
    notice.refresh_from_db()
    assert notice.ground == ""


def test_no_ground_and_no_word_stands_in_the_journal(rolls, notice, person):
    decided(rolls, notice, person)
    lines = str(list(Entry.objects.filter(verb__startswith="member.").values()))
    assert "no-part-half-year" not in lines
    assert "病历" not in lines


def test_somebody_without_an_account_replies_on_paper(rolls):
    member = rolls.full("无号")
    row = adverse.give_notice(member, "correct", ground="breach-of-duty", evidence=EVIDENCE,
                              by=rolls.secretary)  # fmt: skip
    adverse.reply(row, "信上说：我在外地。", by=rolls.secretary, on_paper=True)
    assert Proceeding.objects.get().replied_at is not None


def test_nobody_writes_for_somebody_who_has_an_account(rolls, notice):
    with pytest.raises(Denied, match="writes their own words"):
        adverse.reply(notice, "我认了。", by=rolls.secretary, on_paper=True)


def test_the_database_keeps_three_people(rolls, notice):
    rows = Proceeding.objects.filter(pk=notice.pk)
    for values in (
        {"decided_by": notice.opened_by},
        {"decided_by": "x", "appeal_by": "x"},
        {"state": "in_force"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)


def test_the_person_is_told_by_letter_once_and_without_a_word_outside(rolls, notice, person):
    decided(rolls, notice, person)
    entries = list(Entry.objects.filter(verb__in=notices.VERBS).order_by("seq"))
    for _again in range(2):
        notices.handle(entries)
    letters = Letter.objects.filter(user=person.user)
    assert sorted(letters.values_list("template", flat=True)) == [
        "member.decided",
        "member.noticed",
    ]
    assert EVIDENCE not in str(list(letters.values()))
