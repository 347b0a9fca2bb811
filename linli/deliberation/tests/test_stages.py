"""From a proposal to a finished road; no stage opens before its time, and the system says why."""

from datetime import timedelta

import pytest

from linli.deliberation.actions import calling, doing, drafting, meeting, proposing, showing
from linli.deliberation.models import Motion, Objection, Sitting, State
from linli.deliberation.standing import next_stage, notice_of, previews, why_not
from linli.deliberation.tests.conftest import START, picture
from linli.files import photos
from linli.journal.models import Entry
from linli.people.policies import Denied, NeedsSecond

DAY = timedelta(days=1)


def verbs(motion):
    subject = f"deliberation.Motion:{motion.pk}"
    return list(Entry.objects.filter(subject=subject).values_list("verb", flat=True))


def test_a_road_from_a_proposal_to_the_evaluation(council, moved):
    motion = council.done()
    with moved(START + 41 * DAY):
        doing.rate(motion, good=True, by=council.person())
        doing.opinion(
            motion, good=True, words="路修好了，走访 20 户都满意。", heard=20, content=19,
            by=council.second,
        )  # fmt: skip
        doing.finish_rating(motion, by=council.manager)
    motion.refresh_from_db()
    assert motion.state == State.DONE
    assert [step.stage for step in motion.steps.order_by("pk")] == [
        "propose", "draft", "publish", "decide", "announce", "do", "result", "rate",
    ]  # fmt: skip
    said = verbs(motion)
    for verb in ("proposed", "drafted", "published", "proved", "called", "roll_frozen", "voted",
                 "adopted", "task_set", "task_done", "judged", "ended"):  # fmt: skip
        assert f"motion.{verb}" in said
    assert not Entry.objects.filter(verb="motion.rated").exclude(actor="anonymous").exists()


def test_it_says_why_it_cannot_go_on(council, moved):
    motion = council.drafted()
    assert next_stage(motion).id == "decide"
    assert why_not(motion) == ["the draft is not published yet"]
    showing.publish(motion, by=council.manager)
    assert why_not(motion) == [
        "a photo of the board is missing", "the notice ends 9 November, 23:59",
    ]  # fmt: skip
    objection = showing.object_to(motion, "路太窄，会车怎么办？", by=council.person())
    assert why_not(motion)[-1] == "1 objection has no answer yet"
    with moved(START + 8 * DAY), pytest.raises(Denied) as refused:
        showing.finish_publishing(motion, by=council.manager)
    assert "photo of the board is missing" in str(refused.value)
    with moved(START + DAY):
        council.prove(motion)  # a day later: the notice begins then
        showing.answer(objection, outcome="kept", words="每 100 米有会车点。", by=council.manager)
    assert notice_of(motion.step, "draft").ends_at > START + 8 * DAY
    with moved(START + 9 * DAY):
        assert why_not(motion) == []
        showing.finish_publishing(motion, by=council.manager)
        assert motion.step.stage == "decide"
        assert why_not(motion) == ["the meeting has not been called"]


def test_an_objection_that_is_granted_leads_back_to_the_draft(council, moved):
    motion = council.drafted()
    showing.publish(motion, by=council.manager)
    council.prove(motion)
    first = showing.object_to(motion, "路太窄。", by=council.resident)
    with pytest.raises(Denied):
        showing.answer(first, outcome="changed", words=" ", by=council.manager)
    with pytest.raises(Denied):
        showing.answer(first, outcome="taken_back", words="好", by=council.manager)
    showing.answer(first, outcome="changed", words="改成 5 米宽。", by=council.manager)
    with pytest.raises(Denied):
        showing.answer(first, outcome="kept", words="不改。", by=council.manager)
    with moved(START + 9 * DAY):
        showing.finish_publishing(motion, by=council.manager)
        assert (motion.step.stage, motion.step.round) == ("draft", 2)
        assert why_not(motion) == ["there is no draft yet"]
        drafting.write_draft(motion, text="宽 5 米。", cost_fen=None, by=council.manager)
        drafting.finish_draft(motion, by=council.manager)
        assert why_not(motion) == ["the draft is not published yet"]
    assert motion.drafts.count() == 2


def test_who_may_object_and_take_it_back(council):
    motion = council.drafted()
    with pytest.raises(Denied):
        showing.object_to(motion, "还没公示。", by=council.resident)
    showing.publish(motion, by=council.manager)
    mine = showing.object_to(motion, "我有意见。", by=council.resident)
    with pytest.raises(Denied):
        showing.take_back(mine, by=council.person())
    showing.take_back(mine, by=council.resident)
    assert Objection.objects.get().outcome == "taken_back"
    paper = showing.object_to(motion, "写在纸上的意见。", by=council.manager, on_paper=True)
    assert paper.user is None
    with pytest.raises(Denied):
        showing.object_to(motion, "电话 13912345678 找我", by=council.resident)


