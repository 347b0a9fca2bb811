"""The invented map has no gaps and no overlaps, and the same seed draws the same one."""

from random import Random

import pytest
import shapely

from linli.demo import geography

TOWNS = {code: [f"{code}{n:03d}" for n in range(8)] for code in geography.seats()}


@pytest.fixture(scope="module")
def drawn():
    return geography.county(TOWNS, Random(7))


def test_towns_fill_the_county_and_villages_their_towns(drawn):
    border, cells = drawn
    towns = [cells[code].area for code in TOWNS]
    assert sum(area.area for area in towns) == pytest.approx(border.area)
    for code, villages in TOWNS.items():
        inside = sum(cells[village].area.area for village in villages)
        assert inside == pytest.approx(cells[code].area.area)


def test_each_point_lies_in_its_own_area(drawn):
    _border, cells = drawn
    for cell in cells.values():
        assert shapely.contains_xy(cell.area, cell.lon, cell.lat)


def test_the_size_is_about_that_of_the_real_county(drawn):
    border, _cells = drawn
    square_km = border.area * 111.32**2 * 0.853
    assert 1200 < square_km < 1900


def test_the_same_seed_draws_the_same_map(drawn):
    again = geography.county(TOWNS, Random(7))
    other = geography.county(TOWNS, Random(8))
    assert again[0].equals(drawn[0])
    assert not other[0].equals(drawn[0])


def test_grids_fill_their_village(drawn):
    _border, cells = drawn
    village = cells[TOWNS["320481002"][0]]
    parts = geography.grids(village, 3, Random(1))
    assert sum(part.area.area for part in parts) == pytest.approx(village.area.area)


def test_houses_stand_apart():
    cell = geography.Cell(119.48, 31.42, shapely.box(119.4, 31.4, 119.5, 31.5))
    houses = geography.blocks(cell, 12)
    assert len(houses) == 12
    for n, house in enumerate(houses):
        assert all(not house.area.intersects(other.area) for other in houses[:n])
