"""Copies that lag: which pages may be made from one, which copy is near enough, and never to decide.

What happens with a real standby, behind and dead, is `linli prove copies`; here are the rules.
"""

from itertools import pairwise

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import DatabaseError, OperationalError, connection, router, transaction
from django.http import Http404, HttpResponse
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver, resolve, reverse

from linli.journal.models import Entry
from linli.web import replica_health, replicas, shelf
from linli.web.replica_health import EVERY, REPLAYED, REST, WRITTEN, Health
from linli.web.replicas import (
    WROTE,
    ReplicaMiddleware,
    ReplicaRouter,
    alias_for_reading,
    reading_from,
)

LAG = 3.0


class Time:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class Servers:
    """An original and two copies, by how far each has come."""

    def __init__(self):
        self.original, self.copies = 100, {"replica1": 100, "replica2": 100}
        self.promoted, self.away, self.asked = set(), set(), []

    def __call__(self, alias, statement):
        self.asked.append(alias)
        if alias in self.away:
            raise OperationalError("no route")
        if alias == "default":
            assert statement == WRITTEN
            return (self.original,)
        assert statement == REPLAYED
        return (alias not in self.promoted, self.copies[alias])

    def write(self, count=10, *, reaches=("replica1", "replica2")):
        self.original += count
        for alias in reaches:
            self.copies[alias] = self.original


@pytest.fixture
def servers(settings, monkeypatch):
    settings.LINLI_REPLICAS, settings.LINLI_REPLICA_LAG = ["replica1", "replica2"], LAG
    servers = Servers()
    monkeypatch.setattr(replica_health, "_number", servers)
    fake = dict.fromkeys(("default", "replica1", "replica2"), connection)
    monkeypatch.setattr(replica_health, "connections", fake)
    monkeypatch.setattr(connection, "close", lambda: None)
    return servers


@pytest.fixture
def time(servers):
    return Time()


@pytest.fixture
def health(time):
    return Health(time)


class TestHealth:
    def test_copies_that_have_all_are_fresh(self, health):
        assert {health.fresh() for _n in range(40)} == {"replica1", "replica2"}

    def test_one_that_lags_is_not_read_once_it_is_too_old(self, health, servers, time):
        health.fresh()
        found = []
        for _second in range(6):
            time.now += EVERY + 0.01
            servers.write(reaches=("replica2",))
            found.append({health.fresh() for _n in range(40)})
        assert found[0] == {"replica1", "replica2"}
        assert found[-1] == {"replica2"}
        assert health.behind("replica1") > LAG > health.behind("replica2")

    def test_one_that_catches_up_is_read_again(self, health, servers, time):
        for _second in range(8):
            time.now += EVERY + 0.01
            servers.write(reaches=("replica2",))
            health.fresh()
        servers.copies["replica1"] = servers.original
        time.now += EVERY + 0.01
        assert {health.fresh() for _n in range(40)} == {"replica1", "replica2"}

    def test_an_original_that_rests_makes_no_copy_old(self, health, time):
        health.fresh()
        time.now += 3600
        assert health.fresh()

    def test_one_that_never_had_what_was_written_first_waits(self, health, servers):
        servers.copies = {"replica1": 50, "replica2": 99}
        assert health.fresh() is None

    def test_one_that_became_an_original_is_not_read(self, health, servers):
        servers.promoted = {"replica1", "replica2"}
        assert health.fresh() is None

    def test_one_that_is_away_rests_longer_each_time(self, health, servers, time):
        servers.away = {"replica1", "replica2"}
        begun, asked = time.now, []
        for _second in range(120):
            before = len(servers.asked)
            assert health.fresh() is None
            if "replica1" in servers.asked[before:]:
                asked.append(time.now - begun)
            time.now += 1.01
        gaps = [round(b - a) for a, b in pairwise(asked)]
        assert gaps == sorted(gaps)
        assert gaps[0] >= REST
        assert gaps[-1] >= 4 * REST
        servers.away = set()
        time.now += 61
        assert health.fresh()

    def test_while_the_original_is_away_its_copies_grow_old(self, health, servers, time):
        assert health.fresh()
        servers.away = {"default"}
        time.now += LAG - 0.5
        assert health.fresh()
        time.now += 1
        assert health.fresh() is None

    def test_it_looks_once_a_second_however_many_ask(self, health, servers):
        for _n in range(50):
            health.fresh()
        assert servers.asked == ["default", "replica1", "replica2"]

    def test_one_that_failed_a_page_rests(self, health, time):
        health.fresh()
        health.doubt("replica1")
        time.now += EVERY + 0.01
        assert {health.fresh() for _n in range(40)} == {"replica2"}
        time.now += REST
        assert {health.fresh() for _n in range(40)} == {"replica1", "replica2"}