def test_a_meeting_is_called_in_time_and_opens_when_all_is_complete(council, moved):
    motion = council.published()
    with moved(START + 8 * DAY):
        with pytest.raises(Denied) as refused:
            calling.call(motion, body="representatives", secrecy="hands", spot="会议室",
                         begins_at=START + 12 * DAY, by=council.manager)  # fmt: skip
        assert "announced before" in str(refused.value)
        calling.call(motion, body="representatives", secrecy="hands", spot="会议室",
                     begins_at=START + 24 * DAY, by=council.manager)  # fmt: skip
        lacking = why_not(motion)
        assert lacking[0] == "there is no roll of the representatives yet"
        assert "a photo of the board is missing" in lacking
        with pytest.raises(Denied):
            calling.open_sitting(motion, by=council.manager)
    council.representatives(90)
    preview = previews(motion, motion.at)[0]
    assert preview.words == "60 of 90 representatives have to be there"
    with moved(START + 9 * DAY):
        council.prove(motion, "call")  # the notice now begins a day later
    with moved(START + 24 * DAY):
        assert why_not(motion) == []
        sitting = calling.open_sitting(motion, by=council.manager)
    assert (sitting.size, sitting.slips.count(), len(sitting.digest)) == (90, 90, 64)
    with moved(START + 24 * DAY), pytest.raises(Denied):
        calling.open_sitting(motion, by=council.manager)


def test_too_few_a_tie_and_a_no(council, moved):
    council.representatives(9)
    motion = council.called()
    with moved(START + 20 * DAY):
        council.sitting(motion, range(1, 6), yes=5)
        assert motion.step.round == 2
        assert Sitting.objects.get().step.outcome == "no_quorum"
        calling.call(motion, body="representatives", secrecy="hands", spot="会议室",
                     begins_at=START + 32 * DAY, by=council.manager)  # fmt: skip
        council.prove(motion, "call")
    with moved(START + 32 * DAY):
        council.sitting(motion, range(1, 7), yes=3, no=3)
        assert (motion.step.stage, motion.step.round) == ("decide", 3)
        calling.call(motion, body="representatives", secrecy="hands", spot="会议室",
                     begins_at=START + 44 * DAY, by=council.manager)  # fmt: skip
        council.prove(motion, "call")
    with moved(START + 44 * DAY):
        council.sitting(motion, range(1, 7), yes=2, no=4)
        assert (motion.step.stage, motion.step.round) == ("draft", 2)


def test_hands_are_counted_by_two_who_agree(council, moved):
    council.representatives(9)
    motion = council.called()
    with moved(START + 20 * DAY):
        calling.open_sitting(motion, by=council.manager)
        meeting.note_presence(motion, range(1, 9), by=council.manager)
        with pytest.raises(Denied):
            meeting.count_hands(motion, by=council.manager, yes=8, no=1)
        meeting.count_hands(motion, by=council.manager, yes=6, no=2)
        meeting.count_hands(motion, by=council.manager, yes=7, no=1)  # counts again, alone
        assert Sitting.objects.get().state == "open"
        meeting.count_hands(motion, by=council.second, yes=6, no=2)
        assert Sitting.objects.get().state == "open"
        with pytest.raises(Denied):
            meeting.note_presence(motion, [1], by=council.manager)
        meeting.count_hands(motion, by=council.second, yes=7, no=1)
    sitting = Sitting.objects.get()
    assert (sitting.state, sitting.yes, sitting.no) == ("closed", 7, 1)
    assert sitting.verdicts[0]["passed"]
    motion.refresh_from_db()
    assert motion.state == State.DOING


def test_presence_is_by_number_and_only_of_the_roll(council, moved):
    council.representatives(6)
    motion = council.called()
    with moved(START + 20 * DAY):
        calling.open_sitting(motion, by=council.manager)
        with pytest.raises(Denied) as refused:
            meeting.note_presence(motion, [1, 77], by=council.manager)
        assert "77" in str(refused.value)
        meeting.stand_aside(motion, [2], by=council.manager)
        with pytest.raises(Denied):
            meeting.note_presence(motion, [1, 2], by=council.manager)
        with pytest.raises(Denied):
            meeting.note_presence(motion, [1], spoken_for={3: 1}, by=council.manager)
        sitting = meeting.note_presence(motion, [1, 3, 4], by=council.manager)
        assert (sitting.present, sitting.aside) == (3, 1)


