"""What the database itself holds to: the ledger only grows, and balances are its sums.

One thing may go: a line that a total of its year counts (keeping.py, R22). The total itself is
taken only if it is what the lines say, never changes, and lets no line in after it. So whatever was
deleted has been counted, and nothing that was not.

A migration that remakes one of these tables takes the guards down first and puts them up again.

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
    "points_transfer": ("counts", "folded"),
    "points_account": ("is_sum", "begins"),
    "points_yeartotal": ("true",),
    "points_card": ("year",),
}


# What a total counts, and the lines it counts: of the card's year, by dimension and kind.
_LINES: Final = (
    "points_transfer t JOIN points_card c ON c.id = t.card_id"
    " JOIN points_account a ON a.id = t.target_id"
    " WHERE c.year = NEW.year AND a.dimension = NEW.dimension AND t.kind = NEW.kind"
)
_IS_TRUE: Final = (
    f"(SELECT count(*) FROM {_LINES}) = NEW.lines"
    f" AND (SELECT coalesce(sum(t.amount), 0) FROM {_LINES}) = NEW.points"
    f" AND (SELECT count(DISTINCT t.card_id) FROM {_LINES}) = NEW.people"
)
_IS_COUNTED: Final = (
    "EXISTS (SELECT 1 FROM points_yeartotal y JOIN points_card c ON c.year = y.year"
    " JOIN points_account a ON a.dimension = y.dimension"
    " WHERE c.id = OLD.card_id AND a.id = OLD.target_id AND y.kind = OLD.kind)"
)
_IS_FOLDED: Final = (
    "EXISTS (SELECT 1 FROM points_yeartotal y JOIN points_card c ON c.year = y.year"
    " WHERE c.id = NEW.card_id)"
)
# Name, when, table, what must not be, and the sentence.
_FOLDING: Final = (
    ("points_transfer_refuse_delete", "DELETE", "points_transfer", f"NOT {_IS_COUNTED}",
     "points_transfer only grows: DELETE refused"),
    ("points_transfer_folded", "INSERT", "points_transfer", _IS_FOLDED,
     "only the total of this year is kept"),
    ("points_yeartotal_true", "INSERT", "points_yeartotal", f"NOT ({_IS_TRUE})",
     "a total is what its lines say"),
    ("points_card_year", "UPDATE", "points_card", "NEW.year <> OLD.year",
     "a card stays in its year"),
)  # fmt: skip


def put_up(connection: BaseDatabaseWrapper) -> None:
    """Have the database refuse what would break the ledger."""
    put_up_without_totals(connection)
    let_years_fold(connection)


def put_up_without_totals(connection: BaseDatabaseWrapper) -> None:
    """The guards as they were before there were totals of years: nothing goes, ever."""
    guards.put_up(connection, "points_transfer")
    for statement in _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE:
        with connection.cursor() as cursor:
            cursor.execute(statement)


def let_years_fold(connection: BaseDatabaseWrapper) -> None:
    """Lines that a total counts may go; totals are true and stay."""
    on = " ON points_transfer" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER points_transfer_refuse_delete{on}")
    guards.put_up(connection, "points_yeartotal")
    for row in _FOLDING:
        for statement in _refusing(connection.vendor, *row):
            with connection.cursor() as cursor:
                cursor.execute(statement)


def _refusing(vendor: str, name: str, verb: str, table: str, wrong: str, says: str) -> list[str]:
    if vendor != "postgresql":
        return [
            f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {wrong}"
            f" BEGIN SELECT RAISE(ABORT, '{says}'); END"
        ]
    return [
        f"""CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {wrong} THEN
        RAISE EXCEPTION '{says}' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN {"OLD" if verb == "DELETE" else "NEW"};
END $$""",
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def take_down(connection: BaseDatabaseWrapper) -> None:
    """Remove every trigger (tests, proofs of broken variants, reversing a migration)."""
    for table in ("points_transfer", "points_yeartotal"):
        guards.take_down(connection, table)
    for table, names in _NAMES.items():
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        for name in names:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}{on}")
