"""Tables as they come out of an office: a CSV file, or the first sheet of an Excel workbook."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO, Final
from xml.etree import ElementTree as ET

from linli.lib.tables import Row, TableError, read_rows

MOST_BYTES: Final = 4_000_000
MOST_UNPACKED: Final = 40_000_000
_NS: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_COLUMN: Final = re.compile(r"[A-Z]+")
_SAVE: Final = "save it as CSV instead."


class TooLarge(TableError):
    """More than a list of people ever is: nothing was unpacked."""


def read_table(file: IO[bytes]) -> Iterator[Row]:
    """The rows under the header of a CSV file or of a workbook's first sheet.

    Formulas give the value last computed. Raises TableError for what is neither, or too large.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise TooLarge(f"the file is larger than {MOST_BYTES // 1_000_000} MB.")
    if content.startswith(b"PK\x03\x04"):
        return read_workbook(content)
    return read_rows(io.BytesIO(content))


def read_workbook(content: bytes) -> Iterator[Row]:
    """The rows under the header of the first sheet. Raises TableError, TooLarge."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            if sum(part.file_size for part in book.infolist()) > MOST_UNPACKED:
                raise TooLarge("unpacked, the workbook is too large.")
            shared = _shared(book)
            name = min(n for n in book.namelist() if n.startswith("xl/worksheets/sheet"))
            table = [_cells(row, shared) for row in _parse(book, name).iter(f"{_NS}row")]
    except (zipfile.BadZipFile, ET.ParseError, KeyError, ValueError, IndexError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(f"this workbook cannot be read; {_SAVE}") from error
    filled = [(number, cells) for number, cells in table if any(cells.values())]
    if not filled:
        return iter(())
    header = {column: text for column, text in filled[0][1].items() if text}
    return iter(
        [
            Row(number, {text: cells.get(column, "") for column, text in header.items()})
            for number, cells in filled[1:]
        ]
    )


def _parse(book: zipfile.ZipFile, name: str) -> ET.Element:
    raw = book.read(name)
    if b"<!DOCTYPE" in raw[:2000] or b"<!ENTITY" in raw:
        raise ValueError("a workbook has no entities of its own")
    return ET.fromstring(raw)


def _shared(book: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.namelist():
        return []
    root = _parse(book, "xl/sharedStrings.xml")
    return ["".join(part.text or "" for part in one.iter(f"{_NS}t")) for one in root]


def _cells(row: ET.Element, shared: list[str]) -> tuple[int, dict[str, str]]:
    cells = {}
    for cell in row.iter(f"{_NS}c"):
        column = _COLUMN.match(cell.get("r", ""))
        value = cell.find(f"{_NS}v")
        text = "".join(part.text or "" for part in cell.iter(f"{_NS}t"))
        if value is not None:
            raw = value.text or ""
            text = shared[int(raw)] if cell.get("t") == "s" else raw
        if column:
            cells[column[0]] = text.strip().removesuffix(".0")
    return int(row.get("r", "0")), cells
