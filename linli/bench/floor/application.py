"""The least Python that could do it: one WSGI function, one SQL statement, one Jinja2 template.

Read and written beside the real pages, on the same rows, so that a ratio means something on a busy
machine. Served by granian like the application: `linli.bench.floor.application:application`.
"""

import os
import threading
import uuid
from collections.abc import Callable, Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader

from linli.bench.floor.statements import STATEMENTS

URL = os.environ.get("LINLI_DATABASE_URL", "")
IS_POSTGRESQL = URL.startswith("postgres")
FILE = os.path.join(os.environ.get("LINLI_DATA", ""), "linli.sqlite3")
PAGES = Environment(
    autoescape=True, auto_reload=False, trim_blocks=True, lstrip_blocks=True,
    loader=FileSystemLoader(Path(__file__).parent),
)  # fmt: skip
HTML = [("Content-Type", "text/html; charset=utf-8")]
CREATE = "INSERT INTO bench_floor (id, number, place, words, at) VALUES (?, ?, ?, ?, ?)"
# The same SQLite as the application's, see settings.
SQLITE: Any = import_module("pysqlite3" if find_spec("pysqlite3") else "sqlite3")
_held = threading.local()


def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    """`/floor/NAME/WORD/WORD…` reads; POST `/floor/create/` is one durable INSERT."""
    path = environ["PATH_INFO"].encode("latin-1").decode()  # PEP 3333: bytes, one by one
    name, *words = [part for part in path.split("/")[2:] if part]
    if name == "create":
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        _ask(CREATE, (str(uuid.uuid4()), body[:10], body[10:60], body, body[:20]))
        start("302 Found", [("Location", "/"), ("Content-Length", "0")])
        return [b""]
    statement = STATEMENTS[name]
    rows = _ask(statement.sql(IS_POSTGRESQL), words).fetchall()
    html = PAGES.get_template(statement.template).render(rows=rows, words=words).encode()
    start("200 OK", [*HTML, ("Content-Length", str(len(html)))])
    return [html]


def _ask(sql: str, values: Any) -> Any:
    return _connection().execute(sql.replace("?", "%s") if IS_POSTGRESQL else sql, values)


def _connection() -> Any:
    """One connection for each thread, as durable as the application's."""
    if not hasattr(_held, "db"):
        _held.db = _on_postgresql() if IS_POSTGRESQL else _on_sqlite()
    return _held.db


def _on_postgresql() -> Any:
    import psycopg  # noqa: PLC0415 - the floor must not load what it does not use

    return psycopg.connect(URL, autocommit=True)


def _on_sqlite() -> Any:
    db = SQLITE.connect(FILE, isolation_level=None, timeout=20)
    for words in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-16000"):
        db.execute(f"PRAGMA {words}")
    return db
