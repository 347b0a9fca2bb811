import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.lib.text import first_line, query_terms, spaced


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("3幢的LED灯_坏了！", "3 幢 的 led 灯 坏 了"),
        ("ＡＢＣ１２３", "abc123"),
        ("Straße, CAFÉ", "strasse café"),
        ("12.5元/m²", "12 5 元 m2"),
        ("路灯\n坏了", "路 灯 坏 了"),
        ("𠮷野家々", "𠮷 野 家 々"),
        ("…—！", ""),
        ("", ""),
    ],
)
def test_spaced(text, index):
    assert spaced(text) == index


@given(st.text())
def test_spacing_again_changes_nothing(text):
    once = spaced(text)
    assert spaced(once) == once


@pytest.mark.parametrize(
    ("query", "terms"),
    [
        ("路灯 LED-2", ["路 灯", "led", "2"]),
        ("路灯 路灯", ["路 灯"]),
        ("3幢", ["3 幢"]),
        ('路灯" OR 1=1 --*', ["路 灯", "or", "1"]),
        ("  ？ ", []),
    ],
)
def test_query_terms(query, terms):
    assert query_terms(query) == terms


def test_a_query_is_bounded():
    assert len(query_terms(" ".join(f"w{n}" for n in range(100)))) == 12
    assert max(map(len, query_terms("灯" * 10_000))) < 80


@given(st.text(max_size=40))
def test_terms_can_stand_between_quotation_marks(query):
    for term in query_terms(query):
        assert term == term.strip() != ""
        assert all(sign.isalnum() or sign == " " or sign.isidentifier() for sign in term)


@given(st.text("路灯坏了led 3", max_size=20))
def test_a_text_is_found_by_each_of_its_own_runs(text):
    assert all(f" {term} " in f" {spaced(text)} " for term in query_terms(text))


@pytest.mark.parametrize(
    ("text", "length", "line"),
    [
        ("\n  路灯  坏了 \n第二行", 60, "路灯 坏了"),
        ("路灯坏了三天", 4, "路灯坏…"),
        ("路灯坏了", 4, "路灯坏了"),
        ("one two", 5, "one…"),
        ("", 10, ""),
        (" \n ", 10, ""),
    ],
)
def test_first_line(text, length, line):
    assert first_line(text, length) == line
