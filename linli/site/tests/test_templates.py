"""House rules over all templates of the package: a strict CSP lets nothing else through."""

import re
from pathlib import Path

import pytest
from django.template import engines

from linli.web import catalogues

PACKAGE = Path(catalogues.PACKAGE)
TEMPLATES = sorted(PACKAGE.glob("*/jinja2/**/*.html"))
SCRIPTS = sorted(PACKAGE.glob("*/static/**/*.js"))


def _name(path):
    return str(path.relative_to(PACKAGE))


def _tags(path):
    """Every start tag as it is written, without Jinja's comments."""
    text = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.S)
    return re.findall(r"<[a-zA-Z][^>]*>", text)


def test_there_are_templates_to_look_at():
    assert len(TEMPLATES) >= 20


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_no_inline_script_no_inline_style_no_handler(path):
    for tag in _tags(path):
        assert not re.search(r"\sstyle\s*=", tag), tag
        assert not re.search(r"\son[a-z]+\s*=", tag), tag
        assert not tag.startswith("<style"), tag
        assert not tag.startswith("<script") or "src=" in tag, tag
        assert "javascript:" not in tag, tag


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_nothing_is_loaded_from_elsewhere(path):
    for tag in _tags(path):
        if tag.startswith(("<script", "<link", "<img", "<source", "<iframe", "<form", "<video")):
            assert not re.search(r"(?:src|href|action|srcset)=\"(?:https?:)?//", tag), tag


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_no_chinese_in_a_template_it_lives_in_the_catalogue(path):
    assert not re.search(r"[\u4e00-\u9fff]", path.read_text())


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_a_template_has_at_most_150_lines_and_compiles(path):
    assert len(path.read_text().splitlines()) <= 150
    engines["jinja2"].env.get_template(path.as_posix().split("/jinja2/", 1)[1])


@pytest.mark.parametrize("path", SCRIPTS, ids=_name)
def test_a_script_is_small_and_evaluates_nothing(path):
    text = path.read_text()
    assert len(text) <= 6_000
    assert not re.search(r"\beval\(|new Function|innerHTML|document\.write|https?://", text)


def test_every_module_is_named_in_the_one_list():
    folder = PACKAGE / "site" / "static" / "site" / "js"
    listed = set(re.findall(r'import\("\./(\w+\.js)"\)', (folder / "behaviours.js").read_text()))
    assert listed == {path.name for path in folder.glob("*.js")} - {"behaviours.js"}
