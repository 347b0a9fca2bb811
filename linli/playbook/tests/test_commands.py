"""linli playbook check, show, schema."""

import json

import pytest
from click.testing import CliRunner

from linli.playbook.commands import playbook
from linli.playbook.describe import describe
from linli.playbook.loader import DEFAULT, load

BOOK = load(DEFAULT)


def _run(*words):
    return CliRunner().invoke(playbook, list(map(str, words)))


def test_check_counts_what_is_there():
    result = _run("check", DEFAULT)
    assert result.exit_code == 0
    assert result.output == (
        f"{DEFAULT}: {len(BOOK.methods)} methods, {len(BOOK.kinds)} kinds of case, "
        f"{len(BOOK.activities)} kinds of activity, {len(BOOK.procedures)} procedures, "
        f"{len(BOOK.facilities)} kinds of facility, {len(BOOK.clubs)} kinds of club, "
        f"{len(BOOK.memberships)} memberships, "
        f"{len(BOOK.pairings)} pairings, {len(BOOK.posts)} posts, "
        f"{len(BOOK.county.categories)} categories, {len(BOOK.county.duties)} duties, "
        f"nothing wrong (version {BOOK.version})\n"
    )


def test_check_prints_one_line_for_each_problem_and_fails(small):
    path = small / "ways.toml"
    text = path.read_text("utf-8").replace('identity   = "optional"', 'identity = "maybe"')
    path.write_text(text.replace('portfolio = "rural"', 'portfolio = "x y"'), "utf-8")
    result = _run("check", small)
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert len(lines) == 2
    assert all(line.startswith(f"{path}:") for line in lines)


def test_check_of_a_folder_that_is_not_there(tmp_path):
    result = _run("check", tmp_path / "nowhere")
    assert result.exit_code == 1
    assert "the file is not there" in result.output


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("method", BOOK.methods)
def test_every_method_can_be_shown_in_both_languages(method, lang):
    result = _run("show", method, "--lang", lang)
    assert result.exit_code == 0, result.output
    assert BOOK.methods[method].summary.text(lang) in result.output
    for kind in BOOK.methods[method].cases:
        assert kind.name.text(lang) in result.output
        assert kind.answer.text(lang) in result.output
        for step in kind.steps:
            assert step.name.text(lang) in result.output
    assert "{" not in result.output


def test_show_says_who_reads_a_dispute_and_who_owns_it():
    said = describe("council-hall", "en", BOOK)
    assert "sealed; only the asker, the other side, Mediator" in said
    assert "1. Mediator of the Council hall (village)" in said
    assert "then by the duties" not in said


def test_show_of_a_method_nobody_has_suggests_one():
    result = _run("show", "wish-tre")
    assert result.exit_code == 1
    assert 'There is no method "wish-tre"; did you mean "wish-tree"?' in result.output


def test_show_of_another_playbook(small):
    result = _run("show", "ways", "--dir", small, "--lang", "en")
    assert "Ways (ways)" in result.output


def test_show_of_a_broken_playbook_says_so(small):
    (small / "ways.toml").write_text("id = 1", "utf-8")
    result = _run("show", "ways", "--dir", small)
    assert result.exit_code == 1
    assert "ways.toml:1:" in result.output


def test_the_schema_speaks_of_both_files(tmp_path):
    out = tmp_path / "schema.json"
    assert _run("schema", "--out", out).exit_code == 0
    schema = json.loads(out.read_text("utf-8"))
    assert schema == json.loads(_run("schema").output)
    method, county = schema["$defs"]["Method"], schema["$defs"]["County"]
    assert {"case", "post", "source"} <= set(method["properties"])
    assert {"duty", "category", "backstop"} <= set(county["properties"])
    assert method["additionalProperties"] is False
    answer = schema["$defs"]["CaseKind"]["properties"]["answer"]
    assert answer["anyOf"][0]["pattern"].startswith("^[1-9]")


def test_the_schema_cannot_be_written_where_there_is_no_folder(tmp_path):
    result = _run("schema", "--out", tmp_path / "no" / "schema.json")
    assert result.exit_code == 1
    assert "cannot be written" in result.output
