"""A month of invented life all over the county: who says what, where, on which day."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from random import Random

from linli.demo.days import Story, local_day, waking_hours
from linli.demo.homes import estate_of_the_walk
from linli.demo.invented import table
from linli.demo.stories import matters, stepped
from linli.demo.stories.scene import Scene
from linli.lib import workdays
from linli.places.models import Kind, Place

# How many of each a working day brings, on the average; on a day of rest half as many.
PER_DAY = {
    "request": 5.5, "patrol": 1.3, "steward": 1.0, "card": 0.9, "visit": 0.9, "stall": 0.8,
    "errand": 0.7, "wish": 0.8, "dispute": 0.5,
}  # fmt: skip


class Month:
    """The stories of everybody but the community of the walk-throughs."""

    def __init__(self, scene: Scene, days: int) -> None:
        self.scene, self.days = scene, days
        ground, walk = scene.society.ground, estate_of_the_walk()["village"]
        self.villages = [p for p in ground.villages if p.code != walk]
        # Where more people live, more is said: communities count threefold.
        self.weights = [3 if p.kind == Kind.COMMUNITY else 1 for p in self.villages]
        self.grids = [p for p in ground.of_kind(Kind.GRID) if not p.code.startswith(walk)]
        self.houses = [p for p in ground.of_kind(Kind.BUILDING) if not p.code.startswith(walk)]
        self.lines = ground.of_kind(Kind.LINE)
        self.towns = ground.of_kind(Kind.TOWN)
        self.wishes = cycle(table("stories")["wish"])

    def stories(self) -> Iterator[Story]:
        today = local_day(self.scene.until)
        for back in range(self.days, -1, -1):
            day = today - timedelta(days=back)
            share = 1.0 if workdays.is_workday(day) else 0.5
            for name, rate in PER_DAY.items():
                for _n in range(about(self.scene.rng, rate * share)):
                    yield self.one(name, day)
        yield from self.twins(today)

    def one(self, name: str, day: date) -> Story:
        """A story of that name that begins on that day."""
        scene, rng = self.scene, self.scene.rng
        start = waking_hours(rng, day)
        if name == "request":
            return matters.request(scene, start, self.somewhere())
        if name == "patrol":
            return stepped.patrol(scene, start, rng.choice(self.grids))
        if name == "steward":
            return matters.steward_message(scene, start, rng.choice(self.houses))
        if name == "card":
            return stepped.card(scene, start, rng.choice(self.lines))
        if name == "wish":
            return stepped.wish(scene, start, rng.choice(self.towns), next(self.wishes))
        makers = {
            "visit": matters.visit_voice, "stall": matters.stall_voice, "errand": stepped.errand,
            "dispute": stepped.dispute,
        }  # fmt: skip
        return makers[name](scene, start, self.village())

    def village(self) -> Place:
        return self.scene.rng.choices(self.villages, self.weights)[0]

    def somewhere(self) -> Place:
        """A village most of the time, else one of the houses or grids."""
        draw = self.scene.rng.random()
        if draw < 0.15:
            return self.scene.rng.choice(self.houses)
        return self.scene.rng.choice(self.grids) if draw < 0.25 else self.village()

    def twins(self, today: date) -> Iterator[Story]:
        """Now and then two people write about one thing, and the unit joins them."""
        for back in range(3, self.days, 6):
            start = waking_hours(self.scene.rng, today - timedelta(days=back))
            later = start + timedelta(hours=3)
            yield from matters.same_thing_twice(self.scene, start, later, self.village())


def about(rng: Random, rate: float) -> int:
    """A whole number that is `rate` on the average."""
    return int(rate) + (rng.random() < rate - int(rate))
