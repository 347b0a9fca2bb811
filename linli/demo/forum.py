"""A lively forum: a village road, trees or parking, a borrowed ladder, and what moderators do."""

from datetime import datetime, time, timedelta
from itertools import cycle
from random import Random
from typing import Any

from linli.cases.actions import handle
from linli.cases.models import Case
from linli.demo.days import Story, at, local_day
from linli.demo.homes import estate_of_the_walk
from linli.demo.invented import table
from linli.demo.stories.scene import Scene, again
from linli.forum.actions import moderate, own
from linli.forum.actions.floors import reply
from linli.forum.actions.open_topic import open_topic
from linli.forum.models import Floor, Topic
from linli.journal.record import subject_of
from linli.lib import clock
from linli.people.actors import Actor, as_resident
from linli.people.models import User
from linli.places.models import Kind, Place
from linli.site.floors import open_case


class Forum:
    """The stories of the forum."""

    def __init__(self, scene: Scene) -> None:
        # Dice of its own: what is said here changes nothing in the other stories.
        self.rng, society = Random("the forum"), scene.society
        self.scene = Scene(society, self.rng, scene.until, scene.phones)
        self.home = society.ground.places[str(estate_of_the_walk()["village"])]
        self.village = next(p for p in society.ground.villages if p.kind == Kind.VILLAGE)
        self.today = local_day(scene.until)
        self.people = {str(name): society.person(str(name)) for name in table("forum")["people"]}
        # They have been here for a while; what newcomers link to is looked at first.
        keys = [user.pk for user in self.people.values()]
        User.objects.filter(pk__in=keys).update(joined_at=clock.now() - timedelta(days=90))
        for user in self.people.values():
            user.refresh_from_db()

    def stories(self) -> list[Story]:
        """Every story, each from its own day."""
        return [
            self.road(self._ago(20, 8)),
            self.talk("trees", self.home, self._ago(9, 19)),
            self.talk("bus", None, self._ago(6, 12), board="ideas"),
            self.talk("ladder", None, self._ago(5, 18), board="help"),
            self.talk("keys", None, self._ago(2, 7), board="help"),
            self.trees(self._ago(16, 20)),
            self.about_a_case(self._ago(1, 8)),
            self.advert(self._ago(1, 15)),
        ]

    def _ago(self, days: int, hour: int) -> datetime:
        """That long ago, but not before anybody was here."""
        first = self.scene.society.since + timedelta(days=2)
        return at(max(first, self.today - timedelta(days=days)), time(hour, 12))

    def _who(self, name: str, place: Place | None) -> Actor:
        if name == "unit":
            return self.scene.society.staff[self.scene.society.committee(place or self.home).pk][0]
        if name == "resident":
            return as_resident(self.scene.society.cast["resident"])
        return as_resident(self.people[name])

    def _later(self, hours: float) -> datetime:
        """Some hours on, but not in the middle of the night, and never after the present day."""
        moment = clock.now() + timedelta(hours=hours, minutes=self.rng.randrange(50))
        local = moment.astimezone(clock.LOCAL)
        if local.hour < 6:
            moment += timedelta(hours=7 - local.hour)
        return moment

    # ── stories ──────────────────────────────────────────────────────────────────────────────
    def talk(self, name: str, place: Place | None, start: datetime, board: str = "") -> Story:
        """A topic of forum.toml from its first floor to its last."""
        said = table("forum")[name]
        yield start
        topic = yield from self._floors(said, place, board or (place.code if place else ""))
        if name == "trees":
            moderate.pin(topic, by=self.scene.society.roles["manager"], up=True)

    def _floors(self, said: dict[str, Any], place: Place | None, board: str) -> Any:
        topic: Topic | None = None
        for who, hours, text, to in said["floors"]:
            if topic is None:
                topic = open_topic(board=board, title=said["title"], text=text,
                                   by=self._who(who, place))  # fmt: skip
                continue
            yield self._later(hours)
            topic.refresh_from_db()
            reply(topic, text, by=self._who(who, place), reply_to=to or None)
        return topic

    def road(self, start: datetime) -> Story:
        """The village road: talk, a dangerous spot that becomes a matter, its answer, an insult."""
        said = table("forum")["road"]
        yield start
        topic = yield from self._floors(said, self.village, self.village.code)
        who, number, words = said["edit"]
        own.edit(Floor.objects.get(topic=topic, number=number), words, by=self._who(who, None))
        rude = table("forum")["insult"]
        person = as_resident(self.scene.society.person(rude["who"]))
        floor = reply(topic, rude["text"], by=person)
        floor_of_case = Floor.objects.select_related("topic__board__place").get(
            topic=topic, number=said["case"]
        )
        author = self._who(self._author(said), None)
        receipt = open_case(
            floor_of_case, place=self.village, category="roads", visibility="public",
            client_id=self.scene.client_id(), by=author,
        )  # fmt: skip
        yield self.scene.office(1, 3)
        town = self.scene.society.unit("town-office", self._town(self.village))
        moderate.moderate_floor(floor, "hide", by=self.scene.society.staff[town.pk][0],
                                reason="insult")  # fmt: skip
        yield from self._answered(receipt.case, str(said["answer"]))

    @staticmethod
    def _author(said: dict[str, Any]) -> str:
        return str(said["floors"][said["case"] - 1][0])

    @staticmethod
    def _town(place: Place) -> Place:
        return next(p for p in place.ancestors() if p.kind == Kind.TOWN)

    def _answered(self, case: Case, words: str) -> Story:
        """The unit accepts and answers in time."""
        case = again(case)
        handle.accept(case, by=self.scene.acting(case))
        yield self.scene.before_due(again(case))
        case = again(case)
        handle.answer(case, words, by=self.scene.acting(case))

    def trees(self, start: datetime) -> Story:
        """A game of many short floors: more than one page of them."""
        said = table("forum")["trees_of_ours"]
        names, words = cycle(self.people), cycle(said["words"])
        yield start
        topic = open_topic(board="plaza", title=said["title"], text=next(words),
                           by=self._who(next(names), None))  # fmt: skip
        for _n in range(int(said["count"])):
            yield self._later(self.rng.uniform(0.5, 9))
            topic.refresh_from_db()
            reply(topic, next(words), by=self._who(next(names), None))

    def about_a_case(self, start: datetime) -> Story:
        """Somebody says something about a public matter of the community, in its place."""
        yield start
        rows = Case.objects.listed().within(self.home.path).filter(category="street-light")
        case = rows.order_by("-listed_at").first()
        if case is not None:
            open_topic(
                board=self.home.code, about=subject_of(case), title="路灯的事，说两句",
                text=str(table("forum")["about"]["case"]), by=self._who("早起跑步", None),
            )  # fmt: skip

    def advert(self, start: datetime) -> Story:
        """An advert that the screen holds back, and a floor that a reader reports."""
        yield start
        said = table("forum")["advert"]
        topic = Topic.objects.filter(board__code=self.home.code).order_by("pk").first()
        if topic is None:
            return
        reply(topic, said["text"], by=as_resident(self.scene.society.person(said["who"])))
        yield self._later(2)
        own.report(Floor.objects.select_related("topic__board__place").get(topic=topic, number=3),
                   "off_topic", by=self._who("会计老徐", None))  # fmt: skip
