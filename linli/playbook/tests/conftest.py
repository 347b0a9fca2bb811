"""A small playbook of an invented county, and a way to break one line of it."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from linli.playbook.loader import load
from linli.playbook.problems import PlaybookErrors, Problem

SMALL = Path(__file__).parent / "small"
MARK = "# HERE"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A copy of the small playbook that a test may change."""
    return Path(shutil.copytree(SMALL, tmp_path / "small"))


@pytest.fixture
def break_it(small: Path) -> Callable[..., tuple[list[Problem], str, int]]:
    """Replace words in a file; gives the problems, and where the mark HERE stands.

    `after` names a line; the words are replaced where they first follow it.
    """

    def change(
        old: str, new: str, file: str = "ways.toml", after: str = ""
    ) -> tuple[list[Problem], str, int]:
        path = small / file
        text = path.read_text("utf-8")
        start = text.index(after) if after else 0
        assert old in text[start:], f"{old} is not in {file}"
        text = text[:start] + text[start:].replace(old, new, 1)
        path.write_text(text, "utf-8")
        marked = [n for n, line in enumerate(text.splitlines(), 1) if MARK in line]
        try:
            load(small)
        except PlaybookErrors as errors:
            return errors.problems, str(path), marked[0] if marked else 0
        return [], str(path), marked[0] if marked else 0

    return change
