"""Ties fit the county: the bodies, posts and offices that they name are there."""

from collections.abc import Iterator

from linli.playbook.checks.ground import Ground, unknown
from linli.playbook.positions import Path
from linli.playbook.problems import Problem


def check(ground: Ground) -> Iterator[Problem]:
    """Every kind of tie of every file."""
    seen: set[str] = set()
    for source in ground.methods:
        for number, kind in enumerate(source.model.pairings):
            path: Path = ("pairing", number)
            if kind.id in seen:
                yield source.problem((*path, "id"), f'the pairing "{kind.id}" is there twice',
                                     "give one of them another id")  # fmt: skip
            seen.add(kind.id)
            bodies = [("a", kind.a.bodies), ("b", kind.b.bodies), ("keeper", kind.keeper)]
            for key, names in bodies:
                for name in names:
                    if name not in ground.organisations:
                        yield source.problem(
                            (*path, key), *unknown("organisation", name, ground.organisations)
                        )
            for key, side in (("a", kind.a), ("b", kind.b)):
                if side.post and side.post not in ground.posts:
                    yield source.problem(
                        (*path, key), *unknown("post", side.post, list(ground.posts))
                    )
            ids = [row.id for row in kind.contacts]
            if len(set(ids)) < len(ids):
                yield source.problem((*path, "contact"), "a contact is there twice",
                                     "give one of them another id")  # fmt: skip
            if kind.lists and kind.is_private:
                yield source.problem(
                    (*path, "lists"), "lists are public, and a person or a home is on one side",
                    "leave the lists out",
                )  # fmt: skip
