"""Pages for everybody, kept ready: one question to the database says whether a page still holds.

A view that shows the same to every visitor hands its answer to `keep()` together with a question
(one SQL statement) and the answer on which the page stands. The next visitor costs that statement
and nothing else; when the answer is another, the page is made anew. So no page is older than the
database, whichever process changed it, and a page that is no longer public is gone at once.

Only visitors get a kept page: a request with a session, or with a message waiting, never does.
What is the same for everybody on a signed-in reader's page is kept by `recall()` in the same way.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

from linli.lib import clock
from linli.web.prepared import planned_once
from linli.web.replicas import reader

MOST_BYTES: Final = 8_000_000  # in each process
SECONDS: Final = 60  # what a page says of neighbouring things (names, other matters) may lag so far
LARGE_COOKIE: Final = "linli_large"  # "1" where a reader chose large letters
# Cookies that a kept page may be asked with: how it looks, and the form token that it does not hold.
HARMLESS: Final = {settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME, LARGE_COOKIE}
# What of a request makes another page of the same address.
SORTS: Final = (
    "HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT_ENCODING",
    "HTTP_HX_REQUEST", "HTTP_HX_BOOSTED",
)  # fmt: skip
OF_THE_BODY: Final = {"Content-Type", "Content-Length", "Content-Encoding"}
KEPT_FOR_ALL: Final = "private, no-cache"  # a browser may keep it, and asks each time

Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One SQL statement with its parameters, and the row it gave when the page was made."""

    sql: str
    params: Sequence[Any]
    answer: tuple[Any, ...]

    @classmethod
    def asked(cls, sql: str, params: Sequence[Any] = ()) -> "Question":
        """The question with today's answer, from the database that the page is read from."""
        with planned_once(reader()) as cursor:
            cursor.execute(sql, params)
            return cls(sql, params, cursor.fetchone())

    def still(self) -> bool:
        # Of the original, always: what was kept from a copy that lags is made anew, not kept on.

        with planned_once(connection) as cursor:
            cursor.execute(self.sql, self.params)
            return bool(cursor.fetchone() == self.answer)


@dataclass(frozen=True, slots=True)
class Page:
    body: bytes
    headers: tuple[tuple[str, str], ...]
    etag: str


@dataclass(frozen=True, slots=True)
class Kept:
    value: Any
    size: int  # bytes, roughly
    question: Question | None
    until: float  # monotonic seconds
    day: date  # "tomorrow" is another word after midnight


class Shelf:
    """What one process keeps; the oldest goes first when it is full."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._rows: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = threading.Lock()
        self._bytes = 0
        self._most = most_bytes

    def get(self, key: Key) -> Any:
        """What is kept under `key`, if it still holds: one statement, none if there is nothing."""
        row = self._rows.get(key)
        if row is None or row.until < time.monotonic() or row.day != clock.today():
            return None
        return row.value if row.question is None or row.question.still() else None

    def put(
        self, key: Key, value: Any, size: int, question: Question | None, seconds: int = SECONDS
    ) -> None:
        """Keep `value` of about `size` bytes for at most `seconds`; without a question so long."""
        if size > self._most // 16:
            return
        row = Kept(value, size, question, time.monotonic() + seconds, clock.today())
        with self._lock:
            self._drop(key)
            self._rows[key] = row
            self._bytes += size
            while self._bytes > self._most:
                self._drop(next(iter(self._rows)))

    def clear(self) -> None:
        with self._lock:
            self._rows.clear()
            self._bytes = 0

    def _drop(self, key: Key) -> None:
        old = self._rows.pop(key, None)
        if old is not None:
            self._bytes -= old.size


SHELF: Final = Shelf()


def keep(response: HttpResponse, question: Question, seconds: int = SECONDS) -> HttpResponse:
    """Say that `response` is the same for every visitor for as long as `question` is answered so.

    The answer must have been read before anything else that the page shows, or with it.
    """
    response.linli_kept = (question, seconds)  # type: ignore[attr-defined]
    return response


def recall(key: Key, make: Callable[[], tuple[Any, int, Question]]) -> Any:
    """What `make` gave for `key` the last time, if it still holds; else what it gives now.

    `make` returns the value, its size in bytes, and the question it stands on. Values are shared
    between readers: nobody may change one, and none may hold what only some may see.
    """
    value = SHELF.get(key)
    if value is None:
        value, size, question = make()
        SHELF.put(key, value, size, question)
    return value


def remember(key: Key, make: Callable[[], tuple[Any, int]]) -> Any:
    """The same for what `key` says all about: nothing is asked, and a minute is how old it gets."""
    value = SHELF.get(key)
    if value is None:
        value, size = make()
        SHELF.put(key, value, size, None)
    return value


class ShelfMiddleware:
    """Outermost: what it keeps has every header that the others add."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = _key(request)
        if key is None:
            return self.get_response(request)
        page = SHELF.get(key)
        if page is not None:
            return _answer(request, page)
        response = self.get_response(request)
        asked = getattr(response, "linli_kept", None)
        if asked is None or response.status_code != 200 or response.cookies:
            return response
        if request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
            return response  # it holds a form token: somebody's own
        question, seconds = asked
        response.headers["Cache-Control"] = KEPT_FOR_ALL
        etag = f'W/"{blake2b(response.content, digest_size=12).hexdigest()}"'
        response.headers["ETag"] = etag
        page = Page(response.content, tuple(response.headers.items()), etag)
        SHELF.put(key, page, len(page.body), question, seconds)
        return _answer(request, page)


def _key(request: HttpRequest) -> Key | None:
    """Which page is asked for; None for a request that only its own answer may be given to."""
    if request.method != "GET" or not HARMLESS.issuperset(request.COOKIES):
        return None
    meta = request.META
    return (
        request.path, meta.get("QUERY_STRING", ""), request.scheme or "",
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""),
        request.COOKIES.get(LARGE_COOKIE, ""),
        *(meta.get(name, "") for name in SORTS),
    )  # fmt: skip


def _answer(request: HttpRequest, page: Page) -> HttpResponse:
    response: HttpResponse
    if request.META.get("HTTP_IF_NONE_MATCH") == page.etag:
        response = HttpResponseNotModified()
        headers = [row for row in page.headers if row[0] not in OF_THE_BODY]
    else:
        response, headers = HttpResponse(page.body), list(page.headers)
    for name, value in headers:
        response.headers[name] = value
    return response
