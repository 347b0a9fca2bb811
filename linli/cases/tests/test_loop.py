"""The loop: received, routed, accepted, answered, confirmed or reopened; and every way aside."""

import uuid
from datetime import datetime, timedelta

import pytest

from linli.cases.actions import tick
from linli.cases.actions.asker import go_anonymous, reply, withdraw
from linli.cases.actions.handle import accept, answer, decline, extend, publish
from linli.cases.actions.join import join, merge
from linli.cases.actions.pass_on import refuse, transfer
from linli.cases.actions.receive import SaidOtherwise, receive
from linli.cases.models import Asker, Case, Refusal, State
from linli.journal.models import Entry
from linli.lib import clock
from linli.people.actors import ANONYMOUS
from linli.people.policies import Denied

LATER = timedelta(days=1)


def verbs(case: Case) -> list[str]:
    rows = Entry.objects.filter(subject=f"cases.Case:{case.pk}").order_by("seq")
    return [row.verb.removeprefix("case.") for row in rows]


def test_a_word_reaches_the_unit_that_owns_the_duty_with_a_day(ground):
    receipt = ground.say()
    case = receipt.case
    assert case.owner == ground.units["street-lighting"]
    assert case.state == State.ROUTED
    assert case.due_at == case.answer_due_at
    assert case.due_at.astimezone(clock.LOCAL).date() == datetime(2026, 11, 11).date()
    assert len(receipt.word) == 6
    assert receipt.asker.knows(receipt.word)
    assert not receipt.asker.knows("AAAAAA")
    assert verbs(case) == ["received", "routed"]


def test_somebody_without_contact_leaves_nothing_finer_than_an_hour(ground):
    with clock.moved_to(clock.now() + timedelta(minutes=17)):
        receipt = ground.say()
    assert receipt.asker.anonymity == "L3"
    assert receipt.asker.subject == ""
    assert receipt.case.received_at.minute == 0
    lines = Entry.objects.filter(subject=f"cases.Case:{receipt.case.pk}")
    assert all(line.at.minute == 0 and line.when.minute == 0 for line in lines)


def test_the_whole_way_to_solved(ground):
    receipt, lamps = ground.say(), ground.staff("lamps")
    case = receipt.case
    accept(case, by=lamps)
    answer(case, "灯泡已换好。", by=lamps)
    assert case.state == State.ANSWERED
    assert case.due_at is not None
    receipt.asker.refresh_from_db()
    reply(receipt.asker, "solved", by=ANONYMOUS, satisfied=True)
    case.refresh_from_db()
    assert case.state == State.CONFIRMED
    assert case.due_at is None
    assert verbs(case)[-2:] == ["replied", "confirmed"]


def test_not_solved_goes_back_on_the_old_clock_and_the_second_time_one_level_up(ground):
    receipt, lamps = ground.say(), ground.staff("lamps")
    case, promised = receipt.case, receipt.case.answer_due_at
    accept(case, by=lamps)
    answer(case, "看过了。", by=lamps)
    reply(Asker.objects.get(case=case), "unsolved", by=ANONYMOUS)
    case.refresh_from_db()
    assert (case.state, case.owner, case.due_at) == (State.ACCEPTED, lamps.organisation, promised)
    answer(case, "又看了一次。", by=lamps)
    reply(Asker.objects.get(case=case), "unsolved", by=ANONYMOUS)
    case.refresh_from_db()
    assert case.owner == ground.units["county-desk"]
    assert case.state == State.ROUTED
    assert case.answer_due_at == promised
    assert verbs(case).count("reopened") == 2


def test_there_is_no_way_from_not_solved_to_closed_without_a_new_answer(ground):
    receipt, lamps = ground.say(), ground.staff("lamps")
    case = receipt.case
    answer(case, "看过了。", by=lamps)
    reply(Asker.objects.get(case=case), "unsolved", by=ANONYMOUS)
    case.refresh_from_db()
    with pytest.raises(Denied):
        reply(Asker.objects.get(case=case), "solved", by=ANONYMOUS)
    with clock.moved_to(clock.now() + timedelta(days=60)):
        tick.close_silent()
    case.refresh_from_db()
    assert case.state == State.ACCEPTED


def test_silence_is_its_own_band_after_fourteen_days(ground):
    case = ground.say().case
    answer(case, "修好了。", by=ground.staff("lamps"))
    with clock.moved_to(clock.now() + timedelta(days=13)):
        assert tick.close_silent() == 0
    with clock.moved_to(clock.now() + timedelta(days=17)):
        assert tick.close_silent() == 1
        assert tick.close_silent() == 0
    case.refresh_from_db()
    assert case.state == State.SILENT
    assert Asker.objects.get(case=case).reply == "silent"


def test_two_refusals_and_the_backstop_has_it(ground):
    case = ground.say().case
    target = refuse(case, "不在我们的养护范围", by=ground.staff("lamps"))
    assert target == ground.units["county-desk"]
    transfer(case, ground.units["water-company"], "请看一下", by=ground.staff("county"))
    second = refuse(case, "路灯不归自来水公司管", by=ground.staff("water"))
    case.refresh_from_db()
    assert case.backstopped
    assert case.owner == second
    assert second not in {ground.units["water-company"]}
    assert [r.ordinal for r in Refusal.objects.order_by("ordinal")] == [1, 2]
    with pytest.raises(Denied, match=r"last|最后"):
        refuse(case, "也不归我们", by=ground.staff("county"))


def test_a_refusal_needs_a_reason(ground):
    case = ground.say().case
    with pytest.raises(Denied):
        refuse(case, "   ", by=ground.staff("lamps"))
    case.refresh_from_db()
    assert case.refusals == 0


