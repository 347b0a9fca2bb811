"""Columns whose order is the order of their bytes, on both engines."""

from typing import TYPE_CHECKING, Any

from django.db import models

# The stubs want to know what goes in and out; the class itself takes no such arguments.
if TYPE_CHECKING:
    _Text = models.CharField[str, str]
else:
    _Text = models.CharField


class CodeField(_Text):
    """ASCII text compared byte by byte, so that "everything under this path" is an index range.

    SQLite compares so by itself. PostgreSQL would follow the language of the database, where
    "320481/" and "320481001" sort by other rules and a range would miss rows: it needs "C".
    """

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters: dict[str, Any] = dict(super().db_parameters(connection))
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters
