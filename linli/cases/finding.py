"""Reading lists of cases that everybody may see, in as few steps at a million as at a thousand.

Without a filter a list is read off the index of what is listed. With one, or with words, the
full-text index is asked for words and marks at once (`terms`), newest first, and stops at the end
of the page. Either way each row is then looked at as it stands: what is no longer public, or no
longer fits, is left out whatever the index says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection

from linli.cases.dots import Point, cells_of, drawn_at
from linli.cases.searching import IN_AN_HOUR, hour_of
from linli.lib import clock, terms
from linli.lib.terms import Phrases
from linli.web.replicas import reader

FRESH: Final = 50  # newest cases that are looked at themselves, in case the follower has not yet
LAST: Final = (1 << 62) - 1


class Row(NamedTuple):
    """A case as one line of a public list."""

    slot: int
    id: UUID
    number: str
    kind: str
    category: str
    state: str
    alias: str
    public_text: str
    due_at: datetime | None
    listed_at: datetime | None
    is_open: bool
    place_path: str
    place: str
    place_en: str
    lon: float | None
    lat: float | None
    place_lon: float | None
    place_lat: float | None
    said: str = ""

    @property
    def point(self) -> Point | None:
        """Where it is drawn on a map that everybody sees."""
        return drawn_at(self.category, (self.lon, self.lat), (self.place_lon, self.place_lat))

    @property
    def is_late(self) -> bool:
        owed = self.state in ("routed", "accepted")
        return owed and self.due_at is not None and self.due_at < clock.now()

    def place_for(self, lang: str) -> str:
        return self.place if lang.startswith("zh") else self.place_en or self.place


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to. `state` is "open", "done" or ""; `cells` are marks of squares."""

    words: Phrases = field(default_factory=lambda: Phrases(()))
    path: str = ""
    kind: str = ""
    category: str = ""
    state: str = ""
    since: datetime | None = None
    until: datetime | None = None  # not included
    cells: tuple[str, ...] = ()

    @property
    def is_all(self) -> bool:
        """Whether the list of everything, or of a stretch of time, is asked for."""
        return not (
            self.words.words or self.path or self.kind or self.category or self.state or self.cells
        )

    @property
    def marks(self) -> list[str]:
        """The marks that every hit has."""
        found = list(self.words.words)
        if self.path:
            found.append(terms.mark("p", self.path.rstrip("/").rpartition("/")[2]))
        named = {"k": self.kind, "c": self.category, "s": self.state}
        return found + [terms.mark(name, value) for name, value in named.items() if value]


class Found(NamedTuple):
    """One page, and the key of the next ("" if there is none)."""

    rows: list[Row]
    more: str


_COLUMNS = """c.id, c.number, c.kind, c.category, c.state, c.alias,
    CASE WHEN c.published_at IS NULL THEN '' ELSE c.public_text END,
    c.due_at, c.listed_at, c.closed_at IS NULL, c.place_path, p.name, p.name_en,
    c.lon, c.lat, p.lon, p.lat"""
_LISTED = f"""
SELECT 0, {_COLUMNS} FROM cases_case c JOIN places_place p ON p.id = c.place_id
WHERE c.listed_at IS NOT NULL {{where}}
ORDER BY c.listed_at DESC, c.id DESC LIMIT {{most}}"""
_UNREAD = f"""
SELECT 0, {_COLUMNS} FROM (
    SELECT id FROM cases_case WHERE listed_at IS NOT NULL
    ORDER BY listed_at DESC, id DESC LIMIT {FRESH}
) n JOIN cases_case c ON c.id = n.id JOIN places_place p ON p.id = c.place_id
WHERE NOT EXISTS (SELECT 1 FROM cases_searchline s WHERE s.case_id = n.id)
ORDER BY c.listed_at DESC, c.id DESC"""
# The hits first, then each one's row by its key; CROSS JOIN keeps SQLite from another order.
_ON_SQLITE = f"""
SELECT s.slot, {_COLUMNS}, s.said FROM (
    SELECT f.rowid AS slot FROM cases_search f {{check}}
    WHERE f.cases_search MATCH %(asked)s AND f.rowid >= %(low)s AND f.rowid < %(high)s {{phrases}}
    ORDER BY f.rowid DESC LIMIT {{most}}
) h CROSS JOIN cases_searchline s ON s.slot = h.slot
CROSS JOIN cases_case c ON c.id = s.case_id CROSS JOIN places_place p ON p.id = c.place_id
ORDER BY s.slot DESC"""
_ON_POSTGRESQL = f"""
SELECT s.slot, {_COLUMNS}, s.said
FROM cases_search_find(%(asked)s::tsquery, %(phrases)s, %(low)s, %(high)s, {{most}}) AS h(slot)
JOIN cases_searchline s ON s.slot = h.slot
JOIN cases_case c ON c.id = s.case_id JOIN places_place p ON p.id = c.place_id
ORDER BY s.slot DESC"""


