"""Every case finds an owner, and every row that names an owner can be reached."""

from collections.abc import Iterator

from linli.playbook.base import LEVELS, LEVELS_ABOVE
from linli.playbook.checks.ground import Ground, Spot, unknown
from linli.playbook.positions import Path
from linli.playbook.problems import Problem
from linli.playbook.routing import candidates, is_certain
from linli.playbook.schema import Duty


def check(ground: Ground) -> Iterator[Problem]:
    """Duties, the owners of each kind, and the backstop of each level."""
    county = ground.county
    for number, duty in enumerate(county.model.duties):
        for key, message, hint in _row(ground, duty):
            yield county.problem(("duty", number, *key), message, hint)
    yield from _hidden(ground)
    yield from _backstop(ground)
    for spot in ground.kinds:
        for number, duty in enumerate(spot.kind.owner):
            for key, message, hint in (*_row(ground, duty), *_own_row(spot, duty)):
                yield spot.problem(("owner", number, *key), message, hint)
        yield from _nobody(ground, spot)


def _row(ground: Ground, duty: Duty) -> Iterator[tuple[Path, str, str]]:
    for number, name in enumerate(duty.categories):
        if name != "*" and name not in ground.categories:
            yield ("categories", number), *unknown("category", name, ["*", *ground.categories])
    kinds = [spot.kind.id for spot in ground.kinds]
    for number, name in enumerate(duty.kinds):
        if name != "*" and name not in kinds:
            yield ("kinds", number), *unknown("kind of case", name, ["*", *kinds])
    if duty.body is not None and duty.body not in ground.organisations:
        yield ("body",), *unknown("organisation", duty.body, ground.organisations)
    post = ground.posts.get(duty.post)
    if post is None:
        yield ("post",), *unknown("post", duty.post, list(ground.posts))
    elif duty.body is None and post.on != duty.at:
        level = f'write at = "{post.on}"' if post.on in LEVELS else ""
        hint = level or "name the organisation with body = …"
        yield ("post",), f'"{duty.post}" is not a post on a {duty.at}', hint
    elif duty.body is not None and post.bodies and duty.body not in post.bodies:
        yield (
            ("post",), f'a "{duty.body}" has no "{duty.post}"',
            f"the post belongs to: {', '.join(post.bodies)}",
        )  # fmt: skip


def _own_row(spot: Spot, duty: Duty) -> Iterator[tuple[Path, str, str]]:
    if duty.kinds != ["*"]:
        yield ("kinds",), "an owner inside a case speaks for this kind alone", "leave kinds out"
    place = spot.kind.place
    if place in ("line", "county") and duty.at not in LEVELS_ABOVE[place]:
        yield (
            ("at",), f"a case whose place is a {place} has no {duty.at} above it",
            f"use one of: {', '.join(LEVELS_ABOVE[place])}",
        )  # fmt: skip
    if spot.kind.is_sealed and duty.post not in spot.kind.sealed_readers:
        yield (
            ("post",), f'a "{duty.post}" would own a sealed case without being able to read it',
            "name the post in sealed_readers, or another post here",
        )  # fmt: skip


def _hidden(ground: Ground) -> Iterator[Problem]:
    """Rows after one that always finds somebody are never tried."""
    certain: list[tuple[int, Duty]] = []
    everywhere = {row.id: row.everywhere for row in ground.county.model.organisations}
    for number, duty in enumerate(ground.county.model.duties):
        for first, other in certain:
            if _within(duty.categories, other.categories) and _within(duty.kinds, other.kinds):
                line = ground.county.problem(("duty", first), "", "").line
                yield ground.county.problem(
                    ("duty", number), "this duty is never reached",
                    f"the one on line {line} already owns all of it; put this one above it",
                )  # fmt: skip
                break
        if duty.at == "county" and duty.body and "county" in everywhere.get(duty.body, []):
            certain.append((number, duty))


def _within(names: list[str], others: list[str]) -> bool:
    return "*" in others or ("*" not in names and set(names) <= set(others))


def _backstop(ground: Ground) -> Iterator[Problem]:
    county = ground.county
    for level in LEVELS:
        rows = county.model.backstop.get(level, [])  # type: ignore[call-overload]
        if not rows:
            yield county.problem(
                ("backstop",), f"nobody owns what a {level} refuses twice",
                f'add {level} = [{{ body = "{county.model.desk.body}", at = "county" }}]',
            )  # fmt: skip
        for number, duty in enumerate(rows):
            for key, message, hint in _row(ground, duty):
                yield county.problem(("backstop", level, number, *key), message, hint)
            if duty.at == level and level != "county":
                yield county.problem(
                    ("backstop", level, number, "at"), f"a {level} cannot be its own backstop",
                    f"use one of: {', '.join(LEVELS_ABOVE[level][1:])}",
                )  # fmt: skip


def _nobody(ground: Ground, spot: Spot) -> Iterator[Problem]:
    county, kind = ground.county.model, spot.kind
    lost = [
        category
        for category in ground.categories
        if kind.takes(category)
        and not any(is_certain(d, kind, county) for d in candidates(kind, category, county))
    ]
    if not lost:
        return
    key = ("owner",) if kind.owner else ()
    said = ", ".join(lost[:3]) + (" …" if len(lost) > 3 else "")
    if kind.is_sealed:
        hint = "end its owners with a reader in an organisation that every county has"
    else:
        hint = f'end the duties in county.toml with body = "{county.desk.body}", at = "county"'
    yield spot.problem(key, f"a case about {said} may find no owner", hint)
