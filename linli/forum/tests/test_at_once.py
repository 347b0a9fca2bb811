"""Many write at once: every number once, none missing, counts right; on both engines."""

import threading

import pytest
from django.db import connections

from linli.forum.actions.floors import reply
from linli.forum.actions.own import report
from linli.forum.models import Board, Floor, Report, Topic
from linli.lib import clock

THREADS, EACH = 4, 6


@pytest.mark.django_db(transaction=True)
def test_numbers_have_neither_gaps_nor_twins(square):
    topic = square.topic()
    people = [square.person(f"人{n}") for n in range(THREADS)]
    failed = []
    start = threading.Barrier(THREADS)

    def write(by):
        try:
            row = Topic.objects.select_related("board__place").get(pk=topic.pk)
            start.wait(10)
            for n in range(EACH):
                reply(row, f"第{n}句", by=by)
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    crowd = [threading.Thread(target=write, args=(by,)) for by in people]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join(60)
    assert failed == []
    numbers = sorted(Floor.objects.filter(topic=topic).values_list("number", flat=True))
    assert numbers == list(range(1, THREADS * EACH + 2))
    assert Topic.objects.get().floors == Board.objects.get().floors == THREADS * EACH + 1


@pytest.mark.django_db(transaction=True)
def test_one_report_for_each_reader(square):
    floor = Floor.objects.select_related("topic__board__place").get(topic=square.topic())
    by = square.person()
    start = threading.Barrier(3)

    def tell():
        try:
            start.wait(10)
            report(floor, "insult", by=by)
        finally:
            connections.close_all()

    crowd = [threading.Thread(target=tell) for _n in range(3)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join(30)
    assert Report.objects.count() == 1
    assert Report.objects.get().due_at > clock.now()
