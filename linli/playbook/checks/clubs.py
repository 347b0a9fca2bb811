"""Clubs fit the county: who runs them is there, and no id is used twice."""

from collections.abc import Iterator

from linli.playbook.checks.ground import Ground, unknown
from linli.playbook.positions import Path
from linli.playbook.problems import Problem


def check(ground: Ground) -> Iterator[Problem]:
    """Every kind of club of every file."""
    seen: set[str] = set()
    for source in ground.methods:
        for number, kind in enumerate(source.model.clubs):
            path: Path = ("club", number)
            if kind.id in seen:
                yield source.problem((*path, "id"), f'the club "{kind.id}" is there twice',
                                     "give one of them another id")  # fmt: skip
            seen.add(kind.id)
            for at, name in enumerate(kind.host):
                if name not in ground.organisations:
                    yield source.problem(
                        (*path, "host", at), *unknown("organisation", name, ground.organisations)
                    )
