"""Is the tree what it promises to be? Everything computed anew from the parents, and compared."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from django.utils.translation import gettext as _

from linli.places.models import END, PARENTS, Closure, Place

BEGINNING, FOR_EVER = date.min, date.max


class Flaw(NamedTuple):
    """A broken promise: which place, and a sentence."""

    code: str
    text: str


class _Row(NamedTuple):
    pk: int
    code: str
    kind: str
    path: str
    parent: int | None
    first: date
    end: date  # the first day after it

    @property
    def is_current(self) -> bool:
        return self.end == FOR_EVER


def flaws() -> list[Flaw]:
    """What is wrong with the tree as a whole; empty if nothing is. Reads every row once."""
    rows = [
        _Row(pk, code, kind, path, parent, first or BEGINNING, end or FOR_EVER)
        for pk, code, kind, path, parent, first, end in Place.objects.order_by("code").values_list(
            "pk", "code", "kind", "path", "parent", "valid_from", "valid_to"
        )
    ]
    current = {row.pk: row for row in rows if row.is_current}
    return [*_parents(current), *_closure(current), *_past(rows)]


def _line(row: _Row, current: dict[int, _Row]) -> list[_Row]:
    """The place and its parents, upwards; stops where a circle would begin."""
    line = [row]
    while (parent := current.get(line[-1].parent or 0)) and parent not in line:
        line.append(parent)
    return line


def _parents(current: dict[int, _Row]) -> Iterator[Flaw]:
    for row in current.values():
        line = _line(row, current)
        if line[-1].parent is not None:
            yield Flaw(row.code, _("Its parents run in a circle or end in a place that is gone."))
        elif "".join(one.code + END for one in reversed(line)) != row.path:
            yield Flaw(row.code, _("Its path is not that of its parents."))
        elif len(line) > 1 and line[1].kind not in PARENTS[row.kind]:
            yield Flaw(row.code, _("It lies in a place of the wrong kind."))


def _closure(current: dict[int, _Row]) -> Iterator[Flaw]:
    wanted = {
        (above.pk, row.pk, depth)
        for row in current.values()
        for depth, above in enumerate(_line(row, current))
    }
    have = set(Closure.objects.values_list("ancestor", "descendant", "depth"))
    codes = dict(Place.objects.values_list("pk", "code")) if wanted != have else {}
    for above, below, depth in sorted(wanted - have):
        told = {"ancestor": codes.get(above, above), "depth": depth}
        text = _("The closure lacks its ancestor %(ancestor)s at depth %(depth)s.") % told
        yield Flaw(str(codes.get(below, below)), text)
    for above, below, depth in sorted(have - wanted):
        told = {"ancestor": codes.get(above, above), "depth": depth}
        text = _("The closure has a wrong ancestor %(ancestor)s at depth %(depth)s.") % told
        yield Flaw(str(codes.get(below, below)), text)


def _past(rows: list[_Row]) -> Iterator[Flaw]:
    """On each day one row for a code, and for each row one parent, where its path says."""
    states: dict[str, list[_Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.first):
        states[row.code].append(row)
    for code, line in states.items():
        for before, after in pairwise(line):
            if after.first < before.end:
                yield Flaw(code, _("It stands twice on %(day)s.") % {"day": after.first})
    for row in rows:
        above = row.path.removesuffix(row.code + END)
        if above:
            yield from _covered(row, above, states[above.split(END)[-2]])


def _covered(row: _Row, above: str, parents: list[_Row]) -> Iterator[Flaw]:
    """The parent's states must cover the row's time without a gap."""
    reached = row.first
    for parent in parents:
        if parent.path == above and parent.first <= reached < parent.end:
            reached = parent.end
    if reached < row.end:
        yield Flaw(row.code, _("It has no parent on %(day)s.") % {"day": reached})
