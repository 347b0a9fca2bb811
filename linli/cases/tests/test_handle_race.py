"""Two colleagues press the same button at the same moment."""

import threading

import pytest
from django.db import connection
from django.urls import reverse

from linli.cases.models import Case, State
from linli.cases.tests.conftest import build
from linli.journal.models import Entry


@pytest.mark.django_db(transaction=True)
def test_one_wins_and_the_other_is_told_politely(client_as):
    ground = build()
    case = ground.say().case
    browsers = [client_as(ground.staff(name)) for name in ("lamps", "lamps2")]
    start, answers = threading.Barrier(2), []

    def press(browser):
        try:
            start.wait()
            address = reverse("desk-accept", args=[case.number])
            answers.append(browser.post(address, {"revision": 0}))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[browser]) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [302, 409]
    told = next(answer for answer in answers if answer.status_code == 409)
    assert 'role="alert"' in told.content.decode()
    assert Case.objects.get().state == State.ACCEPTED
    assert Entry.objects.filter(verb="case.accepted").count() == 1
