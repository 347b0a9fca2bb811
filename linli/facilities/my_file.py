"""What facilities hold about a person: rooms booked and waited for, meals; and cutting it off."""

from typing import Any

from django.db import transaction

from linli.facilities.actions import eating, lending
from linli.facilities.models import Booking, Card, Meal, Waiting
from linli.people.actors import Actor, as_resident
from linli.people.models import User
from linli.people.policies import allowed


def held(user: User) -> dict[str, Any]:
    """Bookings, meals and the card, as plain values."""
    bookings = Booking.objects.filter(user=user).select_related("room__facility")
    waits = Waiting.objects.filter(user=user).select_related("room__facility")
    meals = Meal.objects.filter(user=user).select_related("sitting__facility")
    return {
        "bookings": [
            {"where": str(row.room.facility), "room": row.room.name, "people": row.people,
             "starts": row.starts_at.isoformat(), "ends": row.ends_at.isoformat(),
             "state": row.state}
            for row in bookings.order_by("starts_at")
        ],
        "waits_for": [
            {"where": str(row.room.facility), "room": row.room.name,
             "starts": row.starts_at.isoformat()}
            for row in waits.order_by("starts_at")
        ],
        "meals": [
            {"where": str(row.sitting.facility), "day": row.day.isoformat(), "state": row.state,
             "own_cents": row.own, "subsidy_cents": row.subsidy, "gifts_cents": row.gifts}
            for row in meals.order_by("day")
        ],
        "meal_cards": [
            {"kind": row.kind, "price": row.price, "given": row.given_at.isoformat(),
             "ended": row.ended_at.isoformat() if row.ended_at else None}
            for row in Card.objects.filter(user=user).order_by("given_at")
        ],
    }  # fmt: skip


@transaction.atomic
def erase(user: User) -> None:
    """Give back what is still to come, so that others get it; the hours and the accounts stay."""
    owner = as_resident(user)
    Waiting.objects.filter(user=user).delete()
    for booking in Booking.objects.filter(user=user).select_related("room__facility"):
        allowed(_give_back_room, booking, owner)
    for meal in Meal.objects.filter(user=user).select_related("sitting__facility"):
        allowed(_give_back_meal, meal, owner)
    Booking.objects.filter(user=user).update(user=None, reason="")
    Meal.objects.filter(user=user).update(user=None)
    Card.objects.filter(user=user).delete()


def _give_back_room(booking: Booking, by: Actor) -> None:
    lending.cancel(booking, by=by)


def _give_back_meal(meal: Meal, by: Actor) -> None:
    eating.give_back(meal, by=by)
