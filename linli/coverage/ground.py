"""The places of one day as arrays, read once for all rules of a count."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray

from linli.lib import clock
from linli.places.models import Kind, Place
from linli.playbook.base import LEVEL_OF_PLACE

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

KINDS: Final = tuple(str(kind) for kind in Kind)
NOWHERE: Final = -1
DEEPEST: Final = 5  # levels between a building and the county
NEVER: Final = 0  # as a day: it never was, or nobody knows since when


def columns(rows: QuerySet[Any, Any], *types: str) -> list[NDArray[Any]]:
    """The columns of a `values_list` as arrays; empty ones for no rows."""
    found = list(rows)
    if not found:
        return [np.empty(0, dtype=kind) for kind in types]
    return [
        np.array(column, dtype=kind)
        for column, kind in zip(zip(*found, strict=True), types, strict=True)
    ]


def day_numbers(days: Any) -> Ints:
    """Dates as whole numbers, null as NEVER."""
    texts = np.array(days, dtype="datetime64[D]")
    return np.where(np.isnat(texts), NEVER, texts.astype(np.int64))


def day_number(day: date) -> int:
    """A date as a whole number, days since 1970."""
    return int(np.datetime64(day, "D").astype(np.int64))


def day_of(number: int) -> date | None:
    """The date of such a number; None for NEVER."""
    return None if number == NEVER else date.fromordinal(date(1970, 1, 1).toordinal() + number)


def kinds_of(level: str) -> tuple[str, ...]:
    """The kinds of places on a level of the playbook: village and community stand on one."""
    return tuple(kind for kind, of in LEVEL_OF_PLACE.items() if of == level)


@dataclass(frozen=True)
class Ground:
    """Every place of a day: its id, kind, what it lies in (a position), and since when it is."""

    day: date
    ids: Ints
    kinds: Ints
    parents: Ints
    since: Ints

    @property
    def today(self) -> int:
        return day_number(self.day)

    def where(self, *kinds: str) -> Ints:
        """Positions of the places of these kinds."""
        wanted = [KINDS.index(kind) for kind in kinds]
        return np.flatnonzero(np.isin(self.kinds, wanted))

    def position(self, ids: Any) -> Ints:
        """Where these places stand; NOWHERE for those that are not of this day."""
        return position(self.ids, np.asarray(ids, dtype=np.int64))

    def above(self, positions: Ints, *kinds: str) -> Ints:
        """For each position the place of these kinds in which it lies, or which it is."""
        wanted = [KINDS.index(kind) for kind in kinds]
        here = positions.copy()
        for _level in range(DEEPEST):
            there = here != NOWHERE
            fits = np.zeros(len(here), dtype=bool)
            fits[there] = np.isin(self.kinds[here[there]], wanted)
            climbing = there & ~fits
            here[climbing] = self.parents[here[climbing]]
        lost = here != NOWHERE
        lost[lost] = ~np.isin(self.kinds[here[lost]], wanted)
        here[lost] = NOWHERE
        return here


def position(sorted_ids: Ints, ids: Ints) -> Ints:
    """Where `ids` stand in `sorted_ids`; NOWHERE where they do not."""
    if not len(sorted_ids):
        return np.full(len(ids), NOWHERE, dtype=np.int64)
    at = np.minimum(np.searchsorted(sorted_ids, ids), len(sorted_ids) - 1)
    return np.where(sorted_ids[at] == ids, at, NOWHERE)


def survey(day: date | None = None) -> Ground:
    """The places of that day, today if not said; two statements."""
    day = day or clock.today()
    rows = Place.objects.at(day).order_by("pk").values_list("pk", "kind", "parent_id", "valid_from")
    ids, kinds, parents, since = columns(rows, "int64", "U12", "float64", "datetime64[D]")
    order = np.argsort(np.array(KINDS))
    numbers = order[np.searchsorted(np.array(KINDS), kinds, sorter=order)] if len(kinds) else kinds
    upper = np.nan_to_num(parents, nan=-1).astype(np.int64)
    begun = _before_changes(ids, day_numbers(since), day)
    return Ground(day, ids, numbers.astype(np.int64), position(ids, upper), begun)


def _before_changes(ids: Ints, since: Ints, day: date) -> Ints:
    """Since when each place is, under whatever name and wherever it lay: a rename makes nothing new."""
    former = Place.objects.filter(valid_to__lte=day).order_by()
    first: dict[str, int] = {}
    for code, begins in former.values_list("code", "valid_from"):
        number = NEVER if begins is None else day_number(begins)
        first[code] = min(number, first.get(code, number))
    now = Place.objects.at(day).filter(code__in=former.values("code")).values_list("pk", "code")
    for pk, code in now:
        at = int(np.searchsorted(ids, pk))
        since[at] = min(int(since[at]), first[code])
    return since
