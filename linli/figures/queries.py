"""From the journal to figures: which lines a period needs, and one board of numbers for a place."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from linli.cases.models import Case, State
from linli.cases.models.case import CaseQuerySet
from linli.figures.periods import Period, before, weeks_up_to
from linli.figures.rates import VERBS, Rates, Story, rates_of, read
from linli.journal.models import Entry
from linli.lib import clock

WEEKS = 13  # a quarter's worth of points on the small line
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
    """Every line that the rates of [start, end) need, of cases at or below `path`; one statement.

    A case matters if it was received or answered in the period, or if its answer fell due there.
    """
    first = (start - _MARGIN).astimezone(UTC).isoformat()
    last = (end + _MARGIN).astimezone(UTC).isoformat()
    # By prefix, not by range: the journal keeps its texts in the database's own sort order.
    here = Entry.objects.filter(place__startswith=path) if path else Entry.objects.all()
    happened = Q(verb__in=("case.received", "case.answered"), when__gte=start, when__lt=end)
    promised = Q(verb="case.received", when__lt=end, due__gte=first, due__lt=last)
    moved = Q(verb="case.extended", when__lt=end, to__gte=first, to__lt=last)
    matter = (
        here.filter(verb__in=("case.received", "case.answered", "case.extended"))
        .annotate(due=_text("facts__due"), to=_text("facts__to"))
        .filter(happened | promised | moved)
        .values("subject")
    )
    found = here.filter(verb__in=VERBS, subject__in=matter).order_by("seq")
    return [Row(*row) for row in found.values_list(*Row._fields)]


def _text(path: str) -> Cast:
    """A text inside the facts; as plain text, since moments are no numbers."""
    return Cast(KT(path), TextField())


def newest_line() -> int:
    """The sequence number of the journal's last line: what a cached figure is good for."""
    return Entry.objects.aggregate(last=Max("seq"))["last"] or 0


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
class Board:
    """Everything on the overview of one place and period."""

    period: Period
    earlier: Period
    as_of: datetime
    now: Rates
    then: Rates
    weeks: list[tuple[Period, Rates]] = field(default_factory=list)
    places: list[Part] = field(default_factory=list)
    kinds: list[Part] = field(default_factory=list)
    channels: list[Part] = field(default_factory=list)
    owed: Owed = NOTHING_OWED


def board(path: str, period: Period) -> Board:
    """The board of the place with this path; two statements however many cases there are."""
    as_of = clock.now()
    earlier, weeks = before(period), weeks_up_to(period, WEEKS)
    start = min(period.start, earlier.start, weeks[0].start)
    stories = read(lines(start, period.end, path), as_of)
    now = rates_of(stories, period.start, period.end, as_of=as_of)
    undone = owed_below(path, as_of)
    found = Board(
        period=period,
        earlier=earlier,
        as_of=as_of,
        now=now,
        then=rates_of(stories, earlier.start, earlier.end, as_of=as_of),
        owed=Owed(sum(o.late for o in undone.values()), sum(o.untaken for o in undone.values())),
    )
    touched = _touched(stories, period)
    found.weeks = _weekly(stories, weeks, as_of)
    found.places = _parts(touched, lambda s: child(s.place, path), period, as_of, undone)
    found.kinds = _parts(touched, lambda s: s.kind, period, as_of)
    found.channels = _parts(touched, lambda s: s.channel, period, as_of)
    return found


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


def _touched(stories: Mapping[str, Story], period: Period) -> dict[str, Story]:
    """The stories that can count in the period at all."""
    start, end = period.start, period.end
    return {
        subject: story
        for subject, story in stories.items()
        if any(start <= moment < end for moment in _moments(story))
    }


def _moments(story: Story) -> list[datetime]:
    """When a story counts: received, due, answered (first and again)."""
    found = [answer.at for answer in story.rounds]
    return found + [moment for moment in (story.received, story.due) if moment]


def _weekly(
    stories: Mapping[str, Story], weeks: list[Period], as_of: datetime
) -> list[tuple[Period, Rates]]:
    """The rates of each week; every story is laid only into the weeks it touches."""
    start = weeks[0].start
    buckets: dict[int, dict[str, Story]] = defaultdict(dict)
    for subject, story in stories.items():
        for moment in _moments(story):
            buckets[(moment - start).days // 7][subject] = story
    return [
        (week, rates_of(buckets[n], week.start, week.end, as_of=as_of))
        for n, week in enumerate(weeks)
    ]


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
