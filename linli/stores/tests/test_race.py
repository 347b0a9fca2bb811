"""Two people hand out the last quilt at the same moment: one does."""

import threading

import pytest
from django.db import connection

from linli.lib import clock, ids
from linli.people.policies import Denied
from linli.stores.actions import moving
from linli.stores.models import Movement
from linli.stores.sums import check_sums
from linli.stores.tests.conftest import START, build


@pytest.mark.django_db(transaction=True)
def test_the_last_quilt_is_handed_out_once():
    with clock.moved_to(START):
        yard = build()
        yard.gift("quilt", 1)
    start, told = threading.Barrier(2), []

    def press(actor):
        try:
            with clock.moved_to(START):
                start.wait()
                moving.hand_out(yard.station, "quilt", 1, household="梅花三号", by=actor,
                                key=ids.new_uuid())  # fmt: skip
                told.append("")
        except Denied as denied:
            told.append(str(denied))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[who]) for who in (yard.worker, yard.second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(bool(words) for words in told) == [False, True]
    assert Movement.objects.filter(kind="handed").count() == 1
    assert yard.there("quilt") == 0
    assert check_sums() == []
