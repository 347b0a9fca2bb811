"""Facilities fit the county: who runs them is there, and no id is used twice."""

from collections.abc import Iterator

from linli.playbook.checks.ground import Ground, unknown
from linli.playbook.positions import Path
from linli.playbook.problems import Problem


def check(ground: Ground) -> Iterator[Problem]:
    """Every kind of facility of every file."""
    seen: set[str] = set()
    for source in ground.methods:
        for number, kind in enumerate(source.model.facilities):
            path: Path = ("facility", number)
            if kind.id in seen:
                yield source.problem((*path, "id"), f'the facility "{kind.id}" is there twice',
                                     "give one of them another id")  # fmt: skip
            seen.add(kind.id)
            for at, name in enumerate(kind.host):
                if name not in ground.organisations:
                    yield source.problem(
                        (*path, "host", at), *unknown("organisation", name, ground.organisations)
                    )
            ids = [one.id for one in kind.services]
            if len(set(ids)) < len(ids):
                yield source.problem(
                    (*path, "service"), "a service is there twice", "choose another id"
                )
            if kind.rooms and kind.meals:
                yield source.problem(
                    (*path, "meals"), "rooms and meals are booked in one place",
                    "make two kinds of facility of it",
                )  # fmt: skip
