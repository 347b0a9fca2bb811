"""Two live bookings of one room never overlap: the database itself refuses the second.

PostgreSQL has exclusion constraints for it; numbers of rooms are written as ranges, so that no
extension is needed. SQLite has one writer at a time, and a trigger that looks before it writes.
"""

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

NAME: Final = "fac_no_double_booking"
_CONSTRAINT: Final = f"""
ALTER TABLE facilities_booking ADD CONSTRAINT {NAME} EXCLUDE USING gist (
    int8range(room_id, room_id, '[]') WITH &&,
    tstzrange(starts_at, ends_at) WITH &&
) WHERE (state <> 'cancelled')
"""
_TRIGGER: Final = """
CREATE TRIGGER {name}_{verb} BEFORE {event} ON facilities_booking
WHEN NEW.state <> 'cancelled' AND EXISTS (
    SELECT 1 FROM facilities_booking AS other
    WHERE other.room_id = NEW.room_id AND other.id <> NEW.id AND other.state <> 'cancelled'
      AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at
) BEGIN SELECT RAISE(ABORT, '{name}: this room is taken then'); END
"""
_EVENTS: Final = {"insert": "INSERT", "update": "UPDATE OF room_id, starts_at, ends_at, state"}


def put_up(connection: BaseDatabaseWrapper) -> None:
    """Make the promise; what breaks it raises IntegrityError."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_CONSTRAINT)
            return
        for verb, event in _EVENTS.items():
            cursor.execute(_TRIGGER.format(name=NAME, verb=verb, event=event))


def take_down(connection: BaseDatabaseWrapper) -> None:
    """Lift it: to reverse the migration, and for the proof that shows what it prevents."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER TABLE facilities_booking DROP CONSTRAINT IF EXISTS {NAME}")
            return
        for verb in _EVENTS:
            cursor.execute(f"DROP TRIGGER IF EXISTS {NAME}_{verb}")
