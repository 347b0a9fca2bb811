"""Writing many rows at once: COPY on PostgreSQL, `executemany` on SQLite. Constraints hold."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from json import dumps
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction

Row = Mapping[str, Any]


def write(model: type[models.Model], rows: list[dict[str, Any]]) -> None:
    """Insert rows given by attribute name ("owner_id"); what is not given gets its default."""
    if not rows:
        return
    fields = _fields(model, rows[0])
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    values = _values(fields, rows)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in values:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(fields))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values))


def _fields(model: type[models.Model], row: Row) -> "list[models.Field[Any, Any]]":
    """The columns to write: those that are given, and those that Django would fill."""
    return [
        field for field in model._meta.concrete_fields
        if field.attname in row
        or not (field.generated or field.primary_key or field.has_db_default())
    ]  # fmt: skip


def _values(
    fields: "list[models.Field[Any, Any]]", rows: list[dict[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    given = rows[0].keys()
    columns = [
        (
            field.attname,
            _shape(field),
            None if field.attname in given else _unasked(field),
        )
        for field in fields
    ]
    for row in rows:
        yield tuple(
            default if (value := row.get(name)) is None else shape(value)
            for name, shape, default in columns
        )


def _unasked(field: "models.Field[Any, Any]") -> Any:
    """What the column gets in every row that says nothing of it."""
    if isinstance(field, models.JSONField):
        return dumps(field.get_default())
    return field.get_db_prep_save(field.get_default(), connection)


def _shape(field: "models.Field[Any, Any]") -> Callable[[Any], Any]:
    """How a value of this field goes into the database of this process."""
    if isinstance(field, models.JSONField):
        return lambda value: dumps(value, ensure_ascii=False)
    if connection.vendor == "postgresql":
        return _same
    if isinstance(field, models.DateTimeField):
        return _moment
    if isinstance(field, models.UUIDField) or isinstance(
        getattr(field, "target_field", None), models.UUIDField
    ):
        return _hex
    return _same


def _same(value: Any) -> Any:
    return value


def _hex(value: UUID) -> str:
    return value.hex


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


def go_on_counting(model: type[models.Model], column: str) -> None:
    """After rows with numbers of our own, the next number that the database gives is a free one."""
    if connection.vendor != "postgresql":
        return  # AUTOINCREMENT has seen them
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT setval('{table}_{column}', (SELECT max({column}) FROM {table}))")


@contextmanager
def quickly() -> Iterator[None]:
    """Do not wait for the disk while inventions are written."""
    if connection.in_atomic_block:  # whoever opened it decides when it is written
        yield
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-400000")
        else:
            cursor.execute("SET synchronous_commit = off")
    yield


def settle() -> None:
    """Leave the files as a server that has run for long would have left them."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("CHECKPOINT")
    connection.close()
