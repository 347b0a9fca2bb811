"""An invented month of stalls for measuring: squares, people with limits, shifts on their days."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from linli.rota.model import WEEKDAYS, Person, Point, Problem, Shift

SKILLS: Final = ("legal", "medical", "social-insurance", "household-register")
TIMES: Final = ((time(8, 30), 3.0), (time(14, 30), 2.5), (time(18, 30), 2.0))
MIDDLE: Final = (119.48, 31.42)  # about the middle of Liyang
MONTH: Final = date(2026, 3, 1)


def sample(people: int, shifts: int, seed: int, squares: int = 48) -> Problem:
    """A month: `shifts` shifts of one to three seats, and `people` people; the same for a seed.

    A fifth of the shifts need a skill that a sixth of the people have; everybody is off on some
    days, a third of them offer only some weekdays, half of them only what is near.
    """
    rng = Random(seed)
    points = [_point(rng) for _n in range(squares)]
    return Problem(
        tuple(_person(rng, number) for number in range(1, people + 1)),
        tuple(_shift(rng, number, points) for number in range(1, shifts + 1)),
    )


def _point(rng: Random) -> Point:
    return MIDDLE[0] + rng.uniform(-0.25, 0.25), MIDDLE[1] + rng.uniform(-0.2, 0.2)


def _person(rng: Random, number: int) -> Person:
    week = rng.choice((4.0, 6.0, 8.0))
    days = rng.sample(WEEKDAYS, rng.randint(3, 5)) if rng.random() < 1 / 3 else []
    return Person(
        f"p{number:03d}",
        point=_point(rng),
        max_km=rng.choice((12.0, 18.0)) if rng.random() < 0.5 else None,
        skills=frozenset(skill for skill in SKILLS if rng.random() < 1 / 6),
        week_hours=week,
        month_hours=week * rng.choice((2, 3)),
        off=frozenset(MONTH + timedelta(days=rng.randrange(30)) for _n in range(rng.randint(0, 8))),
        days=frozenset(days),
        prefers=frozenset(rng.sample(("morning", "afternoon", "evening"), rng.randint(0, 1))),
        avoids=frozenset(rng.sample(WEEKDAYS, rng.randint(0, 1))),
        hours_before=float(rng.choice((0, 0, 2, 4))),
    )


def _shift(rng: Random, number: int, points: list[Point]) -> Shift:
    square = rng.randrange(len(points))
    begin, hours = rng.choices(TIMES, weights=(5, 4, 2))[0]
    starts = datetime.combine(MONTH + timedelta(days=rng.randrange(30)), begin)
    return Shift(
        f"s{number:04d}",
        f"square-{square + 1}",
        starts,
        starts + timedelta(hours=hours),
        seats=rng.choices((1, 2, 3), weights=(3, 5, 2))[0],
        skills=frozenset([rng.choice(SKILLS)]) if rng.random() < 0.2 else frozenset(),
        point=points[square],
    )
