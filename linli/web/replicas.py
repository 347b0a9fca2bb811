"""Reading public pages from copies of the database that lag a little; deciding never.

Where `LINLI_REPLICA_URLS` names copies, a page of `LINLI_PAGES_FROM_REPLICA` is made from one of
them for a visitor who is nobody in particular: no session, nothing sent in the last half minute.
Everything else reads the database that is written to: whoever has a session, every form and every
action, whatever runs in a transaction, workers and commands. A copy that is more than
`LINLI_REPLICA_LAG` seconds behind, or away, is not read (`replica_health`), and a page that could
not be made from a copy, for whatever reason, is made from the original.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from linli.web.replica_health import HEALTH

log = logging.getLogger(__name__)
WROTE: Final = "linli_wrote"  # cookie: this browser has just sent something and wants to see it
WROTE_SECONDS: Final = 30
# Who somebody is, what they may do, how often they did it, and what lies under seal.
NEVER: Final = frozenset({"sessions", "auth", "admin", "account", "mfa", "vault", "letters"})
NEVER_MODELS: Final = frozenset(
    {
        "people.User", "people.Appointment", "people.SignInAddress", "people.SignInCode",
        "people.DailySalt", "people.RateCount",
    }
)  # fmt: skip

_copy: ContextVar[str] = ContextVar("linli_replica", default="")


@contextmanager
def reading_from(alias: str) -> Iterator[None]:
    """Inside the block what may be read from a copy is read from this one."""
    token = _copy.set(alias)
    try:
        yield
    finally:
        _copy.reset(token)


def alias_for_reading() -> str:
    """The copy in use, unless a transaction is open: what it reads, it may decide on."""
    alias = _copy.get()
    if not alias or connections[DEFAULT_DB_ALIAS].in_atomic_block:
        return DEFAULT_DB_ALIAS
    return alias


def reader() -> BaseDatabaseWrapper:
    """The connection for a query written by hand that a public page shows."""
    return connections[alias_for_reading()]


class ReplicaRouter:
    """Django's question where a model is read; what is written, is written to the original."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        meta = model._meta
        if meta.app_label in NEVER or meta.label in NEVER_MODELS:
            return DEFAULT_DB_ALIAS
        return alias_for_reading()

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        return True  # all are copies of one database

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        return None if db == DEFAULT_DB_ALIAS else False


class ReplicaMiddleware:
    """The innermost: doors and sessions have been asked, and asked the original, before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.LINLI_REPLICAS and request.method not in {"GET", "HEAD", "OPTIONS"}:
            response.set_cookie(
                WROTE, "1", max_age=WROTE_SECONDS, httponly=True, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """The page from a copy; None where it has to be made from the original."""
        alias = HEALTH.fresh() if _may_lag(request) else None
        if alias is None:
            return None
        try:
            with reading_from(alias):
                response = view(request, *args, **kwargs)
        except (DatabaseError, InterfaceError) as error:
            log.warning("%s did not answer a page: %s", alias, type(error).__name__)
            HEALTH.doubt(alias)
            return None
        except Exception:  # not found yet, or anything else: the original has the last word
            return None
        return response if response.status_code < 300 else None


def _may_lag(request: HttpRequest) -> bool:
    """Whether this page may be as old as a copy is: a public one, for nobody in particular."""
    if not settings.LINLI_REPLICAS or request.method not in {"GET", "HEAD"}:
        return False
    if settings.SESSION_COOKIE_NAME in request.COOKIES or WROTE in request.COOKIES:
        return False
    match = request.resolver_match
    return match is not None and match.view_name in settings.LINLI_PAGES_FROM_REPLICA
