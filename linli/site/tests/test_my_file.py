"""My file: what is held about me, who opened it, to take along, and to have erased."""

import csv
import io
import json

import pytest
from django.db import transaction

from linli.cases.models import Asker
from linli.cases.tests.conftest import START, build
from linli.letters.outbox import Recipient, send
from linli.lib import clock
from linli.people.actors import SYSTEM
from linli.people.models import User
from linli.site import my_file
from linli.vault import sealing


@pytest.fixture
def me(db, client):
    with clock.moved_to(START):
        ground = build()
        user = ground.staff("resident").user
        sealing.seal(user.vault_subject, "phone", "+8619900001234", purpose="sign-in")
        receipt = ground.say(by=ground.staff("resident"), user=user)
    client.force_login(user)
    return user, receipt


def test_a_visitor_is_led_to_number_and_word(client, db):
    assert client.get("/my-file/")["Location"] == "/where/"


def test_it_shows_what_is_sealed_and_who_opened_it(me, client, django_assert_max_num_queries):
    user, receipt = me
    sealing.reveal(user.vault_subject, "phone", by=SYSTEM, reason="letter: case.received")
    with django_assert_max_num_queries(15):
        html = client.get("/my-file/").content.decode()
    assert "给您发消息" in html
    assert "手机号" in html
    assert receipt.asker.pretty_number in html
    assert "19900001234" not in html


def test_the_export_holds_the_contact_and_the_opening_is_logged(me, client):
    user, receipt = me
    body = json.loads(client.get("/my-file/export/").content)
    assert body["contact"]["phone"] == "+8619900001234"
    assert body["matters"][0]["number"] == receipt.number
    assert sealing.reads_of(user.vault_subject).count() == 1


def test_erased_means_gone_and_the_matter_goes_on(me, client):
    user, receipt = me
    assert client.post("/my-file/erasure/")["Location"] == "/my-file/"
    assert sealing.find("phone", "+8619900001234")
    client.post("/my-file/erasure/", {"sure": "yes"})
    assert not sealing.find("phone", "+8619900001234")
    asker = Asker.objects.get(pk=receipt.asker.pk)
    assert (asker.user, asker.subject, asker.anonymity) == (None, "", "L3")
    assert asker.knows(receipt.word)
    assert not User.objects.get(pk=user.pk).is_active
    assert client.get("/my-file/")["Location"] == "/where/"


def test_everything_is_counted_part_by_part_and_leads_to_its_page(me, client):
    user, _receipt = me
    post("post.invited", user)
    html = client.get("/my-file/everything/").content.decode()
    assert "发给我的消息" in html
    assert 'href="/inbox/"' in html
    assert "预订的房间" not in html


def test_the_same_as_a_table(me, client):
    answer = client.get("/my-file/export/?as=csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode().removeprefix("\ufeff"))))
    assert answer["Content-Type"].startswith("text/csv")
    assert {"part": "contact", "number": "1", "field": "phone", "value": "'+8619900001234"} in rows
    assert any(row["part"] == "matters" and row["field"] == "number" for row in rows)


def post(template, user):
    with transaction.atomic():
        send(Recipient(user), template, {"what": "x", "path": "/"}, key="1")


def test_each_part_of_the_file_has_a_name(me):
    user, _receipt = me
    lists = {name for name, value in my_file._everything(user).items() if isinstance(value, list)}
    assert lists - set(my_file.PARTS) <= {"points_consents", "points_waiting", "follows_boards"}
