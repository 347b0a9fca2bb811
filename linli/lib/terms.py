"""Words as the full-text index holds them: single signs, pairs of signs, Latin words, and marks.

A Chinese text is kept sign by sign and, besides, in pairs that overlap. A query of one sign asks
for the sign, of two for the pair: one entry of the index each, whose newest hits lie together. A
longer one asks for all its pairs and is then checked in the words, so nothing is guessed and
nothing is cut. Marks say what a row can be narrowed by (place, topic, state …); they begin with a
sign for private use, which no text keeps, so nobody can type one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from linli.lib import text as texts

MARK: Final = "\ue000"  # tokenizers count private-use signs as letters
_GAP: Final = "\ue001"  # stands for what is no letter inside a code, and between two parts
LONGEST: Final = 40  # signs of one word


def mark(name: str, value: object) -> str:
    """What the index holds for a property, as one word: mark("p", place.code)."""
    text = str(value)
    if not (text.isascii() and text.isalnum()):
        text = "".join(c if c.isascii() and c.isalnum() else _GAP for c in text)
    return f"{MARK}{name}{text}".lower()


def line(parts: Iterable[str], marks: Iterable[str]) -> str:
    """The words of a line: its parts sign by sign, then every pair once, then the marks.

    It begins and ends with a space, so that a phrase can be looked for as " a b ". A phrase never
    reaches from one part into the next.
    """
    said: list[str] = []
    pairs: dict[str, None] = {}
    for part in parts:
        tokens = [token[:LONGEST] for token in texts.spaced(part).split()]
        if tokens:
            pairs.update(dict.fromkeys(_pairs(tokens)))
            said += [*tokens, _GAP]
    return f" {' '.join([*said, *pairs, *marks])} "


@dataclass(frozen=True)
class Phrases:
    """What a query asks of the index, and what is then looked for in the words themselves."""

    words: tuple[str, ...]
    phrases: tuple[str, ...] = ()


def phrases_of(query: str) -> Phrases:
    """Read a query; without a letter or digit in it there is nothing to ask."""
    words: dict[str, None] = {}
    phrases = []
    for term in texts.query_terms(query):
        tokens = term.split()
        pairs = _pairs(tokens)
        covered = {
            n for n in range(len(tokens)) if _is_sign(tokens[n]) and _beside_a_sign(tokens, n)
        }
        alone = [token for n, token in enumerate(tokens) if n not in covered]
        words.update(dict.fromkeys([*pairs, *alone]))
        if len(pairs) + len(alone) > 1:
            phrases.append(f" {term} ")
    return Phrases(tuple(words), tuple(phrases))


def _pairs(tokens: list[str]) -> list[str]:
    return [
        left + right for left, right in pairwise(tokens)
        if _is_sign(left) and _is_sign(right)
    ]  # fmt: skip


def _beside_a_sign(tokens: list[str], n: int) -> bool:
    return any(0 <= m < len(tokens) and _is_sign(tokens[m]) for m in (n - 1, n + 1))


def _is_sign(token: str) -> bool:
    return len(token) == 1 and not token.isascii()


def match(words: Iterable[str], either: Iterable[Iterable[str]] = ()) -> str:
    """An FTS5 query: all the words, and of each row of `either` at least one."""
    parts = [f'"{word}"' for word in words]
    for row in either:
        parts.append("(" + " OR ".join(f'"{word}"' for word in row) + ")")
    return " AND ".join(parts)


def tsquery(words: Iterable[str], either: Iterable[Iterable[str]] = ()) -> str:
    """The same for PostgreSQL."""
    parts = [f"'{word}'" for word in words]
    for row in either:
        parts.append("(" + " | ".join(f"'{word}'" for word in row) + ")")
    return " & ".join(parts)


def phrase_tests(table: str, phrases: Sequence[str], values: dict[str, Any]) -> str:
    """Conditions of SQLite that the words hold each phrase; adds the phrases to `values`."""
    tests = ""
    for n, phrase in enumerate(phrases):
        tests += f" AND instr({table}.words, %(phrase{n})s) > 0"
        values[f"phrase{n}"] = phrase
    return tests
