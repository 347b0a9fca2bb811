"""Points in the demonstration: who serves has joined, the journal fills the cards, one objects."""

from datetime import time, timedelta
from typing import Final

from linli.demo.days import Story, at, local_day
from linli.demo.homes import estate_of_the_walk
from linli.demo.stories.scene import Scene
from linli.people.actors import Actor, as_resident
from linli.people.models import Appointment
from linli.people.policies import allowed
from linli.points.actions import joining, objecting
from linli.points.models import Transfer

PARTS: Final = ("volunteer", "mediator", "steward", "manager")  # of the cast
WORDS: Final = "那天我替别人签的到，这一条不是我的。"


class Points:
    """The stories of points."""

    def __init__(self, scene: Scene) -> None:
        self.society = scene.society
        self.today = local_day(scene.until)
        self.home = self.society.ground.places[str(estate_of_the_walk()["village"])]

    def stories(self) -> list[Story]:
        return [self.joining(), self.objection()]

    def joining(self) -> Story:
        """Holders of posts join at once; volunteers once they have come a first time."""
        yield at(self.society.since + timedelta(days=2), time(8))
        everybody = self._people()
        for days in (0, 8, 15):
            yield at(self.society.since + timedelta(days=2 + days), time(12))
            for who in everybody:
                allowed(joining.join, by=who)  # who does not serve yet is asked again later

    def _people(self) -> list[Actor]:
        cast = self.society.cast
        mediators = Appointment.objects.filter(post__kind="mediator").select_related("user")
        users = [cast[part] for part in PARTS if part in cast] + list(self.society.volunteers)
        users += [row.user for row in mediators.order_by("pk")]
        return [as_resident(user) for user in users]

    def objection(self) -> Story:
        """One of the volunteers says that a line is not theirs."""
        yield at(self.today - timedelta(days=1), time(19, 40))
        people = {who.user.pk: who for who in self._people() if who.user}
        cast = self.society.cast
        rows = Transfer.objects.filter(place__startswith=self.home.path).select_related("card")
        row = rows.exclude(card__user=cast["manager"]).order_by("-pk").first()
        if row is None or row.card.user_id not in people:
            return
        objecting.to_line(row, WORDS, by=people[row.card.user_id])
