"""Finding personal details in free text, so that they do not go out to the public by mistake.

Patterns propose, checks decide: an ID number needs its check digit and a day of birth, a card its
Luhn digit, a mobile a grouping in which people write one. Case numbers, dates, prices, building
and road numbers are not personal and must pass. Full-width signs count as the plain ones.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from linli.lib.words import WORDS

Kind = Literal["id_number", "email", "bank_card", "mobile", "landline", "plate", "address"]


@dataclass(frozen=True, slots=True)
class Hit:
    """A personal detail: its kind and where it stands, ``text[start:end]`` of the original."""

    kind: Kind
    start: int
    end: int
    text: str


def find_personal(text: str) -> list[Hit]:
    """The personal details in a text, in order and without overlap.

    Where two kinds fit the same characters, the more telling one wins: the telephone number in an
    e-mail address is not reported as well.
    """
    plain = _plain(text)
    hits: list[Hit] = []
    for kind, pattern, holds in _DETECTORS:
        for start, end in _matches(pattern, holds, plain):
            if all(end <= hit.start or hit.end <= start for hit in hits):
                hits.append(Hit(kind, start, end, text[start:end]))
    return sorted(hits, key=lambda hit: hit.start)


def _matches(
    pattern: re.Pattern[str], holds: Callable[[str], bool], plain: str
) -> Iterator[tuple[int, int]]:
    # Every pattern is a look-ahead around one group, so that a proposal that fails its check
    # does not swallow a good one that starts inside it.
    for match in pattern.finditer(plain):
        if holds(match[1]):
            yield match.span(1)


def _plain(text: str) -> str:
    """Full-width, circled and similar signs as plain ones, each still in its place."""
    if text.isascii():
        return text
    return "".join(map(_plain_sign, text))


def _plain_sign(sign: str) -> str:
    if sign.isascii() or "\u4e00" <= sign <= "\u9fff":
        return sign
    simple = unicodedata.normalize("NFKC", sign)
    return simple if len(simple) == 1 else sign


_GAP: Final = "[ \t\u00a0\u200b-\u200d\u2060\ufeff_.\u00b7\u2022\u2010-\u2015\u2212-]{0,2}"
_COUNTRY: Final = rf"(?:\(?(?:\+|00)?86\)?{_GAP})"

# ── checks ───────────────────────────────────────────────────────────────────────────────────

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _is_id_number(text: str) -> bool:
    """GB 11643: the day of birth is a day, and the check sign by ISO 7064 MOD 11-2 is right."""
    number = re.sub(r"[^0-9X]", "", text.upper())
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return number[6:8] in {"18", "19", "20"} and "10X98765432"[total % 11] == number[17]


def _is_mobile(text: str) -> bool:
    """Written in one, in groups such as 3-4-4, or digit by digit; always with one separator."""
    national = re.sub(f"^{_COUNTRY}", "", text)
    groups = re.findall("[0-9]+", national)
    separators = set(re.findall("[^0-9]+", national))
    if len(separators) > 1:
        return False
    if separators == {"."} and len(groups) == 2 and len(groups[0]) not in {3, 7}:
        return False  # a decimal fraction; nobody splits a number there
    grouped = len(groups[0]) >= 3 and all(len(group) >= 2 for group in groups)
    return grouped or all(len(group) == 1 for group in groups)


def _is_bank_card(text: str) -> bool:
    """Groups of four or more, and the check digit by Luhn (ISO/IEC 7812) is right."""
    groups = re.findall(r"[0-9]+", text)
    if any(len(group) < 4 for group in groups[:-1]):
        return False
    total = 0
    for place, sign in enumerate(reversed("".join(groups))):
        digit = int(sign) * (1 + place % 2)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0


def _is_plate(text: str) -> bool:
    """Five signs after the letter, or six of which one is a letter (new energy)."""
    signs = re.sub(r"[^0-9A-Z]", "", text.upper())[1:]
    digits = sum(sign.isdigit() for sign in signs)
    return digits >= 2 and (len(signs) <= 5 or digits < len(signs))


def _always(_text: str) -> bool:
    return True


# ── patterns ─────────────────────────────────────────────────────────────────────────────────

_WORDS: Final[dict[str, Any]] = WORDS["personal"]
_NO_DIGIT_BEFORE: Final = r"(?<![0-9])(?<![0-9]\.)"
_NO_DIGIT_AFTER: Final = "(?![0-9])"


def _pattern(*alternatives: str, before: str = "", after: str = "") -> re.Pattern[str]:
    return re.compile(f"{before}(?=({'|'.join(alternatives)}){after})", re.IGNORECASE)


def _any(words: list[str]) -> str:
    return f"(?:{'|'.join(map(re.escape, words))})"


def _digits(count: int) -> str:
    return f"[0-9](?:{_GAP}[0-9]){{{count - 1}}}"


def _id_number() -> re.Pattern[str]:
    return _pattern(
        f"[1-9]{_GAP}{_digits(16)}{_GAP}[0-9X]", before="(?<![0-9])", after="(?![0-9A-Z])"
    )


def _email() -> re.Pattern[str]:
    return _pattern(
        r"[A-Z0-9._%+-]{1,64}@(?:[A-Z0-9-]{1,63}\.){1,5}[A-Z]{2,24}",
        before="(?<![A-Z0-9._%+-])",
        after="(?![A-Z0-9-])",
    )


def _bank_cards() -> list[re.Pattern[str]]:
    # Cards issued in China begin with 3 to 6 (UnionPay: 62) or, the oldest ones, with 95.
    return [
        _pattern(
            f"(?=[3-6]|95)[0-9](?:[ -]?[0-9]){{{length - 1}}}",
            before=_NO_DIGIT_BEFORE,
            after=_NO_DIGIT_AFTER,
        )
        for length in (19, 18, 17, 16)
    ]


def _mobile() -> re.Pattern[str]:
    return _pattern(
        f"{_COUNTRY}?1{_GAP}[3-9]{_GAP}{_digits(9)}", before=_NO_DIGIT_BEFORE, after=_NO_DIGIT_AFTER
    )


_LOCAL: Final = "[2-9][0-9]{2,3}[ -]?[0-9]{4}"


def _landline() -> re.Pattern[str]:
    area = "(?:10|2[0-9]|[3-9][0-9]{2})"
    extension = "(?:[ -]{1,2}[0-9]{1,5})?"
    return _pattern(
        rf"{_COUNTRY}?\(?0{area}\)?[ -]{{0,2}}{_LOCAL}{extension}",
        rf"\(?(?:\+|00)86\)?{_GAP}{area}[ -]{{0,2}}{_LOCAL}{extension}",
        before="(?<![0-9])(?<![0-9][-.])",
        after=_NO_DIGIT_AFTER,
    )


def _landline_without_area() -> re.Pattern[str]:
    return _pattern(
        _LOCAL, before=rf"{_any(_WORDS['telephone'])}[^0-9\n]{{0,6}}", after=_NO_DIGIT_AFTER
    )


def _plate() -> re.Pattern[str]:
    letter = "[A-HJ-NP-Z]"
    return _pattern(
        f"[{_WORDS['provinces']}]{_GAP}{letter}{_GAP}"
        f"[A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9{_WORDS['plate_ends']}]",
        after="(?![A-Z0-9])",
    )


def _address() -> re.Pattern[str]:
    word = {key: re.escape(value) for key, value in _WORDS.items() if isinstance(value, str)}
    number = f"(?:[0-9]{{1,4}}|[A-Z]|[{word['numerals']}]{{1,6}})"
    gap = "[ ,]{0,2}"
    room = (
        f"(?:{number}{word['room']}"
        f"|[0-9]{{3,4}}{word['number']}?(?![0-9A-Z{word['not_a_room']}])"
        f"|[{word['numerals'][:10]}]{{3,4}}(?![{word['numerals']}{word['not_a_room']}]))"
    )
    unit = f"{number}{word['unit']}{gap}"
    return _pattern(
        f"{number}{_any(_WORDS['building'])}{gap}(?:{unit})?{room}",
        f"[A-Z]{word['tower']}{gap}(?:{unit})?{room}",
        f"{unit}{room}",
        f"{number}{word['number']}{gap}[0-9]{{3,4}}{word['room']}",
        f"[0-9]{{1,3}}-(?:[0-9]{{1,2}}-)?[0-9]{{3,4}}{word['room']}",
        f"{number}{word['group']}{gap}{number}{word['number']}"
        f"(?=[{word['home_after']},.;!?\\s\u3002]|$)",
        rf"\b{_any(_WORDS['english_building'])}\.? ?[0-9A-Z]{{1,4}}{gap}"
        rf"(?:{_any(_WORDS['english_unit'])} ?[0-9A-Z]{{1,3}}{gap})?"
        rf"{_any(_WORDS['english_room'])}\.? ?[0-9]{{1,4}}\b",
        before=f"(?<![0-9A-Z{word['numerals']}])",
    )


# In order of how telling they are: the first that claims a stretch of text keeps it.
_DETECTORS: Final[list[tuple[Kind, re.Pattern[str], Callable[[str], bool]]]] = [
    ("id_number", _id_number(), _is_id_number),
    ("email", _email(), _always),
    *(("bank_card", pattern, _is_bank_card) for pattern in _bank_cards()),
    ("mobile", _mobile(), _is_mobile),
    ("landline", _landline(), _always),
    ("landline", _landline_without_area(), _always),
    ("plate", _plate(), _is_plate),
    ("address", _address(), _always),
]
