"""Incubators stand at a kind of facility that offers their functions."""

from collections.abc import Iterator

from linli.playbook.checks.ground import Ground, unknown
from linli.playbook.positions import Path
from linli.playbook.problems import Problem


def check(ground: Ground) -> Iterator[Problem]:
    """Every incubator of every file; one for each kind of facility."""
    kinds = {one.id: one for source in ground.methods for one in source.model.facilities}
    seen: set[str] = set()
    for source in ground.methods:
        for number, one in enumerate(source.model.incubators):
            path: Path = ("incubator", number)
            if one.facility not in kinds:
                yield source.problem(
                    (*path, "facility"), *unknown("facility", one.facility, list(kinds))
                )
                continue
            if one.facility in seen:
                yield source.problem((*path, "facility"), "two incubators at one kind of facility",
                                     "make one of them")  # fmt: skip
            seen.add(one.facility)
            offered = [service.id for service in kinds[one.facility].services]
            for at, function in enumerate(one.functions):
                if function.id not in offered:
                    yield source.problem(
                        (*path, "function", at, "id"), *unknown("service", function.id, offered)
                    )
