"""Finding floors: the full-text index gives the newest hits, each is then looked at as it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from django.db import connection

from linli.lib import terms
from linli.lib.terms import Phrases

LAST: Final = (1 << 62) - 1


class Hit(NamedTuple):
    """One floor that was found."""

    key: int
    topic: int
    number: int
    title: str
    html: str
    posted_at: datetime
    board: str
    place: str
    place_en: str


@dataclass(frozen=True)
class Wanted:
    """Words, and where: a board's code, or the path of a place with everything under it."""

    words: Phrases
    board: str = ""
    place: str = ""  # code

    @property
    def marks(self) -> list[str]:
        found = list(self.words.words)
        if self.board:
            found.append(terms.mark("b", self.board))
        if self.place:
            found.append(terms.mark("p", self.place))
        return found


class Found(NamedTuple):
    """One page of hits, newest first, and the key of the next ("" if there is none)."""

    rows: list[Hit]
    more: str


_COLUMNS: Final = """f.id, f.topic_id, f.number, t.title, f.html, f.posted_at, b.code,
    p.name, p.name_en"""
# Readable by everybody at this moment, whatever the index says.
_STANDS: Final = "f.state IN ('visible', 'folded') AND t.state <> 'hidden'"
_JOINS: Final = f"""CROSS JOIN forum_floor f ON f.id = h.floor_id
CROSS JOIN forum_topic t ON t.id = f.topic_id CROSS JOIN forum_board b ON b.id = t.board_id
CROSS JOIN places_place p ON p.id = b.place_id
WHERE {_STANDS} ORDER BY f.id DESC"""
_ON_SQLITE: Final = f"""
SELECT {_COLUMNS} FROM (
    SELECT s.rowid AS floor_id FROM forum_search s {{check}}
    WHERE s.forum_search MATCH %(asked)s AND s.rowid < %(high)s {{phrases}}
    ORDER BY s.rowid DESC LIMIT {{most}}
) h {_JOINS}"""
_ON_POSTGRESQL: Final = f"""
SELECT {_COLUMNS}
FROM forum_search_find(%(asked)s::tsquery, %(phrases)s, %(high)s, {{most}}) AS h(floor_id)
{_JOINS.replace("CROSS JOIN", "JOIN")}"""


def page(wanted: Wanted, most: int, after: str = "") -> Found:
    """The newest `most` hits, or those older than the key `after`; one statement.

    A page can be shorter than `most` though more follow: what was hidden since is left out.
    """
    if not wanted.words.words:
        return Found([], "")
    high = int(after) if after.isdigit() and len(after) < 19 else LAST
    sql, values = _statement(wanted, high, most + 1)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows = [_hit(raw) for raw in cursor.fetchall()]
    more = str(rows[most - 1].key) if len(rows) > most else ""
    return Found(rows[:most], more)


def _statement(wanted: Wanted, high: int, most: int) -> tuple[str, dict[str, Any]]:
    words, phrases = wanted.marks, wanted.words.phrases
    values: dict[str, Any] = {"high": high}
    if connection.vendor == "postgresql":
        values |= {
            "asked": terms.tsquery(words), "phrases": [f"%{text}%" for text in phrases],
        }  # fmt: skip
        return _ON_POSTGRESQL.format(most=int(most)), values
    values["asked"] = terms.match(words)
    tests, check = terms.phrase_tests("l", phrases, values), ""
    if phrases:
        check = "CROSS JOIN forum_floorline l ON l.floor_id = s.rowid"
    return _ON_SQLITE.format(check=check, phrases=tests, most=int(most)), values


def _hit(raw: Sequence[Any]) -> Hit:
    row = Hit(*raw)
    if row.posted_at.tzinfo is None:  # SQLite gives a naive moment in UTC
        row = row._replace(posted_at=row.posted_at.replace(tzinfo=UTC))
    return row
