"""What the database does by itself beside the table of cases: full-text indexes and kept counts.

SQLite forgets the triggers of a table that a migration rebuilds, so every migration that alters a
field of `Case`, `SearchLine` or `DeskLine` ends with `install`. A test looks whether they are there.
"""

from typing import Any, Final

LINES: Final = {"cases_searchline": "cases_search", "cases_deskline": "cases_desk_search"}
# Windows of time, in hours as a power of two: 5 days, 6 weeks, 11 months, 7 years (see `find`).
WIDTHS: Final = (7, 10, 13, 16)
PARTS: Final = 32  # rows that one count is spread over on PostgreSQL

# No positions, no column sizes: phrases are checked in the words themselves.
_FTS = """
CREATE VIRTUAL TABLE IF NOT EXISTS {index} USING fts5(
    words, content='{table}', content_rowid='slot', detail=none, columnsize=0,
    tokenize='unicode61 remove_diacritics 0'
)"""
_FTS_TRIGGERS = (
    """CREATE TRIGGER IF NOT EXISTS {index}_in AFTER INSERT ON {table} BEGIN
    INSERT INTO {index}(rowid, words) VALUES (new.slot, new.words);
END""",
    """CREATE TRIGGER IF NOT EXISTS {index}_out AFTER DELETE ON {table} BEGIN
    INSERT INTO {index}({index}, rowid, words) VALUES ('delete', old.slot, old.words);
END""",
    """CREATE TRIGGER IF NOT EXISTS {index}_new AFTER UPDATE OF words ON {table} BEGIN
    INSERT INTO {index}({index}, rowid, words) VALUES ('delete', old.slot, old.words);
    INSERT INTO {index}(rowid, words) VALUES (new.slot, new.words);
END""",
)
_VECTOR = "array_to_tsvector(string_to_array(btrim(words), ' '))"
# fastupdate off: a search never has to read a list of what was not sorted in yet.
_GIN = "CREATE INDEX IF NOT EXISTS {index} ON {table} USING gin (({vector})) WITH (fastupdate=off)"
# A GIN index gives its hits unsorted. Windows that grow eightfold find the newest without reading
# all hits of a common word. `slot + 0`: or the planner may walk the key and look at every row.
_FIND = """
CREATE OR REPLACE FUNCTION {index}_find(
    asked tsquery, phrases text[], low bigint, high bigint, most integer
) RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 20 AS $body$
DECLARE
    hour bigint;
    first bigint;
    width integer;
    block bigint;
    found bigint[];
BEGIN
    SELECT max(slot) INTO hour FROM {table} WHERE slot < high;
    SELECT min(slot) INTO first FROM {table} WHERE slot >= low;
    IF hour IS NULL OR first IS NULL THEN RETURN; END IF;
    hour := hour >> 16;
    FOREACH width IN ARRAY ARRAY[{widths}] LOOP
        block := hour >> width;
        found := ARRAY(
            SELECT slot FROM {table}
            WHERE {vector} @@ (asked && (
                    quote_literal(chr(57344) || 'w' || width || 'n' || block)::tsquery ||
                    quote_literal(chr(57344) || 'w' || width || 'n' || (block - 1))::tsquery))
                AND slot + 0 >= low AND slot + 0 < high AND words LIKE ALL (phrases)
            ORDER BY slot + 0 DESC LIMIT most
        );
        IF cardinality(found) >= most OR ((block - 1) << (width + 16)) <= first THEN
            RETURN QUERY SELECT unnest(found);
            RETURN;
        END IF;
    END LOOP;
    RETURN QUERY
        SELECT slot FROM {table}
        WHERE {vector} @@ asked
            AND slot + 0 >= low AND slot + 0 < high AND words LIKE ALL (phrases)
        ORDER BY slot + 0 DESC LIMIT most;
END $body$"""

_ROWS = """
    SELECT {row}.owner_id AS owner_id, {row}.band AS band, {day} AS day, {sealed} AS sealed_kind,
        {sign} AS n WHERE {row}.band IS NOT NULL
    UNION ALL
    SELECT {row}.owner_id, 'returned', {day}, {sealed}, {sign}
        WHERE {row}.returned_due_at IS NOT NULL"""
