"""Boards that are kept: the same numbers, stale for a while where counting is dear, never lost."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache

from linli.figures import kept, packing, periods, queries
from linli.figures.models import KeptBoard
from linli.figures.tests.conftest import live
from linli.lib import clock


@pytest.fixture
def month(ground):
    live(ground, 40, 5)
    return periods.this_month(clock.today())


def test_a_packed_board_is_the_same_board(ground, month):
    board = packing.without_cases(queries.board(ground.county.path, month))
    assert any(week.response.n for week in board.weeks)
    assert packing.unpack(json.loads(json.dumps(packing.pack(board)))) == board
    assert queries.board(ground.county.path, month).now.subjects  # the lists are what is left out


def test_a_cheap_board_is_always_as_the_journal_stands(ground, month):
    before = kept.board(ground.county.path, month).now.received
    ground.say()
    assert kept.board(ground.county.path, month).now.received == before + 1
    assert not KeptBoard.objects.exists()


def test_a_dear_board_is_kept_for_everybody_until_the_worker_counts_again(
    ground, month, monkeypatch, django_assert_max_num_queries
):
    monkeypatch.setattr(kept, "DEAR", -1.0)
    before = kept.board(ground.county.path, month).now.received
    ground.say()
    cache.clear()  # another process
    with django_assert_max_num_queries(2):
        assert kept.board(ground.county.path, month).now.received == before
    assert kept.count_again() == 0  # it was counted a moment ago
    with clock.moved_to(clock.now() + timedelta(minutes=5)):
        assert kept.count_again() == 1
        assert kept.board(ground.county.path, month).now.received == before + 1
        assert kept.count_again() == 0  # nothing new


def test_without_a_worker_a_request_counts_in_the_end(ground, month, monkeypatch):
    monkeypatch.setattr(kept, "DEAR", -1.0)
    before = kept.board(ground.county.path, month).now.received
    ground.say()
    with clock.moved_to(clock.now() + timedelta(hours=1)):
        assert kept.board(ground.county.path, month).now.received == before + 1


def test_what_is_too_large_for_a_request_is_counted_by_the_worker(
    ground, month, monkeypatch, client
):
    monkeypatch.setattr(kept, "TOO_MANY", 3)
    monkeypatch.setattr(kept, "DEAR", -1.0)
    address = f"/overview/?place={ground.county.code}"
    assert client.get(address).status_code == 202
    assert client.get("/").status_code == 200  # the front page does without
    assert kept.count_again() >= 1
    page = client.get(address)
    assert page.status_code == 200
    with clock.moved_to(clock.now() + timedelta(hours=2)):
        assert kept.board(ground.county.path, month).period == month  # stale, but there
    monkeypatch.setattr(kept, "MOST", 3)
    KeptBoard.objects.all().delete()
    with pytest.raises(kept.TooLarge):
        kept.board(ground.county.path, month)
    assert client.get(f"{address}&rate=response", follow=True).status_code == 200
    opened = client.get(f"/overview/cases/?place={ground.county.code}&rate=response")
    assert opened.status_code == 200


def test_boards_nobody_looks_at_are_forgotten(ground, month, monkeypatch):
    monkeypatch.setattr(kept, "DEAR", -1.0)
    kept.board(ground.county.path, month)
    with clock.moved_to(clock.now() + timedelta(days=2)):
        kept.count_again()
    assert not KeptBoard.objects.exists()


def test_how_many_is_asked_of_the_place(ground, month):
    assert queries.is_many(ground.county.path, month, 3)
    assert not queries.is_many(ground.county.path, month, 1000)
    assert not queries.is_many(ground.grid.path, month, 1000)
