"""Days by the moon, against the printed calendar."""

from datetime import date

import pytest

from linli.lib.feasts import FEASTS, feast


@pytest.mark.parametrize(
    ("name", "year", "day"),
    [
        ("spring-festival", 2026, date(2026, 2, 17)),
        ("spring-festival", 2027, date(2027, 2, 6)),
        ("dragon-boat", 2026, date(2026, 6, 19)),
        ("mid-autumn", 2026, date(2026, 9, 25)),
        ("double-ninth", 2026, date(2026, 10, 18)),
        ("qingming", 2026, date(2026, 4, 5)),
    ],
)
def test_the_printed_day(name, year, day):
    assert feast(name, year) == day


def test_every_feast_has_a_day_for_forty_years():
    for name in FEASTS:
        for year in range(2020, 2060):
            assert feast(name, year).year == year


def test_an_unknown_feast():
    with pytest.raises(KeyError):
        feast("easter", 2026)
