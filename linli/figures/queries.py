"""From the journal to figures: which lines a period needs, and one board of numbers for a place."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from linli.cases.models import Case, State
from linli.cases.models.case import CaseQuerySet
from linli.figures.periods import Period, before, weeks_up_to
from linli.figures.rates import VERBS, Rate, Rates, Story, rates_of, read
from linli.journal.models import Entry
from linli.lib import clock

CHUNK = 30_000  # SQLite takes about 32,000 values in one statement
# A promise is made for at most so long: older lines cannot fall due in the period.
LONGEST_PROMISE = timedelta(days=400)
WEEKS = 13  # a quarter's worth of points on the small line
UNREAD = ("case.routed", "case.accepted", "case.assigned", "case.noted", "case.late")
WORDS = ("case.replied", "case.confirmed", "case.silent", "case.took_in")
# Promises are written in UTC, periods are local days: a day on each side takes care of both.
_MARGIN = timedelta(days=1)


class Row(NamedTuple):
    """A line of the journal with only what the rates read."""

    subject: str
    verb: str
    when: datetime
    place: str
    facts: dict[str, Any]


def lines(start: datetime, end: datetime, path: str = "") -> list[Row]:
    """Every line that the rates of [start, end) need, of cases at or below `path`."""
    return list(each_line(start, end, path))


def each_line(
    start: datetime, end: datetime, path: str = "", *, words_since: datetime | None = None
) -> Iterator[Row]:
    """The same one by one, so that a large county's lines are never in memory all at once.

    A case matters if it was received or answered in the period, or if its answer fell due there.
    What askers said before `words_since` is left out, for those who only count answers until then.
    Two statements for up to CHUNK cases.
    """
    first = (start - _MARGIN).astimezone(UTC).isoformat()
    last = (end + _MARGIN).astimezone(UTC).isoformat()
    # By prefix, not by range: the journal keeps its texts in the database's own sort order.
    here = Entry.objects.filter(place__startswith=path) if path else Entry.objects.all()
    happened = Q(verb__in=("case.received", "case.answered"), when__gte=start, when__lt=end)
    since = start - LONGEST_PROMISE
    promised = Q(verb="case.received", when__gte=since, when__lt=end, due__gte=first, due__lt=last)
    moved = Q(verb="case.extended", when__gte=since, when__lt=end, to__gte=first, to__lt=last)
    matter = (
        here.filter(verb__in=("case.received", "case.answered", "case.extended"))
        .annotate(due=_text("facts__due"), to=_text("facts__to"))
        .filter(happened | promised | moved)
        .values_list("subject", flat=True)
    )
    names = list(dict.fromkeys(matter))
    for begin in range(0, len(names), CHUNK):
        yield from _lines_of(names[begin : begin + CHUNK], words_since)


def _lines_of(names: list[str], words_since: datetime | None) -> list[Row]:
    """All lines of these subjects that somebody counts.

    The names are written out, and the verbs that nobody counts are kept out by name: PostgreSQL,
    before it has statistics of a table, joins a subquery or an index of verbs once for every case.
    """
    found = Entry.objects.filter(subject__in=names).exclude(verb__in=UNREAD).order_by("seq")
    if words_since:
        found = found.exclude(verb__in=WORDS, when__lt=words_since)
    rows = found.values_list(*Row._fields)
    return [Row._make(row) for row in rows if row[1] in VERBS]


def _text(path: str) -> Cast:
    """A text inside the facts; as plain text, since moments are no numbers."""
    return Cast(KT(path), TextField())


def newest_line() -> int:
    """The sequence number of the journal's last line: what a cached figure is good for."""
    return Entry.objects.aggregate(last=Max("seq"))["last"] or 0


def is_many(path: str, period: Period, most: int) -> bool:
    """Whether more than `most` cases came in while a board looks; stops reading there."""
    start = min(before(period).start, weeks_up_to(period, WEEKS)[0].start)
    if path.count("/") > 1:
        cases = Case.objects.within(path).filter(received_at__gte=start, received_at__lt=period.end)
        return cases.values_list("pk")[most : most + 1].exists()
    came = Entry.objects.filter(verb="case.received", when__gte=start, when__lt=period.end)
    return came.order_by("when").values_list("seq")[most : most + 1].exists()


class Owed(NamedTuple):
    """What lies undone now: answers overdue, and matters that nobody took on in time."""

    late: int
    untaken: int


NOTHING_OWED = Owed(0, 0)


@dataclass
class Part:
    """One row of a table: a place, a kind or a channel."""

    key: str
    rates: Rates
    owed: Owed = NOTHING_OWED


@dataclass
class Week:
    """One point of the small lines: what came in, and how much of what fell due was in time."""

    period: Period
    received: int
    response: Rate


