"""Lists of people for a roll, as offices keep them: CSV or Excel, with a dry run before anything."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import IO, Final

from django.utils.translation import gettext as _

from linli.lib import clock
from linli.lib.tables import Row, TableError
from linli.lib.text import find_personal
from linli.lib.workbooks import read_table
from linli.members.actions.core import LONGEST_NAME
from linli.members.actions.entering import mark_of
from linli.members.models import Member
from linli.people.models import Organisation
from linli.playbook.membership import Membership
from linli.vault.accounts import account_of

MOST_LINES: Final = 2000
NAME: Final = ("姓名", "name")
STAGE: Final = ("阶段", "身份", "stage")
SINCE: Final = ("日期", "从何时起", "since")
PHONE: Final = ("手机", "电话", "phone")
_DATE: Final = re.compile(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})\D?")
_FIRST_OF_EXCEL: Final = date(1899, 12, 30)
_ID_COLUMNS: Final = re.compile(r"身份证|证件号|公民身份|id.?(card|number)|passport", re.IGNORECASE)


@dataclass(frozen=True)
class Line:
    """One line of a list, ready to be entered."""

    name: str
    stage: str
    since: str  # ISO
    user: str | None = None


@dataclass
class DryRun:
    """What a list would do, before anything is written."""

    fresh: list[Line] = field(default_factory=list)
    twice: list[int] = field(default_factory=list)  # rows of people who are there already
    problems: list[tuple[int, str]] = field(default_factory=list)
    linked: int = 0


def try_out(body: Organisation, rule: Membership, file: IO[bytes]) -> DryRun:
    """Read a list and compare it with the roll. Nothing is written.

    Raises TableError for a file that is no table, has no names, or a column of identity numbers.
    """
    run = DryRun()
    rows = Member.objects.filter(organisation=body, membership=rule.id, left_on=None)
    marks = set(rows.values_list("mark", flat=True))
    accounts: set[str] = set()
    for row in _rows(file):
        try:
            line = _line(row, rule)
        except ValueError as error:
            run.problems.append((row.number, str(error)))
            continue
        mark = mark_of(body, line.name)
        if mark in marks or (line.user and line.user in accounts):
            run.twice.append(row.number)
            continue
        marks.add(mark)
        accounts |= {line.user} if line.user else set()
        run.fresh.append(line)
        run.linked += line.user is not None
    return run


def _rows(file: IO[bytes]) -> Iterator[Row]:
    for number, row in enumerate(read_table(file)):
        if number >= MOST_LINES:
            raise TableError(_("more than %(n)s lines: bring them in parts") % {"n": MOST_LINES})
        if not number:
            _check_columns(row)
        yield row


def _check_columns(row: Row) -> None:
    if bad := next((name for name in row.cells if _ID_COLUMNS.search(name)), None):
        raise TableError(
            _("the column “%(column)s” holds identity numbers: take it out, nothing is read")
            % {"column": bad}
        )
    if not any(name in row.cells for name in NAME):
        raise TableError(_("there is no column with names; call it “姓名” or “name”"))


def _line(row: Row, rule: Membership) -> Line:
    """Raises ValueError with a sentence."""
    for cell in row.cells.values():
        if any(hit.kind == "id_number" for hit in find_personal(cell)):
            raise ValueError(_("it holds an identity number: a roll never keeps one"))
    name = " ".join(_cell(row, NAME).split())
    if not name or len(name) > LONGEST_NAME or find_personal(name):
        raise ValueError(_("there is no name, or it is longer than 40 characters"))
    user = account_of(_cell(row, PHONE))
    stage, since = _stage(_cell(row, STAGE), rule), _day(_cell(row, SINCE))
    return Line(name, stage, since.isoformat(), str(user.pk) if user else None)


def _cell(row: Row, names: Sequence[str]) -> str:
    return next((row[name].strip() for name in names if name in row.cells), "")


def _stage(words: str, rule: Membership) -> str:
    if not words:
        return rule.first.id
    for stage in rule.stages:
        if words in (stage.id, stage.name.zh, stage.name.en):
            if stage == rule.first or stage.enters:
                return stage.id
            raise ValueError(
                _("nobody comes in at “%(stage)s”: the way there is step by step")
                % {"stage": words}
            )
    raise ValueError(_("there is no stage “%(stage)s”") % {"stage": words[:40]})


def _day(words: str) -> date:
    """A day as offices write it, or as Excel counts it."""
    found = _DATE.fullmatch(words)
    try:
        if words.isdecimal() and len(words) == 5:
            day = _FIRST_OF_EXCEL + timedelta(days=int(words))
        elif found is not None:
            day = date(*map(int, found.groups()))
        elif not words:
            return clock.today()
        else:
            raise ValueError
    except ValueError as error:
        raise ValueError(
            _("“%(words)s” is no date; write it like 2026-01-05") % {"words": words[:20]}
        ) from error
    if not date(1921, 1, 1) <= day <= clock.today():
        raise ValueError(_("the date lies ahead, or too far back"))
    return day
