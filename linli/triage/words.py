"""Words that texts share, found without a dictionary: the longest runs of signs in common."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

LONGEST: Final = 12
_SAID: Final = re.compile(r"[\W_\d]+")
_LINES: Final = [
    line for line in (Path(__file__).parent / "little.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]  # fmt: skip
_SIGNS: Final = frozenset(_LINES[0])
_EDGES: Final = _LINES[1]  # what a word neither begins nor ends with
_WORDS: Final = tuple(sorted(" ".join(_LINES[2:]).split(), key=lambda word: -len(word)))


def said(text: str) -> str:
    """The text in one spelling, runs of signs parted by single spaces."""
    return _SAID.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def grams(text: str, sizes: Sequence[int]) -> Iterable[str]:
    """Runs of signs of these sizes within the words of a `said` text."""
    for run in text.split():
        for size in sizes:
            for at in range(len(run) - size + 1):
                yield run[at : at + size]


def telling(word: str) -> bool:
    """Whether a word says anything: more than signs and words that stand in every message."""
    if word.isascii():
        return len(word) > 2 and word not in _WORDS
    for known in _WORDS:
        word = word.replace(known, "")
    return sum(sign not in _SIGNS for sign in word) > 1


def common_words(texts: Sequence[str], need: int, longest: int = LONGEST) -> list[str]:
    """Telling runs of two to `longest` signs that at least `need` of the `said` texts hold.

    The longest form of each, the most shared first; none is part of another.
    """
    held: Counter[str] = Counter()
    for text in texts:
        held.update({run for run in text.split() if run.isascii()})
        held.update({gram for gram in grams(text, range(2, longest + 1)) if not gram[0].isascii()})
    often = {gram: n for gram, n in held.items() if n >= need}
    inside = {
        part for gram, n in often.items() for part in (gram[1:], gram[:-1])
        if often.get(part, 0) <= n * 1.3
    }  # fmt: skip
    whole = {
        gram.strip(_EDGES): often[gram] for gram in sorted(often) if gram not in inside
    }  # fmt: skip
    kept: list[str] = []
    told = [gram for gram in whole if telling(gram)]
    for gram in sorted(told, key=lambda gram: (-whole[gram] * (len(gram) - 1) ** 0.5, gram)):
        if not any(overlap(gram, other) for other in kept):
            kept.append(gram)
    return kept


def shared(one: str, two: str) -> list[str]:
    """What two texts both say, the longest first."""
    return sorted(common_words([said(one), said(two)], 2), key=lambda word: (-len(word), word))


def overlap(one: str, two: str) -> bool:
    """Whether two words have two signs in a row in common."""
    return any(gram in two for gram in grams(one, (2,)))
