"""Kept pages: what may be kept, for whom, and how much of it."""

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.test import RequestFactory

from linli.web import shelf
from linli.web.shelf import Question, Shelf, ShelfMiddleware

ONE = Question("SELECT 1", (), (1,))
MOVED = Question("SELECT 1", (), (2,))


class Counting:
    """A site of one page that counts how often it is made."""

    def __init__(self, question: Question = ONE, status: int = 200) -> None:
        self.made, self.question, self.status = 0, question, status

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.made += 1
        answer = HttpResponse(f"page {self.made}", status=self.status)
        return shelf.keep(answer, self.question)


def ask(site, **headers: str) -> HttpResponse:
    return ShelfMiddleware(site)(RequestFactory().get("/page/", **headers))


def test_a_page_is_made_once_while_the_answer_is_the_same(db):
    site = Counting()
    assert [ask(site).content for _ in range(3)] == [b"page 1"] * 3


def test_another_answer_makes_it_anew(db):
    site = Counting(MOVED)
    assert [ask(site).content for _ in range(2)] == [b"page 1", b"page 2"]


@pytest.mark.parametrize("cookie", ["sessionid=x", "messages=x", "anything=x"])
def test_somebody_known_never_meets_the_shelf(db, cookie):
    site = Counting()
    ask(site, HTTP_COOKIE=cookie)
    ask(site, HTTP_COOKIE=cookie)
    assert site.made == 2


def test_errors_cookies_and_form_tokens_are_not_kept(db):
    def with_cookie(request: HttpRequest) -> HttpResponse:
        answer = shelf.keep(HttpResponse("mine"), ONE)
        answer.set_cookie("mine", "1")
        return answer

    def with_token(request: HttpRequest) -> HttpResponse:
        return shelf.keep(HttpResponse(get_token(request)), ONE)

    missing = Counting(status=404)
    for site in (with_cookie, with_token, missing):
        assert "ETag" not in ask(site)
    ask(missing)
    assert missing.made == 2
    assert ask(with_token).content != ask(with_token).content


def test_a_post_is_never_answered_from_the_shelf(db):
    site = Counting()
    ask(site)
    assert ShelfMiddleware(site)(RequestFactory().post("/page/")).content == b"page 2"


def test_the_shelf_holds_so_many_bytes(db):
    small = Shelf(most_bytes=1600)
    for n in range(40):
        small.put((n,), n, 100, None)
    small.put(("huge",), "huge", 1000, None)
    assert [n for n in range(40) if small.get((n,)) is not None] == list(range(24, 40))
    assert small.get(("huge",)) is None


def test_tomorrow_is_another_page(db, monkeypatch):
    kept = Shelf()
    kept.put(("a",), "a", 1, None)
    day = shelf.clock.today()
    monkeypatch.setattr(shelf.clock, "today", lambda: day.replace(year=day.year + 1))
    assert kept.get(("a",)) is None


def test_the_question_costs_one_statement(db, django_assert_num_queries):
    site = Counting()
    ask(site)
    with django_assert_num_queries(1, connection=connection):
        ask(site)
