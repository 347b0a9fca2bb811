"""A village is complete when every part of the bundle is open; what is missing is named."""

import csv
import io
from datetime import timedelta

import pytest

from linli import playbook
from linli.facilities import bundles
from linli.facilities.actions import keeping
from linli.facilities.models import Facility
from linli.lib import clock
from linli.people.actors import SYSTEM


@pytest.fixture
def rule():
    return playbook.current().bundles["five-halls"]


def opened(houses, kind, **more):
    cast = houses.cast
    return keeping.open_facility(
        kind, code=f"x-{kind}", name=kind, organisation=cast.bodies["committee"],
        place=cast.places["community"], lon=119.5, lat=31.4, by=SYSTEM, **more,
    )  # fmt: skip


def row_of(houses, rule):
    path = houses.cast.places["community"].path
    return next(row for row in bundles.rows(rule) if row.village.path == path)


def test_what_is_missing_is_named_until_all_six_are_open(houses, rule):
    assert row_of(houses, rule).missing(rule, "zh") == [
        "议事堂", "文化礼堂", "小学堂", "道德讲堂", "爱心站",
    ]  # fmt: skip
    for kind in ("council-room", "culture-hall", "children-hall", "talk-hall", "giving-station"):
        assert not row_of(houses, rule).is_complete
        opened(houses, kind, valid_from=clock.today() - timedelta(days=9))
    assert row_of(houses, rule).is_complete
    Facility.objects.filter(kind="talk-hall").update(valid_to=clock.today())
    assert (
        row_of(houses, rule).missing(rule, "en") == ["Civic talks"]
        or not row_of(houses, rule).is_complete
    )


def test_the_pages_and_the_table_say_the_same(houses, rule, client):
    town = houses.cast.places["community"].parent
    html = client.get("/facilities/bundles/five-halls/").content.decode()
    assert f"town={town.code}" in html
    one = client.get(f"/facilities/bundles/five-halls/?town={town.code}").content.decode()
    assert houses.cast.places["community"].name in one
    assert "议事堂" in one
    answer = client.get("/facilities/bundles/five-halls/?as=csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))
    assert len(rows) - 1 == len(bundles.rows(rule))
    mine = next(row for row in rows if row[0] == houses.cast.places["community"].code)
    assert mine[3] == Facility.objects.filter(kind="canteen").first().valid_from.isoformat()


@pytest.mark.parametrize("path", ["five-halls/?town=nowhere", "none/"])
def test_what_is_not_there_is_not_found(houses, client, path):
    assert client.get(f"/facilities/bundles/{path}").status_code == 404


def test_two_statements_however_many_villages(houses, rule, django_assert_num_queries):
    with django_assert_num_queries(2):
        bundles.rows(rule)
