"""What a visitor's session leaves in the database does not say when they came."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from linli.lib import clock
from linli.people.sessions import VISIT, SessionStore, end_of_visit

pytestmark = pytest.mark.django_db


def visit(**values):
    store = SessionStore()
    store.update({"receipts": {}, **values})
    store.save()
    return Session.objects.get(pk=store.session_key)


def test_the_row_of_a_visitor_ends_at_a_full_hour():
    end = visit().expire_date
    assert (end.minute, end.second, end.microsecond) == (0, 0, 0)
    assert timedelta(hours=1) < end - clock.now() <= timedelta(hours=2)


def test_two_visits_of_one_hour_look_alike():
    hour = clock.now().replace(minute=0, second=0, microsecond=0)
    assert end_of_visit(hour) == end_of_visit(hour + timedelta(minutes=59, seconds=59))
    assert end_of_visit(hour) != end_of_visit(hour - timedelta(microseconds=1))


def test_the_browser_forgets_a_visit_after_half_an_hour():
    store = SessionStore()
    store["receipts"] = {}
    assert store.get_expiry_age() == VISIT == 30 * 60


def test_who_signed_in_stays_signed_in(cast, client_as):
    browser = client_as(cast.manager)
    row = Session.objects.get(pk=browser.session.session_key)
    assert row.expire_date - clock.now() > timedelta(days=29)


def test_a_session_that_has_ended_is_nobodys():
    row = visit()
    Session.objects.filter(pk=row.pk).update(expire_date=clock.now() - timedelta(seconds=1))
    assert SessionStore(row.pk).load() == {}
