"""The stretch of days that a figure speaks of, and the one before it that it is compared with."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from linli.lib import clock

KEYS = ("week", "month", "quarter", "own")
LONGEST = 20 * 366  # days: a county may bring ten years of cases with it
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Whole local days, `first` and `last` inclusive."""

    first: date
    last: date
    key: str = "own"

    @property
    def start(self) -> datetime:
        """Midnight before the first day."""
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        """Midnight after the last day; the period is [start, end)."""
        return _midnight(self.last + _DAY)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def gone(self) -> "Period":
        """The part of it that is not in the future; at least its first day."""
        return Period(self.first, max(self.first, min(self.last, clock.today())), self.key)


class NoPeriod(ValueError):
    """The dates make no period; `args[0]` is "order", "long" or "date"."""


def this_week(today: date) -> Period:
    monday = today - timedelta(days=today.weekday())
    return Period(monday, monday + timedelta(days=6), "week")


def this_month(today: date) -> Period:
    first = today.replace(day=1)
    return Period(first, _months_later(first, 1) - _DAY, "month")


def this_quarter(today: date) -> Period:
    first = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    return Period(first, _months_later(first, 3) - _DAY, "quarter")


def own(first: str, last: str) -> Period:
    """A period from two ISO dates. Raises NoPeriod."""
    try:
        period = Period(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError:
        raise NoPeriod("date") from None
    if not all(2000 <= day.year < 2200 for day in (period.first, period.last)):
        raise NoPeriod("date")
    if period.last < period.first:
        raise NoPeriod("order")
    if period.days > LONGEST:
        raise NoPeriod("long")
    return period


def before(period: Period) -> Period:
    """The same stretch just before, cut to as many days as have gone of this one.

    A week that is three days old is laid beside the first three days of the week before, a month
    beside the same days of the month before: like beside like.
    """
    gone = period.gone.days
    if period.key == "month":
        first, months = _months_later(period.first, -1), 1
    elif period.key == "quarter":
        first, months = _months_later(period.first, -3), 3
    else:
        first = period.first - timedelta(days=period.days)
        return Period(first, first + timedelta(days=gone - 1), period.key)
    whole = _months_later(first, months) - _DAY
    last = whole if gone == period.days else min(whole, first + timedelta(days=gone - 1))
    return Period(first, last, period.key)


def weeks_up_to(period: Period, count: int) -> list[Period]:
    """The `count` whole weeks that end with the week of the period's last day that has come."""
    newest = this_week(period.gone.last)
    return [
        Period(newest.first - timedelta(weeks=n), newest.last - timedelta(weeks=n), "week")
        for n in reversed(range(count))
    ]


def _months_later(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _midnight(day: date) -> datetime:
    # In UTC like the journal's moments: comparing across zones costs ten times as much.
    return datetime.combine(day, time.min, clock.LOCAL).astimezone(UTC)