@pytest.mark.django_db(transaction=True)
class TestRouter:
    def test_outside_a_page_everything_is_the_original(self):
        assert ReplicaRouter().db_for_read(Entry) == "default"

    def test_in_a_page_what_is_shown_comes_from_the_copy_and_who_somebody_is_does_not(self):
        with reading_from("replica1"):
            assert ReplicaRouter().db_for_read(Entry) == "replica1"
            assert ReplicaRouter().db_for_read(Session) == "default"
            assert ReplicaRouter().db_for_write(Entry) == "default"
        assert alias_for_reading() == "default"

    def test_in_a_transaction_nothing_is_read_from_a_copy(self):
        with reading_from("replica1"), transaction.atomic():
            assert alias_for_reading() == "default"

    def test_every_model_of_rights_sessions_and_seals_is_kept_back(self):
        """The names in the lists are models that exist: a renamed one must not slip through."""
        labels = {model._meta.label for model in apps.get_models()}
        assert labels >= replicas.NEVER_MODELS
        assert {model._meta.app_label for model in apps.get_models()} >= {
            "vault",
            "letters",
            "sessions",
        }

    def test_an_object_read_from_a_copy_is_written_to_the_original(self):
        row = Entry(seq=1)
        row._state.db = "replica1"
        assert ReplicaRouter().db_for_write(Entry, instance=row) == "default"
        assert ReplicaRouter().db_for_read(Entry, instance=row) == "default"

    def test_tables_are_made_on_the_original_alone(self):
        assert ReplicaRouter().allow_migrate("replica1", "cases") is False
        assert ReplicaRouter().allow_migrate("default", "cases") is None

    def test_without_copies_there_is_no_router(self, settings):
        assert not settings.LINLI_REPLICAS
        assert router.routers == []


def routes(patterns=None, before=""):
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLPattern):
            yield entry
        else:
            yield from routes(entry.url_patterns)


class TestPages:
    @pytest.fixture(autouse=True)
    def ready(self, settings, monkeypatch):
        settings.LINLI_REPLICAS = ["replica1"]
        monkeypatch.setattr(replicas.HEALTH, "fresh", lambda: "replica1")
        self.doubted = []
        monkeypatch.setattr(replicas.HEALTH, "doubt", self.doubted.append)
        self.seen = []

    def ask(self, path="/cases/", method="get", view=None, **cookies):
        request = getattr(RequestFactory(), method)(path)
        request.COOKIES.update(cookies)
        request.resolver_match = resolve(path)

        def plain(request):
            self.seen.append(replicas._copy.get())
            return HttpResponse("page")

        middleware = ReplicaMiddleware(lambda request: HttpResponse("original"))
        return middleware.process_view(request, view or plain, (), {})

    def test_a_public_page_for_nobody_in_particular_is_made_from_the_copy(self):
        assert self.ask().content == b"page"
        assert self.seen == ["replica1"]

    @pytest.mark.parametrize("cookie", ["sessionid", WROTE])
    def test_who_is_somebody_or_has_just_sent_something_reads_the_original(self, cookie):
        assert self.ask(**{cookie: "1"}) is None
        assert self.seen == []

    def test_whatever_is_sent_goes_to_the_original(self):
        for method in ("post", "put", "patch", "delete"):
            assert self.ask(method=method) is None

    def test_other_pages_are_made_from_the_original(self, settings):
        """Every address of the site: forms, desks and own pages never, whoever asks."""
        for path in ("/tell/", "/desk/", "/mine/", "/sign-in/", "/me/", "/where/"):
            assert self.ask(path) is None
        names = {entry.name for entry in routes() if entry.name}
        assert names >= settings.LINLI_PAGES_FROM_REPLICA
        forms = {
            "tell",
            "reply",
            "receipt",
            "my-matter",
            "account_login",
            "desk",
            "desk-case",
            "me",
        }
        assert names >= forms
        assert not forms & settings.LINLI_PAGES_FROM_REPLICA

    def test_what_is_not_there_yet_is_asked_of_the_original(self):
        def missing(request):
            raise Http404

        assert self.ask(view=missing) is None
        assert self.ask(view=lambda request: HttpResponse(status=404)) is None
        assert self.ask(view=lambda request: HttpResponse(status=302)) is None
        assert self.doubted == []

    def test_a_copy_that_fails_costs_a_page_nothing(self):
        def failing(request):
            raise DatabaseError("canceling statement due to conflict with recovery")

        assert self.ask(view=failing) is None
        assert self.doubted == ["replica1"]
        assert replicas._copy.get() == ""

    def test_who_sends_something_reads_what_they_wrote(self):
        middleware = ReplicaMiddleware(lambda request: HttpResponse("original"))
        sent = middleware(RequestFactory().post("/tell/"))
        assert sent.cookies[WROTE]["max-age"] == 30
        assert not middleware(RequestFactory().get("/cases/")).cookies

    def test_without_copies_no_cookie(self, settings):
        settings.LINLI_REPLICAS = []
        middleware = ReplicaMiddleware(lambda request: HttpResponse("original"))
        assert not middleware(RequestFactory().post("/tell/")).cookies


@pytest.mark.django_db
def test_pages_that_may_come_from_a_copy_write_nothing(client, cast, settings):
    """On a copy they could not; and nobody may count visits on the way."""
    written = []

    def look(execute, sql, params, many, context):
        if sql.lstrip().split()[0].upper() in {"INSERT", "UPDATE", "DELETE"}:
            written.append(sql)
        return execute(sql, params, many, context)

    names = {"case": ["2638420567"], "door-card": [cast.manager.organisation.place.code]}
    with connection.execute_wrapper(look):
        for name in sorted(settings.LINLI_PAGES_FROM_REPLICA):
            shelf.SHELF.clear()
            answer = client.get(reverse(name, args=names.get(name, [])), {"rate": "response"})
            assert answer.status_code in {200, 302, 404}, name
    assert written == []
