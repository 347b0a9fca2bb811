"""Learning from examples: two kinds of linear classifier, added up into one table of weights.

A support vector machine hears every word; a second one hears each word as loudly as it tells the
topics apart in the examples (naive Bayes weights). They err in different places, so their sum
errs less. scikit-learn is needed here alone: what is learned runs without it.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.svm import LinearSVC

from linli.triage.features import Features, Row, views_of
from linli.triage.linear import Linear

SOFTNESS: Final = 0.4  # of the plain machine; less is softer
SOFTNESS_BAYES: Final = 1.0
SMOOTHING: Final = 0.5
MOST_ROUNDS: Final = 20_000  # until a machine stands still; a few hundred examples need the most
MEANING: Final = 0.45  # how much the encoder's numbers weigh beside the words


def learn(texts: Sequence[str], topics: Sequence[str]) -> Linear:
    """A model of words alone; needs two topics at least, else ValueError."""
    views = [views_of(text) for text in texts]
    features = Features.learn([[view for view, _weight in row] for row in views], least=2)
    table = matrix([features.row(row) for row in views], len(features.marks))
    names, weights, bias = fit(table, topics)
    return Linear(names, features, weights.astype(np.float16), bias)


def matrix(rows: Sequence[Row], width: int) -> Any:
    """Rows of texts as one sparse table."""
    ends = np.cumsum([0, *(len(places) for places, _values in rows)])
    places = np.concatenate([row[0] for row in rows]) if rows else np.empty(0, np.uint32)
    values = np.concatenate([row[1] for row in rows]) if rows else np.empty(0, np.float32)
    return sparse.csr_matrix((values, places, ends), shape=(len(rows), width))


def fit(
    table: Any, topics: Sequence[str], meaning: NDArray[np.float32] | None = None
) -> tuple[tuple[str, ...], NDArray[np.float32], NDArray[np.float32]]:
    """Weights for each column and topic; columns of `meaning` come after those of the words."""
    said = np.array(topics)
    names = tuple(sorted(set(topics)))
    if len(names) < 2:
        raise ValueError("A model needs examples of two topics at least.")
    heard = table if meaning is None else sparse.hstack([table, MEANING * meaning]).tocsr()
    weights = np.zeros((heard.shape[1], len(names)), dtype=np.float32)
    bias = np.zeros(len(names), dtype=np.float32)
    there = (table > 0).astype(np.float32)
    for column, name in enumerate(names):
        ours = said == name
        one = _machine(SOFTNESS).fit(heard, ours)
        weights[:, column] += one.coef_[0]
        ratio = _ratio(there, ours)
        two = _machine(SOFTNESS_BAYES).fit(table.multiply(ratio).tocsr(), ours)
        weights[: table.shape[1], column] += two.coef_[0] * ratio
        bias[column] = one.intercept_[0] + two.intercept_[0]
    if meaning is not None:
        weights[table.shape[1] :] *= MEANING
    return names, weights, bias


def _machine(softness: float) -> LinearSVC:
    return LinearSVC(C=softness, class_weight="balanced", random_state=0, max_iter=MOST_ROUNDS)


def _ratio(there: Any, ours: NDArray[np.bool_]) -> NDArray[np.float32]:
    """How much oftener each column occurs in texts of a topic than elsewhere, as a logarithm."""
    inside = np.asarray(there[ours].sum(0)).ravel() + SMOOTHING
    outside = np.asarray(there[~ours].sum(0)).ravel() + SMOOTHING
    inside /= ours.sum() + 2 * SMOOTHING
    outside /= (~ours).sum() + 2 * SMOOTHING
    ratio: NDArray[np.float32] = np.log(inside / outside).astype(np.float32)
    return ratio
