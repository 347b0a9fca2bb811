"""How many people are within the limit: covered + uncovered + unknown = everybody."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from linli.reach.nearest import Nearest

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Coverage:
    """People (or any weight) by what is known of them. ``unknown``: no road in reach of the door."""

    population: float
    covered: float
    uncovered: float
    unknown: float

    @property
    def share(self) -> float | None:
        """Covered among those whose time is known; None if nobody's is."""
        known = self.covered + self.uncovered
        return self.covered / known if known else None


def within(answer: Nearest, minutes: float) -> Bools:
    """Which points have a facility within so many minutes; unknown ones have not."""
    found: Bools = answer.time <= round(minutes * 600)
    return found & answer.snapped.found


def coverage(answer: Nearest, people: Floats, minutes: float) -> Coverage:
    """Count people by ``minutes`` to their nearest facility."""
    covered = within(answer, minutes)
    known = answer.snapped.found
    return Coverage(
        float(people.sum()), float(people[covered].sum()),
        float(people[known & ~covered].sum()), float(people[~known].sum()),
    )  # fmt: skip
