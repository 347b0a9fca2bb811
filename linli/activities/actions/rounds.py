"""The stops of a round: places, or homes that agreed, each at most as often as it may be."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta

from django.db import models
from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from linli.activities.models import Home, Occurrence, Stop
from linli.activities.policies import check, check_is_open
from linli.lib.workdays import Span
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.places.models import Place
from linli.playbook.schema import ActivityKind

MOST_STOPS = 40


def add_stops(occurrence: Occurrence, stops: Sequence[Place | Home], *, by: Actor) -> list[Stop]:
    """Put places or homes on the round, behind those it has; inside the caller's transaction.

    Raises Denied: the kind has no such stops, or a home was visited too shortly before.
    """
    if not stops:
        return []
    check_is_open(occurrence)
    check("activity.create", by, occurrence)
    last = occurrence.stops.aggregate(Max("order"))["order__max"] or 0
    if last + len(stops) > MOST_STOPS:
        raise Denied(_("A round has at most %(n)s stops.") % {"n": MOST_STOPS})
    made = []
    for order, stop in enumerate(stops, last + 1):
        if isinstance(stop, Home):
            _book(occurrence, stop)
            made.append(Stop(occurrence=occurrence, order=order, place=stop.place, home=stop))
        else:
            _check_place(occurrence, stop)
            made.append(Stop(occurrence=occurrence, order=order, place=stop))
    return Stop.objects.bulk_create(made)


def plan_times(occurrence: Occurrence, times: Mapping[int, time | None], *, by: Actor) -> None:
    """When a vehicle means to be at each stop (stop id -> local time); printed on the timetable.

    Raises Denied: it is over, or a later stop would be reached before an earlier one.
    """
    check_is_open(occurrence)
    check("activity.create", by, occurrence)
    stops = list(occurrence.stops.all())
    planned = [(stop, times.get(stop.pk)) for stop in stops]
    known = [at for _stop, at in planned if at is not None]
    if known != sorted(known):
        raise Denied(_("A later stop cannot be reached before an earlier one."))
    for stop, at in planned:
        stop.planned_at = at
    Stop.objects.bulk_update(stops, ["planned_at"])


def take_off(stop: Stop, *, by: Actor) -> None:
    """Take a stop off the round again, before anything was noted there."""
    check_is_open(stop.occurrence)
    check("activity.create", by, stop.occurrence)
    if stop.noted_at is not None:
        raise Denied(_("Something was noted there already."))
    _free(Stop.objects.filter(pk=stop.pk))
    stop.delete()


def moved(occurrence: Occurrence) -> None:
    """The round has another day: its homes are expected then."""
    homes = Home.objects.filter(stops__occurrence=occurrence, stops__noted_at=None)
    Home.objects.filter(pk__in=homes.values("pk")).update(next_visit_on=occurrence.day)


def freed(occurrence: Occurrence) -> None:
    """The round does not take place: its homes can be put on another one."""
    _free(Stop.objects.filter(occurrence=occurrence, noted_at=None))


def may_be_visited(home: Home, rule: ActivityKind, day: date) -> bool:
    """Whether the home wishes it, is on nobody's round, and was not visited too shortly before."""
    return Home.objects.filter(_free_for(rule, day), pk=home.pk).exists()


def free_homes(rule: ActivityKind, organisation: int, day: date) -> list[Home]:
    """The homes of a body that can be put on a round of that day, longest unvisited first."""
    rows = Home.objects.filter(_free_for(rule, day), kind=rule.id, organisation=organisation)
    return list(rows.select_related("place").order_by(F("last_visit_on").asc(nulls_first=True)))


def _free_for(rule: ActivityKind, day: date) -> Q:
    free = Q(ended_at=None, next_visit_on=None)
    if rule.limit is None:
        return free
    rested = Q(last_visit_on=None) | Q(last_visit_on__lte=day - _length(rule.limit.every))
    if rule.limit.unless_asked:
        rested |= Q(asked_on__gt=F("last_visit_on"))
    return free & rested


def _book(occurrence: Occurrence, home: Home) -> None:
    """One guarded UPDATE: of two rounds that want the same home, one gets it."""
    rule = occurrence.rule
    if rule.stops != "homes" or home.kind != rule.id:
        raise Denied(_("This home did not agree to that."))
    if home.organisation_id != occurrence.organisation_id:
        raise Denied(_("This home agreed to visits of another unit."))
    rows = Home.objects.filter(_free_for(rule, occurrence.day), pk=home.pk)
    if not rows.update(next_visit_on=occurrence.day):
        raise Denied(
            _("This home is on another round, was visited a short time ago, or wishes no visits.")
        )


def _check_place(occurrence: Occurrence, place: Place) -> None:
    if occurrence.rule.stops != "places":
        raise Denied(_("This has no stops."))
    if place.valid_to is not None:
        raise Denied(_("“%(place)s” is no more.") % {"place": place.name})


def _free(stops: models.QuerySet[Stop]) -> None:
    Home.objects.filter(pk__in=stops.values("home")).update(next_visit_on=None)


def _length(span: Span) -> timedelta:
    days = {"minutes": 0, "hours": 0, "days": 1, "workdays": 1}
    return timedelta(days=span.amount * days[span.unit])