def test_a_returned_case_comes_back_to_who_sent_it(ground):
    case = ground.say(category="other").case
    assert case.owner == ground.units["village-committee"]
    manager = ground.staff("manager")
    transfer(case, ground.units["water-company"], "水管漏水", by=manager)
    assert refuse(case, "总管不在我们这段", by=ground.staff("water")) == manager.organisation


def test_a_case_about_a_unit_never_reaches_it(ground):
    committee = ground.units["village-committee"]
    case = ground.say(category="other", about=committee).case
    assert case.owner == ground.units["town-office"]
    with pytest.raises(Denied):
        transfer(case, committee, "归你们", by=ground.staff("town"))
    with pytest.raises(Denied):
        accept(case, by=ground.staff("manager"))


def test_more_time_needs_a_reason_a_later_day_and_an_open_clock(ground):
    case, lamps = ground.say().case, ground.staff("lamps")
    accept(case, by=lamps)
    before = case.answer_due_at
    with pytest.raises(Denied):
        extend(case, before + LATER, "", by=lamps)
    with pytest.raises(Denied):
        extend(case, before - LATER, "配件没到", by=lamps)
    with pytest.raises(Denied):
        extend(case, before + timedelta(days=90), "配件没到", by=lamps)
    extend(case, before + LATER, "配件没到", by=lamps)
    assert case.due_at == before + LATER
    with clock.moved_to(before + timedelta(days=3)), pytest.raises(Denied):
        extend(case, before + timedelta(days=5), "还没到", by=lamps)


def test_neighbours_join_and_each_is_answered(ground):
    first = ground.say()
    second = join(first.case, ground.draft("我家门口也黑了"), by=ANONYMOUS)
    case = Case.objects.get(pk=first.case.pk)
    assert second.number != first.number
    assert case.askers_count == 2
    answer(case, "修好了。", by=ground.staff("lamps"))
    assert Asker.objects.filter(case=case, asked_at__isnull=False).count() == 2
    reply(Asker.objects.get(number=first.number), "solved", by=ANONYMOUS)
    case.refresh_from_db()
    assert case.state == State.ANSWERED  # the neighbour has not spoken yet
    reply(Asker.objects.get(number=second.number), "unsolved", by=ANONYMOUS)
    case.refresh_from_db()
    assert case.state == State.ACCEPTED


def test_merging_keeps_both_histories_and_both_numbers(ground):
    one, two = ground.say(), ground.say(text="同一盏灯")
    merge(two.case, one.case, by=ground.staff("lamps"))
    two.case.refresh_from_db()
    assert two.case.state == State.MERGED
    assert Asker.objects.get(number=two.number).case_id == one.case.pk
    assert "took_in" in verbs(one.case)
    assert "merged" in verbs(two.case)


def test_declining_names_the_right_address(ground):
    case = ground.say().case
    with pytest.raises(Denied):
        decline(case, "这是国道", "", by=ground.staff("lamps"))
    decline(case, "这是国道", "常州市公路中心", by=ground.staff("lamps"))
    assert case.state == State.DECLINED
    assert case.due_at is None


def test_nothing_personal_goes_out_in_a_public_text(ground):
    case, lamps = ground.say().case, ground.staff("lamps")
    with pytest.raises(Denied, match="19900001234"):
        publish(case, "请打 19900001234 找他", by=lamps)
    publish(case, "七号楼前路灯不亮。", by=lamps)
    assert case.public_text == "七号楼前路灯不亮。"


def test_strangers_may_do_nothing(ground):
    case = ground.say().case
    for act in (
        lambda by: accept(case, by=by),
        lambda by: answer(case, "好了", by=by),
        lambda by: refuse(case, "不管", by=by),
        lambda by: transfer(case, ground.units["water-company"], "给你", by=by),
    ):
        for name in ("resident", "water", "steward"):
            with pytest.raises(Denied):
                act(ground.staff(name))


def test_the_same_words_again_get_the_same_receipt_and_other_words_are_asked_about(ground):
    draft = ground.draft()
    first, again = receive(draft, by=ANONYMOUS), receive(draft, by=ANONYMOUS)
    assert (first.number, first.word) == (again.number, again.word)
    assert again.replayed
    with pytest.raises(SaidOtherwise) as caught:
        receive(ground.draft("别的事", client_id=draft.client_id), by=ANONYMOUS)
    assert caught.value.number == first.number
    assert Case.objects.count() == 1


def test_withdrawn_is_over_unless_others_joined(ground):
    one, two = ground.say(), ground.say()
    withdraw(one.asker, by=ANONYMOUS)
    one.case.refresh_from_db()
    assert one.case.state == State.WITHDRAWN
    join(two.case, ground.draft("我也是"), by=ANONYMOUS)
    with pytest.raises(Denied):
        withdraw(Asker.objects.get(pk=two.asker.pk), by=ANONYMOUS)


def test_becoming_anonymous_cuts_every_tie(ground):
    receipt = ground.say(phone="+8619900001234")
    assert receipt.asker.anonymity == "L2"
    go_anonymous(receipt.asker, by=ANONYMOUS, word=receipt.word)
    asker = Asker.objects.get(pk=receipt.asker.pk)
    assert (asker.anonymity, asker.subject, asker.user) == ("L3", "", None)
    assert asker.knows(receipt.word)


def test_lateness_is_said_once(ground):
    case = ground.say().case
    with clock.moved_to(case.due_at + LATER):
        assert tick.note_late() == 1
        assert tick.note_late() == 0
    assert verbs(case).count("late") == 1


def test_every_case_has_one_number_with_a_check_digit(ground):
    numbers = {ground.say(client_id=uuid.uuid4()).number for _ in range(20)}
    assert len(numbers) == 20
