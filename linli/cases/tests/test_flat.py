"""What lists cost: as many statements for many cases as for few, and no plan that reads them all."""

import re
from itertools import pairwise

import pytest
from django.core.cache import cache
from django.db import connection

from linli import playbook
from linli.cases import desk, finding, searching, tallies, triggers
from linli.cases.actions import handle
from linli.cases.actions.asker import reply
from linli.cases.actions.pass_on import refuse, transfer
from linli.cases.dots import cells_of
from linli.cases.finding import Wanted
from linli.cases.models import Case, SearchLine, Tally
from linli.cases.near import beside
from linli.cases.tests.crowd import crowd
from linli.lib import clock, coordinates, terms
from linli.people.actors import ANONYMOUS
from linli.web.shelf import SHELF

MANY = 2_000

PAGES = {  # address: statements a page may take
    "/cases/": 2,
    "/cases/?state=open&category=street-light": 3,
    "/cases/?place=320481103201&kind=request&since=2026-01-01&until=2026-12-31": 4,
    "/search/?q=路灯": 3,
    "/search/?q=灯&state=done&place=320481103": 4,
    "/near/?lon=119.5&lat=31.3": 8,
    "/near/?place=320481103201&state=open": 7,
}


def plan(sql: str, params) -> str:
    """How the database would run it, in its own words, were the tables too large to be read whole."""
    prefix = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(prefix + sql, params)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def plan_of(rows) -> str:
    return plan(*rows.query.sql_with_params())


@pytest.mark.parametrize("count", [20, MANY])
def test_a_page_takes_as_many_statements_for_many_as_for_few(
    ground, client, client_as, count, django_assert_max_num_queries
):
    crowd(ground, count)
    lamps = client_as(ground.staff("lamps"))
    lamps.get("/desk/")
    for address, most in PAGES.items():
        client.get(address)  # what a process reads once: names of places, the tree
        SHELF.clear()
        cache.clear()
        with django_assert_max_num_queries(most):
            html = client.get(address).content
        assert len(html) < 100_000, address
    with django_assert_max_num_queries(10):
        lamps.get("/desk/")


def test_a_visitor_costs_one_statement_while_nothing_happens(
    ground, client, django_assert_num_queries
):
    crowd(ground, 20)
    for address in ("/cases/", "/search/?q=路灯"):
        client.get(address)
        with django_assert_num_queries(1):
            client.get(address)
    before = client.get("/cases/").content
    number = ground.say().case.pretty_number
    after = client.get("/cases/").content
    assert number.encode() in after
    assert before != after


def no_scan(sql: str, values, *, index: str) -> None:
    """The statement reads `index` in the order it wants and looks the rest up by key."""
    found = plan(sql, values)
    assert index in found, found
    if connection.vendor == "sqlite":
        assert not re.search(r"SCAN (c|s|l|cases_case|cases_searchline)\b(?! USING)", found), found
    else:
        assert not re.search(r"Seq Scan on cases_(case|searchline)", found), found


def test_no_plan_reads_all_rows_or_sorts_them(ground, monkeypatch):
    cases = crowd(ground, MANY)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    seen = []
    monkeypatch.setattr(finding, "_read", lambda sql, values: seen.append((sql, values)) or [])
    key = f"{cases[50].received_at.isoformat()}~{cases[50].pk.hex}"
    finding.page(Wanted(), 20)
    finding.page(Wanted(), 20, key)
    for sql, values in seen:
        no_scan(sql, values, index="case_listed")
        found = plan(sql, values).replace("Incremental Sort", "")
        assert "TEMP B-TREE" not in found, found
        assert "Sort" not in found, found
    finding.unread(Wanted())
    no_scan(*seen[-1], index="case_listed")
    hits = "VIRTUAL TABLE INDEX" if connection.vendor == "sqlite" else "cases_search_find"
    for asked in (
        Wanted(words=terms.phrases_of("灯")), Wanted(words=terms.phrases_of("路灯坏")),
        Wanted(state="open", kind="request"),
        Wanted(words=terms.phrases_of("灯"), state="done", category="water-supply"),
    ):  # fmt: skip
        no_scan(*finding.statement(asked, 0, finding.LAST, 21), index=hits)
    desk_is_read_in_order(ground)
    if connection.vendor == "postgresql":
        gin_is_read()


def desk_is_read_in_order(ground) -> None:
    for name, which in desk._lists(clock.now()).items():
        by = "returned_due_at" if name == "returned" else "due_at"
        found = plan_of(
            desk.on_my_desk(ground.staff("lamps")).filter(which).order_by(by, "pk")[:41]
        )
        index = "case_returned" if name == "returned" else "case_desk|case_open"
        assert re.search(index, found), (name, found)
        assert "TEMP B-TREE" not in found, (name, found)


