"""What a text looks like to the models: which signs stand beside which, hashed and weighed.

Chinese needs no tokenizer's guesses here: single signs and pairs of them say what a message is
about. How somebody begins says more than the rest, so the beginning counts again by itself.
"""

import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

LONGEST: Final = 2000  # signs of a message that are read
# name -> weight: all of it, its head, and the title that it begins with
VIEWS: Final = {"whole": 1.0, "head": 0.7, "title": 0.9}
HEAD: Final = 100  # signs
TITLE: Final = 30  # signs, where nothing says that the title is over
LONGEST_TITLE: Final = 45
_GREETINGS: Final = (Path(__file__).parent / "openings.txt").read_text("utf-8").splitlines()[1]
_GREETING: Final = re.compile("|".join(_GREETINGS.split()))
_DIGITS: Final = re.compile(r"\d+")
_SPACE: Final = re.compile(r"\s+")

Row = tuple[NDArray[np.uint32], NDArray[np.float32]]


def plain(text: str) -> str:
    """The text in one spelling: width, case and spaces evened out, each number the same."""
    even = unicodedata.normalize("NFKC", text).casefold()
    return _SPACE.sub(" ", _DIGITS.sub("0", even)).strip()


def mark(gram: str, view: str) -> int:
    """The 32-bit number that stands for some signs in a view; no text can be read back from it."""
    return zlib.crc32(gram.encode(), zlib.crc32(view.encode()))


def seen(text: str, view: str) -> str:
    """What of a `plain` text this view shows: always its beginning."""
    if view == "whole":
        return text[:LONGEST]
    if view == "head":
        return text[:HEAD]
    over = _GREETING.search(text, 4, 2 * TITLE)
    return text[: min(over.start(), LONGEST_TITLE) if over else TITLE]


def counts(text: str, view: str) -> Counter[int]:
    """How often each sign and each pair of signs stands in this view of a `plain` text."""
    part = seen(text, view)
    start = zlib.crc32(view.encode())
    pairs = (part[at : at + 2] for at in range(len(part) - 1))
    return Counter(zlib.crc32(gram.encode(), start) for gram in (*part, *pairs))


@dataclass(frozen=True)
class Features:
    """Which marks a model knows, in order, and how telling each is (rare ones say more)."""

    marks: NDArray[np.uint32]
    weights: NDArray[np.float32]

    @classmethod
    def learn(cls, texts: Iterable[Sequence[Counter[int]]], least: int = 2) -> "Features":
        """Marks that at least `least` texts have, weighed by the inverse of how many do."""
        held: Counter[int] = Counter()
        n = 0
        for views in texts:
            n += 1
            for view in views:
                held.update(view.keys())
        kept = sorted(mark for mark, times in held.items() if times >= least)
        times = np.array([held[mark] for mark in kept], dtype=np.float32)
        weights = np.log((1 + n) / (1 + times)) + 1
        return cls(np.array(kept, dtype=np.uint32), weights.astype(np.float32))

    def row(self, views: Iterable[tuple[Counter[int], float]]) -> Row:
        """One text: the places of its marks among the known ones, and their weights."""
        places, values = [], []
        for view, weight in views:
            at, value = self._known(view)
            value = (1 + np.log(value)) * self.weights[at]
            norm = float(np.sqrt(value @ value))
            if norm:
                places.append(at)
                values.append(value * (weight / norm))
        if not places:
            return np.empty(0, np.uint32), np.empty(0, np.float32)
        return np.concatenate(places), np.concatenate(values).astype(np.float32)

    def _known(self, view: Counter[int]) -> tuple[NDArray[Any], NDArray[Any]]:
        if not len(self.marks):
            return np.empty(0, np.uint32), np.empty(0, np.float32)
        found = np.fromiter(view.keys(), np.uint32, len(view))
        times = np.fromiter(view.values(), np.float32, len(view))
        at = np.searchsorted(self.marks, found)
        at[at == len(self.marks)] = 0
        known = self.marks[at] == found
        return at[known].astype(np.uint32), times[known]


def views_of(text: str) -> list[tuple[Counter[int], float]]:
    """Every view of a text with its weight."""
    even = plain(text)[:LONGEST]
    return [(counts(even, view), weight) for view, weight in VIEWS.items()]
