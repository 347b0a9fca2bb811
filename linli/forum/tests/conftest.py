"""The cast in a corner of a county, and short ways to write in its forum."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from linli.forum.actions.floors import reply
from linli.forum.actions.open_topic import open_topic
from linli.forum.models import Floor, Topic
from linli.lib import clock
from linli.people import actions
from linli.people.actors import Actor, as_resident
from linli.people.cast import Cast
from linli.people.cast import cast as gather
from linli.people.models import User

START = datetime(2026, 11, 4, 9, 0, tzinfo=clock.LOCAL)
LONG_AGO = timedelta(days=90)


@dataclass
class Square:
    """The cast, and everybody's short way to write."""

    cast: Cast

    @property
    def village(self) -> str:
        return self.cast.places["community"].code

    def person(self, name: str = "somebody", *, new: bool = False) -> Actor:
        user = actions.open_account(display_name=name)
        if not new:
            User.objects.filter(pk=user.pk).update(joined_at=clock.now() - LONG_AGO)
            user.refresh_from_db()
        return as_resident(user)

    def topic(self, by: Actor | None = None, **changes) -> Topic:
        values = {"board": self.village, "title": "村口的路该修了", "text": "下雨天全是水坑。"}
        return open_topic(**{**values, "by": by or self.person("老周"), **changes})

    def say(
        self, topic: Topic, text: str = "我也这么看。", by: Actor | None = None, **more
    ) -> Floor:
        topic.refresh_from_db()
        return reply(topic, text, by=by or self.person("小李"), **more)


@pytest.fixture
def moved():
    with clock.moved_to(START):
        yield clock.moved_to


@pytest.fixture
def square(db, moved) -> Square:
    played = gather()
    User.objects.update(joined_at=clock.now() - LONG_AGO)
    for actor in played.actors.values():
        if actor.user:
            actor.user.refresh_from_db()
    return Square(played)
