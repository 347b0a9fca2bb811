"""Counting how often, without remembering who."""

from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import RequestFactory

from linli.lib import clock
from linli.people import limits
from linli.people.actors import ANONYMOUS
from linli.people.models import DailySalt, RateCount

HOUR = timedelta(hours=1)


def request(address: str, actor=ANONYMOUS):
    made = RequestFactory().get("/", REMOTE_ADDR=address)
    made.actor = actor
    return made


def hits(who, n: int = 3) -> int:
    """How many of `n` were let through with a limit of two."""
    through = 0
    for _ in range(n):
        with suppress(limits.TooMany):
            limits.hit("test", who, limit=2, per=HOUR)
            through += 1
    return through


def test_the_refusal_says_when_to_come_back(db):
    hits("a")
    with pytest.raises(limits.TooMany, match=r"\w") as refused:
        limits.hit("test", "a", limit=2, per=HOUR)
    assert 0 < refused.value.retry_after <= 3600


def test_a_limit_holds_for_a_window_and_then_goes_on(db):
    with clock.moved_to(clock.now().replace(minute=10)):
        assert hits("a") == 2
    with clock.moved_to(clock.now() + HOUR):
        assert hits("a") == 2


def test_people_are_counted_apart_whatever_their_network(cast):
    assert hits(request("198.51.100.1", cast.resident)) == 2
    assert hits(request("198.51.100.1", cast.neighbour)) == 2
    assert hits(request("203.0.113.9", cast.resident)) == 0


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        ("198.51.100.1", "198.51.100.200", "198.51.101.1"),
        ("2001:db8:0:1::1", "2001:db8:0:ff::9", "2001:db8:1:0::1"),
        ("", "not an address", "198.51.100.1"),
    ],
)
def test_strangers_are_counted_by_the_prefix_of_their_network(db, one, same, other):
    assert hits(request(one)) == 2
    assert hits(request(same)) == 0
    assert hits(request(other)) == 2


def test_no_row_holds_an_address_and_the_salt_goes_with_the_day(db):
    noon = clock.now().replace(hour=12)
    with clock.moved_to(noon):
        hits(request("198.51.100.1"))
    first = DailySalt.objects.get()
    assert "198.51" not in str(list(RateCount.objects.values()))
    subject = RateCount.objects.get().subject
    with clock.moved_to(noon + timedelta(days=1)):
        hits(request("198.51.100.1"))
    assert DailySalt.objects.get().salt != first.salt
    assert RateCount.objects.latest("pk").subject != subject


def test_what_is_over_is_forgotten(db):
    hits("a")
    hits(request("198.51.100.1"))
    assert limits.forget() == 0
    with clock.moved_to(clock.now() + timedelta(days=2)):
        assert limits.forget() == 2
    assert not DailySalt.objects.exists()


def test_an_action_without_a_limit_is_a_bug(db):
    with pytest.raises(KeyError):
        limits.hit("no.such.action", "a")


@pytest.mark.django_db(transaction=True)
def test_of_twelve_at_once_five_pass():
    start, passed, refused = Barrier(12), [], []

    def one() -> None:
        try:
            start.wait(10)
            limits.hit("test", "a", limit=5, per=HOUR)
            passed.append(1)
        except limits.TooMany:
            refused.append(1)
        finally:
            connection.close()

    threads = [Thread(target=one) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (len(passed), len(refused)) == (5, 7)


@pytest.mark.parametrize(
    ("proxies", "passed", "counted"),
    [
        (0, "203.0.113.9", "198.51.100.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "192.0.2.7, 203.0.113.9", "203.0.113.9"),
        (2, "192.0.2.7, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (1, "", "198.51.100.1"),
        (2, "203.0.113.9", "198.51.100.1"),
    ],
)
def test_behind_a_proxy_the_caller_is_counted_and_cannot_lie(settings, proxies, passed, counted):
    settings.LINLI_PROXIES = proxies
    made = RequestFactory().get("/", REMOTE_ADDR="198.51.100.1", HTTP_X_FORWARDED_FOR=passed)
    assert limits._address(made) == counted
