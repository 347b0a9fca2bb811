"""Opening hours as OpenStreetMap writes them, by the Chinese calendar.

The part of the grammar (wiki: Key:opening_hours/specification) that places for people need::

    Mo-Fr 08:30-17:30; Sa,Su 09:00-12:00; PH off
    Apr-Sep Mo-Su 06:00-21:00; Oct-Mar Mo-Su 07:00-18:00; PH 09:00-16:00
    Fr,Sa 18:00-02:00
    24/7

Months, weekdays and ``PH`` as single ones, ranges and lists; several times a day; times past
midnight (``18:00-02:00`` or ``18:00-26:00`` belongs to the day on which it begins); ``off``.
A later rule wins on the days that it names. Everything else (``SH``, ``||``, sunrise, weeks, dates,
``[1]``, comments, open ends) is refused with its line and column, never guessed: no library known
to us reads the grammar by this country's calendar with its exchanged days.

``PH`` is every day of rest that the State Council's notice names, weekends inside it too. A Saturday
or Sunday on which people work in exchange goes by the hours of the working day beside it (Friday or
Monday); only a place without hours on that working day goes by its own weekday.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Final

from linli.lib import workdays
from linli.lib.clock import LOCAL

DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
HORIZON: Final = 62  # days in which the next opening is looked for
LONGEST: Final = 400  # characters

_DAY: Final = 24 * 60
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<always>24/7)|(?P<time>\d{1,2}:\d{2})|(?P<word>[A-Za-z]+)"
    r'|(?P<sign>\|\||[;,:\-–+\[\]"]|\S))'
)
_SATURDAY: Final = 5

# What the grammar has beside the part above, and what to say about it.
_REFUSED: Final = {
    "SH": "school holidays are not known here; write the months instead",
    "||": "a second choice behind || is not read; write it as another rule after ;",
    "week": "numbers of weeks are not read; write months",
    "easter": "Easter is not read",
    "sunrise": "times of the sun are not read; write times by the clock",
    "sunset": "times of the sun are not read; write times by the clock",
    "dawn": "times of the sun are not read; write times by the clock",
    "dusk": "times of the sun are not read; write times by the clock",
    "unknown": "hours that are not known cannot be promised; write off or times",
    "+": "an open end is not read; write when it closes",
    "[": "the first or last weekday of a month is not read",
    '"': "words in quotes are not read; put them into the note",
}
Spans = tuple[tuple[int, int], ...]


class HoursError(ValueError):
    """Hours that cannot be read: where, at which word, and why. Counted from 1."""

    def __init__(self, text: str, at: int, why: str, word: str = "") -> None:
        before = text[:at]
        self.line = before.count("\n") + 1
        self.column = at - (before.rfind("\n") + 1) + 1
        self.why, self.word = why, word
        super().__init__(f"line {self.line}, column {self.column}: {why}")


@dataclass(frozen=True, slots=True)
class Rule:
    """On these days of these months it is open at these minutes; an empty set means all."""

    months: frozenset[int]
    days: frozenset[int]
    holidays: bool
    spans: Spans

    def fits(self, day: date, weekday: int, *, holiday: bool) -> bool:
        """Whether the rule speaks of a day that goes by `weekday`."""
        if self.months and day.month not in self.months:
            return False
        if holiday and self.holidays:
            return True
        return weekday in self.days if self.days else not self.holidays


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Rules in their order, and the words they were read from."""

    text: str
    rules: tuple[Rule, ...]

    @property
    def says_holidays(self) -> bool:
        """Whether it tells people what holds on public holidays."""
        return self.text == "24/7" or any(rule.holidays for rule in self.rules)

    def on(self, day: date) -> Spans:
        """Minutes since midnight from which until which it is open; an end may be past midnight."""
        holiday = workdays.is_holiday(day)
        weekday = day.weekday()
        if weekday >= _SATURDAY and workdays.is_workday(day):
            beside = 4 if weekday == _SATURDAY else 0
            return self._last(day, beside, holiday=False) or self._last(day, weekday) or ()
        return self._last(day, weekday, holiday=holiday) or ()

    def _last(self, day: date, weekday: int, *, holiday: bool = False) -> Spans | None:
        found = None
        for rule in self.rules:
            if rule.fits(day, weekday, holiday=holiday):
                found = rule.spans
        return found

    def spans(self, first: date, days: int) -> Iterator[tuple[datetime, datetime]]:
        """Times in which it is open that begin on these days, in order; touching ones are one."""
        last: tuple[datetime, datetime] | None = None
        for n in range(days):
            midnight = datetime.combine(first + timedelta(days=n), time(), LOCAL)
            for begin, end in sorted(self.on(midnight.date())):
                one = midnight + timedelta(minutes=begin), midnight + timedelta(minutes=end)
                if last and one[0] <= last[1]:
                    last = last[0], max(last[1], one[1])
                else:
                    if last:
                        yield last
                    last = one
        if last:
            yield last

    def open_span(self, moment: datetime) -> tuple[datetime, datetime] | None:
        """The time in which it is open around this moment; None if it is closed then."""
        day = moment.astimezone(LOCAL).date() - timedelta(days=1)
        return next((one for one in self.spans(day, 9) if one[0] <= moment < one[1]), None)

    def next_opening(self, moment: datetime) -> datetime | None:
        """When it opens next after this moment; None if not within two months."""
        day = moment.astimezone(LOCAL).date() - timedelta(days=1)
        return next((one[0] for one in self.spans(day, HORIZON) if one[0] > moment), None)

    def covers(self, start: datetime, end: datetime) -> bool:
        """Whether it is open during the whole time from start to end."""
        day = start.astimezone(LOCAL).date() - timedelta(days=1)
        length = (end - start).days + 3
        return any(a <= start and end <= b for a, b in self.spans(day, length))


