"""Days that pass: stories wait for their moment, and time does what the worker would do."""

import heapq
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random

from django.db import transaction

from linli.lib import clock, workdays
from linli.people.policies import Denied

# A story does something, then yields the moment at which it goes on.
Story = Generator[datetime, None, None]

OPENS, CLOSES = time(8, 30), time(17, 30)


@dataclass
class Days:
    """Runs stories in the order of time, one transaction for each day they fill.

    `nightly` is called between the days, outside any transaction, with the clock at that midnight.
    """

    until: datetime
    nightly: Callable[[date], None]
    waiting: list[tuple[datetime, int, Story]] = field(default_factory=list)
    refused: list[Denied] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)

    def add(self, story: Story) -> None:
        """Let a story wait for its first moment."""
        self._wait(story, next(story))

    def _wait(self, story: Story, moment: datetime) -> None:
        heapq.heappush(self.waiting, (moment, next(self._order), story))

    def run(self, progress: Callable[[date], None] = lambda day: None) -> None:
        """Live through every day that has something in it, up to `until`."""
        while self.waiting and self.waiting[0][0] <= self.until:
            day = local_day(self.waiting[0][0])
            end = min(self.until, at(day + timedelta(days=1), time.min))
            with transaction.atomic():
                self._live(end)
            with clock.moved_to(end):
                self.nightly(day)
            progress(day)

    def _live(self, end: datetime) -> None:
        while self.waiting and self.waiting[0][0] <= end:
            moment, _n, story = heapq.heappop(self.waiting)
            with clock.moved_to(moment):
                try:
                    again = next(story, None)
                except Denied as denied:  # a rule said no: the story ends here, as it would in life
                    self.refused.append(denied)
                    continue
            if again is not None:
                self._wait(story, max(again, moment))


def at(day: date, moment: time) -> datetime:
    """That time of that day in the county."""
    return datetime.combine(day, moment, clock.LOCAL)


def local_day(moment: datetime) -> date:
    return moment.astimezone(clock.LOCAL).date()


def office_hours(rng: Random, after: datetime, hours: float = 0.0) -> datetime:
    """A moment at least `hours` after, in which somebody sits at the desk."""
    moment = (after + timedelta(hours=hours)).astimezone(clock.LOCAL)
    day = moment.date()
    if moment.time() > CLOSES:
        day += timedelta(days=1)
    while not workdays.is_workday(day):
        day += timedelta(days=1)
    if day == moment.date() and moment.time() >= OPENS:
        return moment + timedelta(minutes=rng.randint(1, 20))
    return at(day, OPENS) + timedelta(minutes=rng.randint(0, 180))


def on_workday(rng: Random, after: datetime, days: int) -> datetime:
    """In the office, `days` working days later; 0 is later on the same day."""
    if days <= 0:
        return office_hours(rng, after, rng.uniform(0.5, 3))
    last = workdays.add(after, workdays.Span(days, "workdays"))
    return at(local_day(last), OPENS) + timedelta(minutes=rng.randint(0, 500))


def waking_hours(rng: Random, day: date) -> datetime:
    """A moment of a day at which people say something; more in the morning and evening."""
    hour = rng.choices(range(6, 23), weights=[2, 5, 9, 9, 8, 6, 4, 4, 6, 7, 6, 6, 6, 8, 8, 5, 2])[0]
    return at(day, time(hour, rng.randrange(60), rng.randrange(60)))
