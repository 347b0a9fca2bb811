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
