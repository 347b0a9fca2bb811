"""What the database itself holds to: the ledger only grows, and balances are its sums.

TransactionTestCase empties tables; on both engines it may (DELETE without a row in sight is not
refused on PostgreSQL, where TRUNCATE empties them, and tests lift the guards: see `lift`).
"""

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

from linli.journal import guards

_SUM: Final = (
    "(SELECT coalesce(sum(CASE WHEN t.target_id = NEW.id THEN t.amount ELSE -t.amount END), 0)"
    " FROM points_transfer t WHERE t.target_id = NEW.id OR t.source_id = NEW.id)"
)
_SQLITE: Final = (
    "CREATE TRIGGER points_transfer_counts AFTER INSERT ON points_transfer BEGIN"
    " UPDATE points_account SET balance = balance - NEW.amount"
    " WHERE id = NEW.source_id AND card_id IS NOT NULL;"
    " UPDATE points_account SET balance = balance + NEW.amount"
    " WHERE id = NEW.target_id AND card_id IS NOT NULL; END",
    "CREATE TRIGGER points_account_is_sum BEFORE UPDATE ON points_account"
    f" WHEN NEW.balance <> CASE WHEN NEW.card_id IS NULL THEN 0 ELSE {_SUM} END"
    " BEGIN SELECT RAISE(ABORT, 'a balance is the sum of its entries'); END",
    "CREATE TRIGGER points_account_begins BEFORE INSERT ON points_account WHEN NEW.balance <> 0"
    " BEGIN SELECT RAISE(ABORT, 'a balance is the sum of its entries'); END",
)
_POSTGRESQL: Final = (
    """CREATE OR REPLACE FUNCTION points_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE points_account SET balance = balance - NEW.amount
        WHERE id = NEW.source_id AND card_id IS NOT NULL;
    UPDATE points_account SET balance = balance + NEW.amount
        WHERE id = NEW.target_id AND card_id IS NOT NULL;
    RETURN NULL;
END $$""",
    f"""CREATE OR REPLACE FUNCTION points_is_sum() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.balance <> (CASE WHEN NEW.card_id IS NULL THEN 0 ELSE {_SUM} END) THEN
        RAISE EXCEPTION 'a balance is the sum of its entries' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$""",
    "CREATE TRIGGER points_transfer_counts AFTER INSERT ON points_transfer"
    " FOR EACH ROW EXECUTE FUNCTION points_count()",
    "CREATE TRIGGER points_account_is_sum BEFORE INSERT OR UPDATE ON points_account"
    " FOR EACH ROW EXECUTE FUNCTION points_is_sum()",
)
_NAMES: Final = {
    "points_transfer": ("counts",),
    "points_account": ("is_sum", "begins"),
}


def put_up(connection: BaseDatabaseWrapper) -> None:
    """Have the database refuse what would break the ledger."""
    guards.put_up(connection, "points_transfer")
    for statement in _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE:
        with connection.cursor() as cursor:
            cursor.execute(statement)


def take_down(connection: BaseDatabaseWrapper) -> None:
    """Remove every trigger (tests, proofs of broken variants, reversing a migration)."""
    guards.take_down(connection, "points_transfer")
    for table, names in _NAMES.items():
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        for name in names:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}{on}")
