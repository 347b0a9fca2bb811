"""The county that is measured: it fills on both engines, tells whole stories, and shows its pages."""

import random
from collections.abc import Iterator
from datetime import timedelta

from django.test import Client

from linli.bench import prepare
from linli.bench.fill import fill, ground
from linli.bench.fill.rows import LIVELY, OWED, Stories
from linli.bench.pages import TERMS
from linli.cases import desk
from linli.cases.models import Asker, Case, SearchLine, Words
from linli.journal.models import Entry
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import under
from linli.people.models import Appointment

ROWS = 900  # enough for a full desk


def test_a_county_is_whole(db, monkeypatch) -> None:
    """Filled once, looked at from all sides: filling is what takes time."""
    monkeypatch.setattr(ground, "RESIDENTS", 20)
    fill(ROWS)
    _every_row_is_there()
    _the_pages_that_are_measured_are_there()
    holder = Appointment.objects.with_posts().get(post__organisation__kind=ground.DESK)
    assert desk.numbers(under(holder)).all >= OWED
    last = Entry.objects.order_by("-seq")[0].seq
    assert record("case.noted", on="cases.Case:x", by="system").seq > last


def _every_row_is_there() -> None:
    assert Case.objects.count() == ROWS
    assert Asker.objects.filter(is_first=True).count() == ROWS
    assert Entry.objects.filter(verb="case.received").count() == ROWS
    assert SearchLine.objects.count() == Case.objects.listed().count() > ROWS // 2
    assert not Entry.objects.filter(when__gt=clock.now()).exists()
    lively = Case.objects.filter(reopened=1)[0]
    assert Entry.objects.filter(subject=f"cases.Case:{lively.pk}").count() == len(LIVELY)
    assert set(Words.objects.values_list("entry", flat=True)) <= set(
        Entry.objects.values_list("seq", flat=True)
    )


def _the_pages_that_are_measured_are_there() -> None:
    facts = prepare.facts()
    case = Client().get(f"/case/{facts['case']}/").content.decode()
    assert case.count("<time") >= facts["lines"] == len(LIVELY)
    for term in TERMS.values():
        found = Client().get("/search/", {"q": term}).content.decode()
        assert found.count('href="/case/') >= 10, term
    handler = Client()
    handler.cookies[facts["cookie"]] = facts["handler"]
    assert handler.get("/desk/").content.decode().count('href="/desk/case/') >= 40


def test_the_same_seed_gives_the_same_rows(db) -> None:
    county = ground.lay(random.Random(1))
    now = clock.now()

    def told() -> Iterator[tuple[object, ...]]:
        stories = Stories(county, 40, random.Random(1), now, 1)
        while batch := stories.next(15):
            yield from ((row["number"], row["text"], row["state"]) for row in batch.cases)

    assert list(told()) == list(told())


def test_no_story_reaches_into_the_future(db) -> None:
    county = ground.lay(random.Random(1))
    now = clock.now()
    batch = Stories(county, 200, random.Random(2), now, 1).next(200)
    assert batch is not None
    assert all(row["when"] <= now for row in batch.entries)
    assert all(row["received_at"] <= now - timedelta(minutes=5) for row in batch.cases)
    open_without_due = [
        row for row in batch.cases if (row["closed_at"] is None) != (row["due_at"] is not None)
    ]
    assert not open_without_due
