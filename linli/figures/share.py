"""How sure a share is, and which cells are too small to be shown to everybody."""

from collections.abc import Hashable, Mapping
from math import sqrt
from typing import Final, TypeVar

SMALLEST: Final = 5  # cases in a cell that everybody may see (permission table, `figure.read`: P)
WIDE: Final = 0.2  # an interval wider than this is marked: the number says little yet
_Z: Final = 1.959963984540054  # two-sided 95 %

Key = TypeVar("Key", bound=Hashable)


def wilson(part: int, n: int) -> tuple[float, float] | None:
    """Between which shares the true one lies, 95 times out of 100; None for n = 0.

    Wilson's score interval: right for small n and for shares near 0 and 1, where the usual
    plus-or-minus leaves the scale. Raises ValueError unless 0 <= part <= n.
    """
    if not 0 <= part <= n:
        raise ValueError(f"{part} of {n} is not a share.")
    if n == 0:
        return None
    share, z2 = part / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    low = 0.0 if part == 0 else middle - half
    high = 1.0 if part == n else middle + half
    return low, high


def unsure(part: int, n: int) -> bool:
    """Whether the interval is so wide that the number should not be compared."""
    interval = wilson(part, n)
    return interval is not None and interval[1] - interval[0] > WIDE


def hidden(sizes: Mapping[Key, int], k: int = SMALLEST) -> set[Key]:
    """Which cells of one table must not be shown, given how many cases each holds.

    A cell of 1 to k-1 is hidden. If it is the only one, the total would give it away, so the next
    smallest that holds anything goes with it. Empty cells say nothing about anybody and stay.
    """
    small = {key for key, size in sizes.items() if 0 < size < k}
    if len(small) != 1:
        return small
    others = [key for key, size in sizes.items() if size >= k]
    return small | ({min(others, key=lambda key: sizes[key])} if others else set())
