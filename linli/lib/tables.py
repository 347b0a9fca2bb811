"""Tables as files: CSV that county offices hand in and that they open in a spreadsheet again.

What comes in may be UTF-8 (with or without a byte order mark) or GB18030, which Chinese Excel
writes. What goes out is UTF-8 with a mark, without which Excel shows Chinese as noise, and no cell
can start a formula on the reader's computer.
"""

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final

# A cell that a spreadsheet would run, at its start: = + - @ (full-width and small forms too, they
# are typed the same on a Chinese keyboard), tab and line breaks, which some programs skip. Cells
# that we have already quoted count as well, so that reading takes back exactly what writing did.
_FORMULA: Final = re.compile(
    "[ '\u00a0\u3000\ufeff]*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]"
)
_CJK: Final = re.compile("[\u3400-\u9fff]")

_OTHER_SEPARATORS: Final = {
    ";": "semicolons",
    "\t": "tabs",
    "|": "vertical bars",
    "\uff0c": "full-width commas",
    "\uff1b": "full-width semicolons",
    "\u3001": "enumeration commas",
}
_AS_CSV: Final = 'In the spreadsheet choose "Save as" and the type "CSV UTF-8 (comma delimited)".'


class TableError(ValueError):
    """A file that cannot be read as a table; ``row`` as the spreadsheet numbers it, or None."""

    def __init__(self, message: str, row: int | None = None) -> None:
        self.row: Final = row
        super().__init__(message if row is None else f"Row {row}: {message}")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: ``number`` as the spreadsheet shows it (the header is 1), cells by column name."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell, without the space around it; a TableError names a column that is not there."""
        try:
            return self.cells[column]
        except KeyError:
            there = ", ".join(self.cells)
            raise TableError(
                f'there is no column "{column}"; there are: {there}.', self.number
            ) from None

    def get(self, column: str, default: str = "") -> str:
        return self.cells.get(column, default)


def read_rows(source: str | Path | IO[bytes] | IO[str]) -> Iterator[Row]:
    """The rows under the header of a CSV file, given by its path or open.

    Empty rows are skipped; cells missing at the end of a row are empty. The header is checked at
    once, the rows as they are taken. Raises TableError with the row and what would be right.
    """
    records = _records(_text_of(_content(source)))
    header_number, header = next(records, (1, []))
    columns = _columns(header, header_number)
    return (_row(number, columns, cells) for number, cells in records)


def write_rows(
    file: IO[str], header: Sequence[str], rows: Iterable[Sequence[Any]], *, mark: bool = True
) -> int:
    """Write a CSV table to an open text file (open it with ``newline=""``) and count its rows.

    None becomes an empty cell, a date or time its ISO form; numbers stay numbers. ``mark=False``
    leaves the byte order mark out, for machines. Raises ValueError for a row that does not have
    a cell for each column.
    """
    if mark:
        file.write("\ufeff")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([_harmless(name) for name in header])
    count = 0
    for count, cells in enumerate(rows, start=1):
        if len(cells) != len(header):
            raise ValueError(f"Row {count} has {len(cells)} cells for {len(header)} columns.")
        writer.writerow([_harmless(cell) for cell in cells])
    return count


def _harmless(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, int | float | Decimal):  # -5 is a number; only a text can hide a formula
        return str(cell)
    text: str = cell.isoformat() if hasattr(cell, "isoformat") else str(cell)
    return f"'{text}" if _FORMULA.match(text) else text


def _as_written(cell: str) -> str:
    """The cell before ``_harmless`` put a quote before it."""
    if cell.startswith("'") and _FORMULA.match(cell, 1):
        cell = cell[1:]
    return cell.strip()


def _content(source: str | Path | IO[bytes] | IO[str]) -> bytes | str:
    if isinstance(source, str | Path):
        return Path(source).read_bytes()
    return source.read()


def _text_of(content: bytes | str) -> str:
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise TableError(f"This is a spreadsheet's own file, not CSV. {_AS_CSV}")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableError(f"This file is in UTF-16. {_AS_CSV}")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        first_wrong = error.start + (3 if content.startswith(b"\xef\xbb\xbf") else 0)
    # GB18030 does not turn into three Chinese characters in UTF-8 by accident: a file that begins
    # with as many is a damaged UTF-8 file, and reading it as GB18030 would import noise.
    if len(_CJK.findall(content[:first_wrong].decode("utf-8"))) < 3:
        try:
            return content.decode("gb18030")
        except UnicodeDecodeError as error:
            first_wrong = error.start
    raise TableError(
        f"a character is damaged, or this is neither UTF-8 nor GB18030 text. {_AS_CSV}",
        _row_at(content[:first_wrong]),
    )


def _row_at(before: bytes) -> int | None:
    """The row in which the byte after ``before`` lies; None inside an endless cell."""
    text = before.decode("latin-1") + "?"
    try:
        return sum(1 for _ in csv.reader(io.StringIO(text, newline="")))
    except csv.Error:
        return None


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, each with its number; empty ones are counted too."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    for number in itertools.count(1):
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableError(
                f"this is not CSV; look at its quotation marks ({error}).", number
            ) from None
        if any(cell.strip() for cell in cells):
            yield number, [_as_written(cell) for cell in cells]


def _columns(header: list[str], number: int) -> list[str]:
    while header and not header[-1]:
        header = header[:-1]
    if not header:
        raise TableError("The file is empty; its first row must name the columns.")
    if len(header) == 1:
        for separator, name in _OTHER_SEPARATORS.items():
            if separator in header[0]:
                raise TableError(
                    f"the columns are separated by {name}, not by commas. {_AS_CSV}", number
                )
    if "" in header:
        raise TableError(f"column {header.index('') + 1} has no name.", number)
    twice = sorted({name for name in header if header.count(name) > 1})
    if twice:
        raise TableError(f'the column "{twice[0]}" is there twice.', number)
    return header


def _row(number: int, columns: list[str], cells: list[str]) -> Row:
    if any(cells[len(columns) :]):
        raise TableError(
            f"there are {len(cells)} cells for {len(columns)} columns; "
            "put a text that contains a comma in quotation marks.",
            number,
        )
    padded = cells + [""] * (len(columns) - len(cells))
    return Row(number, dict(zip(columns, padded, strict=False)))
