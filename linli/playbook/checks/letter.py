"""Letters fit the county: audiences, stages and the case a reply opens exist."""

from collections.abc import Iterator

from linli.playbook.checks.ground import Ground, unknown
from linli.playbook.letter import LetterKind
from linli.playbook.positions import Path
from linli.playbook.problems import Problem
from linli.playbook.schema import Method
from linli.playbook.sources import Source


def check(ground: Ground) -> Iterator[Problem]:
    """Every letter of every file."""
    seen: set[str] = set()
    for source in ground.methods:
        for number, kind in enumerate(source.model.letters):
            path: Path = ("letter", number)
            if kind.id in seen:
                yield source.problem((*path, "id"), f'the letter "{kind.id}" is there twice',
                                     "give one of them another id")  # fmt: skip
            seen.add(kind.id)
            yield from _audience(ground, source, path, kind)
            cases = [one.id for method in ground.methods for one in method.model.cases]
            if kind.reply is not None and kind.reply not in cases:
                yield source.problem((*path, "reply"), *unknown("kind of case", kind.reply, cases))


def _audience(
    ground: Ground, source: Source[Method], path: Path, kind: LetterKind
) -> Iterator[Problem]:
    methods = [one.model for one in ground.methods]
    memberships = {one.id: one for method in methods for one in method.memberships}
    posts = [one.id for method in methods for one in method.posts]
    posts += [one.id for one in ground.county.model.posts]
    audience = kind.audience
    members = audience.of == "members"
    what, known = ("membership", list(memberships)) if members else ("kind of post", posts)
    for number, name in enumerate(audience.kinds):
        if name not in known:
            yield source.problem((*path, "audience", "kinds", number), *unknown(what, name, known))
    stages = [s.id for name in audience.kinds if name in memberships
              for s in memberships[name].stages]  # fmt: skip
    for number, name in enumerate(audience.stages if members else []):
        if name not in stages:
            yield source.problem(
                (*path, "audience", "stages", number), *unknown("stage", name, stages)
            )
    for number, name in enumerate(kind.when.to if kind.when else []):
        if name not in stages:
            yield source.problem((*path, "when", "to", number), *unknown("stage", name, stages))
