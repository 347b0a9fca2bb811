"""Ids are given once, and every name that is used exists."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from linli.playbook.checks.ground import DOERS, OPENERS, READERS, Ground, Spot, unknown
from linli.playbook.positions import Path
from linli.playbook.problems import Problem
from linli.playbook.schema import County, Method
from linli.playbook.sources import Source


class HasId(Protocol):
    """A table of the playbook that has an id."""

    @property
    def id(self) -> str: ...


def check(ground: Ground) -> Iterator[Problem]:
    """Ids and references of all files."""
    yield from _twice_in_county(ground)
    yield from _twice_between_files(ground)
    yield from _county_references(ground)
    for source in ground.methods:
        yield from _method_references(ground, source)
    for spot in ground.kinds:
        yield from _twice_in_kind(spot)
        yield from _kind_references(ground, spot)
        yield from _people(ground, spot)


def _twice(rows: Sequence[HasId], what: str) -> Iterator[tuple[int, str, str]]:
    seen: set[str] = set()
    for number, row in enumerate(rows):
        if row.id in seen:
            yield number, f'the {what} "{row.id}" is there twice', "give one of them another id"
        seen.add(row.id)


def _twice_in_county(ground: Ground) -> Iterator[Problem]:
    county = ground.county.model
    lists: dict[str, Sequence[HasId]] = {
        "portfolio": county.portfolios, "stream": county.streams, "category": county.categories,
        "organisation": county.organisations, "refusal": county.refusals, "stop": county.stops,
        "extension": county.extensions,
    }  # fmt: skip
    for table, rows in lists.items():
        for number, message, hint in _twice(rows, table):
            yield ground.county.problem((table, number, "id"), message, hint)
    for number, message, hint in _twice(county.forum.boards, "board"):
        yield ground.county.problem(("forum", "board", number, "id"), message, hint)


def _twice_between_files(ground: Ground) -> Iterator[Problem]:
    seen: dict[tuple[str, str], str] = {}
    for source, path, what, name in _ids(ground):
        first = seen.get((what, name))
        here = source.problem(
            path, f'the {what} "{name}" is there twice',
            f"the first one is at {first}; give one of them another id",
        )  # fmt: skip
        if first:
            yield here
        else:
            seen[what, name] = f"{here.file}:{here.line}"


def _ids(ground: Ground) -> Iterator[tuple[Source[County] | Source[Method], Path, str, str]]:
    for number, post in enumerate(ground.county.model.posts):
        yield ground.county, ("post", number, "id"), "post", post.id
    for source in ground.methods:
        yield source, ("id",), "method", source.model.id
        for number, post in enumerate(source.model.posts):
            yield source, ("post", number, "id"), "post", post.id
        for number, kind in enumerate(source.model.cases):
            yield source, ("case", number, "id"), "kind of case", kind.id
        for number, activity in enumerate(source.model.activities):
            yield source, ("activity", number, "id"), "kind of activity", activity.id


def _twice_in_kind(spot: Spot) -> Iterator[Problem]:
    kind = spot.kind
    for number, message, hint in _twice(kind.steps, "step"):
        yield spot.problem(("step", number, "id"), message, hint)
    lists = [(("fields",), kind.fields), *(((*p, "fields"), s.fields) for p, s in spot.steps())]
    for path, fields in lists:
        for number, message, hint in _twice(fields, "field"):
            yield spot.problem((*path, number, "id"), message, hint)
    for path, field in spot.fields():
        for number, message, hint in _twice(field.choices, "choice"):
            yield spot.problem((*path, "choices", number, "id"), message, hint)
    for number, message, hint in _twice(kind.refuse.reasons, "reason"):
        yield spot.problem(("refuse", "reasons", number, "id"), message, hint)


def _county_references(ground: Ground) -> Iterator[Problem]:
    county, kinds = ground.county, {spot.kind.id: spot.kind for spot in ground.kinds}
    model = county.model
    intake = kinds.get(model.intake)
    if intake is None:
        yield county.problem(("intake",), *unknown("kind of case", model.intake, list(kinds)))
    elif "anyone" not in intake.opens_by or intake.identity == "required":
        yield county.problem(
            ("intake",), f'not everybody can open a "{model.intake}" without a name',
            'the kind for a plain word has opens_by = ["anyone"] and identity = "optional"',
        )  # fmt: skip
    if model.desk.body not in ground.organisations:
        yield county.problem(
            ("desk", "body"), *unknown("organisation", model.desk.body, ground.organisations)
        )
    for number, category in enumerate(model.categories):
        if category.sensitive and category.why is None:
            yield county.problem(
                ("category", number), f'"{category.id}" is sensitive and does not say why',
                "add a line why = { zh = …, en = … }; the asker reads it",
            )  # fmt: skip
    for number, post in enumerate(model.posts):
        for at, body in enumerate(post.bodies):
            if body not in ground.organisations:
                yield county.problem(
                    ("post", number, "bodies", at),
                    *unknown("organisation", body, ground.organisations),
                )


def _method_references(ground: Ground, source: Source[Method]) -> Iterator[Problem]:
    method, county = source.model, ground.county.model
    lists = {"portfolio": county.portfolios, "stream": county.streams}
    for key, name in (("portfolio", method.portfolio), ("stream", method.stream)):
        known = [row.id for row in lists[key]]
        if name not in known:
            yield source.problem((key,), *unknown(key, name, known))
    parts = (method.cases, method.posts, method.activities, method.coverage, method.procedures,
             method.awards, method.memberships, method.pairings, method.facilities,
             method.letters, method.bundles, method.incubators,
             method.pools, method.cohorts, method.clubs)  # fmt: skip
    if not any(parts):
        yield source.problem(
            (), "the file gives a county nothing", "add a [[case]], an [[activity]] or a [[post]]"
        )
    for number, post in enumerate(method.posts):
        for at, body in enumerate(post.bodies):
            if body not in ground.organisations:
                yield source.problem(
                    ("post", number, "bodies", at),
                    *unknown("organisation", body, ground.organisations),
                )


def _kind_references(ground: Ground, spot: Spot) -> Iterator[Problem]:
    kind = spot.kind
    for number, name in enumerate(kind.categories):
        if name not in ground.categories:
            yield spot.problem(
                ("categories", number), *unknown("category", name, ground.categories)
            )
    for name in kind.category_clocks:
        if name not in ground.categories:
            yield spot.problem(
                ("category_clocks", name), *unknown("category", name, ground.categories)
            )
        elif not kind.takes(name):
            yield spot.problem(
                ("category_clocks", name), f'this kind never has the category "{name}"',
                "leave the clock out, or add it to categories",
            )  # fmt: skip
    for number, name in enumerate(kind.refuse.pass_to):
        known = [*ground.organisations, *ground.posts]
        if name not in known:
            yield spot.problem(
                ("refuse", "pass_to", number), *unknown("organisation or post", name, known)
            )


def _people(ground: Ground, spot: Spot) -> Iterator[Problem]:
    lists = (
        ("opens_by", spot.kind.opens_by, ground.people(OPENERS)),
        ("sealed_readers", spot.kind.sealed_readers, ground.people(READERS)),
    )
    for key, names, known in lists:
        for number, name in enumerate(names):
            if name not in known:
                yield spot.problem((key, number), *unknown("role or post", name, known))
    doers = [*DOERS, *ground.posts]
    for path, step in spot.steps():
        if step.by not in doers:
            yield spot.problem((*path, "by"), *unknown("post", step.by, doers))
