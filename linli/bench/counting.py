"""How many SQL statements a page takes: counted in process, so that no server has to tell.

Reads a list of pages as JSON, prints for each the statements of the first view in a fresh process
(`sql_first`) and of the next one (`sql`), which is another address where a page is made anew.
"""

import json
import os
import sys
import uuid
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402


class Counter:
    """Counts statements, transaction marks left out."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.said.append(sql)
        return execute(sql, params, many, context)

    @property
    def count(self) -> int:
        quiet = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "PRAGMA")
        return sum(not sql.lstrip().upper().startswith(quiet) for sql in self.said)


def main() -> None:
    """One answer for each page that standard input names."""
    print(json.dumps({page["title"]: count(page) for page in json.load(sys.stdin)}))


def count(page: dict[str, Any]) -> dict[str, int]:
    """Statements of one page, first and again; SystemExit if it is no page at all."""
    return {"sql_first": _once(page, page["paths"][0]), "sql": _once(page, page["paths"][-1])}


def _once(page: dict[str, Any], path: str) -> int:
    client, counter = Client(HTTP_COOKIE=page["cookie"]), Counter()
    with connection.execute_wrapper(counter):
        if page["form"]:
            answer = client.post(
                path, f"{page['form'][0]}&client_id={uuid.uuid4()}",
                content_type="application/x-www-form-urlencoded",
            )  # fmt: skip
        else:
            answer = client.get(path)
    if answer.status_code not in (200, 302):
        raise SystemExit(f"{page['title']}: {path} answered {answer.status_code}")
    return counter.count


if __name__ == "__main__":
    main()
