"""Prepared queries give what the queryset gives, for every value."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError

from linli.lib import clock
from linli.people.models import Appointment, User
from linli.web.prepared import Prepared


def test_the_same_rows_as_the_queryset(cast):
    def held(user, day):
        rows = Appointment.objects.in_force(day).filter(user=user).order_by("pk")
        return rows.values_list("pk", "user_id", "from_date", "post__kind")

    prepared = Prepared(held, user=UUID, day=date)
    today = clock.today()
    for user in User.objects.all():
        for day in (today, date(1990, 1, 1)):
            assert prepared(user=user.pk, day=day) == list(held(user.pk, day))
    assert prepared(user=uuid4(), day=today) == []


def test_a_value_without_a_place_is_an_error(db):
    lost = Prepared(lambda name: User.objects.values_list("pk"), name=str)
    with pytest.raises(DatabaseError):
        lost(name="x")
