"""Whatever is found: covered + gaps + tolerated + unknown is the whole set, and nothing else."""

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.coverage.ground import NEVER, Ground, day_number, day_of
from linli.coverage.judging import BANDS, judge
from linli.coverage.keeping import Kept
from linli.coverage.sets import Members
from linli.coverage.small import LEAST, hidden
from linli.coverage.things import Found
from linli.playbook.coverage import CoverageRule

TODAY = day_number(date(2026, 11, 4))
NAME = {"zh": "规则", "en": "rule"}
GROUND = Ground(
    date(2026, 11, 4), np.array([7, 8, 9]), np.array([1, 1, 5]), np.array([-1, -1, 0]),
    np.zeros(3, dtype=np.int64),
)  # fmt: skip

days = st.one_of(st.just(NEVER), st.integers(TODAY - 400, TODAY))
rows = st.lists(
    st.tuples(st.integers(0, 5), days, days, st.booleans(), st.integers(0, 60), st.booleans()),
    max_size=40,
)


def rule(least, most, tolerance):
    has = {"post": "building-steward", "at_least": least}
    if most is not None:
        has["at_most"] = least + most
    values = {"id": "r", "name": NAME, "each": "building", "has": has, "within": "7 days"}
    if tolerance:
        values["tolerance"] = f"{tolerance} days"
    return CoverageRule.model_validate(values)


def columns(found, of_many):
    table = np.array(found, dtype=np.int64).reshape(-1, 6)
    ids = np.arange(len(table)) + 1
    group = Members(
        ids, np.zeros(len(table), dtype=np.int64), table[:, 1],
        table[:, 4] if of_many else None, table[:, 5] if of_many else None,
    )  # fmt: skip
    return group, Found(table[:, 0], table[:, 2], table[:, 3] > 0)


@settings(max_examples=150, deadline=None)
@given(rows, st.integers(1, 3), st.none() | st.integers(0, 2), st.integers(0, 30), st.booleans())
def test_the_four_numbers_are_the_whole_set(found, least, most, tolerance, of_many):
    group, had = columns(found, of_many)
    asked = rule(least, most, tolerance)
    verdict = judge(asked, group, had, TODAY)
    totals = verdict.totals()
    size = int(group.size.sum()) if of_many else len(found)
    assert totals["size"] == size == sum(totals[band] for band in BANDS)
    assert min(totals.values(), default=0) >= 0
    kept = Kept.read(Kept.of(verdict, GROUND).packed())
    assert kept.totals() == totals
    towns = kept.by_town().values()
    assert {name: sum(town[name] for town in towns) for name in totals} == totals
    for band in BANDS:
        assert bool(totals[band]) <= bool(len(kept.select(band).rows))
    if not of_many:
        assert [len(kept.select(band).rows) for band in BANDS] == [totals[b] for b in BANDS]


@settings(max_examples=100, deadline=None)
@given(rows, st.integers(1, 3), st.none() | st.integers(0, 2), st.integers(0, 30))
def test_columns_judge_as_one_by_one(found, least, most, tolerance):
    group, had = columns(found, False)
    verdict = judge(rule(least, most, tolerance), group, had, TODAY)
    for n, (count, begun, since, judged, _size, _counted) in enumerate(found):
        since = since or begun
        if count >= least and (most is None or count <= least + most):
            band = "covered"
        elif not judged:
            band = "unknown"
        elif since and TODAY - since < tolerance:
            band = "tolerated"
        else:
            band = "gaps"
        assert BANDS[verdict.status[n]] == band


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_a_day_comes_back(day):
    assert day_of(day_number(day)) == day


table = st.dictionaries(
    st.integers(0, 6), st.fixed_dictionaries({b: st.integers(0, 40) for b in BANDS}), min_size=1
)


@given(table)
def test_a_small_cell_is_never_alone_in_its_row_or_column(cells):
    gone = hidden(cells)
    for row, line in cells.items():
        shut = [name for name in line if (row, name) in gone]
        assert all((row, name) in gone for name, n in line.items() if 0 < n < LEAST)
        others = [name for name, n in line.items() if n and name not in shut]
        assert len(shut) != 1 or not others
    for name in BANDS:
        shut = [row for row in cells if (row, name) in gone]
        others = [row for row in cells if cells[row][name] and row not in shut]
        assert len(shut) != 1 or not others
