"""Promise P6, small: workers are killed between claim, send and mark; every letter has its effect.

Processes are forked and really killed (SIGKILL). The receiver is the file adapter behind a door that
fails a third of the time; it records keys, and twice the same key is one effect.
"""

import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connections

from linli.letters import delivery
from linli.letters.channels import sms
from linli.letters.delivery import deliver
from linli.letters.models import Letter, State
from linli.letters.outbox import WAYS, Recipient
from linli.lib import clock

from .conftest import PHONE, new_subject, write

LETTERS = 200
SEED = 20261123
LEASE, STEP = timedelta(seconds=0.4), timedelta(seconds=0.02)
WITHIN = 60.0  # seconds; it takes about eight
POINTS = ("claimed", "sent", "marked")


def flaky(address, body, key):
    """Down a third of the time: before it took the message, or after, when nobody hears the yes."""
    draw = random.random()
    if draw < 0.2:
        raise ConnectionError
    sms.to_file(address, body, key)
    if draw > 0.87:
        raise TimeoutError


@dataclass
class Report:
    lost: int
    doubled: int  # one letter under two keys: two effects
    redelivered: int  # the same key once more: no second effect
    kills: Counter
    waiting: int


def judge(report):
    """The promise, in numbers; the same for the real order and for the broken one."""
    assert report.lost == 0, f"{report.lost} letters lost"
    assert report.doubled == 0, f"{report.doubled} letters doubled"
    assert report.waiting == 0, f"{report.waiting} letters stuck"
    assert report.redelivered <= LETTERS  # a third of the answers is lost on purpose


@pytest.fixture(autouse=True)
def receiver(settings, monkeypatch, transactional_db):
    settings.LINLI_SMS = "linli.letters.tests.test_killed.flaky"
    monkeypatch.setattr(delivery, "LEASE", LEASE)
    monkeypatch.setattr(delivery, "STEP", STEP)
    monkeypatch.setattr(delivery, "MOST_ATTEMPTS", 60)  # kills are far denser than in life


def post(count=LETTERS):
    """Write letters to one person; their ids."""
    subject = new_subject(phone=PHONE)
    for number in range(count):
        write(Recipient(subject=subject), key=str(number))
    return [str(pk) for pk in Letter.objects.values_list("pk", flat=True)]


def fork(work):
    """Run `work` in a process of its own, on connections of its own; its id."""
    connections.close_all()  # a child must not share a connection with us
    child = os.fork()
    if child:
        return child
    try:
        work()
        os._exit(0)
    except BaseException:
        os._exit(1)


def die_at(point, after):
    """Have this process killed once it has come to `point` for the `after`th time."""
    left = [after]

    def here(name):
        left[0] -= name == point
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    claim, mark = delivery._claim, delivery._mark_sent

    def claimed(letter):
        mine = claim(letter)
        here("claimed")
        return mine

    def marked(letter):
        here("sent")
        way = mark(letter)
        here("marked")
        return way

    delivery._claim, delivery._mark_sent = claimed, marked


def mark_first():
    """The broken order: mark, then send. Whoever dies or fails in between has lost a letter."""
    carry, mark = delivery._carry, delivery._mark_sent

    def carried(letter):
        mark(letter)
        carry(letter)

    delivery._carry = carried


def no_lease():
    """Another broken order: nobody claims, so two workers send the same at the same time."""

    def send_anew(address, text, key):
        sms.send(address, text, f"{key}#{os.getpid()}")

    delivery._claim = lambda letter: True
    WAYS["sms"] = type("Keyless", (), {"address_kind": "phone", "send": staticmethod(send_anew)})


def run(letters, *, broken=None):
    """Two workers at a time, each killed somewhere, until the outbox is empty."""
    draw = random.Random(SEED)
    kills, until = Counter(), time.monotonic() + WITHIN
    while Letter.objects.filter(state=State.WAITING).exists() and time.monotonic() < until:
        plans = [(draw.choice(POINTS), draw.randrange(12), draw.random()) for _ in range(2)]
        children = [fork(lambda plan=plan: _worker(plan, broken)) for plan in plans]
        for child, plan in zip(children, plans, strict=True):
            status = os.waitpid(child, 0)[1]
            assert status in (0, signal.SIGKILL), f"a worker ended by itself: {status}"
            kills[plan[0]] += status == signal.SIGKILL
        time.sleep(0.02)
    return _report(letters, kills)


def _worker(plan, broken):
    point, after, seed = plan
    random.seed(seed)
    if broken:
        broken()
    die_at(point, after)
    for _ in range(4):
        deliver()


def _report(letters, kills):
    path = sms.log_path()
    lines = path.read_text().splitlines() if path.exists() else []
    keys = Counter(line.partition('"key": "')[2].partition('"')[0] for line in lines)
    effects = Counter(key.partition("#")[0] for key in keys)
    return Report(
        lost=sum(1 for pk in letters if not effects[pk]),
        doubled=sum(1 for pk in letters if effects[pk] > 1),
        redelivered=sum(keys.values()) - len(keys),
        kills=kills,
        waiting=Letter.objects.exclude(state=State.SENT).count(),
    )


def test_nothing_is_lost_and_nothing_doubled():
    report = run(post())
    judge(report)
    assert all(report.kills[point] >= 3 for point in POINTS), report.kills
    assert report.redelivered > 0  # the kills did hit between send and mark


def test_nothing_waits_longer_than_lease_and_retry():
    """What a killed worker held is free again after the lease, and not before."""
    post(3)
    child = fork(lambda: (die_at("claimed", 0), deliver()))
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    held = Letter.objects.get(lease_until__isnull=False)
    assert held.lease_until <= clock.now() + LEASE
    assert held not in Letter.objects.due()
    time.sleep(LEASE.total_seconds() + 0.05)
    assert held in Letter.objects.due()


def test_marked_before_sent_the_same_check_finds_the_loss():
    report = run(post(40), broken=mark_first)
    with pytest.raises(AssertionError, match="lost"):
        judge(report)


def test_without_claim_and_key_the_same_check_finds_the_doubles():
    report = run(post(40), broken=no_lease)
    with pytest.raises(AssertionError, match="doubled"):
        judge(report)
