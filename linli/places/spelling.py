"""Chinese names in Latin letters, as people type them when they have no Chinese keyboard."""

import tomllib
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

WORDS = tomllib.loads(
    (Path(__file__).parent / "gazetteer" / "words.toml").read_text(encoding="utf-8")
)
LONGEST = 300
_WHOLE = "\0"  # marks what is not Chinese


@cache
def _pypinyin() -> Any:
    """The dictionary, with our readings; loaded at the first name: it takes 55 MB, and only places
    that are added or renamed need it."""
    pypinyin = import_module("pypinyin")
    pypinyin.load_phrases_dict(
        {name: [[part] for part in said.split()] for name, said in WORDS["readings"].items()}
    )
    return pypinyin


@lru_cache(maxsize=4096)
def of(name: str) -> str:
    """The full spelling and the initials of a name: "tianmuhuzhen tmhz"; at most 300 letters.

    Digits and Latin letters stay whole in both: "3haolou 3hl", "12haolou 12hl".
    """
    book = _pypinyin()
    parts = book.lazy_pinyin(
        name.lower(), style=book.Style.NORMAL, errors=lambda rest: _WHOLE + rest
    )
    full = "".join(map(_plain, parts))
    initials = "".join(_plain(part) if part.startswith(_WHOLE) else part[:1] for part in parts)
    return f"{full} {initials}"[:LONGEST]


def _plain(part: str) -> str:
    return "".join(filter(str.isalnum, part))
