"""The desk of a facility: who comes today, what the till notes, hours, meal cards, accounts."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.facilities import policies, reading
from linli.facilities.actions import eating, keeping, lending
from linli.facilities.forms import CardForm, HoursForm, ReasonForm
from linli.facilities.models import Booking, Facility, Meal
from linli.facilities.models.meal import Order
from linli.facilities.views.public import day_of
from linli.lib import clock
from linli.people.actors import Actor, actor_of
from linli.people.models import User
from linli.people.policies import Denied
from linli.vault.accounts import account_of
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page

MOST = 200


@require_GET
@door("booking.contact")
def mine(request: HttpRequest) -> HttpResponse:
    """The facilities of my unit and of the ground it serves."""
    actor = actor_of(request)
    found = Facility.objects.running().with_names().order_by("name")
    if actor.place_path:
        found = found.within(actor.place_path)
    else:
        found = found.filter(organisation=actor.organisation)
    listed = [row for row in found[:MOST] if policies.may("booking.contact", actor, row)]
    return page(request, "facilities/desk.html", {
        "rows": [(row, reading.hours_now(row, clock.now())) for row in listed],
    })  # fmt: skip


@require_GET
@door("booking.contact")
def one(request: HttpRequest, code: str) -> HttpResponse:
    """A day at one facility: bookings or meals, and what its desk may change."""
    facility, actor = _facility(code, request), actor_of(request)
    return page(request, "facilities/desk_one.html", _context(facility, actor, day_of(request)))


def _context(facility: Facility, actor: Actor, day: date) -> dict[str, Any]:
    rule = facility.rule
    prices = [(p.id, p.name.text(lang())) for p in rule.meals.prices] if rule and rule.meals else []
    start = datetime.combine(day, time(), clock.LOCAL)
    bookings = Booking.objects.filter(room__facility=facility).live()
    first = day.replace(day=1)
    return {
        "facility": facility, "day": day, "before": day - timedelta(days=1),
        "after": day + timedelta(days=1), "now": clock.now(),
        "bookings": bookings.between(start, start + timedelta(days=1))
        .select_related("room", "user").order_by("starts_at")[:MOST],
        # The till sees names and nothing of prices.
        "meals": Meal.objects.filter(sitting__facility=facility, day=day)
        .exclude(state=Order.CANCELLED).select_related("user").order_by("user__display_name")
        .only("id", "state", "day", "user__display_name")[:MOST] if prices else None,
        "account": eating.account(facility, first, day)
        if prices and policies.may("meal.card", actor, facility) else None,
        "first": first, "prices": prices, "reason": ReasonForm(),
        "card": CardForm(None, prices) if prices and policies.may("meal.card", actor, facility) else None,
        "hours": HoursForm(initial={"hours": facility.hours})
        if policies.may("facility.keep", actor, facility) else None,
    }  # fmt: skip


def _facility(code: str, request: HttpRequest) -> Facility:
    row = get_object_or_404(Facility.objects.with_names(), code=code)
    if not policies.may("booking.contact", actor_of(request), row):
        raise Http404
    return row


@require_POST
@door("booking.cancel_other")
def cancel(request: HttpRequest, code: str, booking_id: UUID) -> HttpResponse:
    """Cancel somebody's booking; they are told why."""
    facility = _facility(code, request)
    booking = get_object_or_404(Booking.objects.select_related("room__facility"),
                                pk=booking_id, room__facility=facility)  # fmt: skip
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actor = actor_of(request)
    return _back(request, facility, booking.starts_at.astimezone(clock.LOCAL).date(),
                 lambda: lending.cancel(booking, by=actor, reason=reason))  # fmt: skip


@require_POST
@door("booking.contact")
def note(request: HttpRequest, code: str, booking_id: UUID) -> HttpResponse:
    """Somebody came, or nobody did."""
    facility, actor = _facility(code, request), actor_of(request)
    booking = get_object_or_404(Booking.objects.select_related("room__facility"),
                                pk=booking_id, room__facility=facility)  # fmt: skip
    came = request.POST.get("came") == "yes"
    return _back(request, facility, booking.starts_at.astimezone(clock.LOCAL).date(),
                 lambda: lending.note_use(booking, came, by=actor))  # fmt: skip


@require_POST
@door("meal.serve")
def serve(request: HttpRequest, code: str, meal_id: UUID) -> HttpResponse:
    """The till: eaten, or nobody came."""
    facility, actor = _facility(code, request), actor_of(request)
    meal = get_object_or_404(Meal.objects.select_related("sitting__facility"), pk=meal_id,
                             sitting__facility=facility)  # fmt: skip
    came = request.POST.get("came") == "yes"
    return _back(request, facility, meal.day, lambda: eating.serve(meal, came, by=actor))


@require_POST
@door("meal.card")
def card(request: HttpRequest, code: str) -> HttpResponse:
    """Give a meal card to the account with this number."""
    facility, actor = _facility(code, request), actor_of(request)
    rule = eating.meals_of(facility)
    form = CardForm(request.POST, [(price.id, "") for price in rule.prices])
    user = _known(form) if form.is_valid() else None
    if user is None:
        context = _context(facility, actor, clock.today())
        form.fields["price"].choices = context["prices"]  # type: ignore[attr-defined]
        return page(request, "facilities/desk_one.html", context | {"card": form}, status=422)
    price = form.cleaned_data["price"]
    return _back(request, facility, clock.today(), lambda: eating.give_card(
        facility.kind, user, price, facility=facility, by=actor))  # fmt: skip


def _known(form: CardForm) -> User | None:
    """The account with the number that was written; without one the form says why."""
    try:
        user = account_of(form.cleaned_data["person"])
    except ValueError as error:
        form.add_error("person", str(error))
        return None
    if user is None:
        form.add_error("person", _("Nobody signs in with this number yet."))
    return user


@require_POST
@door("facility.keep")
def hours(request: HttpRequest, code: str) -> HttpResponse:
    """New opening hours; what cannot be read is named with its place."""
    facility, actor = _facility(code, request), actor_of(request)
    form = HoursForm(request.POST)
    if form.is_valid():
        try:
            keeping.change_hours(facility, form.cleaned_data["hours"], by=actor)
            messages.success(request, _("The hours are changed."))
            return redirect("desk-facility", code)
        except Denied as error:
            form.add_error("hours", str(error))
    context = _context(facility, actor, clock.today()) | {"hours": form}
    return page(request, "facilities/desk_one.html", context, status=422)


def _back(request: HttpRequest, facility: Facility, day: date, act: Any) -> HttpResponse:
    """Do it, say how it went, and go back to that day."""
    try:
        act()
    except Denied as error:
        messages.error(request, str(error))
    return redirect(f"/desk/facilities/{facility.code}/?day={day.isoformat()}")
