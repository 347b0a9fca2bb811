"""Bundles are made of kinds of facility that are there."""

from collections.abc import Iterator

from linli.playbook.checks.ground import Ground, unknown
from linli.playbook.positions import Path
from linli.playbook.problems import Problem


def check(ground: Ground) -> Iterator[Problem]:
    """Every bundle of every file."""
    known = [kind.id for source in ground.methods for kind in source.model.facilities]
    seen: set[str] = set()
    for source in ground.methods:
        for number, bundle in enumerate(source.model.bundles):
            path: Path = ("bundle", number)
            if bundle.id in seen:
                yield source.problem((*path, "id"), f'the bundle "{bundle.id}" is there twice',
                                     "give one of them another id")  # fmt: skip
            seen.add(bundle.id)
            counted: set[str] = set()
            for at, part in enumerate(bundle.parts):
                for where, name in enumerate(part.kinds):
                    place = (*path, "part", at, "kinds", where)
                    if name not in known:
                        yield source.problem(place, *unknown("facility", name, known))
                    elif name in counted:
                        yield source.problem(place, f'"{name}" counts for two parts',
                                             "leave it with one of them")  # fmt: skip
                    counted.add(name)
