"""A booking or a meal as a calendar entry (RFC 5545)."""

from datetime import UTC, datetime, time

from icalendar import Calendar, Event

from linli.facilities.actions import eating
from linli.facilities.models import Booking, Facility, Meal
from linli.lib import clock
from linli.web.language import lang


def of_booking(booking: Booking) -> bytes:
    """The time in the room."""
    room = booking.room
    name = f"{room.facility.name_for(lang())} · {room.name_for(lang())}"
    state = "CONFIRMED" if booking.is_held else "CANCELLED"
    return _entry(str(booking.pk), name, room.facility, booking.starts_at, booking.ends_at, state)


def of_meal(meal: Meal) -> bytes:
    """The meal at its canteen."""
    facility = meal.sitting.facility
    rule = eating.meals_of(facility)
    start, end = (
        datetime.combine(meal.day, time.fromisoformat(text), clock.LOCAL)
        for text in (rule.starts, rule.ends)
    )
    name = f"{rule.name.text(lang())} · {facility.name_for(lang())}"
    return _entry(str(meal.pk), name, facility, start, end, "CONFIRMED")


def _entry(
    uid: str, name: str, facility: Facility, start: datetime, end: datetime, state: str
) -> bytes:  # fmt: skip
    calendar = Calendar()
    calendar.add("prodid", "-//Linli//bookings//EN")
    calendar.add("version", "2.0")
    entry = Event()
    entry.add("uid", f"{uid}@linli")
    entry.add("dtstamp", clock.now())
    entry.add("dtstart", start.astimezone(UTC))
    entry.add("dtend", end.astimezone(UTC))
    entry.add("summary", name)
    entry.add("location", facility.spot or facility.place.name_for(lang()))
    entry.add("geo", (facility.lat, facility.lon))
    entry.add("status", state)
    calendar.add_component(entry)
    found: bytes = calendar.to_ical()
    return found
