"""The full-text index of floors: FTS5 on SQLite, GIN with a finder on PostgreSQL.

The same design as the cases' (`linli/cases/triggers.py`): no positions; newest first by the key.
"""

from typing import Any, Final

# Stretches of floors, as powers of two of their keys (see `find`): a GIN index gives hits unsorted.
WIDTHS: Final = (10, 13, 16, 19)

_SQLITE: Final = (
    """CREATE VIRTUAL TABLE IF NOT EXISTS forum_search USING fts5(
    words, content='forum_floorline', content_rowid='floor_id', detail=none, columnsize=0,
    tokenize='unicode61 remove_diacritics 0'
)""",
    """CREATE TRIGGER IF NOT EXISTS forum_search_in AFTER INSERT ON forum_floorline BEGIN
    INSERT INTO forum_search(rowid, words) VALUES (new.floor_id, new.words);
END""",
    """CREATE TRIGGER IF NOT EXISTS forum_search_out AFTER DELETE ON forum_floorline BEGIN
    INSERT INTO forum_search(forum_search, rowid, words) VALUES ('delete', old.floor_id, old.words);
END""",
    """CREATE TRIGGER IF NOT EXISTS forum_search_new AFTER UPDATE OF words ON forum_floorline BEGIN
    INSERT INTO forum_search(forum_search, rowid, words) VALUES ('delete', old.floor_id, old.words);
    INSERT INTO forum_search(rowid, words) VALUES (new.floor_id, new.words);
END""",
)
_VECTOR: Final = "array_to_tsvector(string_to_array(btrim(words), ' '))"
_POSTGRESQL: Final = (
    f"""CREATE INDEX IF NOT EXISTS forum_search ON forum_floorline
    USING gin (({_VECTOR})) WITH (fastupdate=off)""",
    f"""
CREATE OR REPLACE FUNCTION forum_search_find(
    asked tsquery, phrases text[], high bigint, most integer
) RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 20 AS $body$
DECLARE
    last bigint;
    width integer;
    block bigint;
    found bigint[];
BEGIN
    SELECT max(floor_id) INTO last FROM forum_floorline WHERE floor_id < high;
    IF last IS NULL THEN RETURN; END IF;
    FOREACH width IN ARRAY ARRAY[{", ".join(map(str, WIDTHS))}] LOOP
        block := last >> width;
        found := ARRAY(
            SELECT floor_id FROM forum_floorline
            WHERE {_VECTOR} @@ (asked && (
                    quote_literal(chr(57344) || 'w' || width || 'n' || block)::tsquery ||
                    quote_literal(chr(57344) || 'w' || width || 'n' || (block - 1))::tsquery))
                AND floor_id + 0 < high AND words LIKE ALL (phrases)
            ORDER BY floor_id + 0 DESC LIMIT most
        );
        IF cardinality(found) >= most OR block <= 1 THEN
            RETURN QUERY SELECT unnest(found);
            RETURN;
        END IF;
    END LOOP;
    RETURN QUERY
        SELECT floor_id FROM forum_floorline
        WHERE {_VECTOR} @@ asked AND floor_id + 0 < high AND words LIKE ALL (phrases)
        ORDER BY floor_id + 0 DESC LIMIT most;
END $body$""",
)


def install(editor: Any) -> None:
    """Make whatever is missing; safe to repeat."""
    vendor = editor.connection.vendor
    for statement in _POSTGRESQL if vendor == "postgresql" else _SQLITE:
        editor.execute(statement.replace("%", "%%"))  # else it is taken for a parameter