@lru_cache(maxsize=1024)
def parse(text: str) -> OpeningHours:
    """Read opening hours. Raises HoursError."""
    if len(text) > LONGEST:
        raise HoursError(text, LONGEST, f"opening hours have at most {LONGEST} characters")
    reader = _Reader(text)
    return OpeningHours(text.strip(), tuple(reader.rules()))


@dataclass(slots=True)
class _Reader:
    """Goes through the words from left to right."""

    text: str
    tokens: list[tuple[str, str, int]] = field(default_factory=list)
    place: int = 0

    def __post_init__(self) -> None:
        for found in _TOKEN.finditer(self.text):
            kind = found.lastgroup or ""
            self.tokens.append((kind, found[kind], found.start(kind)))
        self.tokens.append(("end", "", len(self.text.rstrip())))

    def rules(self) -> Iterator[Rule]:
        while True:
            yield self._rule()
            if self._is("end"):
                return
            self._need(";", 'here a ";" is missing, or something stands here that is not read')
            if self._is("end"):
                return

    def _rule(self) -> Rule:
        if self._take("always"):
            return Rule(frozenset(), frozenset(), False, ((0, _DAY),))
        months = self._set(MONTHS)
        if months:
            self._sign(":")
        holidays, days = False, frozenset[int]()
        while self._is("word") and (self._word() == "PH" or self._word() in DAYS):
            if self._word() == "PH":
                holidays = True
                self.place += 1
            else:
                days |= self._set(DAYS)
            if not self._sign(","):
                break
        return Rule(months, days, holidays, self._times())

    def _set(self, names: tuple[str, ...]) -> frozenset[int]:
        """Single names, ranges and lists of them; numbers from 0 for days, from 1 for months."""
        found: set[int] = set()
        first = 1 if names is MONTHS else 0
        while self._is("word") and self._word() in names:
            begin = end = names.index(self._next())
            if self._sign("-") or self._sign("–"):
                if not self._is("word") or self._word() not in names:
                    raise self._wrong(f"after the dash comes a name such as {names[-1]}")
                end = names.index(self._next())
            steps = (end - begin) % len(names)
            found |= {(begin + n) % len(names) + first for n in range(steps + 1)}
            if not (self._ahead(",") and self._ahead_word() in names):
                break
            self.place += 1
        return frozenset(found)

    def _times(self) -> Spans:
        if self._is("word") and self._word() in {"off", "closed"}:
            self.place += 1
            return ()
        spans = [self._span()]
        while self._sign(","):
            spans.append(self._span())
        ordered = sorted(spans)
        if any(a[1] > b[0] for a, b in pairwise(ordered)):
            raise self._wrong("two times of the same rule overlap")
        return tuple(ordered)

    def _span(self) -> tuple[int, int]:
        begin = self._time(_DAY - 1)
        if not (self._sign("-") or self._sign("–")):
            raise self._wrong("after the time comes a dash and when it closes, as 08:30-17:30")
        end = self._time(2 * _DAY - 1)
        end = end if end > begin else end + _DAY
        if end - begin > _DAY:
            raise self._wrong("that is longer than a day; write 24/7")
        return begin, end

    def _time(self, latest: int) -> int:
        if not self._is("time"):
            raise self._wrong('here times are expected, as 08:30-17:30, or "off"')
        hours, minutes = self._word().split(":")
        value = int(hours) * 60 + int(minutes)
        if int(minutes) > 59 or value > latest:
            raise self._wrong("there is no such time")
        self.place += 1
        return value

    # ── words ────────────────────────────────────────────────────────────────────────────────

    def _is(self, kind: str) -> bool:
        return self.tokens[self.place][0] == kind

    def _word(self) -> str:
        return self.tokens[self.place][1]

    def _next(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1][1]

    def _take(self, kind: str) -> bool:
        if self._is(kind):
            self.place += 1
            return True
        return False

    def _ahead(self, sign: str) -> bool:
        return self._is("sign") and self._word() == sign

    def _ahead_word(self) -> str:
        return self.tokens[min(self.place + 1, len(self.tokens) - 1)][1]

    def _sign(self, sign: str) -> bool:
        if self._ahead(sign):
            self.place += 1
            return True
        return False

    def _need(self, sign: str, why: str) -> None:
        if not self._sign(sign):
            raise self._wrong(why)

    def _wrong(self, why: str) -> HoursError:
        """The error at this word; words of the grammar's other part have sentences of their own."""
        _kind, word, at = self.tokens[self.place]
        return HoursError(self.text, at, _REFUSED.get(word, why), word)
