"""The order of a round: the stops as near to each other as can be, from where the first one is."""

from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.activities.actions.core import tell
from linli.activities.models import Occurrence, Stop
from linli.activities.policies import check, check_is_open
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.rota import visits
from linli.rota.model import Point

_ASIDE: Final = 1000  # more stops than any round has


@transaction.atomic
def order(occurrence: Occurrence, *, by: Actor) -> int:
    """Put the stops into the shortest order, as the crow flies; how many metres it is.

    Times of the timetable stay where they are: the first stop has the first time. Raises Denied
    once something was noted, or if a place has no point on the map.
    """
    check("activity.create", by, occurrence)
    check_is_open(occurrence)
    stops = list(occurrence.stops.select_related("place").order_by("order"))
    if any(stop.noted_at for stop in stops):
        raise Denied(_("Something was noted already; the order stays as it is."))
    walk = visits.order([_point(stop) for stop in stops])
    numbers = [stop.order for stop in stops]
    times = [stop.planned_at for stop in stops]
    # Out of the way first: two stops never have the same number.
    occurrence.stops.update(order=F("order") + _ASIDE)
    for number, time, at in zip(numbers, times, walk.order, strict=True):
        Stop.objects.filter(pk=stops[at].pk).update(order=number, planned_at=time)
    tell(occurrence, "activity.stops_ordered", by=by, facts={"metres": round(walk.metres)})
    return round(walk.metres)


def _point(stop: Stop) -> Point:
    place = stop.place
    if place.lon is None or place.lat is None:
        raise Denied(_("“%(place)s” is not on the map yet.") % {"place": place.name})
    return place.lon, place.lat
