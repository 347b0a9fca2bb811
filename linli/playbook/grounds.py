"""The closed list of grounds that are never held against anybody (grounds.toml)."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).resolve().parent / "grounds.toml"
_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A ground that is refused, in both languages, with the words that give it away."""

    id: str
    zh: str
    en: str
    words_zh: tuple[str, ...]
    words_en: tuple[str, ...]

    def text(self, lang: str) -> str:
        """What it is, in a few words."""
        return self.zh if lang.startswith("zh") else self.en

    def word_in(self, text: str) -> str | None:
        """The first of its words that the text has: Chinese anywhere, Latin as whole words."""
        chinese = _SPACE.sub("", text)
        for word in self.words_zh:
            if word in chinese:
                return word
        latin = f" {' '.join(re.findall(r'[a-z0-9-]+', text.lower()))} "
        return next((word for word in self.words_en if f" {word} " in latin), None)


@cache
def forbidden() -> tuple[Forbidden, ...]:
    """The whole list."""
    rows = tomllib.loads(_FILE.read_text("utf-8"))["ground"]
    return tuple(
        Forbidden(
            row["id"], row["zh"], row["en"], tuple(row["words_zh"]), tuple(row["words_en"])
        )
        for row in rows
    )  # fmt: skip


def forbidden_in(text: str, *, but: str = "") -> tuple[Forbidden, str] | None:
    """The first forbidden ground that the text shows, and the word that shows it; or None.

    `but` is the id of a ground that is passed over.
    """
    for ground in forbidden():
        if ground.id == but:
            continue
        if text.strip() == ground.id:
            return ground, ground.id
        if word := ground.word_in(text):
            return ground, word
    return None
