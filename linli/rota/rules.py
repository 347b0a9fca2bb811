"""The hard rules, asked of one person and one shift: what stands in the way, by name.

One place for three uses: the grid that the solver gets, the sentence beside a cell that somebody
moved by hand, and the reason why a seat stays empty.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from linli.lib.coordinates import distance_m
from linli.rota.model import Person, Problem, Rules, Shift


class Bar(StrEnum):
    """Why somebody cannot take a seat, in the order in which it is said."""

    BARRED = "barred"  # "not this one"
    SKILL = "skill"
    OFF = "off"  # a date off
    DAY = "day"  # a weekday that they do not offer
    FAR = "far"
    DOUBLE = "double"  # another duty at the same time
    REST = "rest"
    EVENINGS = "evenings"  # two evening duties too close together
    WEEK = "week"  # more hours than they offer in a week
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Conflict:
    """What stands in the way; `other` is the duty it clashes with, `detail` the missing skill,
    the kilometres or the hours that it would come to; `again` when it would be possible, if that
    is later."""

    bar: Bar
    other: Shift | None = None
    detail: str = ""
    again: datetime | None = None


def unfit(person: Person, shift: Shift) -> Conflict | None:
    """What bars the person from the shift, whatever else they do."""
    missing = shift.skills - person.skills
    if missing:
        return Conflict(Bar.SKILL, detail=" ".join(sorted(missing)))
    if shift.day in person.off or shift.last_day in person.off:
        return Conflict(Bar.OFF)
    if person.days and shift.weekday not in person.days:
        return Conflict(Bar.DAY)
    km = distance_km(person, shift)
    if km is not None and person.max_km is not None and km > person.max_km:
        return Conflict(Bar.FAR, detail=f"{km:.0f}")
    return None


def distance_km(person: Person, shift: Shift) -> float | None:
    """As the crow flies, from the area of the person; None where either has no point."""
    if person.point is None or shift.point is None:
        return None
    return distance_m(*person.point, *shift.point) / 1000


def clash(one: Shift, two: Shift, rules: Rules, rest_hours: float = 0.0) -> Conflict | None:
    """Why the same person cannot do both; `other` is the one that is there already (`two`)."""
    early, late = (one, two) if one.starts <= two.starts else (two, one)
    if late.starts < early.ends:
        return Conflict(Bar.DOUBLE, other=two)
    again = rules.free_again(early, rest_hours)
    if late.starts < again:
        return Conflict(Bar.REST, other=two, again=again if early is two else None)
    if rules.is_evening(one) and rules.is_evening(two):
        day = early.day + timedelta(days=rules.evenings_apart_days)
        if late.day < day:
            again = datetime.combine(day, late.starts.time())
            return Conflict(Bar.EVENINGS, other=two, again=again if early is two else None)
    return None


def conflicts(
    problem: Problem, person: Person, shift: Shift, others: Iterable[Shift]
) -> list[Conflict]:
    """Everything that stands in the way of the shift beside the person's other duties."""
    found: list[Conflict] = []
    if (person.id, shift.id) in problem.barred:
        found.append(Conflict(Bar.BARRED))
    first = unfit(person, shift)
    if first:
        found.append(first)
    others = [other for other in others if other.id != shift.id]
    for other in others:
        met = clash(shift, other, problem.rules, person.rest_hours)
        if met:
            found.append(met)
    return found + _too_long(person, shift, others)


def _too_long(person: Person, shift: Shift, others: Sequence[Shift]) -> list[Conflict]:
    found: list[Conflict] = []
    week = [other for other in others if other.week == shift.week]
    month = [other for other in others if other.month == shift.month]
    for bar, limit, same in (
        (Bar.WEEK, person.week_hours, week),
        (Bar.MONTH, person.month_hours, month),
    ):
        minutes = shift.minutes + sum(other.minutes for other in same)
        if limit is not None and minutes > round(limit * 60):
            found.append(Conflict(bar, detail=f"{minutes / 60:g}"))
    return found
