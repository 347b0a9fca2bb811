"""What a rota is made of: people with limits, shifts with seats, rules of rest, and what is wanted.

Times are local and without a zone (the county has one), hours and kilometres are plain numbers,
points are (longitude, latitude) in degrees. Nothing here says *why* somebody is off.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

Point = tuple[float, float]
Cell = tuple[str, str]  # (person, shift): this person does this shift

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MORNING, AFTERNOON, EVENING = "morning", "afternoon", "evening"
DAYPARTS: Final = (MORNING, AFTERNOON, EVENING)


class RotaError(ValueError):
    """What was given is no rota; the message says what is wrong and what would be right."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who agreed to be planned, and the limits that they set themselves."""

    id: str
    name: str = ""
    # The middle of the area in which they live, never the door; None: distance does not matter.
    point: Point | None = None
    max_km: float | None = None
    skills: frozenset[str] = frozenset()
    week_hours: float | None = None  # at most, in a week from Monday to Sunday
    month_hours: float | None = None  # at most, in a calendar month
    rest_hours: float = 0.0  # between two duties, where longer than the rule for all
    off: frozenset[date] = frozenset()
    days: frozenset[str] = frozenset()  # weekdays on which they can; empty: any
    # Weekdays, parts of the day or places that they like, or would rather not; never binding.
    prefers: frozenset[str] = frozenset()
    avoids: frozenset[str] = frozenset()
    hours_before: float = 0.0  # done before this rota began: fairness looks further than a month


@dataclass(frozen=True, slots=True)
class Shift:
    """One role at one place from one time to another, with so many seats of the same kind.

    An occurrence that needs a lawyer and two helpers is two shifts of the same times.
    """

    id: str
    place: str
    starts: datetime
    ends: datetime
    seats: int = 1
    skills: frozenset[str] = frozenset()  # everybody who takes a seat has all of these
    point: Point | None = None
    label: str = ""

    @property
    def minutes(self) -> int:
        return round((self.ends - self.starts).total_seconds() / 60)

    @property
    def day(self) -> date:
        return self.starts.date()

    @property
    def last_day(self) -> date:
        """The day on which it ends; midnight still belongs to the day before."""
        return (self.ends - timedelta(minutes=1)).date()

    @property
    def week(self) -> tuple[int, int]:
        """Year and number of the ISO week."""
        year, week, _weekday = self.starts.isocalendar()
        return year, week

    @property
    def month(self) -> tuple[int, int]:
        return self.starts.year, self.starts.month

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.starts.weekday()]

    @property
    def daypart(self) -> str:
        if self.starts.time() < time(12):
            return MORNING
        return AFTERNOON if self.starts.time() < time(17, 30) else EVENING


@dataclass(frozen=True, slots=True)
class Rules:
    """Rest between duties, the same for everybody."""

    rest_hours: float = 11.0  # from the end of a duty to the start of the next
    evening_ends_after: time = time(19)  # a duty that ends later is an evening duty …
    morning_until: time = time(12)  # … after which none starts before this the next day
    evenings_apart_days: int = 2  # from one evening duty to the next; 2: never two in a row

    def is_evening(self, shift: Shift) -> bool:
        return shift.ends > datetime.combine(shift.day, self.evening_ends_after)

    def free_again(self, shift: Shift, rest_hours: float = 0.0) -> datetime:
        """From when on somebody who did `shift` may start another."""
        rested = shift.ends + timedelta(hours=max(self.rest_hours, rest_hours))
        if not self.is_evening(shift):
            return rested
        return max(rested, datetime.combine(shift.day + timedelta(days=1), self.morning_until))


@dataclass(frozen=True, slots=True)
class Weights:
    """What one thing costs against another, after cover, which comes before all of them.

    The cost of a plan is the sum over its people of fairness x hours squared (a fourth hour for
    one costs more than a first for another), variety x pairs of duties at one place, and these
    per duty.
    """

    fairness: float = 1.0
    variety: float = 2.0
    avoided: float = 12.0
    not_preferred: float = 3.0  # a duty outside what somebody prefers, if they prefer anything
    km: float = 0.1


@dataclass(frozen=True)
class Problem:
    """Everything that `solve` needs. Raises RotaError for doubled ids and impossible times."""

    people: tuple[Person, ...]
    shifts: tuple[Shift, ...]
    rules: Rules = field(default_factory=Rules)
    weights: Weights = field(default_factory=Weights)
    # Cells that stay, whatever they break: somebody decided so by hand, or it was published.
    fixed: frozenset[Cell] = frozenset()
    # Cells that are not to be: somebody said "not this one".
    barred: frozenset[Cell] = frozenset()

    def __post_init__(self) -> None:
        _once("person", [person.id for person in self.people])
        _once("shift", [shift.id for shift in self.shifts])
        for shift in self.shifts:
            _check_shift(shift)
        for person in self.people:
            _check_person(person)
        people, shifts = self.person, self.shift
        for who, what in sorted(self.fixed | self.barred):
            if who not in people:
                raise RotaError(f'A fixed seat names "{who}", who is none of the people.')
            if what not in shifts:
                raise RotaError(f'A fixed seat names "{what}", which is none of the shifts.')
        self._check_fixed()

    def _check_fixed(self) -> None:
        seats: dict[str, int] = {}
        for _who, what in self.fixed:
            seats[what] = seats.get(what, 0) + 1
        for what, taken in sorted(seats.items()):
            if taken > self.shift[what].seats:
                raise RotaError(
                    f'Shift "{what}" has {self.shift[what].seats} seats, but {taken} are fixed.'
                )

    @property
    def person(self) -> Mapping[str, Person]:
        return {person.id: person for person in self.people}

    @property
    def shift(self) -> Mapping[str, Shift]:
        return {shift.id: shift for shift in self.shifts}

    @property
    def seats(self) -> int:
        return sum(shift.seats for shift in self.shifts)


def _once(what: str, ids: list[str]) -> None:
    seen: set[str] = set()
    for name in ids:
        if not name:
            raise RotaError(f"A {what} has no id.")
        if name in seen:
            raise RotaError(f'The {what} "{name}" is there twice.')
        seen.add(name)


def _check_shift(shift: Shift) -> None:
    if shift.starts.tzinfo or shift.ends.tzinfo:
        raise RotaError(f'Shift "{shift.id}": times are local and carry no zone.')
    if shift.ends <= shift.starts:
        raise RotaError(f'Shift "{shift.id}" ends before it starts.')
    if shift.ends - shift.starts > timedelta(hours=24):
        raise RotaError(f'Shift "{shift.id}" lasts longer than a day.')
    if shift.seats < 1:
        raise RotaError(f'Shift "{shift.id}" has no seat.')


def _check_person(person: Person) -> None:
    for name in ("max_km", "week_hours", "month_hours", "rest_hours", "hours_before"):
        value = getattr(person, name)
        if value is not None and not 0 <= value < 10_000:
            raise RotaError(f'Person "{person.id}": {name} is {value}; it must not be negative.')
    odd = sorted(person.days - set(WEEKDAYS))
    if odd:
        raise RotaError(
            f'Person "{person.id}": "{odd[0]}" is no weekday; use {" ".join(WEEKDAYS)}.'
        )
