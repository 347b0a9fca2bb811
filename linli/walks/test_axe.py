"""No page puts a barrier in anybody's way: axe, in both languages, on a phone and at a desk (P25)."""

import pytest

from linli.walks.sheets import SHEETS
from linli.walks.sights import DESK, LANGUAGES, PHONE, barriers


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("sheet", SHEETS, ids=str)
def test_axe_finds_no_barrier(sights, sheet, language):
    sight = sights(sheet, language)
    assert sight.barriers == {PHONE: [], DESK: []}
    assert sight.complaints == []


def test_axe_would_find_one(visitors):
    """Teeth: a field without its label does not pass."""
    page = visitors.come()
    page.goto("/where/")
    page.evaluate("document.querySelector('label[for=id_number]').remove()")
    assert [rule for rule, _nodes in barriers(page)] == ["label"]
