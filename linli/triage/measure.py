"""How good the suggestions are: learn from some messages, ask about others, count."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import StratifiedKFold

from linli.triage.features import Features, views_of
from linli.triage.learning import fit, learn, matrix
from linli.triage.meaning import Encoder

SEED: Final = 0


class Words:
    """The model that runs in the web: words alone."""

    def __init__(self, texts: Sequence[str], topics: Sequence[str]) -> None:
        self._model = learn(texts, topics)

    def ask(self, texts: Sequence[str]) -> list[str]:
        return [self._model.best(text, 1)[0] for text in texts]


class Both:
    """Words, and what the beginning means."""

    def __init__(self, texts: Sequence[str], topics: Sequence[str]) -> None:
        self._encoder = Encoder()
        views = [views_of(text) for text in texts]
        self._features = Features.learn([[view for view, _w in row] for row in views])
        rows = [self._features.row(row) for row in views]
        table = matrix(rows, len(self._features.marks))
        meaning = self._encoder.beginnings(texts)
        self._topics, self._weights, self._bias = fit(table, topics, meaning)

    def ask(self, texts: Sequence[str]) -> list[str]:
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> str:
        places, values = self._features.row(views_of(text))
        width = len(self._features.marks)
        scores = self._bias + values @ self._weights[places]
        scores += self._encoder.beginning(text) @ self._weights[width:]
        return self._topics[int(np.argmax(scores))]


MODELS: Final[dict[str, type[Words] | type[Both]]] = {"both": Both, "words": Words}


@dataclass(frozen=True)
class Score:
    """What came out, with how long it took (seconds, milliseconds of processor a message)."""

    model: str
    trained_on: int
    tested_on: int
    accuracy: float
    macro_f1: float
    training_seconds: float
    ms_a_message: float
    f1: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def evaluate(
    train: tuple[Sequence[str], Sequence[str]], test: tuple[Sequence[str], Sequence[str]],
    model: str = "both",
) -> Score:  # fmt: skip
    """Learn from `train` (topics, texts), ask about `test`; nothing of `test` is seen before."""
    said, training, asking = _ask(train, test[1], model)
    return _score(model, len(train[1]), test[0], said, training, asking)


def cross_validate(
    topics: Sequence[str], texts: Sequence[str], folds: int, model: str = "both"
) -> Score:
    """Each message asked about once, by a model that learned from the other folds alone."""
    right, every = np.array(topics), np.array(texts, dtype=object)
    said = np.empty(len(right), dtype=object)
    training = asking = 0.0
    parts = StratifiedKFold(folds, shuffle=True, random_state=SEED).split(every, right)
    learned = 0
    for some, others in parts:
        found, took, asked = _ask((right[some], every[some]), every[others], model)
        said[others] = found
        training, asking, learned = max(training, took), asking + asked, len(some)
    return _score(model, learned, right, said, training, asking)


def _ask(
    train: tuple[Any, Any], texts: Sequence[str], model: str
) -> tuple[list[str], float, float]:
    start = time.perf_counter()
    ready = MODELS[model](list(train[1]), [str(topic) for topic in train[0]])
    trained = time.perf_counter() - start
    ready.ask(list(texts[:1]))
    start = time.process_time()
    return ready.ask(list(texts)), trained, time.process_time() - start


def _score(
    model: str, learned: int, right: Sequence[str] | NDArray[Any], said: Any, training: float,
    asking: float,
) -> Score:  # fmt: skip
    right, said = list(map(str, right)), list(map(str, said))
    names = sorted(set(right))
    each = f1_score(right, said, labels=names, average=None, zero_division=0)
    return Score(
        model=model, trained_on=learned, tested_on=len(right),
        accuracy=round(float(accuracy_score(right, said)), 4),
        macro_f1=round(float(f1_score(right, said, average="macro", zero_division=0)), 4),
        training_seconds=round(training, 2),
        ms_a_message=round(1000 * asking / max(len(right), 1), 2),
        f1={name: round(float(value), 4) for name, value in zip(names, each, strict=True)},
    )  # fmt: skip
