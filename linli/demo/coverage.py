"""Life for the pages of coverage and posts: box keepers, counts of households, neighbours to ask."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import transaction

from linli.activities.actions import capture, planning
from linli.activities.models import Occurrence
from linli.coverage import counting, tallies
from linli.demo.days import Story, at, local_day
from linli.demo.homes import estate_of_the_walk
from linli.demo.society import Society
from linli.people import actions
from linli.people.actors import SYSTEM
from linli.places.models import Kind, Place

UNKNOWN = 9  # every ninth village has not said how many households it has
NEIGHBOURS = 4  # in the village of the walk-throughs, and as many around it
FORGOTTEN = 100  # which village nobody went to
WEEKLY = 2  # the community of the walk-throughs has a visitor, who goes on Wednesdays
ENDS_SOON = timedelta(days=20)
LATELY = timedelta(days=3)
NIGHTLY: Final = ("building-has-steward", "grid-has-worker", "line-has-box-keeper")
SOURCE = "演示用的虚构户数 / invented for the demonstration"


@transaction.atomic
def settle(society: Society, today: date) -> None:
    """What the registers hold before the month begins."""
    _box_keepers(society)
    _willing(society)
    _handlers(society, today)
    _lately(society, today)
    tallies.put(dict(_households(society)), society.since, SOURCE)


def _box_keepers(society: Society) -> None:
    """A keeper for each line but the last."""
    company = society.unit("bus-company", society.ground.of_kind(Kind.COUNTY)[0])
    for line in society.ground.of_kind(Kind.LINE)[:-1]:
        society.hold("box-keeper", company, society.person(), place=line, public=True)


def _willing(society: Society) -> None:
    """Neighbours who said that they may be asked."""
    village = society.ground.places[str(estate_of_the_walk()["village"])]
    town = next(place for place in village.ancestors() if place.kind == Kind.TOWN)
    around = society.ground.inside(town, Kind.VILLAGE, Kind.COMMUNITY)
    near = [village] * NEIGHBOURS + [place for place in around if place != village][:NEIGHBOURS]
    for n, place in enumerate(near):
        kinds = ["building-steward"] if n % 2 else []
        actions.be_asked(society.person(), place, kinds)


def _handlers(society: Society, today: date) -> None:
    """The committee of the walk-throughs has a second handler, whose year ends soon."""
    village = society.ground.places[str(estate_of_the_walk()["village"])]
    committee = society.committee(village)
    post = committee.posts.get(kind="handler")
    actions.appoint(post, society.person(), by=SYSTEM, from_date=society.since,
                    to_date=today + ENDS_SOON)  # fmt: skip


def _lately(society: Society, today: date) -> None:
    """A grid worker elsewhere left a few days ago: missing, but not yet a gap."""
    grid = society.ground.of_kind(Kind.GRID)[-1]
    post = society.committee(grid.ancestors()[-1]).posts.get(kind="grid-worker", place=grid)
    actions.end(post.appointments.get(), by=SYSTEM, on=today - LATELY)


def _households(society: Society) -> Iterator[tuple[int, int]]:
    """Counts of villages: made up, and for some of them missing."""
    for n, village in enumerate(society.ground.villages):
        if n % UNKNOWN:
            yield village.pk, _invented(village, society)


def _invented(village: Place, society: Society) -> int:
    low, high = (700, 2400) if village.kind == Kind.COMMUNITY else (260, 1300)
    return society.rng.randint(low, high)


class Rounds:
    """Home visits all over the county: each village once a month, but for one nobody went to.

    Notes of single homes are elsewhere (outings.py); here a morning took place, and that is all.
    """

    def __init__(self, society: Society, days: int, until: datetime) -> None:
        self.society = society
        self.days = [local_day(until) - timedelta(days=n) for n in range(days, -1, -1)]
        self.own = society.ground.places[str(estate_of_the_walk()["village"])]
        others = [place for place in society.ground.villages if place != self.own]
        self.others = others[:FORGOTTEN] + others[FORGOTTEN + 1 :]

    def stories(self) -> Iterator[Story]:
        """One story that goes through the days."""
        yield self._story()

    def _story(self) -> Story:
        for n, day in enumerate(self.days):
            there = self.others[n :: len(self.days)]
            if day.weekday() == WEEKLY:
                there = [*there, self.own]
            yield at(day, time(8))
            mornings = [self._plan(village, at(day, time(9))) for village in there]
            yield at(day, time(12, 30))
            for morning in mornings:
                capture.close(morning, "met", by=SYSTEM)

    def _plan(self, village: Place, start: datetime) -> Occurrence:
        return planning.plan_occurrence(
            kind="home-visits", organisation=self.society.committee(village), place=village,
            starts_at=start, by=SYSTEM,
        )  # fmt: skip


def night(day: date) -> None:
    """The nightly count; to be quick, all rules are counted once a week, the posts every night."""
    counting.run_all() if day.weekday() == 0 else counting.run(NIGHTLY)
