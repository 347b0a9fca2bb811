"""Lists of a roll as files: CSV, or the first sheet of an Excel workbook."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Final
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from linli.lib.tables import Row, TableError, read_rows
from linli.lib.text import find_personal
from linli.people.contact import normal_phone
from linli.people.models import User
from linli.vault import sealing

MOST_LINES: Final = 5000
MOST_BYTES: Final = 4_000_000
MOST_UNPACKED: Final = 40_000_000
NAME: Final = ("姓名", "名称", "name")
GROUP: Final = ("组", "小组", "村民小组", "group")
TAGS: Final = ("身份", "标记", "tags")
PHONE: Final = ("手机", "电话", "phone")
_NS: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_COLUMN: Final = re.compile(r"[A-Z]+")


@dataclass(frozen=True)
class Line:
    """One line of a list: a name, a group, marks of the roster, and the account if there is one."""

    name: str
    group: str = ""
    tags: list[str] = field(default_factory=list)
    user: str | None = None


@dataclass
class ReadList:
    """A list as read, with what is wrong in it."""

    lines: list[Line] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)

    @property
    def groups(self) -> list[str]:
        """Every group that the list names, in its order."""
        return list(dict.fromkeys(line.group for line in self.lines if line.group))


def read_list(file: IO[bytes], tags: dict[str, str]) -> ReadList:
    """Read a list. `tags` are the marks of the roster by what people call them.

    Raises TableError for a file that is no table, or that has no column with names.
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise TableError(_("The file is larger than %(n)s MB.") % {"n": MOST_BYTES // 1_000_000})
    excel = content.startswith(b"PK\x03\x04")
    rows = _workbook(content) if excel else read_rows(io.BytesIO(content))
    found = ReadList()
    for row in rows:
        if len(found.lines) + len(found.problems) >= MOST_LINES:
            raise TableError(_("More than %(n)s lines: bring them in parts.") % {"n": MOST_LINES})
        try:
            found.lines.append(_line(row, tags))
        except TableError:
            raise
        except ValueError as error:
            found.problems.append((row.number, str(error)))
    return found


def _line(row: Row, tags: dict[str, str]) -> Line:
    column = next((name for name in NAME if name in row.cells), None)
    if column is None:
        raise TableError(_("There is no column with names; call it “姓名” or “name”."), row.number)
    name = row[column].strip()
    if not name or len(name) > 40:
        raise ValueError(_("there is no name, or it is longer than 40 characters"))
    for cell in row.cells.values():
        if any(hit.kind == "id_number" for hit in find_personal(cell)):
            raise ValueError(_("it holds an identity number: a roll never keeps one"))
    group = _cell(row, GROUP)
    if len(group) > 20:
        raise ValueError(_("the group is longer than 20 characters"))
    return Line(name, group, _tags(_cell(row, TAGS), tags), _account(_cell(row, PHONE)))


def _cell(row: Row, names: tuple[str, ...]) -> str:
    return next((row[name].strip() for name in names if name in row.cells), "")


def _tags(words: str, known: dict[str, str]) -> list[str]:
    found = []
    for word in filter(None, re.split(r"[,，、;；\s]+", words)):
        if word not in known:
            raise ValueError(
                _("“%(word)s” is not known here; there are: %(known)s")
                % {"word": word, "known": "、".join(known) or "—"}
            )
        found.append(known[word])
    return found


def _account(words: str) -> str | None:
    """The account with this telephone. The number itself is not kept."""
    if not words:
        return None
    number = normal_phone(words)
    if not number:
        raise ValueError(_("that is no telephone number"))
    subjects = sealing.find("phone", str(number))
    user = User.objects.filter(vault_subject__in=subjects, is_active=True).first()
    return str(user.pk) if user else None


# ── Excel ────────────────────────────────────────────────────────────────────────────────────────


def _workbook(content: bytes) -> Iterator[Row]:
    """The rows under the header of the first sheet. Formulas give the value last computed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            if sum(part.file_size for part in book.infolist()) > MOST_UNPACKED:
                raise TableError(_("Unpacked, the workbook is too large."))
            shared = _shared(book)
            name = min(n for n in book.namelist() if n.startswith("xl/worksheets/sheet"))
            table = [_cells(row, shared) for row in _parse(book, name).iter(f"{_NS}row")]
    except (zipfile.BadZipFile, ET.ParseError, KeyError, ValueError, IndexError) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(_("This workbook cannot be read; save it as CSV instead.")) from error
    filled = [(number, cells) for number, cells in table if any(cells.values())]
    if not filled:
        return
    header = {column: text for column, text in filled[0][1].items() if text}
    for number, cells in filled[1:]:
        yield Row(number, {text: cells.get(column, "") for column, text in header.items()})


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
