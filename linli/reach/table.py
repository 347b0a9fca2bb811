"""A table of times, many rows by many sites, in blocks of sites that lie together in memory."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from linli.reach.network import FAR

Ints = npt.NDArray[np.int32]
LANES = 64
COMPACT = 32_766  # tenths of a second (54 minutes): up to here sums of two fit 16 bits


@dataclass(frozen=True, slots=True)
class Table:
    """``blocks[b, i, k]``: tenths of a second between row i and site ``64 b + k``.

    What is beyond ``limit`` is ``limit + 1``. Short limits take two bytes a cell, long ones four.
    """

    blocks: npt.NDArray[Any]
    sites: int
    limit: int

    @classmethod
    def empty(cls, rows: int, sites: int, limit: int) -> "Table":
        """Nothing in reach yet."""
        kind = np.uint16 if limit <= COMPACT else np.int32
        shape = (-(-sites // LANES), rows, LANES)
        return cls(np.empty(shape, kind), sites, limit)

    @classmethod
    def of(cls, dense: Ints, limit: int) -> "Table":
        """From [rows, sites] tenths of a second."""
        rows, sites = dense.shape
        made = cls.empty(rows, sites, limit)
        made.blocks[:] = limit + 1
        for b, block in enumerate(made.blocks):
            mine = dense[:, b * LANES : (b + 1) * LANES]
            block[:, : mine.shape[1]] = np.minimum(mine, limit + 1)
        return made

    @property
    def rows(self) -> int:
        return int(self.blocks.shape[1])

    def column(self, site: int) -> Ints:
        """Times to one site, FAR beyond the limit."""
        found = self.blocks[site // LANES, :, site % LANES].astype(np.int32)
        return np.where(found <= self.limit, found, FAR).astype(np.int32)

    def dense(self) -> Ints:
        """[rows, sites], FAR beyond the limit."""
        flat = self.blocks.transpose(1, 0, 2).reshape(self.rows, -1)[:, : self.sites]
        whole = flat.astype(np.int32)
        return np.where(whole <= self.limit, whole, FAR).astype(np.int32)
