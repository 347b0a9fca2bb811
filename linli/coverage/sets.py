"""The SET of a rule on a day: ids, where each is, since when, and how many each one stands for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from django.db.models import Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from linli.activities.models import Series, SeriesPlace
from linli.cases.models import Case
from linli.coverage.ground import NOWHERE, Ground, Ints, columns, day_numbers, kinds_of
from linli.coverage.models import Tally, What
from linli.people.models import Appointment, Organisation
from linli.places.models import VILLAGES
from linli.playbook.coverage import CoverageRule


@dataclass(frozen=True)
class Members:
    """One row for each member. `places` are positions in the ground, never NOWHERE."""

    ids: Ints
    places: Ints
    since: Ints  # day on which it came to be; NEVER: before the records
    size: Ints | None = None  # how many it stands for; None: itself
    counted: Ints | None = None  # 1 where the size is known


def members(rule: CoverageRule, ground: Ground) -> Members:
    """The set that the rule is about; one or two statements, none for places."""
    return _sort(_SETS[rule.each.kind](rule, ground))


def _sort(found: Members) -> Members:
    """By id, without those at places that are not of this day."""
    keep = np.flatnonzero(found.places != NOWHERE)
    order = keep[np.argsort(found.ids[keep], kind="stable")]
    return Members(
        found.ids[order],
        found.places[order],
        found.since[order],
        None if found.size is None else found.size[order],
        None if found.counted is None else found.counted[order],
    )


def _places(rule: CoverageRule, ground: Ground) -> Members:
    here = ground.where(*kinds_of(rule.each.place or ""))
    if rule.each.with_:
        inside = ground.where(*kinds_of(rule.each.with_))
        holding = ground.above(inside, *kinds_of(rule.each.place or ""))
        here = here[np.isin(here, holding)]
    return Members(ground.ids[here], here, ground.since[here])


def _bodies(rule: CoverageRule, ground: Ground) -> Members:
    rows = Organisation.objects.in_force(ground.day).of_kind(*rule.each.bodies)
    ids, places, since = columns(
        rows.values_list("pk", "place_id", "valid_from"), "int64", "int64", "datetime64[D]"
    )
    return Members(ids, ground.position(places), day_numbers(since))


def _posts(rule: CoverageRule, ground: Ground) -> Members:
    """Posts that somebody holds: that nobody does is the matter of another rule."""
    rows = Appointment.objects.in_force(ground.day).filter(post__kind=rule.each.post)
    found = rows.values_list(
        "post_id", Coalesce("post__place_id", "post__organisation__place_id"), "from_date"
    )
    ids, places, since = columns(found, "int64", "int64", "datetime64[D]")
    ids, first, group = np.unique(ids, return_index=True, return_inverse=True)
    earliest = np.full(len(ids), np.iinfo(np.int64).max)
    np.minimum.at(earliest, group, day_numbers(since))
    return Members(ids, ground.position(places[first]), earliest)


def _counted(rule: CoverageRule, ground: Ground) -> Members:
    """Villages, each with its newest count of homes or firms; counts of buildings add up."""
    what = What.FIRMS if rule.each.firms else What.HOUSEHOLDS
    here = ground.where(*VILLAGES)
    newest = (
        Tally.objects.filter(place=OuterRef("place"), what=what)
        .filter(as_of__lte=ground.day).order_by().values("place").annotate(day=Max("as_of"))
    )  # fmt: skip
    rows = Tally.objects.filter(what=what, as_of=Subquery(newest.values("day")))
    places, numbers = columns(rows.values_list("place_id", "number"), "int64", "int64")
    villages = ground.above(ground.position(places), *VILLAGES)
    known = villages != NOWHERE
    size = np.zeros(len(ground.ids), dtype=np.int64)
    np.add.at(size, villages[known], numbers[known])
    counted = np.isin(here, villages[known]).astype(np.int64)
    return Members(ground.ids[here], here, ground.since[here], size[here], counted)


def _series(rule: CoverageRule, ground: Ground) -> Members:
    """The places on the rounds of running series, each once, since the first of them began."""
    running = Series.objects.filter(kind=rule.each.series, ended_at=None)
    running = running.filter(first_on__lte=ground.day).exclude(last_on__lt=ground.day)
    rounds = SeriesPlace.objects.filter(series__in=running)
    rows = [
        *rounds.values_list("place_id", "series__first_on"),
        *running.exclude(turns__isnull=False).values_list("place_id", "first_on"),
    ]
    first: dict[int, date] = {}
    for place, day in rows:
        first[place] = min(day, first.get(place, day))
    ids = np.array(list(first), dtype=np.int64)
    since = day_numbers(np.array(list(first.values()), dtype="datetime64[D]"))
    return Members(ids, ground.position(ids), since)


def _cases(_rule: CoverageRule, ground: Ground) -> Members:
    """Open cases by their number, which everybody concerned knows."""
    rows = Case.objects.open().values_list("number", "place_id", "received_at__date")
    numbers, places, since = columns(rows, "U10", "int64", "datetime64[D]")
    return Members(numbers.astype(np.int64), ground.position(places), day_numbers(since))


_SETS: Final[Mapping[str, Callable[[CoverageRule, Ground], Members]]] = {
    "place": _places,
    "bodies": _bodies,
    "post": _posts,
    "households": _counted,
    "firms": _counted,
    "series": _series,
    "cases": _cases,
}
