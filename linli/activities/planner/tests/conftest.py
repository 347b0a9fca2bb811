"""A town office with stalls in two squares, and five people who offered their time."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from linli.activities.actions import planning
from linli.activities.models import Occurrence, Seat
from linli.activities.planner import actions
from linli.activities.planner.models import Plan
from linli.lib import clock
from linli.people.actions import open_account
from linli.people.actors import Actor, as_resident
from linli.people.cast import Cast
from linli.people.cast import cast as gather

START = datetime(2026, 11, 4, 9, 0, tzinfo=clock.LOCAL)  # a Wednesday
MONDAY = date(2026, 11, 9)
NO_LIMITS: dict[str, Any] = {
    "week_hours": None, "month_hours": None, "rest_hours": None, "max_km": None, "area": None,
    "weekdays": [], "likes": [], "skills": [],
}  # fmt: skip


@dataclass
class Rotas:
    """The cast, and short ways to plan."""

    cast: Cast
    people: dict[str, Actor] = field(default_factory=dict)

    @property
    def office(self):
        return self.cast.bodies["town_office"]

    @property
    def host(self) -> Actor:
        return self.cast.town_handler

    def stall(self, day: int = 0, hour: int = 9, place: str = "community", *, helpers: int = 2,
              **more: Any) -> Occurrence:  # fmt: skip
        start = datetime.combine(MONDAY + timedelta(days=day), datetime.min.time(), clock.LOCAL)
        return planning.plan_occurrence(
            kind="square-stall", organisation=self.office, place=self.cast.places[place],
            starts_at=start + timedelta(hours=hour), by=self.host, spot="社区广场",
            seats={"helper": {"seats": helpers, "standby": 0}, "keeper": {"seats": 1, "standby": 0}},
            **more,
        )  # fmt: skip

    def helper(self, occurrence: Occurrence) -> Seat:
        return occurrence.seats.get(role="helper")

    def person(
        self,
        name: str,
        *,
        off: tuple[date, ...] | list[date] = (),
        offered: bool = True,
        **limits: Any,
    ) -> Actor:
        actor = self.people[name] = as_resident(open_account(display_name=name))
        actions.offer(
            actor.user, limits={**NO_LIMITS, **limits}, days_off=off,
            bodies=[self.office] if offered else [], by=actor,
        )  # fmt: skip
        return actor

    def plan(self, days: int = 7, **more: Any) -> Plan:
        plan = actions.begin(
            self.office, first_on=MONDAY, last_on=MONDAY + timedelta(days=days - 1), by=self.host,
            **more,
        )  # fmt: skip
        assert actions.propose(plan)
        return plan


@pytest.fixture
def rotas(db) -> Rotas:
    with clock.moved_to(START):
        yield Rotas(gather())
