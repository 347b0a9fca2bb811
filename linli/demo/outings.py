"""How what is on goes: people check in and out, notes are written, some are moved or cancelled."""

import heapq
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile

from linli.activities.actions import capture, hours, paper, planning, seats
from linli.activities.models import Occurrence, SignUp, Stop
from linli.activities.models.people import Going
from linli.cases.actions.receive import receive
from linli.demo import activities
from linli.demo.activities import Ground
from linli.demo.days import Story, at, local_day
from linli.demo.stories.scene import Scene
from linli.files import photos
from linli.lib import clock, workdays
from linli.people.actors import ANONYMOUS, SYSTEM, as_resident
from linli.playbook.schema import Field

PICTURE: Final = Path(__file__).parent / "data" / "page.jpg"
FORGETS: Final = 0.06  # how often somebody does not check out
RAINS: Final = 0.08


class Outings:
    """The stories of what is on."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.ground = Ground(scene, local_day(scene.until))

    def stories(self) -> Iterator[Story]:
        yield self.begin()
        day = self.scene.society.since + timedelta(days=6)
        while day <= self.ground.today:
            yield self.one_day(day)
            day += timedelta(days=1)
        yield from (self.rounds(), self.run(), self.pages(), self.order(), self.next_ones())

    def begin(self) -> Story:
        yield at(self.scene.society.since + timedelta(days=1), time(9))
        activities.plan(self.ground)

    # ── a day of what is on ──────────────────────────────────────────────────────────────────
    def one_day(self, day: date) -> Story:
        """Everybody comes and goes at their time, as if somebody stood at each door."""
        yield at(day, time(6))
        rows = Occurrence.objects.on(day).filter(state="planned").exclude(kind="home-visits")
        moments: list[tuple[datetime, int, str, Any]] = []
        for n, row in enumerate(rows.select_related("organisation", "place").order_by("pk")):
            wet = day != self.ground.today and self.scene.rng.random() < RAINS
            if wet and row.kind in ("square-stall", "theme-day"):
                planning.cancel(row, reason=self.ground.phrase("rain"), by=SYSTEM)
                continue
            if row.kind == "standing-duty" and day.weekday() == 2 and day < self.ground.today:
                seats.assign(row, "keeper", self.ground.volunteer, by=self.ground.manager)
            heapq.heappush(moments, (row.starts_at, n, "in", row))
            heapq.heappush(moments, (row.ends_at + timedelta(minutes=10), n, "out", row))
        while moments:
            moment, _n, what, row = heapq.heappop(moments)
            yield moment
            if what == "in":
                self.arrive(row)
            else:
                self.leave(row)

    def arrive(self, row: Occurrence) -> None:
        for sign_up in self._people(row, Going.GOING):
            if sign_up.seat.rule.leads or self.scene.rng.random() < 0.92:
                hours.check_in(sign_up, by=SYSTEM)

    def leave(self, row: Occurrence) -> None:
        for sign_up in self._people(row, Going.IN):
            if self.scene.rng.random() > FORGETS:
                hours.check_out(sign_up, by=SYSTEM)
        keeper = row.sign_ups.filter(state__in=[Going.IN, Going.OUT]).exists()
        rule = row.rule
        outcome = rule.outcomes[0] if keeper or not row.sign_ups.exists() else rule.outcomes[-1]
        for stop in row.stops.filter(noted_at=None):
            self.note(row, outcome.id if rule.stops == "places" else "met", stop)
        if rule.stops != "none":
            if row.stops.exists():
                capture.finish_round(row, by=SYSTEM)
        else:
            self.note(row, outcome.id)

    def note(self, row: Occurrence, outcome: str, stop: Stop | None = None) -> None:
        fields = {one.id: self.value(one) for one in row.rule.fields}
        if row.rule.consent == "required":
            fields["consent"] = True
        capture.record(client_id=self.scene.client_id(), kind=row.kind, occurrence=row, by=SYSTEM,
                       outcome=outcome, fields=fields, stop=stop)  # fmt: skip

    def value(self, one: Field) -> Any:
        rng = self.scene.rng
        said = {"theme": "talk", "note": "asked", "said": "visit"}
        match one.type:
            case "count":
                return (
                    rng.choice(self.ground.words("heads"))
                    if one.id == "heads"
                    else rng.randint(0, 14)
                )
            case "text":
                return rng.choice(self.ground.words(said.get(one.id, "asked")))
            case "items":
                return ["手套", "垃圾袋"]
            case "choice":
                return rng.choice(one.choices).id
            case "date":
                return (self.ground.today + timedelta(days=rng.randint(3, 14))).isoformat()
            case _:
                return True

    @staticmethod
    def _people(row: Occurrence, state: Going) -> list[SignUp]:
        found = SignUp.objects.filter(occurrence=row, state=state)
        return list(found.select_related("seat", "occurrence__organisation").order_by("pk"))

    # ── the walk of the volunteer ────────────────────────────────────────────────────────────
    def rounds(self) -> Story:
        """A month ago every answer was given; today six homes wait; next week the rest."""
        yield at(self.scene.society.since + timedelta(days=1), time(10))
        early = activities.plan_round(self.ground, local_day(clock.now()) + timedelta(days=1), 8)
        yield early.starts_at
        self.arrive(early)
        visitor = self.ground.visitor
        outcomes = ["met", "met", "nobody-home", "met", "met", "met", "does-not-wish", "met"]
        for stop, outcome in zip(early.stops.order_by("order"), outcomes, strict=False):
            self.note(early, outcome, stop)
        yield early.starts_at + timedelta(hours=3)
        for sign_up in self._people(early, Going.IN):
            hours.check_out(sign_up, by=visitor)
        capture.finish_round(early, by=visitor)
        yield at(self.ground.today - timedelta(days=2), time(11))
        activities.plan_round(self.ground, self.ground.today, activities.ROUND)
        activities.plan_round(self.ground, self.ground.today + timedelta(days=7), 4)
        self._booth(self.ground.today)
        self._evening(self.ground.today + timedelta(days=1))

    def _evening(self, day: date) -> None:
        """One evening duty of the volunteer: the next one is possible two days later."""
        watch = planning.plan_occurrence(
            kind="standing-duty", organisation=self.ground.committee, place=self.ground.village,
            by=self.ground.manager, starts_at=at(day, time(18, 30)),
            title=self.ground.words("duty")[1][0], spot=self.ground.words("duty")[1][1],
        )  # fmt: skip
        seats.assign(watch, "keeper", self.ground.volunteer, by=self.ground.manager)

    def _booth(self, day: date) -> None:
        """The stall of the town office in the afternoon, kept by the volunteer."""
        host = self.scene.society.staff[self.ground.office.pk][0]
        stall = planning.plan_occurrence(
            kind="square-stall", organisation=self.ground.office, place=self.ground.village,
            by=host, starts_at=at(day, time(14)), spot="社区广场", note="带上身份证，可以当场查社保。",
        )  # fmt: skip
        seats.assign(stall, "keeper", self.ground.volunteer, by=host)

    def run(self) -> Story:
        """The service vehicle went last week, and goes again next week."""
        yield at(self.ground.today - timedelta(days=12), time(10))
        activities.plan_run(self.ground, self.workday(-9))
        yield at(self.ground.today - timedelta(days=3), time(10))
        activities.plan_run(self.ground, self.workday(4))

    def workday(self, days: int) -> date:
        day = self.ground.today + timedelta(days=days)
        while not workdays.is_workday(day):
            day += timedelta(days=1)
        return day

    # ── pages of paper ───────────────────────────────────────────────────────────────────────
    def pages(self) -> Story:
        """Page 13 is closed; of page 14 the first reading is done, a second person is wanted."""
        ground = self.ground
        yield at(ground.today - timedelta(days=9), time(10))
        sheet = self._sheet(13, None)
        paper.copy(sheet, ground.words("older"), by=ground.keeper)
        yield at(ground.today - timedelta(days=8), time(11))
        paper.read(sheet, ground.words("older"), by=ground.clerk)
        for line, topic in zip(sheet.lines.all(), ("public-transport", "public-transport", ""),
                               strict=False):  # fmt: skip
            paper.settle_line(line, by=ground.clerk, category=topic,
                              reason="" if topic else "thanks")  # fmt: skip
        yield at(ground.today - timedelta(days=1), time(15))
        upload = SimpleUploadedFile("page.jpg", PICTURE.read_bytes(), "image/jpeg")
        sheet = self._sheet(14, photos.keep(upload))
        paper.copy(sheet, ground.words("page"), by=ground.keeper)
        yield at(ground.today - timedelta(days=1), time(16))
        upload = SimpleUploadedFile("page.jpg", PICTURE.read_bytes(), "image/jpeg")
        self._sheet(15, photos.keep(upload))

    def _sheet(self, number: int, photo: Any) -> Any:
        ground = self.ground
        return paper.add_sheet(
            kind="empty-the-box", organisation=ground.company, place=ground.line, number=number,
            week=local_day(clock.now()), by=ground.keeper, photo=photo,
        )  # fmt: skip

    # ── order, dispatch, take, rate ──────────────────────────────────────────────────────────
    def order(self) -> Story:
        """Somebody ordered a service; it is planned for tomorrow, and one volunteer took it."""
        ground, scene = self.ground, self.scene
        yield at(ground.today - timedelta(days=2), time(9, 30))
        draft = scene.draft("service-order", "phone", "daily-life", ground.village,
                            ground.phrase("order"), visibility="office",
                            name="住户", phone=scene.phone())  # fmt: skip
        case = receive(draft, by=ANONYMOUS).case
        yield scene.office(1, 3)
        service = planning.plan_occurrence(
            kind="ordered-service", organisation=ground.committee, place=ground.village,
            by=ground.host, starts_at=at(ground.today + timedelta(days=1), time(10)),
            case_number=case.number, title="换纱窗",
        )  # fmt: skip
        yield scene.at_home(2, 10)
        seats.sign_up(service, "volunteer", by=as_resident(scene.society.volunteers[2]))

    # ── what the resident sees ───────────────────────────────────────────────────────────────
    def next_ones(self) -> Story:
        """The resident has a seat next time, the neighbour waits; one date was moved."""
        yield at(self.ground.today - timedelta(days=1), time(19))
        planning.extend_all()
        cast = self.scene.society.cast
        coming = self.next_of("theme-day")
        if coming is not None:
            for part in ("resident", "neighbour"):
                seats.sign_up(coming, "volunteer", by=as_resident(cast[part]))
        talk = self.next_of("civic-talk")
        if talk is not None:
            earlier = talk.starts_at - timedelta(hours=1)
            planning.move_occurrence(talk, starts_at=earlier, reason=self.ground.phrase("moved"),
                                     by=self.ground.manager)  # fmt: skip

    @staticmethod
    def next_of(kind: str) -> Occurrence | None:
        """The next one of a kind that is still planned."""
        rows = Occurrence.objects.filter(kind=kind, state="planned", starts_at__gt=clock.now())
        return rows.select_related("organisation", "place").order_by("starts_at").first()
