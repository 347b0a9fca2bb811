"""A few words around what somebody searched for, with the found words marked."""

import unicodedata

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from linli.lib import text as texts

BEFORE = 12  # signs shown before the first find
LENGTH = 60


def excerpt(said: str, query: str) -> SafeString | None:
    """The line of `said` that holds most of the query, cut around it; None if none of it is there.

    Full-width and half-width, large and small letters are the same, as in the search itself.
    """
    wanted = [term.replace(" ", "") for term in texts.query_terms(query)]
    best: tuple[int, str, list[tuple[int, int]]] | None = None
    for line in said.splitlines():
        spots = _spots(line, wanted)
        found = len({line[start:end].casefold() for start, end in spots})
        if found and (best is None or found > best[0]):
            best = found, line, spots
    return None if best is None else _cut(best[1], best[2])


def _spots(line: str, wanted: list[str]) -> list[tuple[int, int]]:
    """Where the terms stand in the line as it was written, in order and not overlapping."""
    folded, origin = _folded(line)
    found: list[tuple[int, int]] = []
    for term in wanted:
        at = folded.find(term)
        while at >= 0:
            found.append((origin[at], origin[at + len(term) - 1] + 1))
            at = folded.find(term, at + len(term))
    clean: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if not clean or start >= clean[-1][1]:
            clean.append((start, end))
    return clean


def _folded(line: str) -> tuple[str, list[int]]:
    """Letters and digits alone as the index has them, and for each the place it came from."""
    signs: list[str] = []
    origin: list[int] = []
    for place, sign in enumerate(line):
        for letter in unicodedata.normalize("NFKC", sign).casefold():
            if letter.isalnum():
                signs.append(letter)
                origin.append(place)
    return "".join(signs), origin


def _cut(line: str, spots: list[tuple[int, int]]) -> SafeString:
    begin = max(0, spots[0][0] - BEFORE)
    stop = min(len(line), begin + LENGTH)
    inside = [(start, end) for start, end in spots if end <= stop]
    stop = max(stop, spots[0][1])
    inside = inside or spots[:1]
    parts, at = [], begin
    for start, end in inside:
        parts.append((line[at:start], line[start:end]))
        at = end
    marked = format_html_join("", "{}<mark>{}</mark>", parts)
    tail = conditional_escape(line[at:stop])
    front, back = "…" if begin else "", "…" if stop < len(line) else ""
    return format_html("{}{}{}{}", front, marked, mark_safe(tail), back)
