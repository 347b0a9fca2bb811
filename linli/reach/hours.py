"""Opening hours in the plain part of OpenStreetMap's opening_hours grammar.

``Mo-Fr 08:00-12:00,13:30-17:30; Sa 09:00-12:00``, ``24/7``, ``off``. Holidays, months and sunrise
are refused, not guessed: a caller who knows more brings its own list of what is open.
"""

import re
from dataclasses import dataclass
from datetime import datetime

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY = "|".join(DAYS)
_RULE = re.compile(
    rf"(?P<days>(?:{_DAY})(?:-(?:{_DAY}))?(?:,(?:{_DAY})(?:-(?:{_DAY}))?)*)?\s*"
    r"(?P<times>off|closed|\d{1,2}:\d\d-\d{1,2}:\d\d(?:,\s*\d{1,2}:\d\d-\d{1,2}:\d\d)*)"
)


@dataclass(frozen=True, slots=True)
class Hours:
    """For each day of the week the spans of minutes since midnight in which it is open."""

    week: tuple[tuple[tuple[int, int], ...], ...]

    @classmethod
    def parse(cls, text: str) -> "Hours":
        """Raises ValueError with what cannot be read. A later rule replaces days of an earlier."""
        if text.strip() in {"", "24/7"}:
            return cls(((((0, 1440),)),) * 7)
        week: list[tuple[tuple[int, int], ...]] = [()] * 7
        for part in filter(None, (piece.strip() for piece in text.split(";"))):
            rule = _RULE.fullmatch(part)
            if not rule:
                raise ValueError(
                    f'opening hours "{part}" cannot be read; '
                    'write for example "Mo-Fr 08:00-17:30; Sa 09:00-12:00" or "24/7".'
                )
            for day in _days(rule["days"]):
                week[day] = _spans(rule["times"])
        return cls(tuple(week))

    def open_at(self, when: datetime) -> bool:
        """Is it open at this local time? A span past midnight belongs to the day it began."""
        minute = when.hour * 60 + when.minute
        today, yesterday = self.week[when.weekday()], self.week[when.weekday() - 1]
        return any(begin <= minute < end for begin, end in today) or any(
            minute + 1440 < end for _begin, end in yesterday
        )


def _days(text: str | None) -> list[int]:
    found: list[int] = []
    for piece in (text or "Mo-Su").split(","):
        first, _dash, last = piece.partition("-")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        found += [day % 7 for day in range(begin, end + 1 if end >= begin else end + 8)]
    return found


def _spans(text: str) -> tuple[tuple[int, int], ...]:
    if text in {"off", "closed"}:
        return ()
    return tuple(_span(piece.strip()) for piece in text.split(","))


def _span(text: str) -> tuple[int, int]:
    begin, end = (int(clock[:-3]) * 60 + int(clock[-2:]) for clock in text.split("-"))
    if begin >= 1440 or end > 1440 + 720:
        raise ValueError(f'"{text}" is not a span of a day.')
    return begin, end if end > begin else end + 1440
