"""Facilities fit the county: who runs them is there, and no id is used twice."""

from collections.abc import Iterator

from linli.playbook.checks.ground import Ground, unknown
from linli.playbook.facility import FacilityKind
from linli.playbook.positions import Path
from linli.playbook.problems import Problem
from linli.playbook.schema import Method
from linli.playbook.sources import Source
from linli.playbook.store import MONEY


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
            yield from _store(source, path, kind, ground)


def _store(
    source: Source[Method], path: Path, kind: FacilityKind, ground: Ground
) -> Iterator[Problem]:
    if kind.store is None:
        return
    names = [one.id for one in kind.store.goods]
    known = [spot.kind.id for spot in ground.kinds]
    if len({MONEY, *names}) <= len(names):
        yield source.problem(
            (*path, "store", "goods"), "a group of goods is there twice",
            f'choose another id; "{MONEY}" is there by itself',
        )  # fmt: skip
    if kind.store.names.unit != "days":
        yield source.problem(
            (*path, "store", "names"), "the names of givers are kept for days",
            'for example "730 days"',
        )  # fmt: skip
    if kind.store.soon.unit != "days":
        yield source.problem(
            (*path, "store", "soon"), "what spoils is good for days", 'for example "30 days"'
        )
    for at, name in enumerate(kind.store.wishes):
        if name not in known:
            yield source.problem((*path, "store", "wishes", at), *unknown("case", name, known))
