"""Problems that many people write about within days: what the desk can deal with as one task."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from linli.cases.actions.receive import receive
from linli.demo.days import Story, local_day, waking_hours
from linli.demo.homes import estate_of_the_walk
from linli.demo.invented import table
from linli.demo.stories import loop
from linli.demo.stories.scene import Scene
from linli.people.actors import ANONYMOUS
from linli.places.models import Kind, Place


class Bursts:
    """The stories of a pump house that leaks, and of a kitchen that keeps a street awake."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        walk = estate_of_the_walk()["village"]
        grids = scene.society.ground.of_kind(Kind.GRID)
        self.grids = [grid for grid in grids if not grid.code.startswith(walk)]

    def stories(self) -> Iterator[Story]:
        for at, burst in enumerate(table("bursts")["burst"]):
            places = self._side_by_side(at, burst["houses"])
            for n, text in enumerate(burst["said"]):
                back = burst["days"] * (len(burst["said"]) - n) // len(burst["said"])
                yield self.one(burst, text, burst["joined"][n], places[n % len(places)], back)

    def one(self, burst: dict[str, Any], text: str, joined: int, place: Place, back: int) -> Story:
        """Somebody writes, the text is published, neighbours join; the answer is still owed."""
        scene = self.scene
        day = local_day(scene.until) - timedelta(days=back)
        yield waking_hours(scene.rng, day)
        draft = scene.draft("request", "web", burst["category"], place, text, visibility="public",
                            **scene.pin(place), **scene.contact())  # fmt: skip
        case = receive(draft, by=ANONYMOUS).case
        yield from loop.make_public(scene, case)
        yield from loop.take_on(scene, case)
        yield from loop.neighbours_join(scene, case, joined)

    def _side_by_side(self, at: int, count: int) -> list[Place]:
        """Grids of one village that has so many of them; another village each time."""
        parents = list(dict.fromkeys(grid.parent_id for grid in self.grids))
        parents = [
            pk for pk in parents if sum(grid.parent_id == pk for grid in self.grids) >= count
        ]
        chosen = parents[(7 + 11 * at) % len(parents)]
        return [grid for grid in self.grids if grid.parent_id == chosen][:count]
