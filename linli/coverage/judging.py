"""Covered, gap, tolerated or unknown: pure arithmetic, exactly one of them for each member."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from linli.coverage.ground import NEVER, Bools, Ints
from linli.coverage.sets import Members
from linli.coverage.things import Found
from linli.playbook.coverage import CoverageRule

COVERED, GAP, TOLERATED, UNKNOWN = 0, 1, 2, 3
BANDS: Final = ("covered", "gaps", "tolerated", "unknown")


@dataclass(frozen=True)
class Verdict:
    """The standing of every member of a set on a day.

    A member that stands for many (the households of a village) is split: `part` of its `size` is
    covered, the rest stands as `status` says.
    """

    ids: Ints
    places: Ints
    status: Ints
    since: Ints  # the day from which it is missing; NEVER: it never was there
    size: Ints
    part: Ints

    @property
    def missing(self) -> Ints:
        return self.size - self.part

    def totals(self) -> dict[str, int]:
        """The four numbers and their sum, `size`."""
        rest = np.bincount(self.status, weights=self.missing, minlength=len(BANDS))
        found = {band: int(rest[n]) for n, band in enumerate(BANDS)}
        found["covered"] += int(self.part.sum())
        return {"size": int(self.size.sum()), **found}


def judge(rule: CoverageRule, group: Members, found: Found, today: int) -> Verdict:
    """One verdict for each member; `today` is the day as a number."""
    size = np.ones(len(group.ids), dtype=np.int64) if group.size is None else group.size
    since = np.where(found.since != NEVER, found.since, group.since)
    status = np.where(
        _enough(rule, group, found), COVERED,
        np.where(~found.judged, UNKNOWN, np.where(_young(rule, since, today), TOLERATED, GAP)),
    )  # fmt: skip
    if group.size is None:
        part = np.where(status == COVERED, size, 0)
    else:
        part = np.minimum(found.count, size)
        status = np.where(part == size, np.where(found.judged, COVERED, UNKNOWN), status)
    return Verdict(group.ids, group.places, status, since, size, part)


def _enough(rule: CoverageRule, group: Members, found: Found) -> Bools:
    if group.size is not None:
        return found.count >= group.size
    enough: Bools = found.count >= rule.has.at_least
    if rule.has.at_most is not None:
        enough &= found.count <= rule.has.at_most
    return enough if found.beside is None else enough & found.beside


def _young(rule: CoverageRule, since: Ints, today: int) -> Bools:
    """Missing for less than the tolerance; what was never there is as old as the thing itself."""
    young: Bools = (since != NEVER) & (today - since < rule.tolerated_days)
    return young
