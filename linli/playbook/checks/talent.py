"""Pools and cohorts fit the county: offices, ties and places that they name are there."""

from collections.abc import Iterator, Sequence

from linli.playbook.checks.ground import Ground, unknown
from linli.playbook.positions import Path
from linli.playbook.problems import Problem
from linli.playbook.schema import Method
from linli.playbook.sources import Source
from linli.playbook.talent import CohortKind, Pool


def check(ground: Ground) -> Iterator[Problem]:
    """Every pool and every cohort of every file."""
    ties = {tie.id: tie for source in ground.methods for tie in source.model.pairings}
    kinds = [kind.id for source in ground.methods for kind in source.model.facilities]
    seen: set[str] = set()
    for source in ground.methods:
        rows: list[tuple[Path, Pool | CohortKind]] = [
            *((("pool", n), pool) for n, pool in enumerate(source.model.pools)),
            *((("cohort", n), cohort) for n, cohort in enumerate(source.model.cohorts)),
        ]
        for path, row in rows:
            if row.id in seen:
                yield source.problem((*path, "id"), f'"{row.id}" is there twice',
                                     "give one of them another id")  # fmt: skip
            seen.add(row.id)
            yield from _names(source, (*path, "hosts"), "organisation", row.hosts,
                              ground.organisations)  # fmt: skip
            if isinstance(row, Pool):
                yield from _names(source, (*path, "nominators"), "organisation", row.nominators,
                                  ground.organisations)  # fmt: skip
            else:
                yield from _names(source, (*path, "places"), "facility", row.places, kinds)
            if row.pairing is not None and row.pairing not in ties:
                yield source.problem((*path, "pairing"), *unknown("pairing", row.pairing, [*ties]))
            elif row.pairing is not None and ties[row.pairing].b.what != "person":
                yield source.problem((*path, "pairing"), "no person stands on its second side",
                                     "name a tie between a mentor and a person")  # fmt: skip


def _names(
    source: Source[Method], path: Path, what: str, names: Sequence[str], known: list[str]
) -> Iterator[Problem]:
    for at, name in enumerate(names):
        if name not in known:
            yield source.problem((*path, at), *unknown(what, name, known))
