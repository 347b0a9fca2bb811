"""Tables that only grow: the database itself refuses to change or remove their rows.

This stops mistakes and curious hands. A superuser can lift a trigger; what they change after that,
the daily seal brings to light (promise P18).
"""

from collections.abc import Sequence
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

_KEYS: Final = {"journal_entry": ("seq", "id"), "journal_seal": ("number",)}
GUARDED: Final = tuple(_KEYS)

_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION linli_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% only grows: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$
"""


def put_up(
    connection: BaseDatabaseWrapper,
    table: str,
    verbs: Sequence[str] = ("UPDATE", "DELETE"),
    key: Sequence[str] = ("id",),
) -> None:
    """Refuse the verbs on a table with an IntegrityError; DELETE also covers every way around it.

    `key`: its unique columns, through which SQLite would replace a row.

    On PostgreSQL that is TRUNCATE; on SQLite `INSERT OR REPLACE`, which deletes without a trigger.
    """
    for statement in _statements(connection.vendor, table, verbs, _KEYS.get(table, key)):
        with connection.cursor() as cursor:
            cursor.execute(statement)


def take_down(connection: BaseDatabaseWrapper, table: str) -> None:
    """Remove every guard of a table (tests, and reversing a migration)."""
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    for verb in ("UPDATE", "DELETE", "TRUNCATE", "INSERT"):
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER IF EXISTS {_name(table, verb)}{on}")


def _name(table: str, verb: str) -> str:
    return f"{table}_refuse_{verb.lower()}"


def _statements(vendor: str, table: str, verbs: Sequence[str], key: Sequence[str]) -> list[str]:
    if vendor == "postgresql":
        events = [*verbs, *(["TRUNCATE"] if "DELETE" in verbs else [])]
        return [
            _FUNCTION,
            *(
                f"CREATE TRIGGER {_name(table, event)} BEFORE {event} ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION linli_refuse()"
                for event in events
            ),
        ]
    refuse = "BEGIN SELECT RAISE(ABORT, '{} only grows: {} refused'); END"
    made = [
        f"CREATE TRIGGER {_name(table, verb)} BEFORE {verb} ON {table} "
        + refuse.format(table, verb)
        for verb in verbs
    ]
    if "DELETE" in verbs:
        same = " OR ".join(f"{column} = NEW.{column}" for column in key)
        made.append(
            f"CREATE TRIGGER {_name(table, 'INSERT')} BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) " + refuse.format(table, "REPLACE")
        )
    return made
