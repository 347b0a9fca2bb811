"""The THING of a rule: for each member how many it has, and since when it has too few.

Each function asks the database once or twice for whole columns; nothing is asked for one member.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

import numpy as np
from django.db.models import Count as CountOf
from django.db.models import F, Max, Min, QuerySet
from django.db.models.functions import Coalesce

from linli import playbook
from linli.activities.models import Home, Occurrence, Stop
from linli.activities.models.occurrence import State
from linli.cases.models import Case
from linli.coverage import near
from linli.coverage.ground import (
    NEVER,
    NOWHERE,
    Bools,
    Ground,
    Ints,
    columns,
    day_numbers,
    kinds_of,
    position,
)
from linli.coverage.sets import Members
from linli.lib import clock
from linli.people.models import Appointment, Organisation
from linli.places.models import Place
from linli.places.tree.tiling import check_tiling
from linli.playbook.coverage import CoverageRule

PLACE_OF_POST: Final = Coalesce("post__place_id", "post__organisation__place_id")


@dataclass(frozen=True)
class Found:
    """What was found for each member, in the members' order."""

    count: Ints
    since: Ints  # the day from which it has too few; NEVER: it never had
    judged: Bools  # False: nobody can tell yet
    beside: Bools | None = None  # a second thing that has to be there as well


def find(rule: CoverageRule, group: Members, ground: Ground) -> Found:
    """What each member of the set has on that day."""
    return _THINGS[rule.has.kind](rule, group, ground)


def _tally(group: Members, subjects: Ints) -> Ints:
    """How often each member occurs among the subjects."""
    at = position(group.ids, subjects)
    return np.bincount(at[at != NOWHERE], minlength=len(group.ids)).astype(np.int64)


def _latest(group: Members, rows: QuerySet[Any, Any]) -> Ints:
    """The latest day of each member from rows of (subject, date)."""
    subjects, days = columns(rows, "int64", "datetime64[D]")
    found = np.full(len(group.ids), NEVER, dtype=np.int64)
    at = position(group.ids, subjects)
    known = at != NOWHERE
    np.maximum.at(found, at[known], day_numbers(days)[known])
    return found


def _all(group: Members) -> Bools:
    return np.ones(len(group.ids), dtype=bool)


def _post(rule: CoverageRule, group: Members, ground: Ground) -> Found:
    """A post of the kind on this place or in this body that somebody holds."""
    rows = Appointment.objects.filter(post__kind=rule.has.post)
    subject = F("post__organisation_id") if rule.each.kind == "bodies" else PLACE_OF_POST
    now = rows.in_force(ground.day)
    filling = now if rule.has.deputy else now.main()
    (held,) = columns(filling.values_list(subject), "int64")
    ended = rows.filter(to_date__lte=ground.day)
    left = (ended if rule.has.deputy else ended.main()).order_by().annotate(of=subject)
    since = _latest(group, left.values_list("of").annotate(Max("to_date")))
    beside = None
    if rule.has.deputy_too:
        (deputies,) = columns(now.filter(is_deputy=True).values_list(subject), "int64")
        beside = _tally(group, deputies) > 0
    return Found(_tally(group, held), since, _all(group), beside)


def _body(rule: CoverageRule, group: Members, ground: Ground) -> Found:
    """An organisation of the kind that stands at exactly this place."""
    rows = Organisation.objects.of_kind(rule.has.body or "")
    (there,) = columns(rows.in_force(ground.day).values_list("place_id"), "int64")
    gone = rows.filter(valid_to__lte=ground.day).order_by()
    since = _latest(group, gone.values_list("place_id").annotate(Max("valid_to")))
    return Found(_tally(group, there), since, _all(group))


def _activity(rule: CoverageRule, group: Members, ground: Ground) -> Found:
    """Occurrences that were held within the period, here or below, or by this body."""
    if group.size is not None:
        return _homes(rule, group, ground)
    subjects, days = _held(rule, group, ground)
    recent = days > ground.today - rule.every_days
    last = np.full(len(group.ids), NEVER, dtype=np.int64)
    at = position(group.ids, subjects)
    known = at != NOWHERE
    np.maximum.at(last, at[known], days[known])
    began = _began(rule)
    # Of what was never held the period runs from the first record of the kind, or from the day on
    # which the member came to be.
    start = np.where(last != NEVER, last, np.maximum(group.since, began))
    judged = (last != NEVER) | (ground.today - start >= rule.every_days)
    judged &= began != NEVER
    since = np.where(start == NEVER, NEVER, start + rule.every_days)
    return Found(_tally(group, subjects[recent]), since, judged)


