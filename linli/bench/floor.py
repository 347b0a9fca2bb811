"""The least Python that could do it: one WSGI function, one SQL statement, one Jinja2 template.

Read and written beside the real pages, on the same rows, so that a ratio means something on a busy
machine. Started by granian like the application: `linli.bench.floor:application`.
"""

import os
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import Environment

URL = os.environ.get("LINLI_DATABASE_URL", "")
FILE = os.path.join(os.environ.get("LINLI_DATA", ""), "linli.sqlite3")
PAGES = Environment(autoescape=True)
LIST = PAGES.from_string(
    "<ul>{% for r in rows %}<li>{{ r[0] }} {{ r[1] }} {{ r[2] }}</li>{% endfor %}</ul>"
)
CASE = PAGES.from_string(
    "<h1>{{ rows[0][0] }}</h1><ol>{% for r in rows %}<li>{{ r[1] }} {{ r[2] }}</li>{% endfor %}</ol>"
)
NEWEST = (
    "SELECT number, category, received_at FROM cases_case WHERE visibility = 'public' "
    "ORDER BY received_at DESC LIMIT 20"
)
STORY = (
    'SELECT c.number, e.verb, e."when" FROM cases_case c '
    "JOIN journal_entry e ON e.subject = {subject} WHERE c.number = {mark} ORDER BY e.seq"
)
_held = threading.local()


def _connection() -> Any:
    if not hasattr(_held, "db"):
        if URL.startswith("postgres"):
            import psycopg  # noqa: PLC0415 - the floor must not load what it does not use

            _held.db = psycopg.connect(URL, autocommit=True)
        else:
            _held.db = sqlite3.connect(FILE, isolation_level=None, timeout=20)
            _held.db.execute("PRAGMA journal_mode=WAL")
            _held.db.execute("PRAGMA synchronous=FULL")
    return _held.db


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """`/floor/list`, `/floor/case/NUMBER/SUBJECT`, and POST `/floor/create`: one durable INSERT."""
    mark = "%s" if URL.startswith("postgres") else "?"
    path = environ["PATH_INFO"]
    if path.startswith("/floor/case/"):
        number, subject = path.removeprefix("/floor/case/").rstrip("/").split("/")
        query = STORY.format(subject=mark, mark=mark)
        html = CASE.render(rows=list(_connection().execute(query, (subject, number))))
    elif path == "/floor/create":
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        _connection().execute(f"INSERT INTO bench_floor (id, words) VALUES ({mark}, {mark})",
                              (str(uuid.uuid4()), "words"))  # fmt: skip
        html = "ok"
    else:
        html = LIST.render(rows=list(_connection().execute(NEWEST)))
    start("200 OK", [("Content-Type", "text/html; charset=utf-8")])
    return [html.encode()]
