"""A rota for the terminal, as JSON and as a table; the sentences are English, as in every command."""

from typing import Any, Final

from linli.rota.model import Problem
from linli.rota.report import Empty, Report
from linli.rota.rules import Bar
from linli.rota.solve import Rota

REASONS: Final = {
    Bar.BARRED: "not to be put here",
    Bar.SKILL: "lacking the skill",
    Bar.OFF: "off on that date",
    Bar.DAY: "not offering that weekday",
    Bar.FAR: "too far away",
    Bar.DOUBLE: "on duty at the same time",
    Bar.REST: "needing rest",
    Bar.EVENINGS: "having another evening too near",
    Bar.WEEK: "at their hours of the week",
    Bar.MONTH: "at their hours of the month",
}
HEADER: Final = ("shift", "place", "starts", "ends", "label", "person", "name", "fixed")


def as_json(rota: Rota) -> dict[str, Any]:
    """Everything that is known about the plan, for machines."""
    made = rota.report
    return {
        "cells": [list(cell) for cell in sorted(rota.cells)],
        "cover": {
            "seats": made.seats, "filled": made.filled, "share": round(made.cover, 4),
            "bound": made.cover_bound, "proven": made.cover_proven,
        },
        "fairness": {
            "people": made.fairness.people, "gini": round(made.fairness.gini, 4),
            "least_hours": made.fairness.least_hours, "most_hours": made.fairness.most_hours,
            "mean_hours": round(made.fairness.mean_hours, 2),
            "least_duties": made.fairness.least_duties, "most_duties": made.fairness.most_duties,
        },
        "variety": round(made.places_each, 4),
        "cost": {
            "value": round(made.cost, 4),
            "bound": None if made.cost_bound is None else round(made.cost_bound, 4),
            "gap": None if made.gap is None else round(made.gap, 6),
        },
        "empty": [
            {"shift": one.shift, "seats": one.seats, "why": one.counts(),
             "people": {who: str(met.bar) for who, met in one.why}}
            for one in made.empty
        ],
        "seconds": round(made.seconds, 3),
    }  # fmt: skip


def lines(made: Report) -> list[str]:
    """The report in words."""
    best = (
        "no plan fills more" if made.cover_proven else f"no plan fills more than {made.cover_bound}"
    )
    even = made.fairness
    told = [
        f"Cover: {made.filled} of {made.seats} seats ({made.cover:.1%}); {best}.",
        f"Fairness: {even.least_hours:g} to {even.most_hours:g} hours a person, mean "
        f"{even.mean_hours:.1f}, Gini {even.gini:.3f}; {even.least_duties} to "
        f"{even.most_duties} duties, {even.people} people.",
        f"Variety: {made.places_each:.0%} of a person's duties are at a place of their own.",
        _cost(made),
        f"Time: {made.seconds:.1f} s.",
    ]
    return told + [empty_line(one) for one in made.empty]


def _cost(made: Report) -> str:
    if made.cost_bound is None:
        return f"Cost: {made.cost:.1f}; the time did not suffice for a bound."
    if not made.gap or made.gap < 1e-6:
        return f"Cost: {made.cost:.1f}; no plan with this cover costs less."
    return f"Cost: {made.cost:.1f}; bound {made.cost_bound:.1f}, gap {made.gap:.2%}."


def empty_line(one: Empty) -> str:
    """An empty seat with its reasons: "s12: 1 seat empty; 30 lacking the skill, 4 off"."""
    why = ", ".join(f"{count} {REASONS[Bar(bar)]}" for bar, count in one.counts().items())
    seats = "1 seat" if one.seats == 1 else f"{one.seats} seats"
    return f"{one.shift}: {seats} empty; {why or 'there are no more people'}."


def table(problem: Problem, rota: Rota) -> list[tuple[str, ...]]:
    """The plan as rows under `HEADER`, by time; an empty seat is a row without a person."""
    people = problem.person
    rows: list[tuple[str, ...]] = []
    holders: dict[str, list[str]] = {}
    for who, what in sorted(rota.cells):
        holders.setdefault(what, []).append(who)
    for shift in sorted(problem.shifts, key=lambda one: (one.starts, one.id)):
        seated = holders.get(shift.id, [])
        start = (shift.id, shift.place, shift.starts.isoformat(" ", "minutes"),
                 shift.ends.isoformat(" ", "minutes"), shift.label)  # fmt: skip
        for who in seated:
            kept = "yes" if (who, shift.id) in problem.fixed else ""
            rows.append((*start, who, people[who].name, kept))
        rows += [(*start, "", "", "")] * (shift.seats - len(seated))
    return rows