@dataclass
class Board:
    """Everything on the overview of one place and period."""

    period: Period
    earlier: Period
    as_of: datetime
    now: Rates
    then: Rates
    weeks: list[Week] = field(default_factory=list)
    places: list[Part] = field(default_factory=list)
    kinds: list[Part] = field(default_factory=list)
    channels: list[Part] = field(default_factory=list)
    owed: Owed = NOTHING_OWED


def board(path: str, period: Period) -> Board:
    """The board of the place with this path; three statements for up to CHUNK cases."""
    as_of = clock.now()
    earlier, weeks = before(period), weeks_up_to(period, WEEKS)
    compared = min(period.start, earlier.start)
    start = min(compared, weeks[0].start)
    stories = read(each_line(start, period.end, path, words_since=compared), as_of)
    touched, before_that, weekly = _sorted(stories, period, earlier, weeks)
    undone = owed_below(path, as_of)
    return Board(
        period=period,
        earlier=earlier,
        as_of=as_of,
        now=rates_of(touched, period.start, period.end, as_of=as_of),
        then=rates_of(before_that, earlier.start, earlier.end, as_of=as_of),
        weeks=[_week(*row, as_of) for row in zip(weeks, weekly, strict=True)],
        places=_parts(touched, lambda s: child(s.place, path), period, as_of, undone),
        kinds=_parts(touched, lambda s: s.kind, period, as_of),
        channels=_parts(touched, lambda s: s.channel, period, as_of),
        owed=Owed(sum(o.late for o in undone.values()), sum(o.untaken for o in undone.values())),
    )  # fmt: skip


def child(place: str, path: str) -> str:
    """The code of the place below `path` in which `place` lies; "" for the place itself."""
    return place.removeprefix(path).split("/", 1)[0]


def _owed(at: datetime) -> dict[str, Q]:
    return {
        "late": Q(due_at__lt=at),
        "untaken": Q(state=State.ROUTED, accept_due_at__lt=at),
    }


def owed(path: str, at: datetime, which: str) -> CaseQuerySet:
    """The cases at or below `path` that are "late" or "untaken" at `at`."""
    return Case.objects.working().within(path).filter(_owed(at)[which])


def owed_below(path: str, at: datetime) -> dict[str, Owed]:
    """How many lie undone at `at`, by the child of `path`; one statement."""
    which = _owed(at)
    rows = (
        Case.objects.working()
        .within(path)
        .filter(which["late"] | which["untaken"])
        .values_list("place_path")
        .annotate(**{name: Count("pk", filter=fits) for name, fits in which.items()})
    )
    found: dict[str, Owed] = {}
    for place, late, untaken in rows:
        key = child(place, path)
        so_far = found.get(key, NOTHING_OWED)
        found[key] = Owed(so_far.late + late, so_far.untaken + untaken)
    return found


def _sorted(
    stories: Mapping[str, Story], period: Period, earlier: Period, weeks: list[Period]
) -> tuple[dict[str, Story], dict[str, Story], list[dict[str, Story]]]:
    """The stories that can count in the period, in the one before, and in each week: one pass."""
    now: dict[str, Story] = {}
    then: dict[str, Story] = {}
    weekly: list[dict[str, Story]] = [{} for _week in weeks]
    start, end, first, last = period.start, period.end, earlier.start, earlier.end
    monday = weeks[0].start
    for subject, story in stories.items():
        for moment in _moments(story):
            if start <= moment < end:
                now[subject] = story
            if first <= moment < last:
                then[subject] = story
            week = (moment - monday).days // 7
            if 0 <= week < len(weekly):
                weekly[week][subject] = story
    return now, then, weekly


def _week(week: Period, stories: Mapping[str, Story], as_of: datetime) -> Week:
    found = rates_of(stories, week.start, week.end, as_of=as_of)
    return Week(week, found.received, found.response)


def _moments(story: Story) -> list[datetime]:
    """When a story counts: received, due, answered (first and again)."""
    found = [answer.at for answer in story.rounds]
    return found + [moment for moment in (story.received, story.due) if moment]


def _parts(
    stories: Mapping[str, Story],
    key: Callable[[Story], str],
    period: Period,
    as_of: datetime,
    undone: Mapping[str, Owed] | None = None,
) -> list[Part]:
    groups: dict[str, dict[str, Story]] = defaultdict(dict)
    for subject, story in stories.items():
        groups[key(story)][subject] = story
    return [
        Part(name, rates_of(groups[name], period.start, period.end, as_of=as_of),
             (undone or {}).get(name, NOTHING_OWED))
        for name in sorted({*groups, *(undone or {})})
    ]  # fmt: skip
