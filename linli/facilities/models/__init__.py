"""Facilities, their rooms and bookings, meals and the cards of diners."""

from linli.facilities.models.booking import Booking, Repeat, Waiting
from linli.facilities.models.facility import Facility, Room
from linli.facilities.models.meal import Card, Meal, Sitting

__all__ = ["Booking", "Card", "Facility", "Meal", "Repeat", "Room", "Sitting", "Waiting"]