def _held(rule: CoverageRule, group: Members, ground: Ground) -> tuple[Ints, Ints]:
    """For each occurrence that was held, and each stop that was made: whose it is, and its day."""
    held = Occurrence.objects.filter(kind=rule.has.activity, state=State.HELD)
    end = datetime.combine(ground.day + timedelta(days=1), time(), clock.LOCAL)
    held = held.filter(starts_at__lt=end)
    if rule.each.kind in ("bodies", "post"):
        bodies, days = columns(
            held.values_list("organisation_id", "starts_at__date"), "int64", "datetime64[D]"
        )
        return _of_bodies(rule, group, bodies), day_numbers(days)
    stops = Stop.objects.filter(occurrence__in=held, outcome__in=_held_outcomes(rule))
    rows = [
        columns(held.values_list("place_id", "starts_at__date"), "int64", "datetime64[D]"),
        columns(stops.values_list("place_id", "occurrence__starts_at__date"), "int64",
                "datetime64[D]"),
    ]  # fmt: skip
    places = np.concatenate([places for places, _days in rows])
    numbers = np.concatenate([day_numbers(days) for _places, days in rows])
    if rule.each.series:
        return places, numbers
    above = ground.above(ground.position(places), *kinds_of(rule.each.place or ""))
    known = above != NOWHERE
    return ground.ids[above[known]], numbers[known]


def _held_outcomes(rule: CoverageRule) -> list[str]:
    """How a stop went when it was made; driving past is none."""
    kind = playbook.current().activities[rule.has.activity or ""]
    return [outcome.id for outcome in kind.outcomes if outcome.held]


def _of_bodies(rule: CoverageRule, group: Members, bodies: Ints) -> Ints:
    """The member for each body: the body itself, or its post of the kind."""
    if rule.each.kind == "bodies":
        return bodies
    rows = Appointment.objects.filter(post__kind=rule.each.post, post_id__in=group.ids.tolist())
    posts, of = columns(rows.values_list("post_id", "post__organisation_id"), "int64", "int64")
    order = np.argsort(of)
    at = position(of[order], bodies)
    return np.where(at == NOWHERE, NOWHERE, posts[order][at]) if len(of) else bodies * 0 - 1


def _began(rule: CoverageRule) -> int:
    """The day of the first occurrence of this kind in the records; NEVER if there is none."""
    first = Occurrence.objects.filter(kind=rule.has.activity).aggregate(at=Min("starts_at"))["at"]
    if first is None:
        return NEVER
    return int(day_numbers([first.astimezone(clock.LOCAL).date()])[0])


def _homes(rule: CoverageRule, group: Members, ground: Ground) -> Found:
    """How many homes of each village were reached within the period: a number, no list."""
    after = ground.day - timedelta(days=rule.every_days)
    rows = Home.objects.filter(kind=rule.has.activity, last_visit_on__gt=after).order_by()
    places, numbers = columns(
        rows.values_list("place_id").annotate(CountOf("pk")), "int64", "int64"
    )
    count = np.zeros(len(group.ids), dtype=np.int64)
    at = position(group.ids, places)
    np.add.at(count, at[at != NOWHERE], numbers[at != NOWHERE])
    began = _began(rule)
    known = np.full(len(group.ids), began != NEVER and ground.today - began >= rule.every_days)
    counted = _all(group) if group.counted is None else group.counted > 0
    return Found(count, np.full(len(group.ids), began + rule.every_days), known & counted)


def _near(rule: CoverageRule, group: Members, ground: Ground) -> Found:
    """Whether an open facility is within the minutes; without roads or a count nobody can tell."""
    reached, known = near.reached(rule, ground.ids[group.places], ground.day)
    size = np.ones(len(group.ids), dtype=np.int64) if group.size is None else group.size
    if group.counted is not None:
        known = known & (group.counted > 0)
    never = np.full(len(group.ids), NEVER, dtype=np.int64)
    return Found(np.where(reached & known, size, 0), never, known)


def _tiled(rule: CoverageRule, group: Members, ground: Ground) -> Found:
    """Whether the drawn parts fill each place; None of them drawn: nobody can tell."""
    count = np.zeros(len(group.ids), dtype=np.int64)
    judged = np.zeros(len(group.ids), dtype=bool)
    kinds = kinds_of(rule.has.tiled_by or "")
    parts = Place.objects.at(ground.day).of_kind(*kinds).exclude(boundary=None)
    (drawn,) = columns(parts.values_list("parent_id").distinct(), "int64")
    for at in position(group.ids, drawn):
        if at == NOWHERE:
            continue
        tiling = check_tiling(Place.objects.get(pk=group.ids[at]))
        judged[at] = tiling is not None and tiling.area_m2 > 0
        count[at] = int(tiling is not None and tiling.is_sound)
    return Found(count, np.full(len(group.ids), NEVER, dtype=np.int64), judged)


def _owned(_rule: CoverageRule, group: Members, ground: Ground) -> Found:
    """Open cases whose owner exists and whose clock runs."""
    bodies = Organisation.objects.in_force(ground.day)
    rows = Case.objects.open().filter(owner__in=bodies, due_at__isnull=False)
    (numbers,) = columns(rows.values_list("number"), "U10")
    since = np.full(len(group.ids), NEVER, dtype=np.int64)
    return Found(_tally(group, numbers.astype(np.int64)), since, _all(group))


_THINGS: Final[Mapping[str, Callable[[CoverageRule, Members, Ground], Found]]] = {
    "post": _post,
    "body": _body,
    "activity": _activity,
    "facility": _near,
    "tiled_by": _tiled,
    "owner_and_clock": _owned,
}
