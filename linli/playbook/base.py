"""The small pieces that every table of a playbook is made of."""

import re
from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from linli.lib import opening_hours
from linli.lib.workdays import Span

_CHINESE: Final = re.compile("[\u3400-\u9fff]")
_LATIN: Final = re.compile("[A-Za-z]")
ID_PATTERN: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
SPAN_PATTERN: Final = r"^[1-9][0-9]{0,2} (workdays?|days?|hours?|minutes?)$"

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=40)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]


def _hours(text: str) -> str:
    opening_hours.parse(text)
    return text


HoursText = Annotated[str, AfterValidator(_hours)]  # as OpenStreetMap writes opening hours

Role = Literal["RES", "VOL", "DRV", "GRID", "MGR", "CTY", "AUD", "ADM"]
ROLES: Final[tuple[str, ...]] = get_args(Role)

Level = Literal["county", "town", "village", "grid", "building", "line"]
LEVELS: Final[tuple[str, ...]] = get_args(Level)

# A village committee's village and a residents' committee's community stand on the same level.
LEVEL_OF_PLACE: Final = {level: level for level in LEVELS} | {"community": "village"}

# The levels that a place of this level certainly has above it, itself included.
LEVELS_ABOVE: Final[dict[str, tuple[str, ...]]] = {
    "any": ("county",),
    "county": ("county",),
    "line": ("line", "county"),
    "town": ("town", "county"),
    "village": ("village", "town", "county"),
    "grid": ("grid", "village", "town", "county"),
    "building": ("building", "grid", "village", "town", "county"),
}


def _span(value: object) -> Span:
    if isinstance(value, Span):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError(
            "span", "A length of time is written as text", {"hint": 'for example "15 workdays"'}
        )
    try:
        return Span.parse(value)
    except ValueError as error:
        raise PydanticCustomError(
            "span", "{said}", {"said": str(error).rstrip("."), "hint": 'for example "15 workdays"'}
        ) from error


SpanText = Annotated[
    Span,
    PlainValidator(_span),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": SPAN_PATTERN, "examples": ["15 workdays"]}),
]


class Strict(BaseModel):
    """A table of a playbook: unknown keys are refused, nothing is converted, nothing changes."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Text(Strict):
    """Words for people in both languages."""

    zh: Words
    en: Words

    @model_validator(mode="after")
    def _each_in_its_language(self) -> Self:
        if _CHINESE.search(self.en):
            raise PydanticCustomError(
                "rule", "the English text has Chinese characters in it", {"hint": "translate it"}
            )
        if _LATIN.search(self.zh) and not _CHINESE.search(self.zh):
            raise PydanticCustomError(
                "rule", "the Chinese text has no Chinese character in it", {"hint": "translate it"}
            )
        return self

    def text(self, lang: str) -> str:
        """The words in that language; Chinese for any "zh…" language, otherwise English."""
        return self.zh if lang.startswith("zh") else self.en


class Named(Strict):
    """One choice out of a list that the file gives."""

    id: Id
    name: Text


ClockStart = Literal["received", "accepted", "answered", "ready"]


class Clock(Strict):
    """A promise of time. Written in short as ``"5 workdays"``, or as a table with ``from``.

    ``from`` is the moment it starts: the case is received, accepted or answered, or the step is
    ready (everything it needs is done).
    """

    within: SpanText
    from_: ClockStart = Field(alias="from")

    def text(self, lang: str) -> str:
        """The span in words for people."""
        return self.within.text(lang)


def _clock_from(start: ClockStart) -> BeforeValidator:
    """Reads the short form, and fills in the moment from which this clock usually starts."""

    def read(value: Any) -> Any:
        if isinstance(value, str):
            return {"within": value, "from": start}
        return {"from": start} | value if isinstance(value, dict) else value

    short = {"type": "string", "pattern": SPAN_PATTERN}
    long = {
        "type": "object",
        "additionalProperties": False,
        "required": ["within"],
        "properties": {
            "within": short,
            "from": {"enum": list(get_args(ClockStart)), "default": start},
        },
    }
    return BeforeValidator(
        read, json_schema_input_type=Annotated[Any, WithJsonSchema({"anyOf": [short, long]})]
    )


ClockFromReceipt = Annotated[Clock, _clock_from("received")]
ClockFromAnswer = Annotated[Clock, _clock_from("answered")]
ClockFromReady = Annotated[Clock, _clock_from("ready")]


class Keep(Strict):
    """How many days after closing a case its parts are kept."""

    text_days: int = Field(default=730, ge=1, le=1095)
    contact_days: int = Field(default=30, ge=1, le=90)
