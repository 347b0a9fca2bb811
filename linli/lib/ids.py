"""Names for things: case numbers that survive the telephone, receipt words, identifiers.

A case number is public and short: the year, seven random digits (nobody can count our cases or
guess a neighbour's number from their own) and a check digit by Damm's method, which catches every
single wrong digit and every swap of two neighbours. A receipt word opens an anonymous case.
"""

import secrets
import unicodedata
from typing import Final, Literal
from uuid import UUID, uuid4

from linli.lib import clock

NUMBER_LENGTH: Final = 10
WORD_LENGTH: Final = 6

# No 0 O Q I 1 L Z S G B V: each looks or sounds like another one. 25 ** 6 = 244 million words.
WORD_ALPHABET: Final = "23456789ACDEFHJKMNPRTUWXY"

# What a reader most likely saw when they type a character that we never print.
_LOOKS_LIKE: Final = str.maketrans("ZSGBVOQ0", "2568UDDD")

_BETWEEN_GROUPS: Final = dict.fromkeys(
    map(ord, " \t\r\n\u00a0\u200b-_.\u2010\u2011\u2013\u2014\u2212")
)

# The weakly totally anti-symmetric quasigroup of order 10 from H. M. Damm's dissertation (2004).
_DAMM: Final = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


class WrongNumber(ValueError):
    """A text that is no case number; ``reason`` is "length" (not ten digits) or "check"."""

    def __init__(self, reason: Literal["length", "check"]) -> None:
        self.reason: Final = reason
        super().__init__(
            f"A case number has {NUMBER_LENGTH} digits, for example 26 3842 0569."
            if reason == "length"
            else "This is no case number: one digit is wrong or two are swapped."
        )


def case_number() -> str:
    """A new random case number "YYRRRRRRRC" with the local year; the caller keeps it unique."""
    body = f"{clock.today().year % 100:02d}{secrets.randbelow(10**7):07d}"
    return body + check_digit(body)


def check_digit(digits: str) -> str:
    """The digit that makes ``digits`` valid by Damm's method."""
    state = 0
    for digit in digits:
        state = _DAMM[state][int(digit)]
    return str(state)


def parse_number(text: str) -> str:
    """The ten digits of a case number as a person types it: spaces, dashes, full-width digits.

    Raises WrongNumber, a ValueError with ``reason`` "length" or "check".
    """
    digits = unicodedata.normalize("NFKC", text).translate(_BETWEEN_GROUPS)
    if len(digits) != NUMBER_LENGTH or not (digits.isascii() and digits.isdigit()):
        raise WrongNumber("length")
    if check_digit(digits) != "0":
        raise WrongNumber("check")
    return digits


def pretty_number(number: str) -> str:
    """The number in groups that are easy to read out: "26 3842 0569"."""
    return f"{number[:2]} {number[2:6]} {number[6:]}"


def receipt_word() -> str:
    """A new secret of six characters that can be read out and copied by hand: "K7MP4W"."""
    return word_from(secrets.token_bytes(16))


def word_from(secret: bytes) -> str:
    """The receipt word that belongs to a secret: the same bytes always give the same word.

    Raises ValueError below 16 bytes, where some words would become likelier than others.
    """
    if len(secret) < 16:
        raise ValueError(f"A receipt word needs a secret of at least 16 bytes, not {len(secret)}.")
    number = int.from_bytes(secret, "big")
    letters = []
    for _ in range(WORD_LENGTH):
        number, place = divmod(number, len(WORD_ALPHABET))
        letters.append(WORD_ALPHABET[place])
    return "".join(letters)


def normal_word(text: str) -> str:
    """The spelling under which a typed receipt word is looked up.

    Case, spaces, dashes and full-width letters do not matter, and look-alikes that we never print
    are read as what was printed (Z as 2, O as D …). A text that is no word simply finds nothing.
    """
    plain = unicodedata.normalize("NFKC", text).upper().translate(_BETWEEN_GROUPS)
    return plain.translate(_LOOKS_LIKE)


def new_uuid() -> UUID:
    """An identifier that says nothing, not even its age (UUID version 4)."""
    return uuid4()


def uuid7() -> UUID:
    """An identifier that sorts by time of making (UUID version 7, RFC 9562).

    The 12 bits after the milliseconds hold the fraction of the millisecond, so identifiers made
    one after the other sort in order down to the microsecond.
    """
    moment = clock.now()
    micros = int(moment.timestamp()) * 1_000_000 + moment.microsecond
    millis, rest = divmod(micros, 1000)
    value = millis << 80 | 0x7 << 76 | (rest * 4096 // 1000) << 64
    return UUID(int=value | 0b10 << 62 | secrets.randbits(62))
