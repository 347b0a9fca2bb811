"""The rules against published results, and against what must hold for any votes."""

import random
from fractions import Fraction
from itertools import permutations

import pytest

from linli.ballots.counting import (
    Terms,
    WrongChoice,
    WrongTerms,
    check_terms,
    count,
    equal_shares,
    normal,
    schulze,
)
from linli.ballots.tests import published_budgets, published_rankings


@pytest.mark.parametrize("known", published_rankings.EXAMPLES, ids=lambda one: one.name)
def test_published_rankings(known):
    duels = schulze.duels(known.options, known.votes)
    found = schulze.levels(known.options, duels)
    assert sorted(found[0]) == sorted(known.winners)
    if known.order:
        assert [sorted(level) for level in found] == [sorted(x) for x in known.order.split(">")]
    outcome = count(Terms("ranked", tuple(known.options)), known.votes)
    if len(known.winners) == 1:
        assert outcome.winners == (known.winners,)
        assert outcome.ties == ()
    else:
        assert outcome.winners == ()
        assert sorted(outcome.ties) == sorted(known.winners)


@pytest.mark.parametrize(("name", "source", "duels", "winner"), published_rankings.DUELS)
def test_published_duels(name, source, duels, winner):
    options = sorted({one for pair in duels for one in pair})
    pairs = {(a, b): duels.get(a + b, 0) for a in options for b in options if a != b}
    assert schulze.levels(options, pairs)[0] == [winner]


def test_papers_with_options_side_by_side():
    _source, papers, winner = published_rankings.EQUAL_RANKS
    pairs = dict.fromkeys(permutations("ABCD", 2), 0)
    for part in papers.split(","):
        n, said = part.split()
        ranks = [set(level.split("=")) for level in said.split(">")]
        ranks.append(set("ABCD").difference(*ranks))
        for place, level in enumerate(ranks):
            for a in level:
                for b in set().union(*ranks[place + 1 :]):
                    pairs[a, b] += int(n)
    assert schulze.levels("ABCD", pairs)[0] == [winner]


def test_there_are_at_least_twenty_of_each():
    rankings = len(published_rankings.EXAMPLES) + len(published_rankings.DUELS) + 1
    assert rankings >= 20
    assert len(published_budgets.EXAMPLES) >= 20


@pytest.mark.parametrize("lot", ["1", "2", "3"])
@pytest.mark.parametrize("known", published_budgets.EXAMPLES, ids=lambda one: one.name)
def test_published_budgets(known, lot):
    terms = Terms("budget", tuple(known.costs), 1, known.budget, known.costs, lot)
    found = equal_shares.share(
        known.costs, known.votes, known.budget, terms.lot_of, complete=False
    )  # fmt: skip
    if known.chosen:
        assert "".join(sorted(found.chosen)) in known.chosen
    if known.finished:
        done = equal_shares.share(known.costs, known.votes, known.budget, terms.lot_of)
        assert "".join(sorted(done.chosen)) in known.finished


def test_what_supporters_pay_is_shared_as_evenly_as_their_purses_allow():
    people = {("a",): 2, ("a", "b"): 3}
    purses = {("a",): Fraction(1), ("a", "b"): Fraction(4)}
    assert equal_shares.price(11, "a", people, purses) == 3
    assert equal_shares.price(14, "a", people, purses) == 4
    assert equal_shares.price(15, "a", people, purses) is None


@pytest.mark.parametrize("seed", range(20))
def test_nobody_pays_more_than_their_share_and_nothing_is_overspent(seed):
    rng = random.Random(seed)
    costs = {name: rng.randint(1, 60) for name in "abcdefg"}
    votes: dict[tuple[str, ...], int] = {}
    for _ in range(rng.randint(1, 40)):
        choice = tuple(sorted(rng.sample("abcdefg", rng.randint(0, 5))))
        votes[choice] = votes.get(choice, 0) + 1
    found = equal_shares.share(costs, votes, 100, lambda one: one)
    assert found.spent == sum(costs[one] for one in found.chosen) <= 100
    assert len(set(found.chosen)) == len(found.chosen)
    named = {one for choice in votes for one in choice}
    assert set(found.chosen) <= named
    assert all(costs[one] > 100 - found.spent for one in named - set(found.chosen))


@pytest.mark.parametrize("seed", range(20))
def test_who_beats_everybody_wins(seed):
    rng = random.Random(seed)
    votes: dict[tuple[str, ...], int] = {}
    for _ in range(25):
        order = tuple(rng.sample("ABCDE", rng.randint(1, 5)))
        votes[order] = votes.get(order, 0) + 1
    duels = schulze.duels("ABCDE", votes)
    beats_all = [a for a in "ABCDE" if all(duels[a, b] > duels[b, a] for b in "ABCDE" if b != a)]
    first = schulze.levels("ABCDE", duels)[0]
    assert first == beats_all or not beats_all
    assert first


def test_plain_counts_and_their_ties():
    single = Terms("single", ("a", "b", "c"))
    assert count(single, {("a",): 3, ("b",): 2, (): 9}).winners == ("a",)
    tied = count(single, {("a",): 3, ("b",): 3})
    assert (tied.winners, tied.ties) == ((), ("a", "b"))
    two = count(Terms("approval", ("a", "b", "c"), 2), {("a", "b"): 3, ("a", "c"): 3})
    assert (two.winners, two.ties) == (("a",), ("b", "c"))
    nobody = count(Terms("yes_no", ("yes", "no")), {(): 4})
    assert (nobody.winners, nobody.ties, nobody.abstentions) == ((), (), 4)
    assert count(Terms("ranked", ("a", "b")), {(): 4}).winners == ()


def test_a_tie_decided_by_lot_is_said():
    terms = Terms("budget", ("a", "b"), 1, 10, {"a": 10, "b": 10}, "x")
    found = count(terms, {("a",): 1, ("b",): 1})
    assert found.more["lots"] == [["a", "b"]]
    assert len(found.winners) == 1


@pytest.mark.parametrize(
    ("rule", "choice", "reason"),
    [("single", ["a", "b"], "many"), ("ranked", ["a", "a"], "twice"), ("budget", ["x"], "unknown")],
)
def test_marks_that_say_nothing(rule, choice, reason):
    with pytest.raises(WrongChoice) as wrong:
        normal(rule, ("a", "b"), choice)
    assert wrong.value.reason == reason


def test_the_order_of_marks_is_kept_where_it_is_the_choice():
    assert normal("ranked", ("a", "b"), ["b", "a"]) == ("b", "a")
    assert normal("approval", ("a", "b"), ["b", "a"]) == ("a", "b")


@pytest.mark.parametrize(
    "terms",
    [
        ("lottery", ("a", "b"), {}, 1, None),
        ("single", ("a", "a"), {}, 1, None),
        ("single", ("a", "长"), {}, 1, None),
        ("single", ("a",), {}, 1, None),
        ("single", ("a", "b"), {}, 2, None),
        ("yes_no", ("a", "b"), {}, 1, None),
        ("budget", ("a", "b"), {"a": 1}, 1, 10),
        ("budget", ("a", "b"), {"a": 1, "b": 0}, 1, 10),
        ("budget", ("a", "b"), {"a": 1, "b": 1}, 1, None),
        ("single", ("a", "b"), {}, 1, 10),
    ],
)
def test_terms_without_a_result_are_refused(terms):
    with pytest.raises(WrongTerms):
        check_terms(*terms)
