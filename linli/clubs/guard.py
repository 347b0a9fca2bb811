"""A child leaves with an adult on its own list, and a session ends when nobody is inside.

The counts of a session are kept by check constraints (models/session.py); these triggers keep the
rows behind the counts, whatever writes to the tables.
"""

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

HANDED: Final = "club_handed_to_listed"
ENDED: Final = "club_ended_is_empty"
_NOT_LISTED: Final = """NEW.handed_to_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM clubs_pickup AS adult WHERE adult.id = NEW.handed_to_id
      AND adult.child_id = NEW.child_id AND adult.ended_at IS NULL)"""
_INSIDE: Final = """NEW.ended_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM clubs_presence AS one WHERE one.session_id = NEW.id AND one.left_at IS NULL)"""
# (name, table, event, what must not be, sentence)
_RULES: Final = (
    (f"{HANDED}_in", "clubs_presence", "INSERT", _NOT_LISTED, "not on this child's list"),
    (f"{HANDED}_up", "clubs_presence", "UPDATE OF handed_to_id, child_id", _NOT_LISTED,
     "not on this child's list"),
    (ENDED, "clubs_session", "UPDATE OF ended_at", _INSIDE, "a child is inside"),
)  # fmt: skip
_SQLITE: Final = """CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {wrong}
BEGIN SELECT RAISE(ABORT, '{name}: {said}'); END"""
_FUNCTION: Final = """CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
IF {wrong} THEN RAISE EXCEPTION '{name}: {said}' USING ERRCODE = 'check_violation'; END IF;
RETURN NEW; END $$"""
_TRIGGER: Final = (
    "CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
)


def put_up(connection: BaseDatabaseWrapper) -> None:
    """Make the promise; what breaks it raises IntegrityError."""
    texts = (_FUNCTION, _TRIGGER) if connection.vendor == "postgresql" else (_SQLITE,)
    with connection.cursor() as cursor:
        for name, table, event, wrong, said in _RULES:
            words = {"name": name, "table": table, "event": event, "wrong": wrong,
                     "said": said.replace("'", "''")}  # fmt: skip
            for text in texts:
                cursor.execute(text.format(**words))


def take_down(connection: BaseDatabaseWrapper) -> None:
    """Lift it, to reverse the migration."""
    with connection.cursor() as cursor:
        for name, table, *_more in _RULES:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}()")
            else:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
