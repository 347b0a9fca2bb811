"""Facilities come into the register, change and go; bookings are forgotten in time."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from linli import playbook
from linli.facilities import policies
from linli.facilities.actions.core import tell
from linli.facilities.models import Booking, Card, Facility, Meal, Room, Waiting
from linli.lib import clock, opening_hours
from linli.people.actors import Actor
from linli.people.models import Organisation
from linli.people.policies import Denied
from linli.places.models import Place

FORGET_BOOKINGS = timedelta(days=60)
FORGET_CARDS = timedelta(days=60)  # after their end (retention: canteen card)


@transaction.atomic
def open_facility(
    kind: str, *, code: str, name: str, organisation: Organisation, place: Place, lon: float,
    lat: float, by: Actor, rooms: Iterable[tuple[str, str, int]] = (), **more: Any,
) -> Facility:  # fmt: skip
    """Take a facility into the register. Raises Denied for a kind or a host that does not fit.

    `rooms` are (name, English name, seats); `more` are further fields of Facility.
    """
    rule = playbook.current().facilities.get(kind)
    if rule is None or organisation.kind not in rule.host:
        raise Denied(_("This body does not run facilities of that kind."))
    if not by.is_system:
        by.check("facility.keep", in_scope=by.organisation == organisation)
    more.setdefault("hours", rule.hours)
    try:
        opening_hours.parse(more["hours"])
    except opening_hours.HoursError as error:
        raise Denied(str(error)) from error
    facility = Facility.objects.create(
        kind=kind, code=code, name=name, organisation=organisation, place=place,
        place_path=place.path, lon=lon, lat=lat, **more,
    )  # fmt: skip
    Room.objects.bulk_create(
        Room(facility=facility, name=room, name_en=name_en, seats=seats)
        for room, name_en, seats in rooms
    )
    tell(facility, "facility.opened", by=by, facts={"rooms": facility.rooms.count()})
    return facility


@transaction.atomic
def change_hours(facility: Facility, hours: str, *, by: Actor) -> None:
    """New opening hours. Raises Denied with line and column of what cannot be read."""
    policies.check("facility.keep", by, facility)
    try:
        opening_hours.parse(hours)
    except opening_hours.HoursError as error:
        raise Denied(str(error)) from error
    Facility.objects.filter(pk=facility.pk).update(hours=hours.strip())
    tell(facility, "facility.hours_changed", by=by, facts={})


@transaction.atomic
def close_facility(facility: Facility, on: date, *, by: Actor) -> None:
    """It closes for good on a day. Raises Denied."""
    policies.check("facility.keep", by, facility)
    if on <= facility.valid_from:
        raise Denied(_("It has to be open for a day at least."))
    Facility.objects.filter(pk=facility.pk).update(valid_to=on)
    tell(facility, "facility.closed", by=by, facts={"on": on.isoformat()})


def forget() -> int:
    """Bookings and meals lose their person after sixty days; cards that ended go. A daily job."""
    before = clock.now() - FORGET_BOOKINGS
    found = (
        Booking.objects.filter(ends_at__lt=before).exclude(user=None).update(user=None, reason="")
    )
    found += Meal.objects.filter(day__lt=before.date()).exclude(user=None).update(user=None)
    Waiting.objects.filter(starts_at__lt=clock.now()).delete()
    Card.objects.filter(ended_at__lt=clock.now() - FORGET_CARDS).delete()
    return found
