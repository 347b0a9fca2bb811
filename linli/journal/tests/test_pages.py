"""The public pages: heads by day for everybody, and the file for a witness."""

import re
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from linli.journal import check, seal
from linli.journal.models import Seal
from linli.journal.record import record
from linli.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_key(settings, tmp_path):
    settings.DATA = tmp_path


def sealed_days(days):
    with transaction.atomic():
        record("case.noted", on="x:1", by="system")
    with clock.moved_to(clock.now() + timedelta(days=days)):
        return seal.seal_up_to_yesterday()


def test_the_heads_are_shown_to_everybody(client):
    made = sealed_days(2)
    html = client.get("/journal/").content.decode()
    assert "记录封条" in html
    for row in made:
        assert f'datetime="{row.day.isoformat()}"' in html
    shown = {head.replace(" ", "") for head in re.findall(r"<dd><code>([^<]+)</code>", html)}
    assert shown == {row.head for row in made}
    assert made[0].key in html


def test_the_page_speaks_english(client):
    sealed_days(1)
    client.cookies["django_language"] = "en"
    assert "Seals of the journal" in client.get("/journal/").content.decode()


def test_before_the_first_seal_the_page_says_so(client):
    assert "还没有封条" in client.get("/journal/").content.decode()
    assert client.get("/journal/heads.json").json()["heads"] == []


def test_older_seals_are_pages_back_and_nothing_is_left_out(client):
    made = sealed_days(70)
    seen, address, pages = [], "/journal/", 0
    while address:
        html = client.get(address).content.decode()
        seen += re.findall(r'<time datetime="([0-9-]+)">', html)
        older = re.search(r'href="(/journal/\?before=[0-9]+)"', html)
        address, pages = older and older[1], pages + 1
    assert seen == [row.day.isoformat() for row in reversed(made)]
    assert pages == 3


@pytest.mark.parametrize("before", ["", "x", "-1", "٣", "9" * 40, "0"])
def test_a_strange_address_is_no_error(client, before):
    sealed_days(1)
    assert client.get("/journal/", {"before": before}).status_code == 200


def test_the_file_is_what_a_witness_needs(client):
    sealed_days(3)
    answer = client.get("/journal/heads.json")
    assert answer["Content-Type"] == "application/json"
    assert len(answer.json()["heads"]) == Seal.objects.count() == 3
    assert check.verify(answer.json()).ok


def test_only_reading(client):
    for address in ("/journal/", "/journal/heads.json"):
        assert client.post(address).status_code == 405


def test_the_page_costs_the_same_however_many_seals(client):
    sealed_days(3)
    client.get("/journal/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get("/journal/")
    Seal.objects.bulk_create(
        Seal(number=n, day=clock.today(), upto_seq=1, count=0, head="a" * 64, previous="a" * 64,
             key="k", signature="s", made_at=clock.now())
        for n in range(4, 40)
    )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        client.get("/journal/")
    assert len(many) == len(few) <= 4
