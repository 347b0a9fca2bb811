"""Sums as whole fen: typed in yuan, said in yuan, never a float."""

import re
from typing import Final

from django.utils.translation import gettext as _

from linli.people.policies import Denied

MOST: Final = 10**13  # fen: a hundred thousand million yuan
_TYPED: Final = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,11})(?:\.(\d{1,2}))?")


def check(fen: int | None) -> int | None:
    """The sum, if it can be one. Raises Denied."""
    if fen is None or 0 <= fen <= MOST:
        return fen
    raise Denied(_("A sum of money is nought or more."))


def parse(words: str) -> int | None:
    """Fen of "1,250.50" yuan; None for nothing. Raises ValueError with a sentence."""
    clean = words.strip().replace("，", ",").replace("．", ".").removeprefix("¥").removesuffix("元")
    if not clean.strip():
        return None
    found = _TYPED.fullmatch(clean.strip())
    if found is None:
        raise ValueError(_("Write the sum in yuan, for example 1250 or 1250.50."))
    whole, rest = found[1].replace(",", ""), (found[2] or "").ljust(2, "0")
    return int(whole) * 100 + int(rest)


def said(fen: int | None) -> str:
    """ "1,250.50" yuan in words; empty for nothing."""
    if fen is None:
        return ""
    yuan, rest = divmod(fen, 100)
    amount = f"{yuan:,}" + (f".{rest:02d}" if rest else "")
    return _("%(sum)s yuan") % {"sum": amount}
