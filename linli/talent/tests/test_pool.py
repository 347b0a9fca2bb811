"""Proposed, reviewed by two, decided with reasons, appealed to a third; places are limited."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from linli import playbook
from linli.journal.models import Entry
from linli.lib import clock
from linli.pairings.actions import tying
from linli.pairings.actions.tying import Who
from linli.people.actors import ANONYMOUS, as_resident
from linli.people.policies import Denied
from linli.talent import reading
from linli.talent.actions import nominating, reviewing
from linli.talent.models import Appeal, Candidate, Decision, Review, TierBook
from linli.talent.tests.conftest import POOL, START

WHY = "看过材料，也到车间看过。"
State = Candidate.State


def test_a_body_proposes_and_nothing_happens_without_a_yes(talent):
    person = talent.person()
    row = nominating.nominate(POOL, person.user, "带徒弟，修老机器。", by=talent.cast.manager)
    assert row.state == State.ASKED
    with pytest.raises(Denied, match="nothing to review"):
        talent.review(row, talent.first)
    with pytest.raises(Denied, match="somebody else's"):
        nominating.answer(row, True, by=talent.person("别人"))
    nominating.answer(row, False, by=person)
    assert (row.state, row.words) == (State.DECLINED, "")
    again = nominating.nominate(POOL, person.user, "再请一次。", by=talent.cast.manager)
    nominating.answer(again, True, by=person)
    assert again.state == State.NOMINATED
    with pytest.raises(Denied, match="already"):
        nominating.nominate_self(POOL, "我自己也报。", by=person)


def test_only_bodies_of_the_playbook_propose(talent):
    with pytest.raises(Denied):
        nominating.nominate(POOL, talent.person().user, WHY, by=talent.cast.lighting_handler)
    with pytest.raises(Denied):
        nominating.nominate_self(POOL, WHY, by=ANONYMOUS)


@pytest.mark.parametrize(
    "words",
    ["去年营业额很高", "卖了三百万元", "利润翻番", "we made 3 million", "Revenue doubled", "¥ 500"],
)
def test_business_data_is_refused(talent, words):
    with pytest.raises(Denied, match="Business data"):
        nominating.nominate_self(POOL, words, by=talent.person())
    assert not Candidate.objects.exists()


def test_personal_numbers_are_refused_and_empty_words_too(talent):
    for words, said in (("电话 19900001234", "Leave out"), ("  ", "at least a sentence")):
        with pytest.raises(Denied, match=said):
            nominating.nominate_self(POOL, words, by=talent.person())


def test_every_criterion_is_answered_with_evidence(talent):
    row = talent.proposed()
    answers = {one.id: (True, "看过。") for one in row.rule.criteria}
    for wrong in ({}, {**answers, row.rule.criteria[0].id: (True, " ")}):
        with pytest.raises(Denied, match="Answer every criterion"):
            reviewing.review(row, wrong, free=True, by=talent.first)
    with pytest.raises(Denied, match="no kinship"):
        reviewing.review(row, answers, free=False, by=talent.first)
    reviewing.review(row, answers, free=True, by=talent.first)
    with pytest.raises(Denied, match="reviewed this already"):
        reviewing.review(row, answers, free=True, by=talent.first)
    assert Review.objects.get().met == 4


def test_a_conflict_is_refused(talent):
    manager_of_town = talent.first
    person = talent.person()
    row = nominating.nominate(POOL, person.user, WHY, by=manager_of_town)
    nominating.answer(row, True, by=person)
    colleague = talent.cast.town_handler  # of the office that proposed
    for who in (manager_of_town, colleague):
        with pytest.raises(Denied, match="proposed somebody"):
            talent.review(row, who)
    own = nominating.nominate_self(POOL, WHY, by=as_resident(talent.second.user))
    with pytest.raises(Denied, match="Nobody reviews themselves"):
        talent.review(own, talent.second)
    with pytest.raises(Denied, match="your own unit"):
        talent.review(own, talent.third)
    with pytest.raises(Denied):
        talent.review(own, talent.cast.lighting_handler)  # no host


def test_a_mentor_does_not_review(talent):
    row = talent.proposed()
    _tie(talent, row, talent.second)
    with pytest.raises(Denied, match="tied to this person"):
        talent.review(row, talent.second)
    talent.review(row, talent.third)


def _tie(talent, row, mentor):
    tie = tying.propose("mentor-successor", Who(user=mentor.user), Who(user=row.user),
                        purpose="一年，每月见一次。", by=talent.cast.town_handler)  # fmt: skip
    tying.agree(tie, by=as_resident(mentor.user))
    tying.agree(tie, by=as_resident(row.user))
    return tie


def test_two_review_before_anybody_decides(talent):
    row = talent.proposed()
    talent.review(row, talent.first)
    with pytest.raises(Denied, match="2 people review first"):
        reviewing.decide(row, "emerging", WHY, by=talent.first)
    talent.review(row, talent.second)
    made = reviewing.decide(row, "emerging", WHY, by=talent.first)
    row.refresh_from_db()
    assert (row.state, row.tier, row.turn) == (State.POOL, "emerging", 2)
    assert row.review_due.isoformat() == "2027-11-02"
    assert made.appeal_until > clock.now()
    with pytest.raises(Denied, match="nothing to review"):
        reviewing.decide(row, "leading", WHY, by=talent.first)


def test_a_tier_needs_what_every_reviewer_found(talent):
    row = talent.proposed()
    talent.review(row, talent.first, met=4)
    talent.review(row, talent.second, met=3)
    with pytest.raises(Denied, match="needs 4 criteria"):
        reviewing.decide(row, "leading", WHY, by=talent.first)
    with pytest.raises(Denied, match="Choose what is decided"):
        reviewing.decide(row, "gold", WHY, by=talent.first)
    with pytest.raises(Denied, match="at least a sentence"):
        reviewing.decide(row, "backbone", " ", by=talent.first)
    assert not TierBook.objects.filter(filled__gt=0).exists()
    reviewing.decide(row, "backbone", WHY, by=talent.first)
    assert TierBook.objects.get().filled == 1


def test_places_are_limited_and_come_free_again(talent):
    people = [talent.person(f"人{n}") for n in range(11)]
    rows = [talent.decided("leading", one) for one in people[:10]]
    last = talent.reviewed(people[10])
    with pytest.raises(Denied, match="All 10 places"):
        reviewing.decide(last, "leading", WHY, by=talent.first)
    last.refresh_from_db()
    assert last.state == State.NOMINATED
    nominating.leave(rows[0], by=people[0])
    reviewing.decide(last, "leading", WHY, by=talent.first)
    nominating.graduate(rows[1], by=talent.second)
    book = TierBook.objects.get(tier="leading")
    assert book.filled == 9
    assert Candidate.objects.filter(tier="leading").count() == 9


def test_the_database_refuses_one_too_many_and_a_tier_outside(talent):
    row = talent.decided("leading")
    with pytest.raises(IntegrityError), transaction.atomic():
        TierBook.objects.update(filled=11)
    with pytest.raises(IntegrityError), transaction.atomic():
        Candidate.objects.filter(pk=row.pk).update(state="left")
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.update(appeal_until=None)


def test_an_appeal_goes_to_somebody_else_and_nothing_is_deleted(talent):
    person = talent.person()
    row = talent.decided("refused", person)
    decision = row.decisions.get()
    assert row.state == State.REFUSED
    with pytest.raises(Denied, match="somebody else's"):
        reviewing.appeal(decision, "不服。", by=talent.person("别人"))
    made = reviewing.appeal(decision, "我有上过课的证明，没有人看。", by=person)
    with pytest.raises(Denied, match="appealed already"):
        reviewing.appeal(decision, "再来一次。", by=person)
    for who in (talent.first, talent.second):
        with pytest.raises(Denied, match="no part in the decision"):
            reviewing.decide_appeal(made, "backbone", WHY, by=who)
    reviewing.decide_appeal(made, "backbone", WHY, by=talent.third)
    row.refresh_from_db()
    made.refresh_from_db()
    assert (row.state, row.tier, made.state) == (State.POOL, "backbone", Appeal.State.CHANGED)
    assert [one.outcome for one in row.decisions.order_by("decided_at", "pk")].count("refused") == 1
    assert row.decisions.count() == 2
    made.state = Appeal.State.OPEN  # as somebody reads it who was too slow
    with pytest.raises(Denied):
        reviewing.decide_appeal(made, "leading", WHY, by=talent.third)
    assert TierBook.objects.get(tier="backbone").filled == 1


def test_an_appeal_can_leave_it_as_it_was(talent):
    person = talent.person()
    row = talent.decided("emerging", person)
    made = reviewing.appeal(row.decisions.get(), "我觉得够骨干。", by=person)
    reviewing.decide_appeal(made, "emerging", WHY, by=talent.third)
    made.refresh_from_db()
    row.refresh_from_db()
    assert (made.state, row.tier, row.decisions.count()) == (Appeal.State.UPHELD, "emerging", 1)


def test_an_appeal_has_its_time(talent, moved):
    person = talent.person()
    decision = talent.decided("emerging", person).decisions.get()
    late = decision.appeal_until + timedelta(seconds=1)
    with moved(late), pytest.raises(Denied, match="time for an appeal is over"):
        reviewing.appeal(decision, "晚了。", by=person)
    with moved(decision.appeal_until):
        reviewing.appeal(decision, "还来得及。", by=person)


def test_after_a_year_everybody_is_looked_at_again(talent, moved):
    row = talent.decided("backbone")
    pools = [playbook.current().pools[POOL]]
    assert not reading.of_desk(pools, "due").exists()
    with moved(START + timedelta(days=365)):
        assert list(reading.of_desk(pools, "due")) == [row]
        with pytest.raises(Denied, match="2 people review first"):  # last year's do not count
            reviewing.decide(row, "leading", WHY, by=talent.first)
        talent.review(row, talent.first)
        talent.review(row, talent.third)
        with pytest.raises(Denied, match="not put out"):
            reviewing.decide(row, "refused", WHY, by=talent.first)
        made = reviewing.decide(row, "leading", WHY, by=talent.first)
        assert (made.kind, made.before) == (Decision.Kind.YEARLY, "backbone")
        assert not reading.of_desk(pools, "due").exists()
    filled = dict(TierBook.objects.values_list("tier", "filled"))
    assert filled == {"backbone": 0, "leading": 1}


def test_who_is_promised_a_mentor_and_has_none(talent):
    rule = playbook.current().pools[POOL]
    top, low = talent.decided("leading"), talent.decided("emerging", talent.person("小郑"))
    assert list(reading.without_mentor(rule)) == [top]
    tie = _tie(talent, top, talent.cast.steward)
    assert not reading.without_mentor(rule).exists()
    assert reading.pool_view(rule).tiers[0].mentored == 1
    tying.end(tie, "wish", by=as_resident(top.user))
    assert list(reading.without_mentor(rule)) == [top]
    assert low.tier == "emerging"


def test_names_only_by_wish(talent):
    person = talent.person("老实人")
    row = talent.decided("leading", person)
    rule = playbook.current().pools[POOL]
    assert reading.pool_view(rule).tiers[0].names == []
    with pytest.raises(Denied, match="without any number"):
        nominating.show_as(row, "19900001234", by=person)
    nominating.show_as(row, "溧阳小吴", by=person)
    assert reading.pool_view(rule).tiers[0].names == ["溧阳小吴"]
    nominating.leave(row, by=person)
    row.refresh_from_db()
    assert (row.shown_as, row.state) == ("", State.LEFT)
    with pytest.raises(Denied, match="Only somebody in the pool"):
        nominating.show_as(row, "还在", by=person)


def test_the_journal_has_no_words_and_no_names(talent):
    person = talent.person("吴某某")
    row = talent.decided("leading", person)
    reviewing.appeal(row.decisions.get(), "独一无二的话。", by=person)
    lines = [str(one.facts) for one in Entry.objects.filter(verb__startswith="talent.")]
    assert len(lines) == 5
    for word in ("吴某某", "车间", "任命书", "独一无二", "认可"):
        assert not any(word in line for line in lines)


@pytest.mark.parametrize(
    ("n", "shown"), [(0, "0"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5")]
)
def test_few_people_are_not_counted_out(n, shown):
    assert reading.few(n) == shown


def test_a_failed_decision_leaves_no_trace(talent):
    row = talent.reviewed()
    Candidate.objects.filter(pk=row.pk).update(turn=9)  # somebody was faster
    row.refresh_from_db()
    with pytest.raises(Denied):
        reviewing.decide(row, "leading", WHY, by=talent.first)
    assert not TierBook.objects.filter(filled__gt=0).exists()