def test_one_speaks_for_another_where_the_procedure_allows(council, moved):
    council.roll("households", [f"{n}号户" for n in range(1, 8)])
    motion = council.called(body="households")
    with moved(START + 20 * DAY):
        calling.open_sitting(motion, by=council.manager)
        with pytest.raises(Denied):
            meeting.note_presence(motion, [1, 2], spoken_for={3: 1, 4: 1}, by=council.manager)
        sitting = meeting.note_presence(motion, [1, 2, 5, 6], spoken_for={3: 1}, by=council.manager)
        assert (sitting.present, sitting.spoken_for) == (5, 1)


def test_a_proposal_is_declined_with_a_reason_but_not_against_a_demand(council):
    motion = council.propose()
    with pytest.raises(Denied):
        proposing.decline(motion, reason="", by=council.manager)
    with pytest.raises(Denied):
        proposing.support(motion, by=council.resident)  # it is their own
    people = [council.person() for _n in range(3)]
    council.representatives(9, people)
    for one in people[:2]:
        assert proposing.support(motion, by=one) == people.index(one) + 1
        proposing.support(motion, by=one)
    assert motion.supports.count() == 2
    proposing.support(motion, by=people[2])
    with pytest.raises(Denied) as refused:
        proposing.decline(motion, reason="今年没钱。", by=council.manager)
    assert "at least 1/3 of the representatives" in str(refused.value)
    other = council.propose(title="建车棚")
    proposing.decline(other, reason="归物业公司，可以找他们。", by=council.manager)
    assert other.state == State.DECLINED
    with pytest.raises(Denied):
        proposing.take_up(other, by=council.manager)


def test_who_may_propose_and_where(council):
    with pytest.raises(Denied):
        council.propose(procedure="four-and-two")  # there the branch proposes
    with pytest.raises(Denied):
        council.propose(procedure="nothing")
    with pytest.raises(Denied):
        council.propose(place=council.cast.places["town"])
    with pytest.raises(Denied):
        council.propose(place=council.cast.places["village"])  # it has no committee here
    with pytest.raises(Denied):
        council.propose(choice="single", options=["停车场"])
    motion = council.propose(choice="single", options=["停车场", "种树"])
    assert [o["text"] for o in motion.options] == ["停车场", "种树"]
    for n in range(4):
        council.propose(title=f"第{n}件")
    with pytest.raises(Denied) as refused:
        council.propose(title="第六件")
    assert "wait already" in str(refused.value)
    motion.refresh_from_db()
    with pytest.raises(Denied):
        proposing.withdraw(motion, reason="不提了", by=council.person())
    proposing.withdraw(motion, reason="不提了", by=council.resident)
    assert motion.state == State.WITHDRAWN


def test_its_rules_are_frozen_with_it(council, monkeypatch):
    motion = council.propose()
    again = Motion.objects.get(pk=motion.pk)
    assert again.rule.model_dump() == motion.rule.model_dump()
    assert str(again.rule.stage("decide").bodies[0].quorum) == "at least 2/3"


def test_a_choice_between_several(council, moved):
    council.representatives(9)
    motion = council.called(choice="single", options=["停车场", "种树"])
    with moved(START + 20 * DAY):
        council.sitting(motion, range(1, 9), counts={"o1": 2, "o2": 6})
    assert (motion.state, motion.chosen) == (State.DOING, "o2")


def test_what_is_not_done_in_time_is_a_gap(council, moved):
    motion = council.adopted()
    with moved(START + 30 * DAY):
        assert why_not(motion) == ["nobody has been named who does it"]
        with pytest.raises(Denied):
            doing.add_task(motion, what="修路", doer=council.committee, by=council.manager,
                           due=(START + 2 * DAY).date())  # fmt: skip
        task = doing.add_task(motion, what="修路", doer=council.committee, by=council.manager,
                              due=(START + 40 * DAY).date(), money_fen=100)  # fmt: skip
    with moved(START + 42 * DAY):
        assert "is overdue: a decision not carried out is a gap" in why_not(motion)[1]
        assert doing.note_late() == 1
        assert doing.note_late() == 0
        assert task.is_late
        with pytest.raises(Denied):
            doing.finish_doing(motion, by=council.manager)
        doing.drop_task(task, reason="经费没有批下来。", by=council.manager)
        with pytest.raises(Denied) as refused:
            doing.finish_doing(motion, by=council.manager)
        assert "Everything was dropped" in str(refused.value)


