"""Kinds of activities: what is refused, with its line, and what a right one says."""

import pytest

from linli.playbook.describe import describe
from linli.playbook.loader import DEFAULT, load

FILE = "doings.toml"
BROKEN = [
    # old, new, says, hint
    ('at      = "village"', 'at = "moon" # HERE', 'cannot be "moon"', "use one of"),
    ('every   = "2 weeks"', 'every = "now and then" # HERE', "now and then", "match"),
    ('days    = "workday"', 'days = "sundays" # HERE', 'cannot be "sundays"', "use one of"),
    ('lasts   = "3 hours"', "# HERE", '"lasts" is missing', 'add lasts = "3 hours"'),
    ('host    = ["village-committee"]', 'host = ["village-comittee"] # HERE',
     'no organisation "village-comittee"', 'did you mean "village-committee"?'),
    ('by    = "steward"', 'by = "stewart" # HERE', 'no post "stewart"', 'did you mean "steward"?'),
    ('by    = "anyone"', 'by = "anyone"\nleads = true # HERE', "keep the list", "volunteer"),
    ('yields  = ["plain"]', 'yields = ["plane"] # HERE', 'no kind of case "plane"',
     'did you mean "plain"?'),
    ('yields  = ["plain"]', 'yields = ["plain"]\nanswers = ["gone"] # HERE',
     'no kind of case "gone"', "use one of"),
    ('consent = "required"', 'consent = "asked" # HERE', "without their consent",
     'consent = "required"'),
    ('public  = false', "public = true # HERE", "comes home to people", "public = false"),
    ('limit   = { every = "30 days" }', "# HERE", "visited without end", "limit"),
    ('consent_text = { zh = "愿意。", en = "I agree." }', "# HERE", "what people agree to",
     "consent_text"),
    ('promise = "back-by"', 'promise = "mood" # HERE', "is not a date", "field of type date"),
    ('id = "mood", name', 'id = "score", name', 'a field for "score" is forbidden',
     "residents are never scored"),
    ('type = "choice", choices = [{ id = "well", name = { zh = "好", en = "Well" } }]',
     'type = "choice"', "nothing to choose from", "choices"),
    ('type = "date"', 'type = "date", choices = [{ id = "x", name = { zh = "好", en = "Well" } }]',
     "is not a choice", 'type = "choice"'),
    ('id   = "met"', 'id = "met"\nheld = false', "could never take place", "held = true"),
    ('paper   = { case = "card"', 'paper = { case = "crad"', 'no kind of case "crad"',
     'did you mean "card"?'),
    ('paper   = { case = "card"', 'paper = { case = "plain"', "could not become a case",
     'add "plain" to yields'),
    ('by = ["steward"]', 'by = ["stewart"]', 'no post "stewart"', 'did you mean "steward"?'),
    ('id      = "box"', 'id = "round" # HERE', 'the kind of activity "round" is there twice',
     "give one of them another id"),
    ('id = "back-by", name', 'id = "mood", name', 'the id "mood" is there twice',
     "choose another id"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "says", "hint"), BROKEN, ids=[row[2] for row in BROKEN])
def test_a_broken_activity_is_refused_with_its_line(break_it, old, new, says, hint):
    problems, file, line = break_it(old, new, file=FILE)
    said = "\n".join(map(str, problems)) or "nothing was refused"
    found = [p for p in problems if says in p.message and hint in p.hint]
    assert found, said
    assert all(p.file == file for p in found)
    if new.endswith("# HERE") and new != "# HERE" and "table" not in says:
        assert any(p.line == line for p in found), said


def test_a_limit_without_homes_makes_no_sense(break_it):
    problems, _file, _line = break_it('stops   = "homes"\n', "", file=FILE)
    assert any("only visits to homes have a limit" in p.message for p in problems)


def test_the_cadence_in_days(small):
    book = load(small)
    assert book.activities["round"].days_between == 14
    assert book.activities["box"].days_between is None
    assert book.activities["round"].method_id == "doings"


def test_every_activity_of_liyang_can_be_shown_in_both_languages():
    book = load(DEFAULT)
    for kind in book.activities.values():
        for lang in ("zh", "en"):
            said = describe(kind.method_id, lang, book)
            assert kind.name.text(lang) in said
            for role in kind.roles:
                assert role.name.text(lang) in said
            for row in kind.outcomes:
                assert row.name.text(lang) in said
            assert "{" not in said


def test_no_method_of_liyang_is_named_in_python():
    """A method is a file: no code knows its name (design §1)."""
    root = DEFAULT.parent.parent
    book = load(DEFAULT)
    names = {f'"{kind}"' for kind in book.activities}
    code = [
        path
        for part in ("activities", "playbook", "field", "coverage", "rota", "cases", "site")
        for path in (root / part).rglob("*.py")
        if "tests" not in path.parts
    ]
    found = {name: p for p in code for name in names if name in p.read_text("utf-8")}
    assert found == {}


def test_homes_are_visited_with_consent_only_and_seldom():
    for kind in load(DEFAULT).activities.values():
        if kind.stops == "homes":
            assert kind.consent == "required"
            assert kind.limit is not None
            assert kind.limit.every.amount >= 30
            assert not kind.public
            assert any(not row.held and not row.final for row in kind.outcomes), "nobody home"
            assert any(row.final for row in kind.outcomes), "does not wish"
