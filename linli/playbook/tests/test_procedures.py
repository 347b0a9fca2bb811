"""[[procedure]]: shares are exact, stages lie in order, and every mistake is refused at its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.playbook.describe import describe
from linli.playbook.loader import DEFAULT, load
from linli.playbook.problems import PlaybookErrors
from linli.playbook.procedure import Procedure
from linli.playbook.share import Share

FILE = "deciding.toml"
WAYS = {
    "a share that is a number": ('quorum = "more than 1/2"', "quorum = 0.5 # HERE", "as text"),
    "a share in other words": ('quorum = "more than 1/2"', 'quorum = "half" # HERE', "not a share"),
    "a share over the whole": (
        'quorum = "more than 1/2"', 'quorum = "more than 3/3" # HERE', "can never be reached"
    ),
    "as many against as for": (
        'majority = { share = "more than 1/2"', 'majority = { share = "at least 1/2"',
        "as many could be against it",
    ),
    "a minority": ('share = "at least 2/3"', 'share = "at least 1/3"', "as many could be against"),
    "an unknown base": ('base   = "committee"', 'base = "comittee" # HERE', 'cannot be "comittee"'),
    "an unknown host": ('host     = ["village-committee"]', 'host = ["king"] # HERE', "king"),
    "nothing proposed": ('does = "propose"', 'does = "draft" # HERE', "nothing is proposed first"),
    "proposed twice": ('does = "draft"', 'does = "propose" # HERE', "proposed a second time"),
    "nobody is told": ('notice = "10 days"', "", "called without notice"),
    "an objection at a meeting": (
        'does = "draft"', 'does = "draft"\nobjections = { answer = "5 workdays" } # HERE',
        "belongs to publishing",
    ),
    "a body that drafts": (
        'does = "draft"', 'does = "draft"\nnotice = "7 days" # HERE', "belongs to a meeting"
    ),
    "published for how long": ('lasts     = "7 days"', "", "for how long"),
    "a meeting of nobody": ('base   = "adults"', 'bases = "adults" # HERE', "is not a key here"),
    "nothing to go back to": ('does = "draft"', 'does = "do" # HERE', "before it is decided"),
    "reopened at no stage": ('reopens  = "do"', 'reopens = "doo" # HERE', 'no stage "doo"'),
    "reopened where nothing is done": (
        'reopens  = "do"', 'reopens = "rate" # HERE', "nothing is done again"
    ),
    "a stage twice": ('id   = "draft"', 'id = "propose" # HERE', "is there twice"),
    "mediation that nobody seals": (
        'mediate = "quarrel"', 'mediate = "plain" # HERE', "is not sealed"
    ),
    "mediation nowhere": ('mediate = "quarrel"', "", "the kind of case that seals it"),
    "mediation of nothing": (
        'mediate = "quarrel"', 'mediate = "quarel" # HERE', 'no kind of case "quarel"'
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_what_cannot_run_is_refused(break_it, way):
    old, new, says = WAYS[way]
    problems, file, line = break_it(old, new, FILE)
    said = "\n".join(map(str, problems)) or "nothing was refused"
    assert any(says in p.message and p.file == file and p.hint for p in problems), said
    if "# HERE" in new:
        assert any(p.line == line for p in problems), said


def test_what_follows_the_decision_and_what_comes_before_it(break_it):
    for old, new, after, says in (
        ('does = "do"', 'does = "rate" # HERE', "", "never be done"),
        ('publishes = "draft"', 'publishes = "decision" # HERE', "", "nothing is decided before"),
        ('publishes = "draft"', 'publishes = "result" # HERE', "", "nothing is done before"),
    ):
        problems, _file, _line = break_it(old, new, FILE, after)
        assert any(says in p.message for p in problems), problems
        break_it(new, old, FILE)


def test_the_same_procedure_in_two_files(small):
    text = (small / FILE).read_text("utf-8")
    (small / "second.toml").write_text(text.replace('"deciding"', '"second"'), "utf-8")
    with pytest.raises(PlaybookErrors) as caught:
        load(small)
    (problem,) = caught.value.problems
    assert 'the procedure "steps" is there twice' in problem.message
    assert FILE in problem.hint


def test_a_procedure_is_told_in_both_languages(small):
    book = load(small)
    for lang, words in (("zh", "过半数"), ("en", "more than half")):
        told = describe("deciding", lang, book)
        assert words in told
        assert "{" not in told
        for stage in book.procedures["steps"].stages:
            assert stage.name.text(lang) in told


def test_it_can_be_frozen_and_read_again(small):
    one = load(small).procedures["steps"]
    again = Procedure.model_validate_json(one.model_dump_json(by_alias=True))
    # The method is of the file, not of the rules that a motion keeps.
    assert again.model_dump() == one.model_dump()
    assert again.steps == {
        "propose": 1, "draft": 2, "publish": 3, "small-meeting": 4, "decide": 5, "do": 6,
        "result": 6, "rate": 6,
    }  # fmt: skip


@given(st.integers(1, 99), st.integers(1, 99), st.booleans(), st.integers(1, 10**9))
def test_needed_is_the_smallest_count_that_reaches(over, under, strict, whole):
    if over > under or (strict and over == under):
        return
    share = Share(over, under, strict)
    needed = share.needed(whole)
    assert share.reached(needed, whole)
    assert not share.reached(needed - 1, whole)
    assert 0 < needed <= whole
    assert Share.parse(str(share)) == share


def test_of_nothing_no_share_is_reached():
    share = Share.parse("at least 2/3")
    assert not share.reached(0, 0)
    assert not share.reached(1, 0)
    assert share.needed(90) == 60
    assert Share.parse("more than 2/3").needed(90) == 61
    assert Share.parse("at least 3/3").text("zh-hans") == "全部"


def test_three_configurations_of_one_engine():
    book = load(DEFAULT)
    five, four, say = (book.procedures[n] for n in ("five-steps", "four-and-two", "villagers-say"))
    assert max(five.steps.values()) == 5
    assert max(four.steps.values()) == 6
    assert [stage.does for stage in say.stages] == ["propose", "meet", "do", "rate"]
    assert say.reopens == "do"
    bodies = {body.base: body for body in five.stage("decide").bodies}
    assert bodies["adults"].quorum == Share(1, 2, strict=True)
    assert bodies["households"].quorum == Share(2, 3, strict=True)
    assert bodies["representatives"].quorum == Share(2, 3, strict=False)
    assert {body.majority.of for body in bodies.values()} == {"present"}
    assert str(five.stage("decide").notice) == "10 days"
    members = four.stage("members").bodies[0]
    assert (str(members.quorum), members.majority.of) == ("at least 2/3", "due")
    assert four.stage("committees").merge is not None
    assert {
        "five-steps",
        "four-and-two",
        "villagers-say",
        "council-hall",
        "estate-board",
        "cooperative-vote",
        "alliance-vote",
        "part-time-committee",
    } == set(book.procedures)