def test_whoever_reports_it_done_does_not_judge_it(council, moved):
    motion = council.done()
    with moved(START + 41 * DAY):
        with pytest.raises(NeedsSecond):
            doing.opinion(motion, good=True, words="好", heard=1, content=1, by=council.manager)
        with pytest.raises(Denied):
            doing.finish_rating(motion, by=council.manager)
        with pytest.raises(Denied):
            doing.opinion(motion, good=True, words="好", heard=1, content=2, by=council.second)


def test_a_bad_rating_opens_it_again_where_the_procedure_says_so(council, moved):
    council.roll("committee", ["甲", "乙", "丙"])
    motion = council.propose(procedure="villagers-say", title="清理水塘")
    proposing.take_up(motion, by=council.manager)
    calling.call(motion, body="committee", secrecy="hands", spot="村委会",
                 begins_at=START + timedelta(hours=1), by=council.manager)  # fmt: skip
    with moved(START + timedelta(hours=1)):
        council.sitting(motion, [1, 2, 3], yes=3)
        task = doing.add_task(motion, what="清淤", doer=council.committee,
                              due=(START + DAY).date(), by=council.manager)  # fmt: skip
        doing.finish_task(task, evidence="清完了", photo=photos.keep(picture()), by=council.manager)
        doing.finish_doing(motion, by=council.manager)
        doing.rate(motion, good=False, by=council.resident)
        doing.opinion(motion, good=False, words="只清了一半。", heard=5, content=1,
                      by=council.second)  # fmt: skip
        doing.finish_rating(motion, by=council.manager)
    assert (motion.step.stage, motion.step.round) == ("do", 2)


def test_two_stages_sat_together_keep_both_rules(council, moved):
    council.roll("branch", ["甲", "乙", "丙"])
    council.roll("committee", ["甲", "丁", "戊", "己"])
    motion = council.propose(procedure="four-and-two", by=council.manager)
    proposing.take_up(motion, by=council.manager)
    calling.call(motion, body="branch", secrecy="hands", spot="会议室", merged=True,
                 begins_at=START + timedelta(hours=1), by=council.manager)  # fmt: skip
    with moved(START + timedelta(hours=1)):
        sitting = calling.open_sitting(motion, by=council.manager)
        assert sitting.size == 6  # one of them is in both
        meeting.note_presence(motion, [1, 2, 3, 4], by=council.manager)
        for who in (council.manager, council.second):
            meeting.count_hands(motion, by=who, yes=4)
    motion.refresh_from_db()
    assert motion.stage == "draft"
    assert [s.outcome for s in motion.steps.filter(stage__in=["branch", "committees"])] == [
        "passed", "passed",
    ]  # fmt: skip
    assert len(Sitting.objects.get().verdicts) == 2


def test_only_what_may_be_merged_is(council):
    council.roll("committee", ["甲", "乙", "丙"])
    motion = council.propose(procedure="villagers-say")
    proposing.take_up(motion, by=council.manager)
    with pytest.raises(Denied):
        calling.call(motion, body="committee", secrecy="hands", spot="会议室", merged=True,
                     begins_at=START + timedelta(hours=1), by=council.manager)  # fmt: skip


def test_hands_are_never_shown_about_people(council, moved):
    motion = council.published(persons=True)
    with moved(START + 8 * DAY), pytest.raises(Denied) as refused:
        calling.call(motion, body="representatives", secrecy="hands", spot="会议室",
                     begins_at=START + 20 * DAY, by=council.manager)  # fmt: skip
    assert "named people" in str(refused.value)


def test_a_call_can_be_taken_back_until_the_meeting_opens(council, moved):
    council.representatives(9)
    motion = council.called()
    with moved(START + 9 * DAY):
        calling.call_off(motion, by=council.manager)
        assert why_not(motion) == ["the meeting has not been called"]
        with pytest.raises(Denied):
            calling.call_off(motion, by=council.manager)


def test_strangers_carry_nothing(council):
    motion = council.propose()
    for actor in (council.resident, council.cast.lighting_handler):
        with pytest.raises(Denied):
            proposing.take_up(motion, by=actor)


def test_minutes_are_written_once_and_name_nobody(council, moved):
    council.representatives(9)
    motion = council.called()
    with moved(START + 20 * DAY):
        council.sitting(motion, range(1, 9), yes=7, no=1)
        sitting = Sitting.objects.get()
        with pytest.raises(Denied):
            meeting.write_minutes(sitting, "联系 13912345678", by=council.manager)
        meeting.write_minutes(sitting, "大家同意修路，先修东段。", by=council.manager)
        with pytest.raises(Denied):
            meeting.write_minutes(sitting, "改一改", by=council.manager)