def gin_is_read() -> None:
    """What the function asks inside: the index of words, not every line."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    sql = (
        "SELECT slot FROM cases_searchline WHERE array_to_tsvector(string_to_array(btrim(words), "
        "' ')) @@ '''路灯'''::tsquery AND slot + 0 < 1 ORDER BY slot + 0 DESC LIMIT 5"
    )
    assert "Bitmap Index Scan on cases_search" in plan(sql, None)


# ── kept counts ─────────────────────────────────────────────────────────────────────────────


def real_counts() -> dict:
    found: dict = {}
    for case in Case.objects.all():
        sealed = case.kind if case.is_sealed else ""
        for band, due in ((case.band, case.due_at), ("returned", case.returned_due_at)):
            if band and due:
                key = (case.owner_id, band, sealed, due.astimezone(clock.LOCAL).date())
                found[key] = found.get(key, 0) + 1
    return found


def kept_counts() -> dict:
    found: dict = {}
    for row in Tally.objects.all():
        key = (row.owner_id, row.band, row.sealed_kind, row.day)
        found[key] = found.get(key, 0) + row.n
    return {key: n for key, n in found.items() if n}


def test_kept_counts_are_what_counting_gives_whatever_happens(ground):
    lamps, village = ground.staff("lamps"), ground.staff("manager")
    crowd(ground, 40)
    first, second, third = ground.say(), ground.say(), ground.say(category="water-supply")
    assert kept_counts() == real_counts()
    handle.accept(first.case, by=lamps)
    handle.answer(first.case, "修好了", by=lamps)
    assert kept_counts() == real_counts()
    first.asker.refresh_from_db()
    reply(first.asker, "unsolved", by=ANONYMOUS)
    transfer(second.case, ground.units["water-company"], "是水管", by=lamps)
    refuse(second.case, "不是水管", by=ground.staff("water"))
    assert kept_counts() == real_counts()
    assert desk.numbers(lamps).returned == 1
    handle.decline(third.case, "是自家的", "物业", by=ground.staff("water"))
    Case.objects.filter(pk=second.case.pk).update(due_at=first.case.received_at)
    assert kept_counts() == real_counts()
    tallies.fold()
    assert kept_counts() == real_counts()
    assert not Tally.objects.filter(n=0).exists()
    assert desk.numbers(village).all == real_sum(village)


def real_sum(actor) -> int:
    return desk.on_my_desk(actor).filter(band="owed").count()


@pytest.mark.django_db
def test_every_trigger_is_there():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        names = {row[0] for row in cursor.fetchall()}
    wanted = {f"cases_tally_{event}" for event in ("insert", "update", "delete")}
    if connection.vendor == "sqlite":
        wanted |= {
            f"{index}_{end}" for index in triggers.LINES.values() for end in ("in", "out", "new")
        }
    assert wanted <= names


# ── near ────────────────────────────────────────────────────────────────────────────────────


def test_around_a_pin_the_nearest_come_first_and_no_place_is_missed(ground):
    crowd(ground, 200)
    pin = (119.5, 31.3)
    rows = beside(pin, Wanted())
    far = [finding.Row.point.fget(row) for row in rows]
    assert len(rows) >= 12
    distances = [(lon - pin[0]) ** 2 + ((lat - pin[1]) * 1.17) ** 2 for lon, lat in far]
    assert all(a <= b * 1.1 + 1e-7 for a, b in pairwise(distances))
    assert {row.state for row in beside(pin, Wanted(state="done"))} == {"confirmed"}
    assert beside((0.0, 0.0), Wanted()) == []


def test_a_sensitive_matter_is_found_around_its_village_only(ground):
    topics = playbook.current().county.categories
    topic = next(row.id for row in topics if row.sensitive)
    pin = (119.52, 31.32)  # the village's own point is at 119.5, 31.3
    kind = next(
        rule.id for rule in playbook.current().kinds.values()
        if rule.takes(topic) and "public" in rule.visibilities and rule.identity != "required"
    )  # fmt: skip
    crowd(ground, 1)
    shown = Case.objects.get()
    row = {"category": topic, "kind": kind, "lon": pin[0], "lat": pin[1], "place": ground.village}
    Case.objects.filter(pk=shown.pk).update(**row, place_path=ground.village.path)
    for indexed in (False, True):
        if indexed:
            searching.reindex(Case.objects.all())
        else:
            SearchLine.objects.all().delete()
        (found,) = beside((119.5, 31.3), Wanted())
        assert found.point == coordinates.snap(119.5, 31.3, 100)
        cells = tuple(cells_of(coordinates.snap(*pin))[:1])
        assert finding.hits(Wanted(cells=cells), 5).rows == []
        assert finding.unread(Wanted(cells=cells)) == []
