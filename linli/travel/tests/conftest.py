"""Six villages on one straight road, a kilometre apart, and two that nobody can reach."""

from dataclasses import dataclass, replace
from itertools import pairwise

import pytest

from linli.coverage import tallies
from linli.coverage.models import What
from linli.lib import clock
from linli.people.cast import Cast
from linli.places.models import Place
from linli.places.tree import NewPlace, add_many
from linli.reach.graph import build
from linli.reach.modes import speeds
from linli.reach.roads import Roads
from linli.travel import roads, sites
from linli.travel.sites import Site

LON, LAT = 119.3, 31.3
KILOMETRE = 1 / 111.195  # degrees of latitude
LETTERS = "ABCDEF"
PEOPLE = {"A": 100, "B": 200, "C": 300, "D": 400, "E": 500, "F": 600, "G": 70, "H": 8}


@dataclass
class Valley:
    """What the tests stand on; `there` are its facilities, and may be replaced."""

    cast: Cast
    villages: dict[str, Place]
    there: list[Site]

    def shut(self, number: int, why: str) -> None:
        self.there[number] = replace(self.there[number], why=why)


@pytest.fixture
def valley(cast, monkeypatch) -> Valley:
    town = cast.places["town"]
    add_many(
        NewPlace(code=f"v-{name}", kind="village", name=f"{name}村", name_en=f"{name} Village",
                 parent=town.code, lon=lon, lat=lat)
        for name, lon, lat in (
            *((name, LON, LAT + n * KILOMETRE) for n, name in enumerate(LETTERS)),
            ("G", LON + 0.1, LAT), ("H", None, None),  # no road near, and nowhere known
        )
    )  # fmt: skip
    villages = {name: Place.objects.get(code=f"v-{name}") for name in PEOPLE}
    tallies.put(
        {villages[name].pk: number for name, number in PEOPLE.items()},
        clock.today(), "counted for the test", What.PEOPLE,
    )  # fmt: skip
    roads.take(build(_road()), "drawn for the test")
    found = Valley(cast, villages, [Site("one", "The hall of A", LON, LAT)])
    monkeypatch.setattr(sites, "kinds", lambda: [("hall", "Hall")])
    monkeypatch.setattr(sites, "of", lambda kind, when: found.there if kind == "hall" else [])
    return found


def _road() -> Roads:
    found = Roads()
    allowed = speeds({"highway": "residential"})
    assert allowed
    stops = [found.point(n, LON, LAT + n * KILOMETRE) for n in range(len(LETTERS))]
    for pair in pairwise(stops):
        found.add(list(pair), allowed)
    return found
