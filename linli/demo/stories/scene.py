"""What every story uses: people who write, words to write, and the moment of the next step."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import shapely

from linli.cases.actions.receive import Draft
from linli.cases.models import Asker, Case
from linli.demo.days import office_hours, on_workday, waking_hours
from linli.demo.invented import table
from linli.demo.society import FIRST_PHONE, Society
from linli.lib import clock, workdays
from linli.lib.text import find_personal
from linli.people.actors import Actor
from linli.places.models import Kind, Place


@dataclass
class Scene:
    """One story's view of the demonstration: its own dice, the society, the last moment there is."""

    society: Society
    rng: Random
    until: datetime
    phones: "list[int]" = field(default_factory=lambda: [FIRST_PHONE])

    # ── moments ──────────────────────────────────────────────────────────────────────────────
    def office(self, low: float = 0.5, high: float = 4.0) -> datetime:
        """Somebody at a desk, some hours from now."""
        return office_hours(self.rng, clock.now(), self.rng.uniform(low, high))

    def workdays_on(self, days: int) -> datetime:
        return on_workday(self.rng, clock.now(), days)

    def at_home(self, low: float = 1, high: float = 40) -> datetime:
        """Somebody with a telephone in hand, some hours from now, not at night."""
        moment = clock.now() + timedelta(hours=self.rng.uniform(low, high))
        local = moment.astimezone(clock.LOCAL)
        return moment if 7 <= local.hour < 22 else waking_hours(self.rng, local.date() + _DAY)

    def before_due(self, case: Case) -> datetime:
        """A moment in the office at which the answer still comes in time."""
        left = workdays.between(clock.now(), case.answer_due_at)
        moment = self.workdays_on(self.rng.randint(0, max(0, left - 1)))
        return min(moment, case.answer_due_at - timedelta(minutes=5))

    def after_due(self, case: Case) -> datetime:
        """In the office, when the promised time is over."""
        return on_workday(self.rng, case.answer_due_at, self.rng.randint(1, 4))

    # ── words ────────────────────────────────────────────────────────────────────────────────
    def one(self, name: str) -> Any:
        """One of the phrases of that name."""
        return self.rng.choice(table("phrases")[name])

    def filled(self, text: str, place: Place) -> str:
        words = table("requests")
        urban = place.kind == Kind.COMMUNITY or place.code.count("-b")
        return text.format(
            spot=self.rng.choice(words["urban" if urban else "rural"]),
            span=self.rng.choice(words["spans"]),
            when=self.rng.choice(words["whens"]),
        )

    def polite(self, text: str) -> str:
        words = table("requests")
        said = str(self.rng.choice(words["openers"]) + text + self.rng.choice(words["closers"]))
        assert not find_personal(said), said
        return said

    # ── people ───────────────────────────────────────────────────────────────────────────────
    def client_id(self) -> UUID:
        return UUID(bytes=self.rng.randbytes(16), version=4)

    def phone(self) -> str:
        """The next invented mobile of the test range; each person has an own one."""
        self.phones[0] += 1
        return str(self.phones[0])

    def contact(self, none: float = 0.35) -> dict[str, str]:
        """How this person can be reached, or nothing at all."""
        draw = self.rng.random()
        if draw < none:
            return {}
        if draw < none + 0.1:
            return {"email": f"resident{self.rng.randrange(10**6):06d}@example.org"}
        return {"phone": self.phone()}

    def acting(self, case: Case) -> Actor:
        return self.society.acting_for(case)

    # ── places ───────────────────────────────────────────────────────────────────────────────
    def pin(self, place: Place) -> dict[str, float]:
        """A point inside the place, not at its middle."""
        cell = self.society.ground.cells.get(place.code)
        if cell is None:
            return {}
        wide = (cell.area.bounds[2] - cell.area.bounds[0]) / 3
        for _try in range(8):
            lon = cell.lon + self.rng.uniform(-wide, wide)
            lat = cell.lat + self.rng.uniform(-wide, wide)
            if shapely.contains_xy(cell.area, lon, lat):
                return {"lon": round(lon, 6), "lat": round(lat, 6)}
        return {"lon": cell.lon, "lat": cell.lat}

    def draft(
        self, kind: str, channel: str, category: str, place: Place, text: str, **more: Any
    ) -> Draft:
        return Draft(
            kind=kind, channel=channel, category=category, place=place, text=text,
            client_id=self.client_id(), **more,
        )  # fmt: skip


_DAY = timedelta(days=1)


def again(case: Case) -> Case:
    """The case as it stands now: days have passed since the story looked at it."""
    rows = Case.objects.select_related("owner__place", "place", "about", "sender", "first_owner")
    return rows.defer("place__boundary", "owner__place__boundary").get(pk=case.pk)


def asker_of(case: Case) -> Asker:
    """Who said it first."""
    return Asker.objects.filter(case=case).order_by("-is_first", "joined_at")[0]


def day_of(moment: datetime) -> date:
    return moment.astimezone(clock.LOCAL).date()
