"""Life for the pages of coverage and posts: box keepers, counts of households, neighbours to ask."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction

from linli.coverage import counting, households
from linli.demo.homes import estate_of_the_walk
from linli.demo.society import Society
from linli.people import actions
from linli.people.actors import SYSTEM
from linli.places.models import Kind, Place

UNKNOWN = 9  # every ninth village has not said how many households it has
NEIGHBOURS = 4  # in the village of the walk-throughs, and as many around it
ENDS_SOON = timedelta(days=20)
NIGHTLY = ("building-has-steward", "grid-has-worker", "line-has-box-keeper")
SOURCE = "演示用的虚构户数 / invented for the demonstration"


@transaction.atomic
def settle(society: Society, today: date) -> None:
    """What the registers hold before the month begins."""
    _box_keepers(society)
    _willing(society)
    _handlers(society, today)
    households.put(dict(_households(society)), society.since, SOURCE)


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


def _households(society: Society) -> Iterator[tuple[int, int]]:
    """Counts of villages: made up, and for some of them missing."""
    for n, village in enumerate(society.ground.villages):
        if n % UNKNOWN:
            yield village.pk, _invented(village, society)


def _invented(village: Place, society: Society) -> int:
    low, high = (700, 2400) if village.kind == Kind.COMMUNITY else (260, 1300)
    return society.rng.randint(low, high)


def night(day: date) -> None:
    """The nightly count; to be quick, all rules are counted once a week, the posts every night."""
    counting.run_all() if day.weekday() == 0 else counting.run(NIGHTLY)
