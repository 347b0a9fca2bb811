"""Two decide about the last place at once: one of them is told that it is gone."""

import threading

import pytest
from django.db import OperationalError, connection

from linli.lib import clock
from linli.people.policies import Denied
from linli.talent.actions import reviewing
from linli.talent.models import Candidate, TierBook
from linli.talent.tests.conftest import POOL, START, gathered


@pytest.mark.django_db(transaction=True)
def test_the_last_place_is_given_once():
    with clock.moved_to(START):
        talent = gathered()
        rows = [talent.reviewed(talent.person(f"人{n}")) for n in range(2)]
        TierBook.objects.create(pool=POOL, tier="leading", places=10, filled=9)
    gate = threading.Barrier(2)
    said = []

    def decide(row):
        try:
            with clock.moved_to(START):
                gate.wait()
                reviewing.decide(row, "leading", "够条件。", by=talent.first)
                said.append("taken")
        except Denied as denied:
            said.append(str(denied))
        except OperationalError:  # SQLite: the other one writes
            said.append("busy")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[row]) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count("taken") == 1, said
    assert TierBook.objects.get().filled == 10
    assert Candidate.objects.filter(tier="leading").count() == 1
