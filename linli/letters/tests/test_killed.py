"""What a killed worker held is free again after its lease. The rest of P6 is `linli prove letters`."""

import os
import signal
import time
from datetime import timedelta

import pytest
from django.db import connections

from linli.letters import delivery
from linli.letters.delivery import deliver
from linli.letters.models import Letter
from linli.letters.outbox import Recipient
from linli.lib import clock

from .conftest import PHONE, new_subject, write

LEASE = timedelta(seconds=0.4)


def die_with_it():
    """Claim a letter in a process of its own, which is killed before it sends."""
    connections.close_all()  # a child must not share a connection with us
    child = os.fork()
    if not child:
        delivery._try = lambda _letter: os.kill(os.getpid(), signal.SIGKILL)
        deliver()
        os._exit(1)
    return os.waitpid(child, 0)[1]


@pytest.mark.usefixtures("transactional_db")
def test_nothing_waits_longer_than_lease_and_retry(monkeypatch):
    monkeypatch.setattr(delivery, "LEASE", LEASE)
    subject = new_subject(phone=PHONE)
    for key in "123":
        write(Recipient(subject=subject), key=key)
    assert die_with_it() == signal.SIGKILL
    held = Letter.objects.get(lease_until__isnull=False)
    assert held.lease_until <= clock.now() + LEASE
    assert held not in Letter.objects.due()
    time.sleep(LEASE.total_seconds() + 0.05)
    assert held in Letter.objects.due()
