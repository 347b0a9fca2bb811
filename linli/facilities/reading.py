"""What pages say of facilities: open or not, how far, what is free."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from linli import playbook
from linli.facilities.actions import eating
from linli.facilities.models import Booking, Facility, Meal, Room, Sitting
from linli.facilities.models.booking import State
from linli.facilities.models.meal import Order
from linli.lib import clock
from linli.lib.coordinates import distance_m
from linli.lib.opening_hours import OpeningHours
from linli.people.models import User
from linli.places.models import Kind, Place
from linli.web import dates
from linli.web.language import lang

WEEK: Final = 7


@dataclass(frozen=True)
class Row:
    """One facility in a list."""

    facility: Facility
    name: str
    kind: str
    where: str
    is_open: bool
    hours: str  # "open until 17:30", "opens tomorrow at 08:30"
    metres: float | None
    free: int | None  # seats left at the next meal, where meals are cooked

    @property
    def has_room(self) -> bool:
        return self.is_open and self.free != 0


def rows(kind: str, place: Place | None, around: Place | None) -> list[Row]:
    """Running facilities at a place, or by their distance from one; open ones with room first."""
    found = Facility.objects.running().with_names()
    if kind:
        found = found.filter(kind=kind)
    if place is not None and around is None:
        found = found.within(place)
    listed = list(found.order_by("name", "pk"))
    free = _free_seats(listed)
    now = clock.now()
    made = [_row(one, now, around, free.get(one.pk)) for one in listed]
    return sorted(made, key=lambda row: (not row.has_room, row.metres or 0, row.name))


def _row(facility: Facility, now: datetime, around: Place | None, free: int | None) -> Row:
    rule = facility.rule
    metres = None
    if around is not None and around.lon is not None and around.lat is not None:
        metres = distance_m(around.lon, around.lat, facility.lon, facility.lat)
    return Row(
        facility, facility.name_for(lang()), rule.name.text(lang()) if rule else "",
        facility.place.full_name(lang()), facility.opening.open_span(now) is not None,
        hours_now(facility, now), metres, free,
    )  # fmt: skip


def hours_now(facility: Facility, now: datetime) -> str:
    """When it closes, or opens, in words."""
    span = facility.opening.open_span(now)
    if span:
        return _("open until %(hour)s") % {"hour": dates.hour(span[1])}
    opens = facility.opening.next_opening(now)
    if opens is None:
        return _("closed for the next two months")
    return _("closed; opens %(when)s") % {"when": dates.day_and_time(opens)}


def _free_seats(listed: Sequence[Facility]) -> dict[int, int]:
    """Seats left at the next meal that can be ordered."""
    next_day = {}
    for facility in listed:
        if facility.rule and facility.rule.meals and facility.seats is not None:
            next_day[facility.pk] = next(eating.days(facility), None)
    taken = {
        (row.facility_id, row.day): row.taken
        for row in Sitting.objects.filter(facility__in=next_day, day__gte=clock.today())
    }
    return {
        one.pk: (one.seats or 0) - taken.get((one.pk, day), 0)
        for one in listed
        if (day := next_day.get(one.pk)) is not None
    }


def week(opening: OpeningHours, first: date) -> list[tuple[date, str]]:
    """The hours of seven days in words."""
    found = []
    for n in range(WEEK):
        day = first + timedelta(days=n)
        spans = [f"{_clock(begin)}–{_clock(end)}" for begin, end in opening.on(day)]
        found.append((day, _(", ").join(spans) or pgettext("hours", "closed")))
    return found


def _clock(minutes: int) -> str:
    return "24:00" if minutes == 24 * 60 else f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def services(facility: Facility) -> list[str]:
    """What one finds there."""
    rule = facility.rule
    names = {one.id: one.name.text(lang()) for one in rule.services} if rule else {}
    return [names[one] for one in facility.services if one in names]


def taken(room: Room, day: date) -> list[tuple[datetime, datetime]]:
    """Busy times of a room on a day: when, never who."""
    start = datetime.combine(day, time(), clock.LOCAL)
    found = Booking.objects.filter(room=room).live().between(start, start + timedelta(days=1))
    return list(found.order_by("starts_at").values_list("starts_at", "ends_at"))


def visits(facility: Facility, year: int) -> tuple[int, int] | None:
    """Groups and people who came in a year; None where groups are not counted."""
    if facility.rule is None or facility.rule.rooms is None or not facility.rule.rooms.groups_a_day:
        return None
    begin = datetime(year, 1, 1, tzinfo=clock.LOCAL)
    end = min(clock.now(), datetime(year + 1, 1, 1, tzinfo=clock.LOCAL))
    came = Booking.objects.filter(room__facility=facility, ends_at__gte=begin, ends_at__lt=end)
    found = came.live().exclude(state=State.NO_SHOW).aggregate(n=Count("pk"), people=Sum("people"))
    return found["n"], found["people"] or 0


def meals(facility: Facility, user: User | None) -> list[dict[str, Any]]:
    """The days whose meals can be ordered: seats left, and one's own."""
    listed = list(eating.days(facility))
    seats = dict(
        Sitting.objects.filter(facility=facility, day__in=listed).values_list("day", "taken")
    )
    mine = {
        meal.day: meal
        for meal in Meal.objects.filter(kind=facility.kind, user=user, day__in=listed)
        .exclude(state=Order.CANCELLED).select_related("sitting__facility")
    } if user else {}  # fmt: skip
    return [
        {"day": day, "free": (facility.seats or 0) - seats.get(day, 0), "mine": mine.get(day),
         "here": day in mine and mine[day].sitting.facility_id == facility.pk}
        for day in listed
    ]  # fmt: skip


def kinds() -> list[tuple[str, str]]:
    """Kinds of facility that there are, by name."""
    there = set(Facility.objects.running().order_by().values_list("kind", flat=True).distinct())
    return [
        (kind.id, kind.name.text(lang()))
        for kind in playbook.current().facilities.values()
        if kind.id in there
    ]


def towns() -> list[dict[str, Any]]:
    """The outlines of the towns."""
    rows = Place.objects.current().of_kind(Kind.TOWN).order_by("code")
    return [{"boundary": row.boundary, "label": row.name_for(lang())} for row in rows]


def points(found: Iterable[Row]) -> list[dict[str, Any]]:
    """Dots for the map."""
    return [
        {"lon": row.facility.lon, "lat": row.facility.lat, "label": row.name,
         "tone": "ok" if row.has_room else "landmark"}
        for row in found
    ]  # fmt: skip
