"""Queries that run in every request: Django writes their SQL once a process, not once a request.

Writing the SQL of a joined query costs more than running it. The query stays a queryset, so that a
rule ("in force on that day") is said in one place; only the values in it change from call to call.
"""

import threading
from collections.abc import Callable, Collection
from datetime import date, datetime
from importlib import import_module
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import Model, QuerySet

# Two values of each type, as unlike as any: where the SQL's parameters differ, a value belongs.
# Numbers that fit the smallest column: of one that does not, Django knows there is no such row.
SAMPLES: Final[dict[type, tuple[Any, Any]]] = {
    str: ("prepared-one", "prepared-two"),
    int: (31_001, 31_002),
    UUID: (UUID(int=1), UUID(int=2)),
    date: (date(1901, 1, 1), date(1902, 2, 2)),
}

Row = TypeVar("Row", bound=Model)


def planned_once(connection: BaseDatabaseWrapper) -> CursorWrapper:
    """A cursor whose statements PostgreSQL parses and plans once a connection, not once a request.

    Only for statements that do not change from call to call: each takes a place in the server.
    """
    if connection.vendor != "postgresql":
        return connection.cursor()
    # psycopg's own cursor sends values beside the statement; Django's writes them into it.
    engine = import_module("django.db.backends.postgresql.base")
    connection.ensure_connection()
    cursor = engine.ServerBindingCursor(connection.connection)
    logged = connection.queries_logged
    return connection.make_debug_cursor(cursor) if logged else connection.make_cursor(cursor)


class Prepared:
    """`Prepared(build, day=date, user=UUID)`: call it with `day=…, user=…` for rows of tuples.

    `build` takes the same names and gives a `values_list` queryset; it may use each value as it is,
    and only so (no arithmetic, no branching on it). Types: str, int, UUID, date.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], **types: type) -> None:
        self._build, self._types = build, types
        self._plans: dict[str, Plan] = {}
        self._lock = threading.Lock()

    def __call__(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows for these values, converted as Django converts them."""
        alias = self.alias
        connection = connections[alias]
        plan = self._plans.get(alias)
        if plan is None:
            with self._lock:
                plan = self._plans[alias] = self._plan(connection)
        params = list(plan.params)
        for name, places in plan.places.items():
            value = _adapt(values[name], connection)
            for place in places:
                params[place] = value
        with planned_once(connection) as cursor:
            cursor.execute(plan.sql, params)
            rows = cursor.fetchall()
        return [plan.row(row, connection) for row in rows] if plan.converters else rows

    @property
    def alias(self) -> str:
        """Which database the query reads now."""
        first = {name: SAMPLES[kind][0] for name, kind in self._types.items()}
        if not hasattr(self, "_sample"):
            self._sample = self._build(**first)
        return self._sample.db

    def _plan(self, connection: BaseDatabaseWrapper) -> "Plan":
        first = {name: SAMPLES[kind][0] for name, kind in self._types.items()}
        compiler = self._build(**first).query.get_compiler(connection.alias)
        sql, params = compiler.as_sql()
        places = {}
        for name, kind in self._types.items():
            other = self._build(**{**first, name: SAMPLES[kind][1]})
            _same, changed = other.query.get_compiler(connection.alias).as_sql()
            places[name] = [n for n, pair in enumerate(zip(params, changed, strict=True))
                            if pair[0] != pair[1]]  # fmt: skip
            if not places[name]:
                raise DatabaseError(f"{name} has no place in the prepared query.")
        columns = [column for column, _sql, _alias in compiler.select[: compiler.col_count]]
        return Plan(sql, list(params), places, compiler.get_converters(columns))


class PreparedObjects(Prepared, Generic[Row]):
    """The same for whole rows: `build` gives a queryset of `model`, a call gives its objects.

    Long columns that are seldom read can stay out (`without`); they load when asked for.
    """

    def __init__(
        self,
        model: type[Row],
        build: Callable[..., QuerySet[Any]],
        without: Collection[str] = (),
        **types: type,
    ) -> None:
        self._model = model
        names = (field.attname for field in model._meta.concrete_fields)
        self._names = [name for name in names if name not in without]
        super().__init__(lambda **values: build(**values).values_list(*self._names), **types)

    def all(self, **values: Any) -> list[Row]:
        """The objects for these values."""
        alias = self.alias
        return [self._model.from_db(alias, self._names, row) for row in self(**values)]

    def first(self, **values: Any) -> Row | None:
        """The first of them, if any: order and limit belong into the query."""
        return next(iter(self.all(**values)), None)


class Plan:
    """The SQL for one engine, where the values go, and how its columns are read."""

    def __init__(
        self, sql: str, params: list[Any], places: dict[str, list[int]], converters: dict[int, Any]
    ) -> None:
        self.sql, self.params, self.places = sql, params, places
        self.converters = converters

    def row(self, row: tuple[Any, ...], connection: BaseDatabaseWrapper) -> tuple[Any, ...]:
        values = list(row)
        for place, (steps, expression) in self.converters.items():
            for step in steps:
                values[place] = step(values[place], expression, connection)
        return tuple(values)


def _adapt(value: Any, connection: BaseDatabaseWrapper) -> Any:
    """A value as the engine's parameters want it, the way Django's fields do."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        raise TypeError("Give a moment to a prepared query as a date or a text.")
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value
