"""The floor answers with the rows that the pages show."""

import io
import re

import pytest
from django.db import connection

from linli.bench import prepare
from linli.bench.fill import fill, ground
from linli.bench.floor import application as floor
from linli.bench.pages import _any_of, _asked
from linli.cases.dots import CELLS, cell, cell_mark


class _Borrowed:
    """The test's own connection, so that the floor sees rows that are not committed."""

    def execute(self, sql: str, values: object) -> object:
        cursor = connection.cursor()
        cursor.execute(sql.replace("?", "%s"), values)
        return cursor


@pytest.fixture
def facts(db, monkeypatch) -> dict:
    monkeypatch.setattr(ground, "RESIDENTS", 20)
    monkeypatch.setattr(floor, "IS_POSTGRESQL", connection.vendor == "postgresql")
    monkeypatch.setattr(floor, "_connection", _Borrowed)
    fill(400)
    return prepare.facts()


def _answer(path: str, body: bytes = b"") -> tuple[str, str]:
    said = []
    environ = {
        "PATH_INFO": path.encode().decode("latin-1"), "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }  # fmt: skip
    parts = floor.application(environ, lambda status, headers: said.append(status))
    return said[0], b"".join(parts).decode()


def test_every_floor_answers(facts) -> None:
    engine = "sqlite" if connection.vendor == "sqlite" else "postgres"
    x, y = cell(*facts["village"], CELLS[2])
    square = _any_of([cell_mark(CELLS[2], x, y)], engine)
    wanted = {
        "list": 20, f"deep/{facts['many'][30]}": 20, f"search/{_asked('灯', engine)}": 10,
        f"search/{_asked('路灯不亮', engine)}": 5, f"near/{square}": 20, f"desk/{facts['desk']}": 40,
        f"case/cases.Case:{facts['case_id']}/{facts['case']}": 20, "overview": 10,
    }  # fmt: skip
    for path, rows in wanted.items():
        status, html = _answer(f"/floor/{path}/")
        assert status == "200 OK"
        assert len(re.findall(r"<li class=|<tr>", html)) >= rows, path


def test_the_floor_of_writing_writes(facts) -> None:
    with connection.cursor() as cursor:
        cursor.execute(prepare.FLOOR_TABLE)
        assert _answer("/floor/create/", b"words=x")[0] == "302 Found"
        cursor.execute("SELECT count(*) FROM bench_floor")
        assert cursor.fetchone()[0] == 1


def test_the_floor_on_sqlite_is_durable(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(floor, "FILE", str(tmp_path / "floor.sqlite3"))
    db = floor._on_sqlite()
    assert db.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    db.close()
