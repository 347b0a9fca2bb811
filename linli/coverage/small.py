"""Cells too small to be shown: counts of households say nothing about single homes (R60)."""

from collections.abc import Hashable, Mapping
from typing import Final, TypeVar

LEAST: Final = 10  # households; a smaller number could be a home that one knows

Row = TypeVar("Row", bound=Hashable)


def hidden(table: Mapping[Row, Mapping[str, int]], least: int = LEAST) -> set[tuple[Row, str]]:
    """Which cells of a table with totals must not be shown.

    A cell from 1 to `least` - 1 is hidden; where it would stand alone in its row or column, the
    total would give it away, so the next smallest of that row or column goes with it.
    """
    cells = {(row, name): n for row, line in table.items() for name, n in line.items()}
    gone = {cell for cell, n in cells.items() if 0 < n < least}
    while more := _given_away(cells, gone):
        gone |= more
    return gone


def _given_away(
    cells: Mapping[tuple[Row, str], int], gone: set[tuple[Row, str]]
) -> set[tuple[Row, str]]:
    """One more cell for each row or column with a single hidden one."""
    more: set[tuple[Row, str]] = set()
    for axis in (0, 1):
        for key in {cell[axis] for cell in gone}:
            line = {cell for cell in cells if cell[axis] == key}
            rest = [cell for cell in line - gone if cells[cell]]
            if len(line & gone) == 1 and rest:
                more.add(min(rest, key=lambda cell: (cells[cell], str(cell))))
    return more
