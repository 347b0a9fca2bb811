"""Lines are found for everything that TOML can write."""

import tomllib
from pathlib import Path

import pytest

from linli.playbook.loader import DEFAULT
from linli.playbook.positions import line_of, positions

AWKWARD = '''\
# a comment with [table] and key = 1 in it
"quoted key" = 1
site."a.b".'c d' = "x # no comment ] } ,"
text = """
[[not a table]]
key = "no key" \\""" still text
"""
raw = \'\'\'
[no] = table
\'\'\'
list = [ 1, # one
  2, [3,
  4],
  "]", {a = "}", b = [{c = 1}]},
]
[table.inner] # comment
x = { y = { z = [
  1,
] } }
[[row]]
id = "a"
[row.sub]
k = 1979-05-27T07:32:00Z
[[row.child]]
n = 1
[[row.child]]
n = 2
[[row]]
id = "b"
[[row.child]]
n = 3
'''


def test_awkward_toml():
    tomllib.loads(AWKWARD)
    found = positions(AWKWARD)
    lines = AWKWARD.splitlines()

    def at(*path):
        return lines[found[path] - 1]

    assert at("quoted key") == '"quoted key" = 1'
    assert at("site", "a.b", "c d").startswith("site.")
    assert at("raw") == "raw = '''"
    assert at("list", 1) == "  2, [3,"
    assert at("list", 2, 1) == "  4],"
    assert at("list", 4, "b", 0, "c").startswith('  "]"')
    assert at("table", "inner").startswith("[table.inner]")
    assert found["table", "inner", "x", "y", "z", 0] == lines.index("  1,") + 1
    assert at("row", 0, "id") == 'id = "a"'
    assert at("row", 0, "sub", "k").startswith("k = 1979")
    assert at("row", 0, "child", 1, "n") == "n = 2"
    assert at("row", 1) == "[[row]]"
    assert at("row", 1, "child", 0, "n") == "n = 3"


@pytest.mark.parametrize("file", sorted(DEFAULT.glob("*.toml")), ids=lambda file: file.stem)
def test_every_value_of_a_real_file_has_the_line_of_its_key(file: Path):
    text = file.read_text("utf-8")
    found, lines = positions(text), text.splitlines()
    for path in _paths(tomllib.loads(text), ()):
        assert path in found, path
        if isinstance(path[-1], str):
            assert path[-1] in lines[found[path] - 1], path


def _paths(value, path):
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _paths(inner, (*path, number))


def test_what_is_not_written_has_the_line_of_what_is_around_it():
    found = positions('\n[[case]]\nid = "x"\n')
    assert line_of(("case", 0, "answer"), found) == 2
    assert line_of(("case", 0, "id", "deeper"), found) == 3
    assert line_of(("nothing",), found) == 1
