"""Reading what people write: personal details in it, words to search by, the first line."""

import re
import unicodedata
from typing import Final

from linli.lib.personal import Hit, find_personal

__all__ = ["MASK", "Hit", "find_personal", "first_line", "mask", "query_terms", "spaced"]

MASK: Final = "***"
MOST_TERMS: Final = 12
LONGEST_TERM: Final = 40

_CJK: Final = (
    "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
)
_TOKEN: Final = re.compile(f"[{_CJK}]|(?:(?![{_CJK}_])\\w)+")
_RUN: Final = re.compile(r"[^\W_]+")


def mask(text: str) -> str:
    """The text with every personal detail replaced by ``MASK``, whatever its length was."""
    parts, end = [], 0
    for hit in find_personal(text):
        parts += [text[end : hit.start], MASK]
        end = hit.end
    return "".join([*parts, text[end:]])


def spaced(text: str) -> str:
    """The text as a search index takes it: words in lower case, each Chinese sign by itself.

    A name of three signs and "LED" becomes "x y z led"; signs that stand side by side are then
    found as a phrase.
    """
    return " ".join(_TOKEN.findall(_folded(text)))


def query_terms(query: str) -> list[str]:
    """What a person searches for: one phrase, spaced as the index is, for each run of letters.

    "Lamp LED-2" gives ["lamp", "led", "2"], two Chinese signs x and y together give ["x y"]. A term
    holds only letters, digits and single spaces, so it can stand between quotation marks in any
    search syntax. At most 12 terms of 40 signs.
    """
    runs = _RUN.findall(_folded(query[: MOST_TERMS * LONGEST_TERM]))
    terms = dict.fromkeys(spaced(run[:LONGEST_TERM]) for run in runs)
    return list(terms)[:MOST_TERMS]


def first_line(text: str, length: int = 60) -> str:
    """The first line that says something, at most ``length`` characters with the ellipsis."""
    line = next((" ".join(line.split()) for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= length else f"{line[: max(length - 1, 0)].rstrip()}…"


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
