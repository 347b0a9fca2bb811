"""Writers on SQLite stand in a queue and never hear that the database is locked."""

import threading
import time

import pytest
from django.db import OperationalError, connection, transaction

from linli.people.models import DailySalt
from linli.web.sqlite.base import DatabaseWrapper

pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has many writers")


def write_at_once(writers: int, times: int) -> list[Exception]:
    """Threads that each write in transactions of some length, and never wait inside SQLite."""
    wrong: list[Exception] = []

    def work(n: int) -> None:
        try:
            connection.ensure_connection()
            connection.cursor().execute("PRAGMA busy_timeout = 0")
            for turn in range(times):
                with transaction.atomic():
                    time.sleep(0.002)
                    DailySalt.objects.create(day=f"{2000 + n}-01-{turn + 1:02}", salt="0" * 64)
        except OperationalError as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


@pytest.mark.django_db(transaction=True)
def test_everybody_gets_their_turn():
    assert write_at_once(8, 10) == []
    assert DailySalt.objects.count() == 80


@pytest.mark.django_db(transaction=True)
def test_without_the_queue_somebody_is_turned_away(monkeypatch):
    monkeypatch.setattr(DatabaseWrapper, "_enter", lambda self: None)
    assert write_at_once(8, 10)


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_lets_the_next_one_in():
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            _ = 1 // 0
    with transaction.atomic():
        pass
    assert write_at_once(2, 2) == []
