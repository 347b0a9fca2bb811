"""Lists of a roll as files: CSV, or the first sheet of an Excel workbook."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Final

from django.utils.translation import gettext as _

from linli.lib.tables import Row, TableError, read_rows
from linli.lib.text import find_personal
from linli.lib.workbooks import TooLarge, read_workbook
from linli.people.contact import normal_phone
from linli.people.models import User
from linli.vault import sealing

MOST_LINES: Final = 5000
MOST_BYTES: Final = 4_000_000
NAME: Final = ("姓名", "名称", "name")
GROUP: Final = ("组", "小组", "村民小组", "group")
TAGS: Final = ("身份", "标记", "tags")
PHONE: Final = ("手机", "电话", "phone")


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
        return read_workbook(content)
    except TooLarge as error:
        raise TableError(_("Unpacked, the workbook is too large.")) from error
    except TableError as error:
        raise TableError(_("This workbook cannot be read; save it as CSV instead.")) from error
