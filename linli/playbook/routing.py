"""Who may own a case: the rows of the files, in the order in which they are tried."""

from linli.playbook.base import LEVELS_ABOVE
from linli.playbook.schema import CaseKind, County, Duty


def candidates(kind: CaseKind, category: str, county: County) -> list[Duty]:
    """The rows for this kind and category: the kind's own first, then the county's.

    The first one whose organisation or post exists at the place of the case owns it. A sealed case
    is only ever given to a post that may read it.
    """
    rows = [row for row in (*kind.owner, *county.duties) if row.covers(kind.id, category)]
    return _readers_only(kind, rows)


def backstop(kind: CaseKind, level: str, county: County) -> list[Duty]:
    """The rows that own a case after the second refusal by somebody of this level.

    For a sealed case these are its own rows above that level; from the county's level there is
    nowhere further to go, so the county's own row stays the owner.
    """
    if not kind.is_sealed:
        return [row for at, rows in county.backstop.items() if at == level for row in rows]
    above = LEVELS_ABOVE.get(level, ())[1:] or ("county",)
    rows = [row for row in kind.owner if row.at in above]
    return sorted(_readers_only(kind, rows), key=lambda row: above.index(row.at))


def is_certain(duty: Duty, kind: CaseKind, county: County) -> bool:
    """Whether this row finds an owner at every place that a case of this kind can have."""
    if duty.body is None or duty.at not in LEVELS_ABOVE[kind.place]:
        return False
    return any(row.id == duty.body and duty.at in row.everywhere for row in county.organisations)


def _readers_only(kind: CaseKind, rows: list[Duty]) -> list[Duty]:
    if not kind.is_sealed:
        return rows
    return [row for row in rows if row.post in kind.sealed_readers]
