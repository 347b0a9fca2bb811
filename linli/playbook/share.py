"""Shares of a whole, said and counted exactly: "more than 1/2", "at least 2/3"."""

import re
from dataclasses import dataclass
from typing import Annotated, Final, Self

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

PATTERN: Final = r"^(more than|at least) ([1-9][0-9]?)/([1-9][0-9]?)$"
_WRITTEN: Final = re.compile(PATTERN)
_HINT: Final = 'for example "more than 1/2" or "at least 2/3"'
_SAID: Final = {
    ("zh", True): "超过{of}",
    ("zh", False): "{of}及以上",
    ("en", True): "more than {of}",
    ("en", False): "at least {of}",
}


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole; ``strict`` says that reaching it exactly is not enough."""

    over: int
    under: int
    strict: bool

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "more than 1/2" or "at least 2/3"; ValueError says what is wrong."""
        found = _WRITTEN.match(text)
        if found is None:
            raise ValueError(f'"{text}" is not a share')
        over, under, strict = int(found[2]), int(found[3]), found[1] == "more than"
        if over > under or (strict and over == under):
            raise ValueError(f'"{text}" can never be reached')
        return cls(over, under, strict)

    def __str__(self) -> str:
        return f"{'more than' if self.strict else 'at least'} {self.over}/{self.under}"

    def text(self, lang: str) -> str:
        """The share in words for people; Chinese for any "zh…" language, otherwise English."""
        zh = lang.startswith("zh")
        if self.over == self.under:
            return "全部" if zh else "all"
        halves = {(1, 2): ("半数", "half"), (2, 3): ("三分之二", "two thirds")}
        words = halves.get((self.over, self.under))
        of = words[0 if zh else 1] if words else f"{self.over}/{self.under}"
        if zh and (self.over, self.under) == (1, 2) and self.strict:
            return "过半数"
        return _SAID["zh" if zh else "en", self.strict].format(of=of)

    def reached(self, count: int, whole: int) -> bool:
        """Whether ``count`` of ``whole`` is such a share. Of nothing no share is ever reached."""
        if whole <= 0 or count < 0:
            return False
        left, right = count * self.under, whole * self.over
        return left > right if self.strict else left >= right

    def needed(self, whole: int) -> int:
        """The smallest count that reaches it; of nothing it is one, which nobody can bring."""
        if whole <= 0:
            return 1
        exact = whole * self.over
        return exact // self.under + 1 if self.strict else -(-exact // self.under)


def _share(value: object) -> Share:
    if isinstance(value, Share):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("span", "A share is written as text", {"hint": _HINT})
    try:
        return Share.parse(value)
    except ValueError as error:
        raise PydanticCustomError("span", "{said}", {"said": str(error), "hint": _HINT}) from error


ShareText = Annotated[
    Share,
    PlainValidator(_share),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": PATTERN, "examples": ["more than 1/2"]}),
]