# One statement in a fixed order: two transactions never wait for each other in a circle.
_COUNT = """
INSERT INTO cases_tally (owner_id, band, sealed_kind, day, part, n)
SELECT owner_id, band, sealed_kind, day, {part}, sum(n) FROM ({rows}) AS t
WHERE true GROUP BY owner_id, band, sealed_kind, day HAVING sum(n) <> 0
ORDER BY owner_id, band, sealed_kind, day
ON CONFLICT (owner_id, band, sealed_kind, day, part) DO UPDATE SET n = cases_tally.n + excluded.n"""
_COUNTED = ("owner_id", "band", "returned_due_at", "due_at", "visibility", "kind")


def _rows(row: str, sign: int, vendor: str) -> str:
    day = (
        f"date({row}.due_at, '+8 hours')" if vendor == "sqlite"
        else f"({row}.due_at AT TIME ZONE 'Asia/Shanghai')::date"
    )  # fmt: skip
    sealed = f"CASE WHEN {row}.visibility = 'sealed' THEN {row}.kind ELSE '' END"
    return _ROWS.format(row=row, day=day, sealed=sealed, sign=sign)


def _count(vendor: str, *rows: tuple[str, int]) -> str:
    part = "0" if vendor == "sqlite" else f"mod(pg_backend_pid(), {PARTS})"
    both = " UNION ALL ".join(_rows(row, sign, vendor) for row, sign in rows)
    return _COUNT.format(part=part, rows=both)


def _changed(vendor: str) -> str:
    other = "IS NOT" if vendor == "sqlite" else "IS DISTINCT FROM"
    return " OR ".join(f"old.{name} {other} new.{name}" for name in _COUNTED)


def install(editor: Any) -> None:
    """Make whatever is missing; safe to repeat."""
    if editor.connection.vendor == "postgresql":
        _install_on_postgresql(editor)
    else:
        _install_on_sqlite(editor)


def _install_on_sqlite(editor: Any) -> None:
    for table, index in LINES.items():
        for statement in (_FTS, *_FTS_TRIGGERS):
            editor.execute(statement.format(table=table, index=index))
    events = {
        "INSERT": _count("sqlite", ("new", 1)),
        "DELETE": _count("sqlite", ("old", -1)),
        "UPDATE": _count("sqlite", ("old", -1), ("new", 1)),
    }
    for event, statement in events.items():
        when = f"WHEN {_changed('sqlite')}" if event == "UPDATE" else ""
        editor.execute(
            f"CREATE TRIGGER IF NOT EXISTS cases_tally_{event.lower()} AFTER {event} ON cases_case "
            f"{when} BEGIN {statement}; END"
        )


def _install_on_postgresql(editor: Any) -> None:
    widths = ", ".join(map(str, WIDTHS))
    for table, index in LINES.items():
        for statement in (_GIN, _FIND):
            text = statement.format(table=table, index=index, vector=_VECTOR, widths=widths)
            editor.execute(text.replace("%", "%%"))  # else it is taken for a parameter
    events = {
        "INSERT": _count("postgresql", ("new", 1)),
        "DELETE": _count("postgresql", ("old", -1)),
        "UPDATE": _count("postgresql", ("old", -1), ("new", 1)),
    }
    for event, statement in events.items():
        name = f"cases_tally_{event.lower()}"
        when = f"WHEN ({_changed('postgresql')})" if event == "UPDATE" else ""
        editor.execute(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$body$ BEGIN {statement}; RETURN NULL; END $body$"
        )
        editor.execute(
            f"CREATE OR REPLACE TRIGGER {name} AFTER {event} ON cases_case "
            f"FOR EACH ROW {when} EXECUTE FUNCTION {name}()"
        )


def count_again(editor: Any) -> None:
    """Count every open case anew; for a migration, or after rows were written past the triggers."""
    vendor = editor.connection.vendor
    editor.execute("DELETE FROM cases_tally")
    rows = _rows("c", 1, vendor).replace(" WHERE c.", " FROM cases_case AS c WHERE c.")
    rows = rows.replace("\n        WHERE c.", "\n        FROM cases_case AS c WHERE c.")
    editor.execute(_COUNT.format(part="0", rows=rows))
