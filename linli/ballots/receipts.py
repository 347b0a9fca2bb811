"""Receipts: a fingerprint of one sealed vote, which shows that it is on the board and not what it is.

receipt = the first 100 bits of SHA-256("linli-vote-1|ballot|choice|voter's word|server's word").
The voter's word is made on the voter's own device, so that the server cannot give two people one
receipt. The server's word is shown to nobody whose vote is cast: without it not even the voter can
prove what the receipt stands for. Whoever wants to test the server asks for it before casting; that
vote then cannot be cast any more.
"""

import json
import secrets
import unicodedata
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

from linli.lib.ids import WORD_ALPHABET, normal_word

LENGTH: Final = 20
LONGEST_WORD: Final = 40
GROUP: Final = 4


def canonical(choice: Sequence[str]) -> str:
    """A choice as it is hashed and published: JSON without spaces."""
    return json.dumps(list(choice), ensure_ascii=False, separators=(",", ":"))


def receipt(ballot: str, choice: Sequence[str], own_word: str, server_word: str) -> str:
    """The receipt of one sealed vote, twenty characters without look-alikes."""
    said = "|".join(["linli-vote-1", ballot, canonical(choice), own_word, server_word])
    number = int.from_bytes(sha256(said.encode()).digest(), "big")
    signs = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(WORD_ALPHABET))
        signs.append(WORD_ALPHABET[place])
    return "".join(signs)


def pretty(text: str) -> str:
    """In groups that can be read out: "K7MP 4WXY …"."""
    return " ".join(text[start : start + GROUP] for start in range(0, len(text), GROUP))


def typed(text: str) -> str:
    """A receipt as a person types it."""
    return normal_word(text[: 4 * LENGTH])


def server_word() -> str:
    return secrets.token_hex(16)


def own_word(text: str) -> str:
    """The voter's word as it is hashed; one of ours if they gave none."""
    plain = unicodedata.normalize("NFKC", text)
    kept = "".join(sign for sign in plain if sign.isalnum())[:LONGEST_WORD]
    return kept or secrets.token_hex(8)
