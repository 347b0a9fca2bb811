"""What is decided in the demonstration: a road that was built, and others that cannot go on yet."""

import io
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from linli.deliberation.actions import (
    calling,
    concerns,
    doing,
    drafting,
    meeting,
    proposing,
    rolls,
    showing,
)
from linli.deliberation.models import Motion
from linli.deliberation.sheets import Line, ReadList
from linli.deliberation.standing import notice_of
from linli.demo.days import Story, at, local_day
from linli.demo.homes import estate_of_the_walk
from linli.demo.invented import table
from linli.demo.stories.scene import Scene
from linli.files import photos
from linli.forum.models import Topic
from linli.journal.record import subject_of
from linli.lib import clock, workdays
from linli.people.actors import Actor, as_resident
from linli.people.models import Organisation
from linli.places.models import Kind, Place

HERE, REPRESENTATIVES = 91, 30  # of the home community, of the village with the road
TEN_DAYS = workdays.Span(10, "days")
BEFORE = 75  # days ago the road was proposed: a decision takes its time


class Deliberation:
    """The stories of what is decided."""

    def __init__(self, scene: Scene) -> None:
        # Dice of its own: what is decided here changes nothing in the other stories.
        self.rng, self.society = Random("the council"), scene.society
        ground = self.society.ground
        self.home = ground.places[str(estate_of_the_walk()["village"])]
        villages = [place for place in ground.villages if place.kind == Kind.VILLAGE]
        self.village, self.pond_village, self.square_village = villages[0], villages[1], villages[2]
        self.today = local_day(scene.until)
        self.manager = self.society.roles["manager"]
        self.people = [as_resident(self.society.person()) for _n in range(14)]

    def stories(self) -> list[Story]:
        """Every story, each from its own day."""
        return [self.road(), self.trees(), self.pond(), self.square(), self.hall()]

    def _ago(self, days: int, hour: int = 9) -> datetime:
        return at(self.today - timedelta(days=days), time(hour, 20))

    def _over(self, motion: Motion, what: str) -> datetime:
        """The morning after this notice is over, whatever holidays lie in it."""
        step = motion.step
        notice = notice_of(step, what) if step else None
        assert notice is not None  # it has just been put up
        return notice.ends_at + timedelta(hours=9)

    def _two(self, place: Place) -> tuple[Actor, Actor]:
        """Somebody of the committee, and somebody of the town above it."""
        town = next(p for p in reversed(place.ancestors()) if p.kind == Kind.TOWN)
        committee = self.society.committee(place)
        one = self.manager if place == self.home else self.society.staff[committee.pk][0]
        return one, self.society.staff[self.society.unit("town-office", town).pk][0]

    def _roll(self, unit: Organisation, base: str, count: int, two: tuple[Actor, Actor],
              people: tuple[Actor, ...] = ()) -> None:  # fmt: skip
        lines = [
            Line(f"{self.society.name()}{n}", f"{n % 6 + 1}组", user=who.id if who else None)
            for n, who in enumerate([*people, *([None] * (count - len(people)))], 1)
        ]
        change = rolls.bring(unit, base, ReadList(lines), by=two[0])
        rolls.agree(change, by=two[1])

    def _board(self, motion: Motion, what: str, by: Actor) -> None:
        """The photo of the board that proves a notice."""
        step = motion.step
        notice = notice_of(step, what) if step else None
        assert notice is not None  # it has just been put up
        photo = photos.keep(board_picture(self.rng))
        showing.prove(notice, photo, day=local_day(clock.now()), by=by)

    # ── stories ──────────────────────────────────────────────────────────────────────────────
    def road(self) -> Story:
        """From a proposal to a finished road: drafted twice, voted by hands, built, evaluated."""
        said, (one, two) = table("motions")["road"], self._two(self.village)
        yield self._ago(BEFORE)
        self._roll(self.society.committee(self.village), "representatives", REPRESENTATIVES,
                   (one, two), tuple(self.people[:5]))  # fmt: skip
        motion = proposing.propose(
            procedure="five-steps", place=self.village, title=said["title"], text=said["text"],
            by=self.people[0],
        )  # fmt: skip
        for person in self.people[1:6]:
            proposing.support(motion, by=person)
        proposing.take_up(motion, by=one)
        for n, (text, fen) in enumerate(zip(said["drafts"], said["fen"], strict=True)):
            drafting.write_draft(motion, text=text, cost_fen=fen, by=one)
            drafting.finish_draft(motion, by=one)
            showing.publish(motion, by=one, spot=said["spot"])
            self._board(motion, "draft", one)
            words, outcome, answer = said["objections"][n]
            row = showing.object_to(motion, words, by=self.people[6 + n])
            yield clock.now() + timedelta(days=2)
            showing.answer(row, outcome=outcome, words=answer, by=one)
            yield self._over(motion, "draft")
            showing.finish_publishing(motion, by=one)
        yield from self._road_voted(motion, said, one, two)

    def _road_voted(self, motion: Motion, said: dict[str, Any], one: Actor, two: Actor) -> Story:
        evening = at(local_day(workdays.add(clock.now(), TEN_DAYS)), time(18)) + timedelta(days=1)
        calling.call(motion, body="representatives", secrecy="hands", spot="村部会议室", by=one,
                     begins_at=evening)  # fmt: skip
        self._board(motion, "call", one)
        yield evening + timedelta(minutes=5)
        calling.open_sitting(motion, by=one)
        meeting.note_presence(motion, [n for n in range(1, 31) if n not in (7, 12, 23)], by=one)
        for who in (one, two):
            meeting.count_hands(motion, by=who, yes=24, no=2, abstained=1)
        motion.refresh_from_db()
        row = motion.steps.get(stage="decide").sitting
        meeting.write_minutes(row, said["minutes"], by=one)
        showing.publish(motion, by=one, spot=said["spot"])
        self._board(motion, "decision", one)
        yield self._over(motion, "decision")
        showing.finish_publishing(motion, by=one)
        for n, (what, planned, spent, evidence) in enumerate(said["tasks"]):
            task = doing.add_task(motion, what=what, doer=motion.organisation, by=one,
                                  due=local_day(clock.now()) + timedelta(days=10),
                                  money_fen=planned or None)  # fmt: skip
            yield clock.now() + timedelta(days=5)
            doing.finish_task(task, evidence=evidence, spent_fen=spent or None, by=one,
                              photo=photos.keep(board_picture(self.rng)) if n else None)  # fmt: skip
        doing.finish_doing(motion, by=one)
        showing.publish(motion, by=one, spot=said["spot"])
        yield self._over(motion, "result")
        showing.finish_publishing(motion, by=one)
        for n, person in enumerate(self.people[:12]):
            doing.rate(motion, good=n != 4, by=person)
        doing.opinion(motion, good=True, words=said["opinion"], heard=25, content=23, by=two)
        doing.finish_rating(motion, by=two)

    def trees(self) -> Story:
        """A draft on the board of the home community: two objections, and no photo yet."""
        said, (one, two) = table("motions")["trees"], self._two(self.home)
        yield self._ago(4)
        resident = as_resident(self.society.cast["resident"])
        self._roll(self.society.committee(self.home), "representatives", HERE, (one, two),
                   (resident, *self.people[8:12]))  # fmt: skip
        topic = Topic.objects.filter(board__place=self.home).order_by("pk").first()
        motion = proposing.propose(
            procedure="five-steps", place=self.home, title=said["title"], text=said["text"],
            by=self.people[8], choice="single", options=said["options"],
            about=subject_of(topic) if topic else "",
        )  # fmt: skip
        proposing.take_up(motion, by=one)
        drafting.write_draft(motion, text=said["draft"], cost_fen=said["fen"], by=one)
        drafting.finish_draft(motion, by=one)
        showing.publish(motion, by=one, spot=said["spot"])
        for n, (words, outcome, answer) in enumerate(said["objections"]):
            yield self._ago(3 - n, 19)
            row = showing.object_to(motion, words, by=self.people[9 + n])
            if outcome:
                showing.answer(row, outcome=outcome, words=answer, by=one)

    def pond(self) -> Story:
        """Decided three weeks ago, and still not done: a gap on the desk."""
        said, (one, two) = table("motions")["pond"], self._two(self.pond_village)
        yield self._ago(25)
        motion = yield from self._said("pond", self.pond_village, one, two, present=6)
        doing.add_task(motion, what=said["task"], doer=motion.organisation, by=one,
                       due=self.today - timedelta(days=5), money_fen=said["fen"])  # fmt: skip

    def square(self) -> Story:
        """Too few came: the system stops it until the committee is called again."""
        one, two = self._two(self.square_village)
        yield self._ago(9)
        yield from self._said("square", self.square_village, one, two, present=3)

    def _said(
        self, name: str, place: Place, one: Actor, two: Actor, *, present: int
    ) -> Any:  # fmt: skip
        said = table("motions")[name]
        self._roll(self.society.committee(place), "committee", 7, (one, two))
        motion = proposing.propose(
            procedure="villagers-say", place=place, title=said["title"], text=said["text"],
            by=self.people[12],
        )  # fmt: skip
        proposing.take_up(motion, by=one)
        evening = clock.now() + timedelta(days=1, hours=9)
        calling.call(motion, body="committee", secrecy="hands", spot=said["spot"], by=one,
                     begins_at=evening)  # fmt: skip
        yield evening + timedelta(minutes=5)
        calling.open_sitting(motion, by=one)
        meeting.note_presence(motion, range(1, present + 1), by=one)
        for who in (one, two):
            meeting.count_hands(motion, by=who, yes=present)
        motion.refresh_from_db()
        return motion

    def hall(self) -> Story:
        """The log of a council hall: sorted four ways, and one that waits."""
        hall = next(u for (kind, _c), u in self.society.units.items() if kind == "council-hall"
                    and u.place.kind == Kind.TOWN)  # fmt: skip
        keeper = self.society.staff[hall.pk][0]
        place = self.society.ground.inside(hall.place, Kind.VILLAGE, Kind.COMMUNITY)[0]
        for n, (group, topic, route, answer) in enumerate(table("motions")["concerns"]["rows"]):
            yield self._ago(8 - n, 10)
            row = concerns.note(procedure="council-hall", organisation=hall, place=place,
                                topic=topic, group=group, by=keeper)  # fmt: skip
            if route:
                concerns.sort(row, route=route, answer=answer, by=keeper)


def board_picture(rng: Random) -> SimpleUploadedFile:
    """A drawn board with sheets on it: no real photo of any place."""
    image = Image.new("RGB", (480, 360), (120, 140 + rng.randrange(30), 120))
    draw = ImageDraw.Draw(image)
    draw.rectangle((30, 30, 450, 300), fill=(90, 60, 40), outline=(50, 30, 20), width=6)
    for n in range(3):
        left = 55 + n * 130
        draw.rectangle((left, 60, left + 105, 250), fill=(250, 248, 240))
        for line in range(9):
            wide = rng.randrange(40, 90)
            top = 80 + line * 18
            draw.line((left + 8, top, left + 8 + wide, top), fill=(80, 80, 80), width=3)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=70)
    return SimpleUploadedFile("board.jpg", file.getvalue(), "image/jpeg")
