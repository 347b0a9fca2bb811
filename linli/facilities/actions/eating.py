"""Meals: cards, orders until the evening before, and what was served. Money never meets the till."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext as _

from linli.facilities import policies
from linli.facilities.actions.core import tell
from linli.facilities.models import Card, Facility, Meal, Sitting
from linli.facilities.models.meal import Order
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import User
from linli.people.policies import Denied
from linli.playbook.facility import Meals


def meals_of(facility: Facility) -> Meals:
    """Its meals. Raises Denied where none are cooked."""
    rule = facility.rule
    if rule is None or rule.meals is None:
        raise Denied(_("No meals are cooked here."))
    return rule.meals


def last_call(rule: Meals, day: date) -> datetime:
    """Until when a meal of this day is ordered or given back."""
    return datetime.combine(day - timedelta(days=1), time.fromisoformat(rule.book_by), clock.LOCAL)


def days(facility: Facility) -> Iterator[date]:
    """The days whose meals can be ordered now."""
    rule, today = meals_of(facility), clock.today()
    for n in range(1, rule.ahead + 1):
        day = today + timedelta(days=n)
        if last_call(rule, day) > clock.now() and is_cooked(facility, rule, day):
            yield day


def is_cooked(facility: Facility, rule: Meals, day: date) -> bool:
    """Whether the canteen is open for the whole meal."""
    start, end = (
        datetime.combine(day, time.fromisoformat(text), clock.LOCAL)
        for text in (rule.starts, rule.ends)
    )
    return facility.opening.covers(start, end)


@transaction.atomic
def give_card(kind: str, user: User, price: str, *, facility: Facility, by: Actor) -> Card:
    """Somebody may eat at every canteen of this kind. Giving another class ends the former card."""
    policies.check("meal.card", by, facility)
    if meals_of(facility).price(price) is None:
        raise Denied(_("There is no such class of price."))
    Card.objects.filter(kind=kind, user=user, ended_at=None).update(ended_at=clock.now())
    card = Card.objects.create(
        kind=kind, user=user, price=price, organisation=facility.organisation
    )
    record("meal.card_given", on=user, by=by, org=str(facility.organisation_id),
           facts={"kind": kind})  # fmt: skip
    return card


@transaction.atomic
def order(facility: Facility, day: date, *, by: Actor) -> Meal:
    """Order one meal; asking twice gives the same one. Raises Denied with a sentence."""
    by.check("booking.create")
    rule = meals_of(facility)
    if by.user is None:
        raise Denied(_("Please sign in first."))
    card = Card.objects.filter(kind=facility.kind, user=by.user, ended_at=None).first()
    price = rule.price(card.price) if card else None
    if price is None:
        raise Denied(_("You need a meal card. Your village or community gives it to you."))
    _check_day(facility, rule, day)
    mine = Meal.objects.filter(kind=facility.kind, user=by.user, day=day)
    mine = mine.exclude(state=Order.CANCELLED).select_related("sitting__facility")
    if there := mine.first():
        if there.sitting.facility_id == facility.pk:
            return there
        said = _("You eat at %(where)s on that day. Give that meal back first.")
        raise Denied(said % {"where": there.sitting.facility.name})
    sitting = _seat(facility, day)
    try:
        with transaction.atomic():
            meal = Meal.objects.create(
                sitting=sitting, kind=facility.kind, day=day, user=by.user, price=price.total,
                own=price.own, subsidy=price.subsidy, gifts=price.gifts,
            )  # fmt: skip
    except IntegrityError:
        raise Denied(_("You have ordered a meal for that day already.")) from None
    tell(facility, "meal.ordered", by=by, facts={"day": day.isoformat()})
    return meal


def _check_day(facility: Facility, rule: Meals, day: date) -> None:
    if last_call(rule, day) <= clock.now():
        raise Denied(_("Meals are ordered until %(hour)s the day before.") % {"hour": rule.book_by})
    if day > clock.today() + timedelta(days=rule.ahead):
        raise Denied(_("Meals are ordered at most %(n)s days ahead.") % {"n": rule.ahead})
    if not is_cooked(facility, rule, day):
        raise Denied(_("The canteen is closed on that day."))


def _seat(facility: Facility, day: date) -> Sitting:
    """One seat more is taken, if there is one: the database counts."""
    sitting, _made = Sitting.objects.get_or_create(
        facility=facility, day=day, defaults={"seats": facility.seats or 0}
    )
    free = Sitting.objects.filter(pk=sitting.pk, taken__lt=F("seats"))
    if not free.update(taken=F("taken") + 1):
        raise Denied(_("All seats of that day are taken. Another canteen may have one."))
    return sitting


@transaction.atomic
def give_back(meal: Meal, *, by: Actor) -> None:
    """Cancel an own meal until the evening before. Raises Denied."""
    if by.user is None or meal.user_id != by.user.pk:
        raise Denied(_("This is not your meal."))
    facility = meal.sitting.facility
    if last_call(meals_of(facility), meal.day) <= clock.now():
        raise Denied(_("It is cooked already. Somebody else may eat it: tell the canteen."))
    if not Meal.objects.filter(pk=meal.pk, state=Order.BOOKED).update(state=Order.CANCELLED):
        raise Denied(_("This meal was given back already."))
    Sitting.objects.filter(pk=meal.sitting_id).update(taken=F("taken") - 1)
    tell(facility, "meal.given_back", by=by, facts={"day": meal.day.isoformat()})


@transaction.atomic
def serve(meal: Meal, came: bool, *, by: Actor) -> None:
    """What the till notes: it was eaten, or nobody came; on the day itself, and it may be corrected."""
    facility = meal.sitting.facility
    policies.check("meal.serve", by, facility)
    rows = Meal.objects.filter(pk=meal.pk, day__lte=clock.today()).exclude(state=Order.CANCELLED)
    if not rows.update(state=Order.SERVED if came else Order.NO_SHOW):
        raise Denied(_("This meal is not of today, or was given back."))
    tell(facility, "meal.served" if came else "meal.missed", by=by,
         facts={"day": meal.day.isoformat()})  # fmt: skip


def account(facility: Facility, first: date, last: date) -> dict[str, int]:
    """Meals and money of these days by payer, in cents. What was cooked is paid, eaten or not."""
    rows = Meal.objects.filter(
        sitting__facility=facility, day__range=(first, last)
    ).exclude(state=Order.CANCELLED)  # fmt: skip
    found = rows.aggregate(
        meals=Count("pk"), missed=Count("pk", filter=Q(state=Order.NO_SHOW)), price=Sum("price"),
        own=Sum("own"), subsidy=Sum("subsidy"), gifts=Sum("gifts"),
    )  # fmt: skip
    return {name: value or 0 for name, value in found.items()}
