"""A plan as its page shows it: days, duties, who has which seat, and what is wrong with it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from linli.activities.models import Occurrence, Seat
from linli.activities.planner import words
from linli.activities.planner.ground import Ground, lay
from linli.activities.planner.models import Plan
from linli.lib import clock
from linli.people.models import User
from linli.rota.model import Shift
from linli.rota.report import gini
from linli.rota.rules import conflicts
from linli.web.language import lang


@dataclass
class Seated:
    """One person in one seat."""

    user: User
    by_hand: bool
    is_real: bool  # signed up already
    problems: list[str]


@dataclass
class Role:
    """One role of one occurrence."""

    seat: Seat
    name: str
    needs: str
    people: list[Seated] = field(default_factory=list)
    empty: int = 0
    others: int = 0  # seats of people who are not in the plan
    why: list[str] = field(default_factory=list)


@dataclass
class Duty:
    """One occurrence with its roles."""

    row: Occurrence
    roles: list[Role] = field(default_factory=list)


@dataclass
class Draft:
    """The whole page."""

    plan: Plan
    days: list[tuple[date, list[Duty]]]
    seats: int
    filled: int
    problems: int
    people: list[dict[str, Any]]
    fairness: dict[str, Any]


def of(plan: Plan, *, week: date | None = None) -> Draft:
    """The plan as it stands now; `week` shows the seven days from there only."""
    ground, held = standing(plan)
    hands = {(str(c.user_id), str(c.seat_id)) for c in plan.cells.filter(by_hand=True)}
    duties: dict[Any, Duty] = {}
    filled = problems = 0
    for key, seat in ground.seats.items():
        shown = duties.setdefault(seat.occurrence_id, Duty(seat.occurrence))
        role = _role(plan, ground, held, hands, key, seat)
        filled += len(role.people)
        problems += sum(1 for one in role.people if one.problems)
        shown.roles.append(role)
    by_day: dict[date, list[Duty]] = defaultdict(list)
    for duty in duties.values():
        day = duty.row.starts_at.astimezone(clock.LOCAL).date()
        if week is None or 0 <= (day - week).days < 7:
            by_day[day].append(duty)
    return Draft(
        plan, sorted(by_day.items()), sum(one.seats for one in ground.problem.shifts if one.place),
        filled, problems, people(ground, held), fairness(ground, held),
    )  # fmt: skip


Held = dict[str, list[Shift]]  # person -> their duties, those elsewhere among them


def standing(plan: Plan) -> tuple[Ground, Held]:
    """The ground and who does what in the plan, sign-ups included."""
    cells = frozenset((str(c.user_id), str(c.seat_id)) for c in plan.cells.all())
    ground = lay(plan, cells)
    shifts = ground.problem.shift
    held: Held = {who: [] for who in ground.users}
    for who, what in sorted(ground.problem.fixed):
        held[who].append(shifts[what])
    return ground, held


def _role(
    plan: Plan, ground: Ground, held: Held, hands: set[tuple[str, str]], key: str, seat: Seat,
) -> Role:  # fmt: skip
    problem = ground.problem
    shift = problem.shift[key]
    role = Role(
        seat, seat.rule.name.text(lang()), plan.needs.get(f"{seat.occurrence.kind}/{seat.role}", "")
    )
    role.others = ground.others.get(key, 0)
    for who, what in sorted(problem.fixed):
        if what == key:
            met = conflicts(problem, problem.person[who], shift, held[who])
            role.people.append(Seated(
                ground.users[who], (who, what) in hands, (who, what) in ground.taken,
                [words.sentence(one, ground) for one in met],
            ))  # fmt: skip
    role.people.sort(key=lambda one: str(one.user))
    role.empty = shift.seats - len(role.people)
    if role.empty:
        role.why = _why(ground, held, shift)
    return role


def _why(ground: Ground, held: Held, shift: Shift) -> list[str]:
    """How many people each reason keeps from an empty seat; nobody is named here."""
    counts: dict[Any, int] = defaultdict(int)
    for person in ground.problem.people:
        if shift in held[person.id]:
            continue
        met = conflicts(ground.problem, person, shift, held[person.id])
        counts[met[0].bar if met else None] += 1
    return [
        f"{count} {words.COUNTED[bar]}"
        for bar, count in sorted(counts.items(), key=lambda pair: -pair[1])
        if bar is not None
    ]


def people(ground: Ground, held: Held) -> list[dict[str, Any]]:
    """Everybody with their duties and hours in this plan, by name."""
    rows = []
    for who, user in ground.users.items():
        mine = [one for one in held[who] if one.place]
        hours = sum(one.minutes for one in mine) / 60
        places = len({one.place for one in mine})
        rows.append({"name": str(user), "duties": len(mine), "hours": hours, "places": places})
    return sorted(rows, key=lambda row: (-row["hours"], row["name"]))


def fairness(ground: Ground, held: Held) -> dict[str, Any]:
    """Least, most and Gini of the hours in this plan."""
    rows = [row["hours"] for row in people(ground, held)]
    if not rows:
        return {"least": 0, "most": 0, "gini": 0.0}
    return {"least": min(rows), "most": max(rows), "gini": round(gini(_array(rows)), 2)}


def _array(rows: Iterable[float]) -> Any:
    return np.array(list(rows), dtype=float)


@dataclass
class Choice:
    """Somebody who could have a seat, and what speaks against it."""

    user: User
    hours: float
    problems: list[str]


def choices(plan: Plan, seat: Seat) -> tuple[list[Choice], list[Choice], Role | None]:
    """Who could take the seat, least busy first; who could not and why; the seat as it is."""
    ground, held = standing(plan)
    key, problem = str(seat.pk), ground.problem
    if key not in ground.seats:
        return [], [], None
    shift = problem.shift[key]
    could: list[Choice] = []
    could_not: list[Choice] = []
    for who, user in ground.users.items():
        if shift in held[who]:
            continue
        met = conflicts(problem, problem.person[who], shift, held[who])
        hours = sum(one.minutes for one in held[who] if one.place) / 60
        choice = Choice(user, hours, [words.sentence(one, ground) for one in met])
        (could_not if met else could).append(choice)

    def order(one: Choice) -> tuple[float, str]:
        return one.hours, str(one.user)

    hands = {(str(c.user_id), str(c.seat_id)) for c in plan.cells.filter(by_hand=True)}
    role = _role(plan, ground, held, hands, key, ground.seats[key])
    return sorted(could, key=order), sorted(could_not, key=order), role
