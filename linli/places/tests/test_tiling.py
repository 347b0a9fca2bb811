"""Do the parts of a place fill it, once each?"""

import pytest

from linli.places import tree
from linli.places.tests.ground import ground, square

pytestmark = pytest.mark.django_db


@pytest.fixture
def village():
    land = ground()
    tree.close(land.house, on=None)
    tree.close(land.grid)
    return tree.redraw(land.hill, square(119, 31, 0.2))


def grid(village, n, west, south, size=0.1):
    return tree.add(code=f"{village.code}-{n}", kind="grid", name=f"{n}格", parent=village,
                    boundary=square(west, south, size))  # fmt: skip


def test_four_squares_fill_a_fifth(village):
    assert tree.check_tiling(village) is None  # nothing drawn in it
    for n, (x, y) in enumerate([(119, 31), (119.1, 31), (119, 31.1), (119.1, 31.1)]):
        grid(village, n, x, y)
    tiling = tree.check_tiling(village)
    assert tiling.is_sound
    assert tiling.sentences() == []
    assert tiling.parts == 4
    # 0.2 degrees square at 31.1 N: 22.24 km x 19.04 km.
    assert tiling.area_m2 == pytest.approx(22_239 * 19_043, rel=0.001)


def test_a_gap_is_a_share(village):
    grid(village, 0, 119, 31)
    tiling = tree.check_tiling(village)
    assert tiling.uncovered == pytest.approx(0.75, abs=0.001)
    assert not tiling.is_sound
    assert len(tiling.sentences()) == 1


def test_an_overlap_names_both_and_its_area(village):
    grid(village, 0, 119, 31, 0.2)
    grid(village, 1, 119.1, 31.1)
    tiling = tree.check_tiling(village)
    ((one, two, area),) = tiling.overlaps
    assert (one, two) == ("9901201-0", "9901201-1")
    assert area == pytest.approx(tiling.area_m2 / 4, rel=0.001)


def test_what_sticks_out_is_named(village):
    grid(village, 0, 119.15, 31)
    tiling = tree.check_tiling(village)
    ((code, share),) = tiling.outside
    assert (code, share) == ("9901201-0", pytest.approx(0.5, abs=0.001))


def test_a_hand_drawn_wobble_is_no_overlap(village):
    grid(village, 0, 119, 31)
    grid(village, 1, 119.09999, 31)
    assert tree.check_tiling(village).overlaps == []


def test_without_its_own_boundary_only_overlaps_can_be_told():
    land = ground()
    for n, size in enumerate((1, 2)):
        tree.add(code=f"w{n}", kind="village", name=f"村{n}", parent=land.south,
                 boundary=square(0, 0, size))  # fmt: skip
    tiling = tree.check_tiling(land.south)
    assert [pair[:2] for pair in tiling.overlaps] == [("w0", "w1")]
    assert (tiling.uncovered, tiling.outside, tiling.area_m2) == (0.0, [], 0.0)
