"""Which letters follow which line about a booking: a follower, so none is sent twice or lost."""

from collections.abc import Sequence
from typing import Final

from django.urls import reverse
from django.utils import translation

from linli.facilities.models import Booking
from linli.journal.models import Entry
from linli.letters.outbox import Recipient, send
from linli.web import dates
from linli.web.language import lang

VERBS: Final = ("booking.cancelled", "booking.handed_on")


def handle(entries: Sequence[Entry]) -> None:
    """Tell whoever lost a room by the office, and whoever waited and now has one."""
    told = {entry.facts["booking"]: entry for entry in entries if entry.facts.get("user")}
    rows = Booking.objects.filter(pk__in=told).select_related("room__facility", "user")
    for booking in rows:
        if booking.user is not None and booking.user.is_active:
            _send(told[str(booking.pk)], booking)


def _send(entry: Entry, booking: Booking) -> None:
    user = booking.user
    assert user is not None  # the caller looked
    room = booking.room
    with translation.override(user.language):
        context = {
            "what": f"{room.facility.name_for(lang())} · {room.name_for(lang())}",
            "when": dates.day_and_time(booking.starts_at), "path": reverse("bookings"),
        }  # fmt: skip
    if entry.verb == "booking.cancelled":
        context["why"] = booking.reason
    send(Recipient(user=user, language=user.language), entry.verb, context, key=f"{entry.seq}",
         about=entry.subject)  # fmt: skip
