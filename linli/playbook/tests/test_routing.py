"""Who may own a case, in which order; and every case has somebody."""

import pytest

from linli.playbook.base import LEVELS
from linli.playbook.loader import DEFAULT, load
from linli.playbook.routing import backstop, candidates, is_certain


def _said(rows):
    return [f"{row.post}/{row.body or ''}@{row.at}" for row in rows]


@pytest.fixture
def book(small):
    return load(small)


def test_the_kind_comes_first_then_the_county_in_the_order_of_its_file(book):
    assert _said(candidates(book.kinds["plain"], "lamp", book.county)) == [
        "steward/@building",
        "handler/lighting@county",
        "handler/village-committee@village",
        "handler/county-desk@county",
    ]
    assert "handler/lighting@county" not in _said(
        candidates(book.kinds["plain"], "quarrels", book.county)
    )


def test_a_sealed_case_only_goes_to_its_readers(book):
    sealed = book.kinds["quarrel"]
    assert _said(candidates(sealed, "lamp", book.county)) == [
        "mediator/hall@village", "mediator/hall@county",
    ]  # fmt: skip
    assert _said(backstop(sealed, "village", book.county)) == ["mediator/hall@county"]
    assert _said(backstop(sealed, "county", book.county)) == ["mediator/hall@county"]


def test_the_backstop_is_the_one_of_the_level(book):
    plain = book.kinds["plain"]
    assert _said(backstop(plain, "building", book.county)) == ["handler/village-committee@village"]
    assert _said(backstop(plain, "village", book.county)) == ["handler/county-desk@county"]


LIYANG = load(DEFAULT)


@pytest.mark.parametrize("kind", LIYANG.kinds.values(), ids=lambda kind: kind.id)
def test_every_kind_and_category_of_liyang_finds_an_owner_anywhere(kind):
    for category in LIYANG.county.categories:
        rows = candidates(kind, category.id, LIYANG.county)
        assert any(is_certain(row, kind, LIYANG.county) for row in rows), category.id
        for row in rows:
            assert not kind.is_sealed or row.post in kind.sealed_readers


@pytest.mark.parametrize("kind", LIYANG.kinds.values(), ids=lambda kind: kind.id)
@pytest.mark.parametrize("level", LEVELS)
def test_every_level_of_liyang_has_a_backstop(kind, level):
    assert backstop(kind, level, LIYANG.county)


@pytest.mark.parametrize(
    ("category", "first"),
    [
        ("street-light", "handler/street-lighting@town"),
        ("cleaning", "handler/village-committee@village"),
        ("village-affairs", "handler/town-office@town"),
        ("public-transport", "handler/bus-company@county"),
        ("other", "handler/village-committee@village"),
    ],
)
def test_the_lowest_body_that_owns_the_duty_is_tried_first(category, first):
    rows = candidates(LIYANG.kinds["request"], category, LIYANG.county)
    assert _said(rows)[0] == first
