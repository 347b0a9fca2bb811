"""Working days of China, and the deadlines that run in them.

How a deadline is counted follows the Civil Code of the People's Republic of China, Art. 200-204:

* A period in days or working days does not count the day it starts on; it begins on the next
  day (Art. 201). What arrives on a Saturday and may take 1 workday is due on Monday.
* It ends at 24:00 of its last day (Art. 203). Linli writes that as 23:59:59 local time, so that
  the date shown is the last day and not the one after. The office's closing hour does not cut the
  day short: a matter can be handed in and answered on line at any hour.
* A period in calendar days whose last day is a day of rest ends on the next working day (Art. 203).
* A period in hours or minutes starts at once and runs through nights and days of rest (Art. 201).

Days of rest and make-up working days come from the ``holidays`` package, which transcribes the
State Council's notice of each year. A year without a notice yet is estimated from the statutory
holidays alone; ``OVERRIDES`` corrects single days.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import import_module
from typing import Any, Final, Self

from linli.lib.clock import LOCAL, in_utc
from linli.lib.words import WORDS

# A county's own exceptions: date -> True if people work, False if they do not. Wins over the
# national calendar and takes effect at once.
OVERRIDES: Final[dict[date, bool]] = {}

UNITS: Final = ("workdays", "days", "hours", "minutes")
LONGEST: Final = 999

_ONE_DAY: Final = timedelta(days=1)
_LAST_SECOND: Final = time(23, 59, 59)
_SPAN: Final = re.compile(r"([0-9]{1,6}) *([a-z]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time that a playbook promises: 1 to 999 workdays, days, hours or minutes."""

    amount: int
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError(f'"{self.unit}" is not a unit of time; use one of {", ".join(UNITS)}.')
        if not 1 <= self.amount <= LONGEST:
            raise ValueError(f"A length of time is 1 to {LONGEST} {self.unit}, not {self.amount}.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "15 workdays", "1 workday", "7 days", "2 hours" or "30 minutes".

        Raises ValueError with a sentence that says what would be right.
        """
        found = _SPAN.fullmatch(text.strip().lower())
        if found is None:
            raise ValueError(
                f'"{text}" is not a length of time; write a whole number and a unit, '
                'for example "15 workdays", "7 days", "2 hours" or "30 minutes".'
            )
        amount, unit = found.groups()
        return cls(int(amount), unit if unit.endswith("s") else f"{unit}s")

    def __str__(self) -> str:
        """The text that ``parse`` reads back: "1 workday", "15 workdays"."""
        return f"{self.amount} {self.unit if self.amount != 1 else self.unit[:-1]}"

    def text(self, lang: str) -> str:
        """The span in words for people; Chinese for any "zh…" language, otherwise English."""
        one, many = WORDS["units"][self.unit]["zh" if lang.startswith("zh") else "en"]
        form: str = one if self.amount == 1 else many
        return form.format(n=self.amount)


def is_workday(day: date) -> bool:
    """Whether offices in the county work on that day."""
    if OVERRIDES and (own := OVERRIDES.get(day)) is not None:
        return own
    return _national(day)


def is_holiday(day: date) -> bool:
    """Whether the State Council's notice names it as a day of rest, weekends inside it too.

    What `OVERRIDES` says of a day goes before: a day it frees is a holiday, one it works is none.
    """
    return not OVERRIDES[day] if day in OVERRIDES else _is_named(day)


def add(start: datetime, span: Span) -> datetime:
    """The moment (UTC) when a period of ``span`` that starts at ``start`` is over.

    Raises ValueError if ``start`` has no time zone.
    """
    start = in_utc(start)
    if span.unit == "hours":
        return start + timedelta(hours=span.amount)
    if span.unit == "minutes":
        return start + timedelta(minutes=span.amount)
    day = start.astimezone(LOCAL).date()
    if span.unit == "workdays":
        for _ in range(span.amount):
            day = _next_workday(day)
    else:
        day = _next_workday(day + timedelta(days=span.amount - 1))
    return datetime.combine(day, _LAST_SECOND, LOCAL).astimezone(UTC)


def between(start: datetime, end: datetime) -> int:
    """How many working days lie after the day of ``start``, up to and with the day of ``end``.

    0 on the same day; negative when ``end`` is the earlier day, so ``between(now, due)`` is what is
    left and turns negative when it is late. Raises ValueError for a moment without a time zone.
    """
    first, last = (in_utc(moment).astimezone(LOCAL).date() for moment in (start, end))
    if last < first:
        return -_count(last, first)
    return _count(first, last)


def _count(first: date, last: date) -> int:
    return sum(is_workday(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))


def _next_workday(day: date) -> date:
    """The first working day after ``day``."""
    day += _ONE_DAY
    while not is_workday(day):
        day += _ONE_DAY
    return day


@cache
def _is_named(day: date) -> bool:
    if day in _year_of_china(day.year):
        return True
    after = day.weekday() - 4  # days since Friday: a weekend between two holidays belongs to them
    around = (day - timedelta(days=after), day + timedelta(days=3 - after))
    return after > 0 and all(one in _year_of_china(one.year) for one in around)


@cache
def _national(day: date) -> bool:
    working: bool = _year_of_china(day.year).is_working_day(day)
    return working


@cache
def _year_of_china(year: int) -> Any:
    # Loading the package takes a third of a second, so it waits until somebody asks for a day.
    # Each year has an object of its own that never grows: the package's growing calendar can be
    # read half-filled by a second thread, and that wrong answer would stay in the cache.
    return import_module("holidays").CN(years=(year,), expand=False)
