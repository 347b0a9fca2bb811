"""Rotas in the demonstration: who offered their time, a published week of the stalls on the
squares, and a draft on the manager's desk in which something is still to be decided."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from random import Random
from typing import Any, Final

from linli.activities.models import Series
from linli.activities.planner import actions
from linli.activities.planner.models import Plan, Skill
from linli.demo.days import Story, at, local_day
from linli.demo.homes import estate_of_the_walk
from linli.demo.stories.scene import Scene
from linli.people.actors import Actor, as_resident
from linli.people.models import Appointment, Organisation, User
from linli.people.policies import Denied

WEEK: Final = timedelta(days=7)
LIMITS: Final = (
    {"week_hours": 6, "weekdays": []},
    {"week_hours": 4, "weekdays": ["mon", "wed", "fri", "sat"]},
    {"week_hours": 8, "weekdays": [], "likes": ["morning"]},
    {"week_hours": 5, "weekdays": ["sat", "sun", "tue", "thu"], "rest_hours": 24},
)


class Rotas:
    """The stories of the planner."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.society = scene, scene.society
        self.today = local_day(scene.until)
        self.rng = Random(self.today.toordinal())  # its own dice: the other stories keep theirs
        places = self.society.ground.places
        self.village = places[str(estate_of_the_walk()["village"])]
        self.committee = self.society.committee(self.village)

    def stories(self) -> Iterator[Story]:
        yield self.offers()
        yield self.squares()
        yield self.draft()

    def _evening(self, days: int, hour: int) -> Any:
        return at(self.today - timedelta(days=days), time(hour, 10))

    def offers(self) -> Story:
        """People say when they can help the community and the stalls."""
        yield self._evening(2, 18)
        bodies = [self.committee, *self._stall_units()]
        people = [*self.society.volunteers, self.society.cast["volunteer"], *self._keepers(bodies)]
        for number, user in enumerate({person.pk: person for person in people}.values()):
            self._offer(user, number, bodies)

    def _offer(self, user: User, number: int, bodies: list[Organisation]) -> None:
        limits: dict[str, Any] = {
            "month_hours": None, "rest_hours": None, "max_km": None, "area": self.village,
            "likes": [], "skills": [self.rng.choice(Skill.values)], **LIMITS[number % len(LIMITS)],
        }  # fmt: skip
        days = [self.today + timedelta(days=self.rng.randint(1, 14)) for _n in range(number % 4)]
        actions.offer(user, limits=limits, days_off=days, bodies=bodies, by=as_resident(user))

    def squares(self) -> Story:
        """A department has planned its week on the squares, and everybody was told."""
        yield self._evening(1, 16)
        for unit in self._stall_units()[:1]:
            plan = self._proposed(unit, self.society.staff[unit.pk][0], self._monday())
            if plan is not None:
                actions.publish(plan, by=self.society.staff[unit.pk][0])

    def draft(self) -> Story:
        """The manager's draft of two weeks; somebody put in by hand breaks a limit, by name."""
        yield self._evening(1, 17)
        manager = self.society.roles["manager"]
        plan = self._proposed(self.committee, manager, self._monday(), weeks=2)
        cell = plan.cells.select_related("seat", "user").order_by("pk").first() if plan else None
        if plan is None or cell is None:
            return
        there = plan.cells.filter(seat=cell.seat).values("user")
        others = User.objects.filter(days_off__isnull=False).exclude(pk__in=there)
        to = others.filter(pk__in=[user.pk for user in self.society.volunteers]).first()
        if to is not None:
            actions.change(plan, cell.seat, out=cell.user, to=to, by=manager)

    def _proposed(
        self, body: Organisation, by: Actor, first: date, *, weeks: int = 1
    ) -> Plan | None:
        try:
            plan = actions.begin(
                body, first_on=first, last_on=first + weeks * WEEK - timedelta(days=1), by=by
            )
        except Denied:  # a holiday week in which nothing is on
            return None
        actions.propose(plan)
        return plan

    def _monday(self) -> date:
        return self.today + timedelta(days=7 - self.today.weekday())

    def _stall_units(self) -> list[Organisation]:
        rows = Series.objects.filter(kind="square-stall", ended_at=None).order_by("pk")
        units = {
            row.organisation_id: row.organisation for row in rows.select_related("organisation")
        }
        return [units[key] for key in sorted(units)]

    def _keepers(self, bodies: list[Organisation]) -> list[User]:
        rows = Appointment.objects.in_force(self.today).filter(post__organisation__in=bodies)
        wanted = ("stall-keeper", "team-lead", "visitor")
        return [row.user for row in rows.filter(post__kind__in=wanted).select_related("user")]
