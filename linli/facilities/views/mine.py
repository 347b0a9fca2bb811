"""Booking and giving back: what somebody does for themselves."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.facilities import calendars
from linli.facilities.actions import eating, lending
from linli.facilities.forms import BookForm
from linli.facilities.models import Booking, Meal, Waiting
from linli.facilities.models.meal import Order
from linli.facilities.views.public import (
    asks_why,
    facility_or_404,
    room_context,
    room_or_404,
)
from linli.lib import clock
from linli.people.actors import actor_of
from linli.people.policies import Denied
from linli.web.doors import door
from linli.web.pages import page

SHOWN = 50


@require_GET
@door("booking.create")
def mine(request: HttpRequest) -> HttpResponse:
    """My bookings, meals and waiting lists, the next first."""
    user, now = actor_of(request).user, clock.now()
    bookings = Booking.objects.filter(user=user, ends_at__gt=now).live()
    meals = Meal.objects.filter(user=user, day__gte=clock.today()).exclude(state=Order.CANCELLED)
    waiting = Waiting.objects.filter(user=user, starts_at__gt=now)
    return page(request, "facilities/mine.html", {
        "bookings": bookings.select_related("room__facility").order_by("starts_at")[:SHOWN],
        "meals": meals.select_related("sitting__facility").order_by("day")[:SHOWN],
        "waiting": waiting.select_related("room__facility").order_by("starts_at")[:SHOWN],
    })  # fmt: skip


@require_POST
@door("booking.create")
def book(request: HttpRequest, code: str, room_id: int) -> HttpResponse:
    """Book a room, or wait for it; what was typed stays if it cannot be."""
    room, actor = room_or_404(code, room_id), actor_of(request)
    form, denied = BookForm(request.POST, purpose=asks_why(room)), ""
    may_wait = False
    if form.is_valid():
        start, end = form.times
        people = form.cleaned_data["people"]
        try:
            if request.POST.get("wait"):
                lending.wait(room, start, end, people=people, by=actor)
                messages.success(request, _("You will get the room if it becomes free."))
            else:
                weeks = form.cleaned_data["weeks"] or 1
                lending.book(room, start, end, people=people, weeks=weeks, by=actor,
                             purpose=form.cleaned_data["purpose"])  # fmt: skip
                messages.success(request, _("The room is yours."))
            return redirect("bookings")
        except Denied as error:
            denied = str(error)
            may_wait = Booking.objects.filter(room=room).live().between(start, end).exists()
    day = form.cleaned_data.get("day") or clock.today()
    context = room_context(room, day, form) | {"denied": denied, "may_wait": may_wait}
    return page(request, "facilities/room.html", context, status=422)


@require_POST
@door("booking.create")
def cancel(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """Give my room back."""
    actor = actor_of(request)
    booking = _own(booking_id, request)
    _said(request, lambda: lending.cancel(booking, by=actor), _("The room is free again."))
    return redirect("bookings")


@require_POST
@door("booking.create")
def stop_waiting(request: HttpRequest, waiting_id: int) -> HttpResponse:
    """Wait no longer."""
    Waiting.objects.filter(pk=waiting_id, user=actor_of(request).user).delete()
    return redirect("bookings")


@require_POST
@door("booking.create")
def order(request: HttpRequest, code: str) -> HttpResponse:
    """Order a meal for a day."""
    facility, actor = facility_or_404(code), actor_of(request)
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        raise BadRequest from None
    _said(request, lambda: eating.order(facility, day, by=actor), _("The meal is ordered."))
    return redirect("facility", code)


@require_POST
@door("booking.create")
def give_back(request: HttpRequest, meal_id: UUID) -> HttpResponse:
    """Give my meal back."""
    actor = actor_of(request)
    meal = get_object_or_404(Meal.objects.select_related("sitting__facility"), pk=meal_id,
                             user=actor.user)  # fmt: skip
    _said(request, lambda: eating.give_back(meal, by=actor), _("The meal is given back."))
    return redirect("bookings")


@require_GET
@door("booking.create")
def booking_calendar(request: HttpRequest, booking_id: UUID) -> HttpResponse:
    """My booking for my calendar."""
    return _calendar(calendars.of_booking(_own(booking_id, request)))


@require_GET
@door("booking.create")
def meal_calendar(request: HttpRequest, meal_id: UUID) -> HttpResponse:
    """My meal for my calendar."""
    rows = Meal.objects.select_related("sitting__facility__place")
    meal = get_object_or_404(rows, pk=meal_id, user=actor_of(request).user)
    return _calendar(calendars.of_meal(meal))


def _own(booking_id: UUID, request: HttpRequest) -> Booking:
    rows = Booking.objects.select_related("room__facility__place")
    return get_object_or_404(rows, pk=booking_id, user=actor_of(request).user)


def _calendar(text: bytes) -> HttpResponse:
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="linli.ics"'
    return response


def _said(request: HttpRequest, act: Callable[[], object], done: str) -> None:
    """Do it, and say that it is done or why not."""
    try:
        act()
    except Denied as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
