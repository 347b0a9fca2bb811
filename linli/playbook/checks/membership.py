"""Memberships lead on step by step, and nothing in a file takes a right away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from linli.playbook.base import Named
from linli.playbook.checks.ground import Ground, unknown
from linli.playbook.grounds import forbidden_in
from linli.playbook.membership import LEAST_REPLY, LONGEST_LAPSE, Length, Membership
from linli.playbook.positions import Path
from linli.playbook.problems import Problem
from linli.playbook.schema import Method
from linli.playbook.sources import Source


@dataclass(frozen=True, slots=True)
class Place:
    """A membership and where it stands."""

    source: Source[Method]
    path: Path
    rule: Membership

    def problem(self, at: Path, message: str, hint: str) -> Problem:
        """A problem at a key of this membership."""
        said = f'{message} (membership "{self.rule.id}")'
        return self.source.problem((*self.path, *at), said, hint)


def check(ground: Ground) -> Iterator[Problem]:
    """Every membership of every file."""
    seen: set[str] = set()
    for source in ground.methods:
        for number, rule in enumerate(source.model.memberships):
            spot = Place(source, ("membership", number), rule)
            if rule.id in seen:
                yield spot.problem(("id",), "this id is there twice", "give it another id")
            seen.add(rule.id)
            yield from _ids(spot)
            yield from _way(spot)
            yield from _rights(spot)
            yield from _grounds(spot)
            yield from _tiers(ground, spot)


def _ids(spot: Place) -> Iterator[Problem]:
    rule = spot.rule
    lists: dict[str, Sequence[Named]] = {
        "stage": rule.stages, "step": rule.steps, "ground": rule.grounds, "tier": rule.tiers,
    }  # fmt: skip
    for key, rows in lists.items():
        ids = [row.id for row in rows]
        for number, one in enumerate(ids):
            if one in ids[:number]:
                yield spot.problem(
                    (key, number, "id"), f'the id "{one}" is there twice', "choose another id"
                )


def _way(spot: Place) -> Iterator[Problem]:
    """Every stage can be reached, and every one that is no end leads on."""
    rule = spot.rule
    stages = [stage.id for stage in rule.stages]
    for number, step in enumerate(rule.steps):
        for part, name in [("to", step.to), *[("from", one) for one in step.from_]]:
            if name not in stages:
                yield spot.problem(("step", number, part), *unknown("stage", name, stages))
        if step.to in step.from_:
            yield spot.problem(
                ("step", number, "to"), "it leads back to where it begins", "name another stage"
            )
    for number, stage in enumerate(rule.stages):
        leads = any(stage.id in step.from_ for step in rule.steps)
        reached = number == 0 or stage.enters or any(step.to == stage.id for step in rule.steps)
        if stage.ends == leads:
            yield spot.problem(
                ("stage", number, "id"),
                f'"{stage.id}" ends it and leads on' if leads else f'"{stage.id}" leads nowhere',
                "take ends = true out" if leads else "add a step from here, or ends = true",
            )
        if not reached:
            yield spot.problem(
                ("stage", number, "id"), f'nobody can reach "{stage.id}"', "add a step to it"
            )
    if rule.first.ends or not rule.counting:
        yield spot.problem(("stage",), "nobody would ever count", "write counts = true for one")


def _rights(spot: Place) -> Iterator[Problem]:
    rule = spot.rule
    for key, length in (("reply", rule.reply), ("appeal", rule.appeal)):
        if length.days < LEAST_REPLY:
            yield spot.problem(
                (key,), f'"{length}" is too short to answer', f'write "{LEAST_REPLY} days" or more'
            )
    if rule.lapse.days > Length(LONGEST_LAPSE, "month").days + 1:
        yield spot.problem(
            ("lapse",), "an adverse entry would be kept too long",
            f'write "{LONGEST_LAPSE} months" or less',
        )  # fmt: skip
    for number, step in enumerate(rule.steps):
        if step.above and not (step.second or step.adverse):
            yield spot.problem(
                ("step", number, "above"), "there is no second person", "add second = true"
            )
        if step.adverse and not rule.grounds:
            yield spot.problem(
                ("step", number, "adverse"), "nothing says on which grounds",
                "add [[membership.ground]] with each ground there is",
            )  # fmt: skip


def _grounds(spot: Place) -> Iterator[Problem]:
    for number, row in enumerate(spot.rule.grounds):
        for text in (row.id, row.name.zh, row.name.en):
            if found := forbidden_in(text):
                yield spot.problem(
                    ("ground", number, "id"), f'"{found[1]}" is never held against anybody',
                    "take this ground out: the list of forbidden grounds is closed",
                )  # fmt: skip
                break


def _tiers(ground: Ground, spot: Place) -> Iterator[Problem]:
    tiers = spot.rule.tiers
    for number, tier in enumerate(tiers):
        if tier.body not in ground.organisations:
            yield spot.problem(
                ("tier", number, "body"), *unknown("organisation", tier.body, ground.organisations)
            )
        if number and tier.from_ <= tiers[number - 1].from_:
            yield spot.problem(
                ("tier", number, "from"), "it begins before the tier above it ends",
                f"write more than {tiers[number - 1].from_}",
            )  # fmt: skip
    if tiers[0].from_ != 0:
        yield spot.problem(
            ("tier", 0, "from"), "a body with nobody in it has no form", "begin with from = 0"
        )
