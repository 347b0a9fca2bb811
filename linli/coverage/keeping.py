"""The set of a count as it was counted, packed into one column of bytes.

Sixty thousand members take some hundred kilobytes, so every number on a page opens exactly the
list that it counted, without asking the registers again.
"""

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from linli.coverage.ground import NOWHERE, Bools, Ground
from linli.coverage.judging import BANDS, COVERED, Verdict
from linli.places.models import Kind

# id, place and town by their ids, band, day, size and covered part.
ROW: Final = np.dtype([
    ("id", "<i8"), ("place", "<i8"), ("town", "<i8"), ("band", "<u1"), ("since", "<i4"),
    ("size", "<i4"), ("part", "<i4"),
])  # fmt: skip
NO_TOWN: Final = 0
Rows = np.ndarray[tuple[int], np.dtype[np.void]]


@dataclass(frozen=True)
class Kept:
    """A frozen set: the rows of one count."""

    rows: Rows

    @classmethod
    def of(cls, verdict: Verdict, ground: Ground) -> Self:
        """Freeze a verdict, with the town of each member."""
        rows = np.zeros(len(verdict.ids), dtype=ROW)
        towns = ground.above(verdict.places, Kind.TOWN)
        rows["id"], rows["place"] = verdict.ids, ground.ids[verdict.places]
        rows["town"] = np.where(towns == NOWHERE, NO_TOWN, ground.ids[towns])
        rows["band"], rows["since"] = verdict.status, verdict.since
        rows["size"], rows["part"] = verdict.size, verdict.part
        return cls(rows)

    @classmethod
    def read(cls, data: bytes | memoryview) -> Self:
        """What `packed` wrote."""
        raw = zlib.decompress(bytes(data)) if data else b""
        return cls(np.frombuffer(raw, dtype=ROW))

    def packed(self) -> bytes:
        """For the column `members`."""
        return zlib.compress(self.rows.tobytes(), 1)

    def digest(self) -> str:
        """The same for the same set with the same standing, whenever it was counted."""
        return hashlib.sha256(self.rows.tobytes()).hexdigest()

    def totals(self) -> dict[str, int]:
        """size, covered, gaps, tolerated and unknown."""
        return _totals(self.rows)

    def by_town(self) -> dict[int, dict[str, int]]:
        """The same for each town by its id; NO_TOWN for what lies in none."""
        towns = self.rows["town"]
        return {int(town): _totals(self.rows[towns == town]) for town in np.unique(towns)}

    def select(self, band: str = "", towns: Iterable[int] | None = None) -> Self:
        """The rows that make up one of the numbers."""
        rows = self.rows
        if towns is not None:
            rows = rows[np.isin(rows["town"], list(towns))]
        if band == BANDS[COVERED]:
            rows = rows[(rows["part"] > 0) | ((rows["band"] == COVERED) & (rows["size"] > 0))]
        elif band:
            number = BANDS.index(band)
            rows = rows[(rows["band"] == number) & _counts(rows)]
        return type(self)(rows)


def _counts(rows: Rows) -> Bools:
    """Whether something of a row stands in its band; a village without a count stands there too."""
    some: Bools = (rows["size"] > rows["part"]) | (rows["size"] == 0)
    return some


def _totals(rows: Rows) -> dict[str, int]:
    rest = np.bincount(
        rows["band"], weights=(rows["size"] - rows["part"]).astype(np.int64), minlength=len(BANDS)
    )
    found = {band: int(rest[n]) for n, band in enumerate(BANDS)}
    found["covered"] += int(rows["part"].sum())
    return {"size": int(rows["size"].sum()), **found}
