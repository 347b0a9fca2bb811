"""A problem as arrays: who may take which seat, what that costs, which duties exclude each other.

Rows are people, columns shifts, in the order of the problem.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from linli.lib.coordinates import distance_m
from linli.rota.model import Cell, Person, Problem, Rules, Shift

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NO_LIMIT: Final = 1_000_000  # minutes; more than there are in a year


@dataclass(frozen=True)
class Grid:
    """The arrays; minutes where not said otherwise."""

    problem: Problem
    fit: Bools  # people x shifts: nothing bars this person, looking at this shift alone
    fixed: Bools  # people x shifts: the cell stays
    liking: Floats  # people x shifts: cost of distance and of what somebody prefers or avoids
    seats: Ints
    minutes: Ints
    place: Ints
    week: Ints
    month: Ints
    week_cap: Ints  # people
    month_cap: Ints
    before: Floats  # people, hours
    # For each length of rest that people keep: shifts x shifts, whether they exclude each other,
    # and the same as cliques: sets of shifts of which one person can do one at most.
    clashes: tuple[Bools, ...]
    cliques: tuple[tuple[Ints, ...], ...]
    rest_class: Ints  # people: which of them is theirs

    @property
    def shape(self) -> tuple[int, int]:
        people, shifts = self.fit.shape
        return people, shifts

    @property
    def hours(self) -> Floats:
        return self.minutes / 60.0

    def cells(self, plan: Bools) -> frozenset[Cell]:
        people, shifts = self.problem.people, self.problem.shifts
        return frozenset(
            (people[p].id, shifts[s].id) for p, s in zip(*np.nonzero(plan), strict=True)
        )

    def plan(self, cells: Iterable[Cell]) -> Bools:
        """The plan as an array; KeyError for a person or shift that is not in the problem."""
        rows = {person.id: at for at, person in enumerate(self.problem.people)}
        columns = {shift.id: at for at, shift in enumerate(self.problem.shifts)}
        made = np.zeros(self.shape, dtype=bool)
        for who, what in cells:
            made[rows[who], columns[what]] = True
        return made


def grid(problem: Problem) -> Grid:
    """The arrays of a problem."""
    people, shifts = problem.people, problem.shifts
    classes = sorted({max(problem.rules.rest_hours, person.rest_hours) for person in people})
    rests = classes or [problem.rules.rest_hours]
    made = Grid(
        problem,
        fit=_fit(people, shifts),
        fixed=np.zeros((len(people), len(shifts)), dtype=bool),
        liking=_liking(problem),
        seats=_ints(shift.seats for shift in shifts),
        minutes=_ints(shift.minutes for shift in shifts),
        place=_numbered(shift.place for shift in shifts),
        week=_numbered(shift.week for shift in shifts),
        month=_numbered(shift.month for shift in shifts),
        week_cap=_ints(_cap(person.week_hours) for person in people),
        month_cap=_ints(_cap(person.month_hours) for person in people),
        before=np.array([person.hours_before for person in people], dtype=float),
        clashes=tuple(_clashes(shifts, problem.rules, rest) for rest in rests),
        cliques=tuple(_cliques(shifts, problem.rules, rest) for rest in rests),
        rest_class=_ints(
            rests.index(max(problem.rules.rest_hours, person.rest_hours)) for person in people
        ),
    )
    made.fixed[made.plan(problem.fixed)] = True
    made.fit[made.plan(problem.barred)] = False
    made.fit[made.fixed] = True
    return made


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _cap(hours: float | None) -> int:
    return NO_LIMIT if hours is None else round(hours * 60)


def _numbered(values: Iterable[Any]) -> Ints:
    """Each value by the number of its kind, in order of appearance."""
    numbers: dict[Any, int] = {}
    return _ints([numbers.setdefault(value, len(numbers)) for value in values])


def _fit(people: Sequence[Person], shifts: Sequence[Shift]) -> Bools:
    """`rules.unfit` for all pairs; each question is asked once for shifts that are alike in it."""
    skills, days, points = _alike(shifts)
    made = np.ones((len(people), len(shifts)), dtype=bool)
    for row, person in enumerate(people):
        for needed, columns in skills.items():
            if needed - person.skills:
                made[row, columns] = False
        for on, columns in days.items():
            if person.off.intersection(on) or (
                person.days and shifts[columns[0]].weekday not in person.days
            ):
                made[row, columns] = False
        if person.point is not None and person.max_km is not None:
            for point, columns in points.items():
                if distance_m(*person.point, *point) / 1000 > person.max_km:
                    made[row, columns] = False
    return made


def _alike(
    shifts: Sequence[Shift],
) -> tuple[
    dict[frozenset[str], list[int]],
    dict[tuple[date, date], list[int]],
    dict[tuple[float, float], list[int]],
]:
    skills: dict[frozenset[str], list[int]] = {}
    days: dict[tuple[date, date], list[int]] = {}
    points: dict[tuple[float, float], list[int]] = {}
    for column, shift in enumerate(shifts):
        skills.setdefault(shift.skills, []).append(column)
        days.setdefault((shift.day, shift.last_day), []).append(column)
        if shift.point is not None:
            points.setdefault(shift.point, []).append(column)
    return skills, days, points


def _liking(problem: Problem) -> Floats:
    people, shifts, weights = problem.people, problem.shifts, problem.weights
    made = np.zeros((len(people), len(shifts)))
    words = [frozenset((shift.weekday, shift.daypart, shift.place)) for shift in shifts]
    _skills, _days, points = _alike(shifts)
    for row, person in enumerate(people):
        if person.avoids:
            hit = np.array([bool(person.avoids & word) for word in words], dtype=bool)
            made[row, hit] += weights.avoided
        if person.prefers:
            hit = np.array([not person.prefers & word for word in words], dtype=bool)
            made[row, hit] += weights.not_preferred
        if person.point is not None:
            for point, columns in points.items():
                made[row, columns] += weights.km * distance_m(*person.point, *point) / 1000
    return made


def _clashes(shifts: Sequence[Shift], rules: Rules, rest: float) -> Bools:
    """Shifts x shifts, as `rules.clash` says: the later starts before the earlier is rested."""
    start = _minutes(shift.starts for shift in shifts)
    free = _minutes(rules.free_again(shift, rest) for shift in shifts)
    before = start[:, None] <= start[None, :]
    early = before & (start[None, :] < free[:, None])
    made = early | early.T
    evening = np.array([rules.is_evening(shift) for shift in shifts], dtype=bool)
    day = _ints(shift.day.toordinal() for shift in shifts)
    near = np.abs(day[:, None] - day[None, :]) < rules.evenings_apart_days
    made |= near & evening[:, None] & evening[None, :]
    np.fill_diagonal(made, False)
    return made


def _minutes(moments: Iterable[datetime]) -> Ints:
    zero = datetime(2000, 1, 1)
    return _ints(round((moment - zero).total_seconds() / 60) for moment in moments)


def _cliques(shifts: Sequence[Shift], rules: Rules, rest: float) -> tuple[Ints, ...]:
    """The largest sets of shifts of which a person can do one.

    Rest makes an interval of each shift, from its start until one is rested; intervals that meet
    share the start of one of them, so these cliques say all that pairs say, with few rows.
    """
    start = _minutes(shift.starts for shift in shifts)
    free = _minutes(rules.free_again(shift, rest) for shift in shifts)
    found = [
        frozenset(np.nonzero((start <= at) & (at < free))[0].tolist()) for at in set(start.tolist())
    ]
    evening = np.array([rules.is_evening(shift) for shift in shifts], dtype=bool)
    day = _ints(shift.day.toordinal() for shift in shifts)
    for first in set(day[evening].tolist()):
        inside = evening & (day >= first) & (day < first + rules.evenings_apart_days)
        found.append(frozenset(np.nonzero(inside)[0].tolist()))
    return tuple(_ints(sorted(clique)) for clique in _largest(found))


def _largest(sets: Sequence[frozenset[int]]) -> list[frozenset[int]]:
    """Without those that lie inside another, and in a fixed order."""
    kept: list[frozenset[int]] = []
    for one in sorted(set(sets), key=lambda found: (-len(found), sorted(found))):
        if len(one) > 1 and not any(one <= other for other in kept):
            kept.append(one)
    return sorted(kept, key=sorted)
