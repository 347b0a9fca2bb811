"""Of somebody who sent without a name, the whole database knows the hour and nothing finer."""

import uuid
from datetime import UTC, datetime

from django.contrib.sessions.models import Session

from linli.cases.models import Asker
from linli.lib import clock


def numbers(value):
    """Every number somewhere in plain data, and every text that is a moment."""
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list):
        return [number for part in value for number in numbers(part)]
    return [value] if isinstance(value, int | float) and not isinstance(value, bool) else []


def test_the_session_of_the_receipt_does_not_say_when(ground, client):
    fields = {
        "client_id": str(uuid.uuid4()),
        "text": "七号楼前面的路灯不亮了。",
        "send": "1",
        "category": "street-light",
        "visibility": "public",
        "place": ground.building.code,
    }
    with clock.moved_to(datetime(2026, 11, 4, 1, 17, 23, 456, tzinfo=UTC)):
        sent = client.post("/tell/", fields)
        assert client.get(sent["Location"]).status_code == 200
    asker, row = Asker.objects.get(), Session.objects.get()
    assert asker.anonymity == Asker.Anonymity.NOTHING
    kept = numbers(row.get_decoded())
    assert kept  # until when this browser opens the receipt
    assert [number % 3600 for number in kept] == [0] * len(kept)
    assert (row.expire_date.minute, row.expire_date.second) == (0, 0)
    assert client.cookies["sessionid"]["max-age"] == 1800