def page(wanted: Wanted, most: int, after: str = "") -> Found:
    """The newest `most` that fit, or those older than the key `after`; one statement.

    A page can be shorter than `most` though more follow: what changed since the index was written
    is left out. What the index does not have yet comes first on the first page (one more
    statement); only words are found a moment later.
    """
    if wanted.is_all:
        return _newest(wanted, most, after)
    found = hits(wanted, most, after)
    if after or wanted.words.words:
        return found
    return Found([*unread(wanted), *found.rows][:most], found.more)


def _newest(wanted: Wanted, most: int, after: str) -> Found:
    where, values = "", []
    key = _time_key(after)
    if key:
        where += " AND (c.listed_at, c.id) < (%s, %s)"
        values += [_moment(key[0]), _id(key[1])]
    if wanted.until:
        where += " AND c.listed_at < %s"
        values.append(_moment(wanted.until))
    if wanted.since:
        where += " AND c.listed_at >= %s"
        values.append(_moment(wanted.since))
    rows = [_row(raw) for raw in _read(_LISTED.format(where=where, most=most + 1), values)]
    more = time_key(rows[most - 1]) if len(rows) > most else ""
    return Found(rows[:most], more)


def time_key(row: Row) -> str:
    """Where a row stands in the list of everything."""
    assert row.listed_at is not None
    return f"{row.listed_at.isoformat()}~{row.id.hex}"


def hits(wanted: Wanted, most: int, after: str = "") -> Found:
    """One page of a narrowed list, as the index has it; one statement."""
    low = hour_of(wanted.since) << IN_AN_HOUR if wanted.since else 0
    high = hour_of(wanted.until) << IN_AN_HOUR if wanted.until else LAST
    if after.isdigit() and len(after) < 19:
        high = min(high, int(after))
    rows = [_row(raw) for raw in _read(*statement(wanted, low, high, most + 1))]
    more = str(rows[most - 1].slot) if len(rows) > most else ""
    return Found([row for row in rows[:most] if _fits(row, wanted)], more)


def statement(wanted: Wanted, low: int, high: int, most: int) -> tuple[str, dict[str, Any]]:
    """The SQL of a narrowed list, with its parameters."""
    words, phrases = wanted.marks, wanted.words.phrases
    either = [wanted.cells] if wanted.cells else []
    values: dict[str, Any] = {"low": low, "high": high}
    if connection.vendor == "postgresql":
        values |= {
            "asked": terms.tsquery(words, either),
            "phrases": [f"%{text}%" for text in phrases],
        }
        return _ON_POSTGRESQL.format(most=int(most)), values
    values["asked"] = terms.match(words, either)
    tests, check = terms.phrase_tests("l", phrases, values), ""
    if phrases:
        check = "CROSS JOIN cases_searchline l ON l.slot = f.rowid"
    return _ON_SQLITE.format(check=check, phrases=tests, most=int(most)), values


def unread(wanted: Wanted) -> list[Row]:
    """Of the newest cases those that the index does not have yet and that fit; one statement."""
    rows = [_row(raw) for raw in _read(_UNREAD, [])]
    found = [row for row in rows if _fits(row, wanted)]
    if wanted.cells:
        found = [row for row in found if set(wanted.cells) & set(cells_of(row.point))]
    return found


def _fits(row: Row, wanted: Wanted) -> bool:
    """Whether the row, as it stands now, belongs to the list."""
    at = row.listed_at
    return (
        at is not None
        and row.place_path.startswith(wanted.path)
        and (not wanted.kind or row.kind == wanted.kind)
        and (not wanted.category or row.category == wanted.category)
        and (not wanted.state or row.is_open == (wanted.state == "open"))
        and (wanted.since is None or at >= wanted.since)
        and (wanted.until is None or at < wanted.until)
    )


def _read(sql: str, values: Any) -> list[Any]:
    with reader().cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _row(raw: Sequence[Any]) -> Row:
    slot, pk, *rest = raw
    row = Row(slot, pk if isinstance(pk, UUID) else UUID(pk), *rest)
    if connection.vendor == "sqlite":
        row = row._replace(due_at=_in_utc(row.due_at), listed_at=_in_utc(row.listed_at))
    return row


def _in_utc(value: Any) -> datetime | None:
    """What SQLite gave for a moment: a naive one in UTC, or its text where the column is derived."""
    if value is None:
        return None
    at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return at.replace(tzinfo=UTC)


def _moment(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def _id(pk: UUID) -> Any:
    return pk.hex if connection.vendor == "sqlite" else pk


def _time_key(text: str) -> tuple[datetime, UUID] | None:
    at, _tilde, pk = text.partition("~")
    try:
        return clock.in_utc(datetime.fromisoformat(at.replace(" ", "+"))), UUID(hex=pk)
    except (ValueError, OverflowError):
        return None
