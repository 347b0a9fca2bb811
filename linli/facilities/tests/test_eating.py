"""Meals: until five the day before, never above capacity, every cent accounted for."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from linli.facilities.actions import eating
from linli.facilities.models import Card, Meal, Sitting
from linli.facilities.models.meal import Order
from linli.lib import clock
from linli.people.actors import SYSTEM
from linli.people.policies import Denied

THURSDAY = date(2026, 11, 5)
SATURDAY = date(2026, 11, 7)


def test_ordered_until_five_the_day_before(houses):
    diner = houses.person()
    assert next(eating.days(houses.canteen)) == THURSDAY
    with clock.moved_to(houses.at(0, 17)), pytest.raises(Denied):
        eating.order(houses.canteen, THURSDAY, by=diner)
    with clock.moved_to(houses.at(0, 16, 59)):
        meal = eating.order(houses.canteen, THURSDAY, by=diner)
        assert eating.order(houses.canteen, THURSDAY, by=diner) == meal
    with pytest.raises(Denied):
        eating.order(houses.canteen, SATURDAY, by=diner)  # closed on Saturdays
    with pytest.raises(Denied):
        eating.order(houses.canteen, date(2026, 11, 20), by=diner)  # too far ahead


def test_no_meal_above_capacity_and_one_a_day_anywhere(houses):
    first, second, third = houses.person(), houses.person(), houses.person()
    eating.order(houses.canteen, THURSDAY, by=first)
    eating.order(houses.canteen, THURSDAY, by=second)
    with pytest.raises(Denied):
        eating.order(houses.canteen, THURSDAY, by=third)
    meal = eating.order(houses.other, THURSDAY, by=third)
    with pytest.raises(Denied):
        eating.order(houses.canteen, THURSDAY, by=third)
    eating.give_back(meal, by=third)
    assert Sitting.objects.get(facility=houses.other).taken == 0
    with pytest.raises(Denied):
        eating.give_back(meal, by=third)
    with pytest.raises(IntegrityError), transaction.atomic():
        Sitting.objects.filter(facility=houses.canteen).update(taken=3)


def test_own_subsidy_and_gifts_are_the_price_of_every_meal(houses):
    for price in ("plain", "helped"):
        eating.order(houses.canteen, THURSDAY, by=houses.person(price))
    account = eating.account(houses.canteen, THURSDAY, THURSDAY)
    assert account == {"meals": 2, "missed": 0, "price": 1600, "own": 200, "subsidy": 1200,
                       "gifts": 200}  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Meal.objects.update(own=1)


def test_a_card_is_needed_and_only_one_holds(houses):
    stranger = houses.cast.resident
    with pytest.raises(Denied):
        eating.order(houses.canteen, THURSDAY, by=stranger)
    with pytest.raises(Denied):
        eating.give_card("canteen", stranger.user, "plain", facility=houses.canteen, by=stranger)
    with pytest.raises(Denied):
        eating.give_card("canteen", stranger.user, "gold", facility=houses.canteen, by=SYSTEM)
    for price in ("plain", "helped"):
        eating.give_card("canteen", stranger.user, price, facility=houses.canteen, by=SYSTEM)
    assert Card.objects.get(user=stranger.user, ended_at=None).price == "helped"


def test_the_till_notes_who_ate(houses):
    diner = houses.person()
    meal = eating.order(houses.canteen, THURSDAY, by=diner)
    with pytest.raises(Denied):
        eating.serve(meal, True, by=houses.cast.manager)  # not before its day
    with clock.moved_to(houses.at(1, 11, 30)):
        with pytest.raises(Denied):
            eating.serve(meal, True, by=diner)
        eating.serve(meal, False, by=houses.cast.manager)
        eating.serve(meal, True, by=houses.cast.manager)
        with pytest.raises(Denied):
            eating.give_back(meal, by=diner)
    meal.refresh_from_db()
    assert meal.state == Order.SERVED
