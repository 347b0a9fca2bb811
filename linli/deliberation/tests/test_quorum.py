"""The arithmetic of quorum and majority: exact, and never surprised by a tie or an empty room."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.deliberation.quorum import (
    Numbers,
    ProxyError,
    check_proxies,
    diff,
    judge,
    leader,
    passed_together,
)
from linli.playbook.procedure import Body
from linli.playbook.share import Share


@st.composite
def numbers(draw, most=5000):
    all_ = draw(st.integers(0, most))
    aside = draw(st.integers(0, all_))
    present = draw(st.integers(0, all_ - aside))
    yes = draw(st.integers(0, present))
    no = draw(st.integers(0, present - yes))
    abstained = draw(st.integers(0, present - yes - no))
    spoilt = draw(st.integers(0, present - yes - no - abstained))
    return Numbers(all_, aside, present, yes, no, abstained, spoilt)


@st.composite
def shares(draw, least=False):
    """Any share; with `least` one that the playbook lets be a majority."""
    if least and draw(st.booleans()):
        return Share(1, 2, strict=True)
    under = draw(st.integers(3, 40))
    over = draw(st.integers(under // 2 + 1 if least else 1, under - 1))
    return Share(over, under, draw(st.booleans()))


def body(quorum="at least 2/3", majority="more than 1/2", of="present", due="all"):
    name = {"zh": "会", "en": "Meeting"}
    return Body.model_validate({
        "id": "b", "name": name, "base": "adults", "quorum": str(quorum), "of": due,
        "majority": {"share": str(majority), "of": of},
    })  # fmt: skip


wholes = st.sampled_from(["all", "due", "present", "cast"])


@given(numbers(), shares(), shares(least=True), wholes, st.sampled_from(["all", "due"]))
def test_it_agrees_with_exact_fractions(n, quorum, majority, of, due):
    verdict = judge(body(quorum, majority, of, due), n)
    for line, share, count in ((verdict.quorum, quorum, n.present),
                               (verdict.majority, majority, n.yes)):  # fmt: skip
        whole, part = line.whole, Fraction(share.over, share.under)
        exact = whole > 0 and (count > part * whole if share.strict else count >= part * whole)
        assert line.reached is exact
        if whole:
            assert line.reached is (count >= line.needed)


@given(numbers(), shares(), shares(least=True), wholes)
def test_a_tie_never_passes(n, quorum, majority, of):
    even = Numbers(n.all, n.aside, n.present, min(n.yes, n.no), min(n.yes, n.no))
    verdict = judge(body(quorum, majority, of), even)
    assert not verdict.passed
    assert verdict.tie is (even.yes > 0)


@given(numbers(), shares(), shares(least=True), wholes)
def test_what_passes_has_more_for_it_than_against(n, quorum, majority, of):
    verdict = judge(body(quorum, majority, of), n)
    if verdict.passed:
        assert n.yes > n.no
        assert n.present > 0


@given(numbers(), shares(), shares(least=True), st.integers(0, 50))
def test_whoever_leaves_before_the_vote_never_makes_a_quorum(n, quorum, majority, gone):
    rule = body(quorum, majority)
    full = Numbers(n.all, n.aside, n.present)
    less = full.left(gone)
    assert less.present == max(n.present - gone, 0)
    if judge(rule, less).quorum.reached:
        assert judge(rule, full).quorum.reached


@given(numbers(), shares(least=True), wholes, st.integers(1, 30))
def test_one_more_yes_never_turns_a_yes_into_a_no(n, majority, of, more):
    rule = body("more than 1/2", majority, of)
    grown = Numbers(n.all + more, n.aside, n.present + more, n.yes + more, n.no, n.abstained,
                    n.spoilt)  # fmt: skip
    if judge(rule, n).majority.reached:
        assert judge(rule, grown).majority.reached


@given(st.sets(st.integers(0, 300)), st.sets(st.integers(0, 300)), shares())
def test_a_roll_that_changes_is_counted_and_moves_the_quorum_with_it(before, after, quorum):
    change = diff(before, after)
    assert len(after) == len(before) + change.came - change.left
    assert change.stayed + change.left == len(before)
    if len(after) >= len(before) > 0:
        assert quorum.needed(len(after)) >= quorum.needed(len(before))


@given(st.lists(st.tuples(shares(), shares(least=True), wholes), min_size=1, max_size=4), numbers())
def test_stages_sat_together_pass_only_if_each_does(rules, n):
    verdicts = [judge(body(*rule), n) for rule in rules]
    assert passed_together(verdicts) is all(verdict.passed for verdict in verdicts)
    assert not passed_together([])


@given(st.integers(1, 400), st.integers(1, 399))
def test_those_who_stand_aside_are_not_due(due, aside):
    all_ = due + aside
    rule = body("at least 2/3", "more than 1/2", "due", "due")
    need = rule.quorum.needed(all_ - aside)
    assert judge(rule, Numbers(all_, aside, need)).quorum.reached
    assert not judge(rule, Numbers(all_, aside, need - 1)).quorum.reached


def test_the_examples_of_the_law():
    representatives = body("at least 2/3", "more than 1/2", "present")
    assert judge(representatives, Numbers(90, 0, 60, 31, 29)).passed
    assert not judge(representatives, Numbers(90, 0, 60, 30, 29)).passed  # half is not more
    assert not judge(representatives, Numbers(91, 0, 60, 60)).quorum.reached
    members = body("at least 2/3", "more than 1/2", "due", "due")
    assert not judge(members, Numbers(30, 0, 20, 15)).passed  # all but a few of those present
    assert judge(members, Numbers(30, 0, 20, 16)).passed
    assert judge(members, Numbers(30, 1, 20, 15)).passed
    households = body("more than 2/3", "more than 1/2", "present")
    assert not judge(households, Numbers(90, 0, 60, 60)).quorum.reached
    assert judge(households, Numbers(90, 0, 61, 31)).quorum.needed == 61


@pytest.mark.parametrize(
    "wrong", [(1, 2), (2, 1, 2), (5, 0, 2, 2, 1), (5, 0, 3, -1), (5, 0, 3, 1, 1, 1, 1)]
)
def test_numbers_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError):
        Numbers(*wrong)


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 9)))
def test_the_leader_has_the_most_and_says_whether_alone(counts):
    name, most, shared = leader(counts)
    assert most == max([*counts.values(), 0])
    assert (name == "") is (most == 0)
    assert shared is (most > 0 and list(counts.values()).count(most) > 1)


@given(
    st.sets(st.integers(1, 30)),
    st.dictionaries(st.integers(1, 30), st.integers(1, 30), max_size=10),
    st.integers(0, 3),
)
def test_nobody_is_spoken_for_twice_or_by_somebody_away(present, pairs, most):
    try:
        count = check_proxies(pairs, present, most)
    except ProxyError:
        return
    assert count == len(pairs)
    assert not set(pairs) & present
    assert set(pairs.values()) <= present
    assert all(list(pairs.values()).count(carrier) <= most for carrier in pairs.values())


def test_the_ways_of_speaking_for_others():
    for pairs, present, most, code in (
        ({1: 1}, {1}, 1, "own"), ({2: 1}, {1, 2}, 1, "there"), ({2: 3}, {1}, 1, "carrier"),
        ({2: 1, 3: 1}, {1}, 1, "many"),
    ):  # fmt: skip
        with pytest.raises(ProxyError) as refused:
            check_proxies(pairs, present, most)
        assert refused.value.args[0] == code
    assert check_proxies({2: 1, 3: 4}, {1, 4}, 1) == 2
