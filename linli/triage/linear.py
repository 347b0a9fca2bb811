"""A model that is nothing but weights: small on disk, quick without any library of learning.

What speaks for a topic can be read off it: each sign of the text has its share in the score.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from linli.triage.features import VIEWS, Features, mark, plain, seen, views_of
from linli.triage.words import telling

FORMAT: Final = 2
MOST_WORDS: Final = 3
LONGEST_WORD: Final = 6
READ: Final = 300  # signs that reasons are looked for in


@dataclass(frozen=True)
class Linear:
    """Topics, the marks it knows, and a weight for each mark and topic."""

    topics: tuple[str, ...]
    features: Features
    weights: NDArray[np.float16]  # one row a mark, one column a topic
    bias: NDArray[np.float32]

    def scores(self, text: str) -> NDArray[np.float32]:
        """One number a topic, higher is likelier; comparable within one text alone."""
        places, values = self.features.row(views_of(text))
        return self.bias + values @ self.weights[places].astype(np.float32)

    def best(self, text: str, most: int = 3) -> list[str]:
        """The likeliest topics, the best first."""
        scores = self.scores(text)
        return [self.topics[at] for at in np.argsort(-scores, kind="stable")[:most]]

    def reasons(self, text: str, topics: list[str], most: int = MOST_WORDS) -> list[list[str]]:
        """For each topic the parts of the text that speak for it more than for others do."""
        even = plain(text)[:READ]
        share = self._share(even)
        others = (share.sum(1, keepdims=True) - share) / max(len(self.topics) - 1, 1)
        return [self._words(even, (share - others)[:, self.topics.index(t)], most) for t in topics]

    def _words(self, even: str, share: NDArray[np.float32], most: int) -> list[str]:
        spans = sorted(_spans(even, share), key=lambda span: (-span[0], span[1]))
        return list(dict.fromkeys(word for _weight, _at, word in spans))[:most]

    def _share(self, even: str) -> NDArray[np.float32]:
        """What each sign of the text adds to each topic's score, up to a common factor."""
        share = np.zeros((len(even), len(self.topics)), dtype=np.float32)
        for view, weight in VIEWS.items():
            part = seen(even, view)
            for size in (1, 2):
                marks = [mark(part[at : at + size], view) for at in range(len(part) - size + 1)]
                gain = self._gains(np.array(marks, dtype=np.uint32)) * (weight / size)
                for shift in range(size):
                    share[shift : shift + len(gain)] += gain
        return share

    def _gains(self, marks: NDArray[np.uint32]) -> NDArray[np.float32]:
        known = self.features.marks
        if not len(known) or not len(marks):
            return np.zeros((len(marks), len(self.topics)), dtype=np.float32)
        at = np.minimum(np.searchsorted(known, marks), len(known) - 1)
        gains = self.weights[at].astype(np.float32) * self.features.weights[at][:, None]
        gains[known[at] != marks] = 0
        return gains

    def save(self, path: Path) -> None:
        """Write the model beside `path` and put it in place at once: no reader sees half of it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}.new")
        with beside.open("wb") as file:
            np.savez(
                file, form=np.array(FORMAT), topics=np.array(self.topics),
                marks=self.features.marks, weighs=self.features.weights,
                weights=self.weights, bias=self.bias,
            )  # fmt: skip
        beside.replace(path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a model; raises OSError if there is none, ValueError if it is not one of ours."""
        try:
            with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
                if int(file["form"]) != FORMAT:
                    raise ValueError(f"{path}: form {int(file['form'])}, not {FORMAT}")
                features = Features(file["marks"], file["weighs"])
                topics = tuple(str(topic) for topic in file["topics"])
                return cls(topics, features, file["weights"], file["bias"])
        except (KeyError, EOFError, BadZipFile) as error:
            raise ValueError(f"{path} is no model: {error}") from None


def _spans(even: str, share: NDArray[np.float32]) -> list[tuple[float, int, str]]:
    """Runs of signs that all speak for the topic: (weight, where, the words)."""
    floor = max(float(share.max(initial=0.0)) * 0.2, 1e-6)
    found, at = [], 0
    while at < len(even):
        end = at
        while end < len(even) and share[end] > floor and even[end].isalpha():
            end += 1
        found += [(float(share[at:end].sum()), at, even[at:end])] if end > at else []
        at = max(end, at + 1)
    return [
        (weight, at, word[:LONGEST_WORD]) for weight, at, word in found if telling(word)
    ]  # fmt: skip
