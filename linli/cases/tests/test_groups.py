"""Groups of open cases: found, dealt with together, taken apart; who sees what of them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from linli.cases import grouping
from linli.cases.actions import group as acts
from linli.cases.actions.asker import reply
from linli.cases.actions.handle import answer
from linli.cases.models import Case, Group, Member, State
from linli.cases.regrouping import regroup
from linli.journal.models import Entry
from linli.journal.record import subject_of
from linli.lib import clock
from linli.people.policies import Denied
from linli.places.tree import add

SAID = [
    "三号塘边的水泵房夜里漏水，路上全是水", "水泵房漏水好几天了，三号塘边没法走",
    "三号塘水泵房又漏水，孩子上学要绕路",
]  # fmt: skip
OTHER = ["菜场门口占道", "老年卡办不了", "电梯困人", "垃圾没人收", "噪音太大睡不着"]


@pytest.fixture
def flood(ground):
    """Three people about one leak in two grids within three days, and other things beside it."""
    grid = add(code="320481103201-g2", kind="grid", name="第二网格", parent=ground.village)
    for text in OTHER:
        ground.say(text=text, category="cleaning")
    cases = []
    for at, text in enumerate(SAID):
        with clock.moved_to(clock.now() + timedelta(days=at)):
            place = grid if at == 2 else ground.building
            cases.append(ground.say(text=text, category="water-supply", place=place).case)
    with clock.moved_to(clock.now() + timedelta(days=3)):
        regroup()
        yield cases


def members(group, state=Member.State.IN):
    return list(group.members.filter(state=state, live=True).values_list("case__number", flat=True))


def the_group():
    return Group.objects.exclude(state=Group.State.OVER).get()


def joint(ground, cases):
    group = the_group()
    acts.make_joint(group, cases[0], cases, by=ground.staff("water"))
    return group


# ── finding ─────────────────────────────────────────────────────────────────────────────────


def test_what_reads_as_one_problem_is_one_group(flood):
    assert sorted(members(the_group())) == sorted(case.number for case in flood)


def test_looking_again_changes_nothing_and_closed_cases_leave(ground, flood):
    before = the_group().revision
    assert regroup() == 0
    assert the_group().revision == before
    answer(flood[0], "修好了", by=ground.staff("water"))
    assert regroup() == 1
    assert sorted(members(the_group())) == sorted(case.number for case in flood[1:])
    answer(flood[1], "修好了", by=ground.staff("water"))
    assert regroup() == 1
    assert not Group.objects.exists()


@pytest.mark.parametrize("hidden", [{"visibility": "sealed"}, {"kind": "wish"}])
def test_sealed_matters_and_wishes_are_in_no_group(ground, flood, hidden):
    if hidden.get("visibility"):
        Case.objects.filter(pk=flood[2].pk).update(text="", visibility="sealed")
    else:
        Case.objects.filter(pk=flood[2].pk).update(**hidden)
    regroup()
    assert sorted(members(the_group())) == sorted(case.number for case in flood[:2])


def test_two_villages_have_two_problems(ground, flood):
    other = add(code="320481103299", kind="village", name="石桥村", parent=ground.town)
    Case.objects.filter(pk=flood[2].pk).update(place=other, place_path=other.path)
    regroup()
    assert sorted(members(the_group())) == sorted(case.number for case in flood[:2])


def test_the_database_keeps_a_case_out_of_two_live_groups(flood):
    second = Group.objects.create(found_at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.create(group=second, case=flood[0], at=clock.now())


# ── together, and apart again ───────────────────────────────────────────────────────────────


def test_a_joint_task_is_written_into_every_case_and_changes_nothing_else(ground, flood):
    before = list(Case.objects.order_by("pk").values_list("owner", "due_at", "state"))
    group = joint(ground, flood)
    assert (group.state, group.lead) == ("joint", flood[0])
    for case in flood:
        line = Entry.objects.get(subject=subject_of(case), verb="case.grouped")
        assert line.facts["lead"] == str(flood[0].pk)
    assert list(Case.objects.order_by("pk").values_list("owner", "due_at", "state")) == before


def test_of_two_who_act_at_once_one_wins(ground, flood):
    one, two = the_group(), the_group()
    acts.make_joint(one, flood[0], flood, by=ground.staff("water"))
    with pytest.raises(Denied):
        acts.make_joint(two, flood[1], flood, by=ground.staff("water"))
    assert Group.objects.get(pk=one.pk).lead == flood[0]
    assert Entry.objects.filter(verb="case.grouped").count() == 3


def test_what_is_taken_out_is_remembered(ground, flood):
    acts.take_out(the_group(), flood[1], by=ground.staff("water"))
    assert flood[1].number not in members(the_group())
    assert regroup() == 0
    assert sorted(members(the_group())) == sorted([flood[0].number, flood[2].number])
    assert not Entry.objects.filter(verb="case.ungrouped").exists()


def test_a_group_of_one_is_none(ground, flood):
    group = the_group()
    acts.take_out(group, flood[1], by=ground.staff("water"))
    acts.take_out(group, flood[2], by=ground.staff("water"))
    assert group.state == "over"
    assert regroup() == 0
    assert not Group.objects.exclude(state="over").exists()


def test_what_comes_in_later_is_proposed_and_a_person_decides(ground, flood):
    group = joint(ground, flood)
    late = ground.say(text="三号塘边水泵房漏水，路滑摔人了", category="water-supply").case
    twin = ground.say(text="三号塘水泵房漏水还没修，路上全是水", category="water-supply").case
    regroup()
    assert sorted(members(group, "proposed")) == sorted([late.number, twin.number])
    assert regroup() == 0
    acts.add(group, late, by=ground.staff("water"))
    acts.take_out(group, twin, by=ground.staff("water"))
    assert late.number in members(group)
    assert regroup() == 0
    assert members(group, "proposed") == []


def test_the_lead_cannot_be_taken_out_and_ending_frees_all(ground, flood):
    group = joint(ground, flood)
    with pytest.raises(Denied, match="牵头"):
        acts.take_out(group, flood[0], by=ground.staff("water"))
    acts.end(group, by=ground.staff("water"))
    assert Entry.objects.filter(verb="case.ungrouped").count() == 3
    assert regroup() == 1
    assert sorted(members(the_group())) == sorted(case.number for case in flood)


def test_a_joint_task_ends_when_nothing_is_owed_any_more(ground, flood):
    group = joint(ground, flood)
    acts.answer_each(flood, "修好了", by=ground.staff("water"))
    regroup()
    group.refresh_from_db()
    assert group.state == "over"


# ── answering ───────────────────────────────────────────────────────────────────────────────


def test_each_asker_gets_an_own_answer_and_says_for_themselves(ground, flood):
    joint(ground, flood)
    done, refused = acts.answer_each(flood, "水泵房的管道换好了。", by=ground.staff("water"))
    assert (len(done), refused) == (3, [])
    assert Entry.objects.filter(verb="case.answered").count() == 3
    first = flood[0].askers.get()
    reply(first, "solved", by=ground.staff("resident"))
    states = {case.number: Case.objects.get(pk=case.pk).state for case in flood}
    assert states == {
        flood[0].number: State.CONFIRMED, flood[1].number: State.ANSWERED,
        flood[2].number: State.ANSWERED,
    }  # fmt: skip


def test_one_that_cannot_be_answered_stops_no_other(ground, flood):
    answer(flood[1], "已回复", by=ground.staff("water"))
    done, refused = acts.answer_each(flood, "管道换好了。", by=ground.staff("water"))
    assert [case.number for case in done] == [flood[0].number, flood[2].number]
    assert [case.number for case, _said in refused] == [flood[1].number]


def test_the_leads_answer_is_proposed_to_the_others_only_and_kept_private_words_private(
    ground, flood
):
    joint(ground, flood)
    water, town = ground.staff("water"), ground.staff("town")
    assert grouping.of_case(flood[1], water).proposal == ""
    answer(flood[0], "管道换好了，张家的门口也铺了。", by=water, public=False)
    assert grouping.of_case(flood[1], water).proposal == "管道换好了，张家的门口也铺了。"
    assert grouping.of_case(flood[0], water).proposal == ""
    assert grouping.of_case(flood[1], town).proposal == ""  # has not to answer it


# ── who sees what ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("who", "sees"),
    [("water", 3), ("town", 3), ("county", 3), ("manager", 3), ("lamps", 0), ("gridworker", 0),
     ("resident", 0)],
)  # fmt: skip
def test_a_group_is_seen_by_those_who_deal_with_its_cases(ground, flood, who, sees):
    found = grouping.listed(ground.staff(who))
    assert [len(row.cases) for row in found] == ([sees] if sees else [])


def test_the_size_is_told_in_people_grids_and_days(ground, flood):
    (row,) = grouping.listed(ground.staff("county"))
    assert (row.people, row.grids, row.days, row.topic) == (3, 2, 3, "water-supply")
    assert {"水泵房", "漏水", "三号塘"} <= {w for word in row.words for w in (word, *_inside(word))}


def _inside(word):
    return [part for part in ("水泵房", "漏水", "三号塘") if part in word]


def test_nobody_sees_in_a_group_what_is_said_about_their_own_unit(ground, flood):
    Case.objects.filter(pk=flood[0].pk).update(about=ground.units["town-office"])
    flood[0].refresh_from_db()
    (row,) = grouping.listed(ground.staff("town"))
    assert flood[0].number not in [case.number for case in row.cases]
    assert flood[0].number not in row.why
    with pytest.raises(Denied):
        acts.make_joint(the_group(), flood[1], flood, by=ground.staff("town"))


def test_reasons_hold_no_personal_details_for_whom_the_text_is_masked(ground, flood):
    Case.objects.all().update(text="水泵房漏水，找老王13800138000，三号塘")
    (row,) = grouping.listed(ground.staff("county"))
    assert not any("138" in word for word in row.words)


def test_who_may_not_may_not(ground, flood):
    for who in ("lamps", "gridworker", "resident"):
        with pytest.raises(Denied):
            acts.make_joint(the_group(), flood[0], flood, by=ground.staff(who))
    assert the_group().state == "found"


# ── the pages ───────────────────────────────────────────────────────────────────────────────


def test_the_coordinator_finds_the_group_and_makes_one_joint_task(ground, flood, client_as):
    client = client_as(ground.staff("county"))
    html = client.get("/desk/groups/").content.decode()
    assert "3 人、2 个网格、3 天" in html
    group = the_group()
    page = client.get(f"/desk/groups/{group.pk}/").content.decode()
    assert flood[2].pretty_number in page
    sent = {"lead": flood[0].number, "revision": group.revision}
    assert client.post(f"/desk/groups/{group.pk}/joint/", sent).status_code == 302
    assert the_group().state == "joint"
    again = client.post(f"/desk/groups/{group.pk}/joint/", sent)
    assert again.status_code == 409
    assert "刚刚变了" in again.content.decode()


def test_the_unit_answers_each_from_one_page(ground, flood, client_as):
    group = joint(ground, flood)
    client = client_as(ground.staff("water"))
    address = f"/desk/groups/{group.pk}/answers/"
    assert client.post(address, {"words": "好了"}).status_code == 422
    sent = {"words": "管道换好了。", "case": [case.number for case in flood[:2]]}
    assert client.post(address, sent).status_code == 302
    states = [Case.objects.get(pk=case.pk).state for case in flood]
    assert states == ["answered", "answered", "routed"]
    html = client.get(f"/desk/case/{flood[2].number}/").content.decode()
    assert "管道换好了。" in html
    bad = client.post(address, {"words": "找13800138000", "case": [flood[2].number]})
    assert bad.status_code == 422
    assert "13800138000" in bad.content.decode()


def test_members_come_and_go_by_a_press(ground, flood, client_as):
    group = the_group()
    client = client_as(ground.staff("water"))
    gone = f"/desk/groups/{group.pk}/members/{flood[1].number}/"
    assert client.post(gone, {"what": "out", "revision": group.revision}).status_code == 302
    assert flood[1].number not in members(group)
    assert client.post(gone, {"what": "out", "revision": 99}).status_code == 404


@pytest.mark.parametrize("who", ["lamps", "gridworker", "resident"])
def test_others_find_no_group(ground, flood, client_as, who):
    group = the_group()
    client = client_as(ground.staff(who))
    assert client.get(f"/desk/groups/{group.pk}/").status_code in {403, 404}
    sent = {"lead": flood[0].number, "revision": group.revision}
    assert client.post(f"/desk/groups/{group.pk}/joint/", sent).status_code in {403, 404}
    assert the_group().state == "found"


def test_a_page_of_groups_takes_few_statements(
    ground, flood, client_as, django_assert_max_num_queries
):
    client = client_as(ground.staff("county"))
    client.get("/desk/groups/")
    with django_assert_max_num_queries(12):
        client.get("/desk/groups/")
