"""Rules of cover that can be counted: what they name exists and fits together."""

from collections.abc import Iterator

from linli.playbook.base import LEVELS_ABOVE
from linli.playbook.checks.ground import Ground, unknown
from linli.playbook.coverage import CoverageRule
from linli.playbook.positions import Path
from linli.playbook.problems import Problem
from linli.playbook.schema import Method
from linli.playbook.sources import Source

Found = Iterator[tuple[Path, str, str]]


def check(ground: Ground) -> Iterator[Problem]:
    """The rules of all files."""
    seen: dict[str, str] = {}
    for source in ground.methods:
        for number, rule in enumerate(source.model.coverage):
            if rule.id in seen:
                yield source.problem(
                    ("coverage", number, "id"), f'the rule of cover "{rule.id}" is there twice',
                    f"the first one is in {seen[rule.id]}; give one of them another id",
                )  # fmt: skip
            seen.setdefault(rule.id, source.file)
            for path, message, hint in _rule(ground, rule):
                yield source.problem(
                    ("coverage", number, *path), f'{message} (coverage "{rule.id}")', hint
                )


def _rule(ground: Ground, rule: CoverageRule) -> Found:
    yield from _names(ground, rule)
    yield from _fits(ground, rule)
    for number, owner in enumerate(rule.owner):
        if owner.body not in ground.organisations:
            yield (
                ("owner", number, "body"),
                *unknown("organisation", owner.body, ground.organisations),
            )


def _names(ground: Ground, rule: CoverageRule) -> Found:
    each, has = rule.each, rule.has
    for number, body in enumerate(each.bodies):
        if body not in ground.organisations:
            yield ("each", "bodies", number), *unknown("organisation", body, ground.organisations)
    for path, name in ((("each", "post"), each.post), (("has", "post"), has.post)):
        if name and name not in ground.posts:
            yield path, *unknown("post", name, list(ground.posts))
    if has.body and has.body not in ground.organisations:
        yield ("has", "body"), *unknown("organisation", has.body, ground.organisations)
    facilities = [kind.id for one in ground.methods for kind in one.model.facilities]
    if has.facility and has.facility not in facilities:
        yield ("has", "facility"), *unknown("facility", has.facility, facilities)
    activities = activities_of(ground.methods)
    for path, name in ((("has", "activity"), has.activity), (("each", "series"), each.series)):
        if name and name not in activities:
            yield path, *unknown("activity", name, activities)


def activities_of(methods: list[Source[Method]]) -> list[str]:
    """The ids of all kinds of activities in these files."""
    return [kind.id for one in methods for kind in one.model.activities]


def _fits(ground: Ground, rule: CoverageRule) -> Found:
    each, has = rule.each, rule.has
    if has.owner_and_clock != each.cases:
        yield (
            ("has",),
            "an owner and a clock are what cases have, and only they",
            ("write each = { cases = true } with has = { owner_and_clock = true }"),
        )
    if each.firms and has.kind != "facility":
        yield ("has",), "firms can only be near a facility", "name a facility and the minutes"
    if has.facility and not (each.counts or each.place in ("village", "building")):
        yield (
            ("has", "facility"),
            "only homes, firms, villages and buildings are on the way to a facility",
            'write each = "household", "village", "building" or { firms = true }',
        )
    reaches = {"activity", "facility"} if each.households else {"activity"}
    if (each.households or each.series) and has.kind not in reaches:
        yield (
            ("has",),
            f"{each.kind} can only be reached by an activity"
            + (", or reach a facility" if each.households else ""),
            "name an activity and how often",
        )
    if has.tiled_by and (not each.place or each.place not in LEVELS_ABOVE[has.tiled_by][1:]):
        yield (
            ("has", "tiled_by"),
            f'a set of "{each.kind}" is not made of "{has.tiled_by}"',
            ('write for example each = "village" with tiled_by = "grid"'),
        )
    if each.with_ and each.place not in LEVELS_ABOVE[each.with_][1:]:
        yield ("each", "with"), f'a {each.place} holds no "{each.with_}"', "name a level below it"
    if has.body and not each.place:
        yield ("has", "body"), "only a place has a body", "count places, or name a post"
    yield from _post_fits(ground, rule)


def _post_fits(ground: Ground, rule: CoverageRule) -> Found:
    """A post that is held on grids cannot cover buildings."""
    post, level = ground.posts.get(rule.has.post or ""), rule.each.place
    if post is None:
        return
    if rule.each.kind not in ("place", "bodies"):
        yield ("has", "post"), "only a place or a body has a post", "count places or bodies"
    held_on = {"vehicle": "line"}.get(post.on, post.on)
    if level and held_on not in (level, "organisation"):
        yield (
            ("has", "post"),
            f'the post "{post.id}" is held on a {held_on}, not on a {level}',
            (f'write each = "{held_on}"'),
        )
