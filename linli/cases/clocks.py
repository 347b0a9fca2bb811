"""The clocks of a case, counted in Chinese working days from the moment it was received."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.lib import clock, workdays
from linli.playbook.schema import CaseKind


@dataclass(frozen=True)
class Promise:
    """Both deadlines of a case, in UTC."""

    accept: datetime | None
    answer: datetime


def promise(rule: CaseKind, category: str, start: datetime) -> Promise:
    """When the unit must have taken it on, and when it must have answered."""
    accept = workdays.add(start, rule.accept.within) if rule.accept else None
    answer = workdays.add(start, rule.answer_for(category).within)
    # A short answer clock rules: nobody needs to accept after the answer was due.
    return Promise(min(accept, answer) if accept else None, answer)


def silence(rule: CaseKind, answered: datetime) -> datetime:
    """Until when the asker may say whether it is solved; then silence is its own band."""
    return workdays.add(answered, rule.confirm.within)


def to_the_hour(moment: datetime) -> datetime:
    """Anonymous matters carry no finer time: it could be laid beside a network log (R63, P16)."""
    return moment.astimezone(clock.LOCAL).replace(minute=0, second=0, microsecond=0)


def to_the_week(moment: datetime) -> datetime:
    """The Monday of the ISO week: all that a card from a vehicle may say of its time (domain 26)."""
    day = moment.astimezone(clock.LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday())


def start(rule: CaseKind, received: datetime) -> datetime:
    """From when the clocks run; of a kind that knows only the week, from the end of that week."""
    return received + timedelta(days=7) if rule.time_grain == "week" else received
