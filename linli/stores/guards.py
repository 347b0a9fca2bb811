"""What the database itself holds to: the ledger only grows, and a balance is the sum of its legs."""

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

from linli.journal import guards

GROWS: Final = {"stores_movement": ("id", "key", "reverses_id"), "stores_leg": ("id",)}
_SUM: Final = (
    "(SELECT coalesce(sum(CASE WHEN t.target_id = NEW.id THEN t.amount ELSE -t.amount END), 0)"
    " FROM stores_leg t WHERE t.target_id = NEW.id OR t.source_id = NEW.id)"
)
# One thing stays one thing; one end at least is a shelf; between stations both are.
_FITS: Final = (
    "EXISTS (SELECT 1 FROM stores_account s, stores_account t"
    " WHERE s.id = NEW.source_id AND t.id = NEW.target_id AND s.item = t.item"
    " AND (s.side = 'shelf' OR t.side = 'shelf')"
    " AND (s.facility_id = t.facility_id OR (s.side = 'shelf' AND t.side = 'shelf')))"
)
_TAKE: Final = (
    "UPDATE stores_account SET balance = balance - NEW.amount"
    " WHERE id = NEW.source_id AND side = 'shelf';"
)
_PUT: Final = (
    "UPDATE stores_account SET balance = balance + NEW.amount"
    " WHERE id = NEW.target_id AND side = 'shelf';"
)
_SQLITE: Final = (
    f"CREATE TRIGGER stores_leg_fits BEFORE INSERT ON stores_leg WHEN NOT {_FITS}"
    " BEGIN SELECT RAISE(ABORT, 'a leg joins two accounts of one thing'); END",
    f"CREATE TRIGGER stores_leg_counts AFTER INSERT ON stores_leg BEGIN {_TAKE} {_PUT} END",
    "CREATE TRIGGER stores_account_is_sum BEFORE UPDATE ON stores_account"
    f" WHEN NEW.side = 'shelf' AND NEW.balance <> {_SUM}"
    " BEGIN SELECT RAISE(ABORT, 'a balance is the sum of its legs'); END",
    "CREATE TRIGGER stores_account_begins BEFORE INSERT ON stores_account WHEN NEW.balance <> 0"
    " BEGIN SELECT RAISE(ABORT, 'a balance is the sum of its legs'); END",
)
_POSTGRESQL: Final = (
    f"""CREATE OR REPLACE FUNCTION stores_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT {_FITS} THEN
        RAISE EXCEPTION 'a leg joins two accounts of one thing' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$""",
    f"""CREATE OR REPLACE FUNCTION stores_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {_TAKE}
    {_PUT}
    RETURN NULL;
END $$""",
    f"""CREATE OR REPLACE FUNCTION stores_is_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.balance <> (CASE WHEN NEW.side = 'shelf' THEN {_SUM} ELSE 0 END) THEN
        RAISE EXCEPTION 'a balance is the sum of its legs' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$""",
    "CREATE TRIGGER stores_leg_fits BEFORE INSERT ON stores_leg"
    " FOR EACH ROW EXECUTE FUNCTION stores_fits()",
    "CREATE TRIGGER stores_leg_counts AFTER INSERT ON stores_leg"
    " FOR EACH ROW EXECUTE FUNCTION stores_count()",
    "CREATE TRIGGER stores_account_is_sum BEFORE INSERT OR UPDATE ON stores_account"
    " FOR EACH ROW EXECUTE FUNCTION stores_is_sum()",
)
_NAMES: Final = {"stores_leg": ("fits", "counts"), "stores_account": ("is_sum", "begins")}


def put_up(connection: BaseDatabaseWrapper) -> None:
    """Have the database refuse what would break the ledger."""
    for table, key in GROWS.items():
        guards.put_up(connection, table, key=key)
    for statement in _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE:
        with connection.cursor() as cursor:
            cursor.execute(statement)


def take_down(connection: BaseDatabaseWrapper) -> None:
    """Remove every trigger (tests, proofs of broken variants, reversing a migration)."""
    for table in GROWS:
        guards.take_down(connection, table)
    for table, names in _NAMES.items():
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        for name in names:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}{on}")
