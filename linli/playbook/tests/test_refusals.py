"""Everything that is refused, with the line where it stands and what would be right."""

import tomllib
from pathlib import Path

import pytest

from linli.playbook.loader import load
from linli.playbook.problems import PlaybookErrors, Problem

BROKEN = tomllib.loads((Path(__file__).parent / "refusals.toml").read_text("utf-8"))["broken"]


@pytest.mark.parametrize("way", BROKEN, ids=lambda way: way["name"])
def test_a_broken_file_is_refused_at_its_line(break_it, way):
    problems, file, line = break_it(
        way["old"], way["new"], way.get("file", "ways.toml"), way.get("after", "")
    )
    here = [problem for problem in problems if (problem.file, problem.line) == (file, line)]
    said = "\n".join(map(str, problems)) or "nothing was refused"
    assert any(way["says"] in p.message and way["hint"] in p.hint for p in here), said
    assert all(str(p) == f"{p.file}:{p.line}: {p.message}, {p.hint}" for p in problems)


def test_every_way_has_words_to_look_for():
    assert len(BROKEN) > 80
    assert all(way["says"] and way["hint"] for way in BROKEN)


def test_a_case_without_an_answer_clock_is_refused_where_it_begins(small):
    path = small / "ways.toml"
    before, _, after = path.read_text("utf-8").partition('answer     = "15 workdays"\n')
    path.write_text(before + after, "utf-8")
    line = before[: before.rindex("[[case]]")].count("\n") + 1
    with pytest.raises(PlaybookErrors) as caught:
        load(small)
    assert caught.value.problems == [
        Problem(str(path), line, '"answer" is missing', 'add answer = "15 workdays"')
    ]


def test_the_small_playbook_itself_is_right(small):
    assert set(load(small).kinds) == {"plain", "proxy", "gift", "quarrel", "card"}


def _change(path, *pairs):
    text = path.read_text("utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, "utf-8")
    line = text.splitlines().index("publishes = true") + 1
    with pytest.raises(PlaybookErrors) as caught:
        load(path.parent)
    return [p.message for p in caught.value.problems if p.line == line]


def test_publishing_needs_an_alias_or_a_redacted_text(small):
    alias = 'alias      = true\nvisibility = "public"\npublic_text = "alias"'
    said = _change(small / "ways.toml", (alias, 'visibility = "public"\npublic_text = "none"'))
    assert any("names a person" in message for message in said)


def test_publishing_needs_somebody_who_may_see_it(small):
    said = _change(
        small / "ways.toml",
        ('visibility = "public"\npublic_text', 'visibility = "office"\npublic_text'),
    )
    assert any("nobody may see it" in message for message in said)


def test_a_file_that_gives_nothing_and_an_id_that_another_file_has(small):
    text = (small / "ways.toml").read_text("utf-8")
    (small / "zero.toml").write_text(text[: text.index("[[post]]")], "utf-8")
    with pytest.raises(PlaybookErrors) as caught:
        load(small)
    said = [(p.file, p.line, p.message) for p in caught.value.problems]
    zero = str(small / "zero.toml")
    assert said == [
        (zero, 1, "the file gives a county nothing"),
        (zero, 1, 'the method "ways" is there twice'),
    ]
    assert f"{small / 'ways.toml'}:1" in caught.value.problems[1].hint
