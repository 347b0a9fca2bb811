"""Where to go: the list, one facility, one room and its free hours."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from linli import playbook
from linli.facilities import policies, reading
from linli.facilities.forms import BookForm
from linli.facilities.models import Card, Facility, Room
from linli.lib import clock
from linli.people.actors import actor_of
from linli.places.models import Place
from linli.web.doors import door
from linli.web.pages import page


@require_GET
@door("facility.read")
def index(request: HttpRequest) -> HttpResponse:
    """Facilities of a kind, open ones with room first; around a village the nearest first."""
    kind, text = request.GET.get("kind", ""), request.GET.get("near", "").strip()
    place = _place(text)
    village = place if place and place.level >= 2 else None
    found = reading.rows(kind, place, village)
    return page(request, "facilities/index.html", {
        "rows": found, "kinds": reading.kinds(), "kind": kind, "asked": text, "place": place,
        "points": reading.points(found), "areas": reading.towns(),
        "bundles": playbook.current().bundles.values(),
    }, block="found")  # fmt: skip


def _place(text: str) -> Place | None:
    rows = Place.objects.current().light()
    if not text:
        return None
    return rows.filter(code=text).first() or rows.filter(name__startswith=text).first()


def facility_or_404(code: str) -> Facility:
    """A facility that is running, with its names."""
    return get_object_or_404(Facility.objects.running().with_names(), code=code)


@require_GET
@door("facility.read")
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One facility: hours, services, rooms, meals."""
    facility, actor = facility_or_404(code), actor_of(request)
    rule, today = facility.rule, clock.today()
    rooms = facility.rooms.exclude(valid_to__lte=today).order_by("name")
    context: dict[str, Any] = {
        "facility": facility, "rule": rule, "week": reading.week(facility.opening, today),
        "now": reading.hours_now(facility, clock.now()), "services": reading.services(facility),
        "is_open": facility.opening.open_span(clock.now()) is not None, "rooms": rooms,
        "visits": reading.visits(facility, today.year),
        "keeps": policies.may("booking.cancel_other", actor, facility), "meals": None, "card": None,
    }  # fmt: skip
    if rule and rule.meals:
        context["meals"] = reading.meals(facility, actor.user)
        context["card"] = Card.objects.filter(
            kind=facility.kind, user=actor.user, ended_at=None
        ).exists() if actor.user else None  # fmt: skip
    return page(request, "facilities/one.html", context)


def room_or_404(code: str, room_id: int) -> Room:
    """A room of a running facility."""
    facility = facility_or_404(code)
    room = get_object_or_404(Room, pk=room_id, facility=facility)
    room.facility = facility
    return room


@require_GET
@door("booking.free_busy")
def room(request: HttpRequest, code: str, room_id: int) -> HttpResponse:
    """A room's busy times on a day, and the form to book it."""
    row = room_or_404(code, room_id)
    day = day_of(request)
    form = BookForm(initial={"day": day, "people": 2, "weeks": 1}, purpose=asks_why(row))
    return page(request, "facilities/room.html", room_context(row, day, form))


def asks_why(row: Room) -> bool:
    """Whether groups say here what they come for."""
    rule = row.facility.rule
    return bool(rule and rule.rooms and rule.rooms.purpose)


def room_context(row: Room, day: date, form: BookForm) -> dict[str, Any]:
    """What the page of a room shows."""
    if row.facility.rule is None or row.facility.rule.rooms is None:
        raise Http404
    return {
        "room": row, "facility": row.facility, "rules": row.facility.rule.rooms, "day": day,
        "taken": reading.taken(row, day), "form": form, "denied": "", "may_wait": False,
        "hours": reading.week(row.facility.opening, day)[0][1], "before": day - timedelta(days=1),
        "after": day + timedelta(days=1), "today": clock.today(),
    }  # fmt: skip


def day_of(request: HttpRequest) -> date:
    """The day asked for, today without one."""
    said = request.GET.get("day", "")
    try:
        return date.fromisoformat(said) if said else clock.today()
    except ValueError:
        raise BadRequest from None
