"""One spelling for what can be looked up: a phone or an e-mail, however a person typed it."""

import unicodedata
from typing import Final

import phonenumbers

FINDABLE: Final = ("phone", "email")  # an ID number is never a search key (promises.md §3 row 15)
_REGION: Final = "CN"


def normal(kind: str, value: str) -> str:
    """The value in its one spelling, or "" if it is not well-formed and so cannot be found.

    Raises ValueError for a kind that cannot be looked up at all.
    """
    if kind not in FINDABLE:
        raise ValueError(f"A {kind} cannot be looked up; only {' and '.join(FINDABLE)} can.")
    plain = unicodedata.normalize("NFKC", value).strip()
    return _phone(plain) if kind == "phone" else _email(plain)


def _phone(text: str) -> str:
    """E.164: "+8619900001234"."""
    try:
        number = phonenumbers.parse(text, _REGION)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _email(text: str) -> str:
    name, at, host = text.casefold().rpartition("@")
    return f"{name}@{host}" if at and name and host else ""
