"""The dates of a series: an RRULE of RFC 5545, days of rest and make-up days, places in turn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from dateutil.rrule import rrulestr
from django.utils.translation import gettext as _

from linli.activities.models import Series
from linli.lib import clock, workdays
from linli.people.policies import Denied

FARTHEST_SHIFT: Final = 14  # days: the longest holidays end sooner
MOST: Final = 2000  # dates of one series; forty years of weeks
_FREQUENCIES: Final = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")


@dataclass(frozen=True)
class Slot:
    """One date that the rule gives, and the day on which it really takes place."""

    number: int  # from 0, counted from the first date of the series
    slot: date
    day: date


def check_rule(rrule: str) -> str:
    """The rule in capitals; Denied with a sentence if it is none, or comes more often than daily."""
    clean = rrule.strip().upper().removeprefix("RRULE:")
    parts = dict(part.split("=", 1) for part in clean.split(";") if "=" in part)
    if parts.get("FREQ") not in _FREQUENCIES or {"UNTIL", "COUNT"} & set(parts):
        raise Denied(
            _(
                "The rule of dates is not understood: it begins with FREQ= and has no end of its own."
            )
        )
    try:
        rrulestr(clean, dtstart=datetime(2026, 1, 1))
    except (ValueError, TypeError, AttributeError) as error:
        raise Denied(_("The rule of dates is not understood.")) from error
    return clean


def slots(series: Series, start: date, end: date) -> Iterator[Slot]:
    """The dates of the rule in [start, end], with the day that each falls on.

    The slot is the rule's own date and names the occurrence for good; the day follows `days`:
    "workday" and "restday" drop what falls on the wrong kind of day, "next-…" moves it on. Two
    slots that would meet on one day become one.
    """
    rule = rrulestr(series.rrule, dtstart=datetime.combine(series.first_on, time()))
    last = min(end, series.last_on) if series.last_on else end
    used: set[date] = set()
    for number, moment in enumerate(rule):
        slot = moment.date()
        if slot > last or number >= MOST:
            return
        day = _day(slot, series.days)
        if day is None or day in used:
            continue
        used.add(day)
        if slot >= start:
            yield Slot(number, slot, day)


def _day(slot: date, rule: str) -> date | None:
    if rule == "any":
        return slot
    wanted = rule.endswith("workday")
    if workdays.is_workday(slot) is wanted:
        return slot
    if not rule.startswith("next-"):
        return None
    for later in range(1, FARTHEST_SHIFT + 1):
        day = slot + timedelta(days=later)
        if workdays.is_workday(day) is wanted:
            return day
    return None


def begins_at(series: Series, day: date) -> datetime:
    """The moment at which it begins on that day."""
    return datetime.combine(day, series.begins, clock.LOCAL)
