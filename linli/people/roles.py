"""Roles as data: who may do what is read once from `permissions.csv`, which a lawyer can read.

A row is an action, a column a role, a cell one letter:
`-` no, `P` the public part, `Y` yes, `O` one's own, `A` assigned by name, `S` in one's area,
`F` in one's area with the full text, `N` need to know (in one's area and a typed reason),
`2` two different people, `G` totals only.
"""

import csv
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext_lazy as _

TABLE: Final = Path(__file__).parent / "permissions.csv"


class Code(StrEnum):
    """The letters of the table."""

    NO = "-"
    PUBLIC = "P"
    YES = "Y"
    OWN = "O"
    ASSIGNED = "A"
    SCOPE = "S"
    FULL = "F"
    NEED = "N"
    TWO = "2"
    TOTALS = "G"


class Role(StrEnum):
    """The columns of the table. One is active in a session; grants of several never add up."""

    ANON = "ANON"
    RES = "RES"
    VOL = "VOL"
    DRV = "DRV"
    GRID = "GRID"
    MGR = "MGR"
    CTY = "CTY"
    AUD = "AUD"
    ADM = "ADM"

    @property
    def is_staff(self) -> bool:
        """Grid workers and above: a second factor, a short session, at most a year at a time."""
        return self in STAFF


LABELS: Final = MappingProxyType(
    {
        Role.ANON: _("visitor"),
        Role.RES: _("resident"),
        Role.VOL: _("volunteer"),
        Role.DRV: _("driver"),
        Role.GRID: _("steward or grid worker"),
        Role.MGR: _("manager of a unit"),
        Role.CTY: _("county coordinator"),
        Role.AUD: _("auditor"),
        Role.ADM: _("administrator"),
    }
)
STAFF: Final = frozenset({Role.GRID, Role.MGR, Role.CTY, Role.AUD, Role.ADM})
# The roles that somebody is appointed to; residents and visitors need nothing.
HELD: Final = tuple(role for role in Role if role not in (Role.ANON, Role.RES))
# Who runs the machine or checks the others works no desk (promises §4, reading rule 2).
APART: Final = MappingProxyType(
    {
        Role.ADM: frozenset({Role.AUD, Role.MGR, Role.CTY}),
        Role.AUD: frozenset({Role.ADM, Role.MGR, Role.CTY}),
        Role.MGR: frozenset({Role.ADM, Role.AUD}),
        Role.CTY: frozenset({Role.ADM, Role.AUD}),
    }
)


class GrantsError(ValueError):
    """The permission table is wrong; the message names the line and what would be right."""


def read(path: Path) -> Mapping[str, Mapping[Role, Code]]:
    """action -> role -> letter; GrantsError for unknown letters or roles and doubled rows."""
    found: dict[str, Mapping[Role, Code]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        columns = set(rows.fieldnames or ()) - {"module", "action", "note"}
        if columns != set(Role):
            odd = ", ".join(sorted(columns ^ set(Role)))
            raise GrantsError(f"{path.name}:1: these columns are no roles, or missing: {odd}")
        for line, row in enumerate(rows, start=2):
            action = row["action"]
            if not action or action in found:
                raise GrantsError(f"{path.name}:{line}: action {action!r} is empty or here twice")
            wrong = sorted({row[role] or "" for role in Role} - set(Code))
            if wrong:
                raise GrantsError(
                    f"{path.name}:{line}: {action} has {wrong}; known are {' '.join(Code)}"
                )
            found[action] = MappingProxyType({role: Code(row[role]) for role in Role})
    return MappingProxyType(found)


@cache
def table() -> Mapping[str, Mapping[Role, Code]]:
    """The permission table of this installation, read once."""
    return read(TABLE)


def grant(action: str, role: Role) -> Code:
    """The letter for this action and role. KeyError: the action is not in the table, a bug."""
    return table()[action][role]
