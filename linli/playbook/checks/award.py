"""Awards fit the county: one scheme, known dimensions, and kinds of things that exist."""

from collections.abc import Iterator

from linli.playbook.award import Award
from linli.playbook.checks.ground import Ground, unknown
from linli.playbook.positions import Path
from linli.playbook.problems import Problem
from linli.playbook.schema import Method
from linli.playbook.sources import Source


def check(ground: Ground) -> Iterator[Problem]:
    """Every rule of every file, and that all of them count into one scheme."""
    schemes = [source for source in ground.methods if source.model.points]
    for source in schemes[1:]:
        yield source.problem(
            ("points",), "there are two schemes of points",
            f"a county has one; the first is in {schemes[0].file}",
        )  # fmt: skip
    scheme = schemes[0].model.points if schemes else None
    dimensions = [row.id for row in scheme.dimensions] if scheme else []
    seen: set[str] = set()
    for source in ground.methods:
        for number, rule in enumerate(source.model.awards):
            path: Path = ("award", number)
            if rule.id in seen:
                yield source.problem((*path, "id"), f'the award "{rule.id}" is there twice',
                                     "give one of them another id")  # fmt: skip
            seen.add(rule.id)
            if rule.dimension not in dimensions:
                yield source.problem(
                    (*path, "dimension"), *unknown("dimension", rule.dimension, dimensions)
                )
            yield from _kinds(ground, source, path, rule)


def _kinds(ground: Ground, source: Source[Method], path: Path, rule: Award) -> Iterator[Problem]:
    methods = [one.model for one in ground.methods]
    activities = {one.id: one for method in methods for one in method.activities}
    cases = {one.id: one for method in methods for one in method.cases}
    procedures = {one.id for method in methods for one in method.procedures}
    what, known = {
        "activity": ("kind of activity", list(activities)),
        "case": ("kind of case", list(cases)),
        "motion": ("procedure", list(procedures)),
    }[rule.verb.split(".")[0]]
    for number, kind in enumerate(rule.kinds):
        if kind not in known:
            yield source.problem((*path, "kinds", number), *unknown(what, kind, known))
    roles = [row.id for kind in rule.kinds if kind in activities for row in activities[kind].roles]
    for number, role in enumerate(rule.roles):
        if role not in roles:
            yield source.problem((*path, "roles", number), *unknown("role", role, roles))
    steps = [row.id for kind in rule.kinds if kind in cases for row in cases[kind].steps]
    for number, step in enumerate(rule.steps):
        if step not in steps:
            yield source.problem((*path, "steps", number), *unknown("step", step, steps))
