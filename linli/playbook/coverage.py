"""``[[coverage]]``: for all of SET at DATE there is THING, with a tolerance, and who gets the gap."""

from typing import Annotated, Any, Final, Literal, Self, get_args

from pydantic import (
    AfterValidator,
    BeforeValidator,
    PrivateAttr,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic import Field as Key
from pydantic_core import PydanticCustomError

from linli.lib.workdays import Span
from linli.playbook.base import Id, Level, SpanText, Strict, Text

HOUSEHOLD: Final = "household"
SETS: Final = ("place", "bodies", "post", "households", "firms", "series", "cases")
THINGS: Final = ("post", "body", "activity", "facility", "tiled_by", "owner_and_clock")


def _days(span: Span) -> Span:
    if span.unit != "days":
        raise PydanticCustomError(
            "rule", f'"{span}" cannot be counted against dates', {"hint": "write it in days"}
        )
    return span


DaysText = Annotated[SpanText, AfterValidator(_days)]


WEEKDAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
HourText = Annotated[
    str, StringConstraints(pattern=rf"^({'|'.join(WEEKDAYS)}) ([01]\d|2[0-3]):[0-5]\d$")
]


class Owner(Strict):
    """A kind of body, found at this level of the place where the gap is."""

    body: Id
    at: Level


class Each(Strict):
    """The set: of everything that stood in the registers on the day of the count.

    In short ``each = "building"`` or ``each = "household"``.
    """

    place: Level | None = Key(default=None, description="Every place of this level.")
    with_: Level | None = Key(
        default=None, alias="with", description="Only places with at least one of these inside."
    )
    bodies: list[Id] = Key(default=[], description="Every organisation of these kinds.")
    post: Id | None = Key(default=None, description="Every post of this kind that somebody holds.")
    households: bool = Key(
        default=False,
        description="Households, as counts by village: there is no register of homes.",
    )
    firms: bool = Key(default=False, description="Firms, as counts by village.")
    series: Id | None = Key(
        default=None,
        description="Every place that a running series of this activity has promised to come to.",
    )
    cases: bool = Key(default=False, description="Every open case.")

    @model_validator(mode="after")
    def _one_set(self) -> Self:
        named = [getattr(self, way) for way in SETS]
        if sum(bool(way) for way in named) != 1:
            raise PydanticCustomError(
                "rule", "it is not clear what is counted",
                {"hint": f"name exactly one of: {', '.join(SETS)}"},
            )  # fmt: skip
        if self.with_ and not self.place:
            raise PydanticCustomError(
                "rule", '"with" narrows a set of places only', {"hint": "take it out"}
            )
        return self

    @property
    def counts(self) -> bool:
        """Whether a member stands for as many as were counted at a place."""
        return self.households or self.firms

    @property
    def kind(self) -> str:
        """Which of SETS it is."""
        return next(way for way in SETS if getattr(self, way))


class Has(Strict):
    """The thing that each of the set has."""

    post: Id | None = Key(default=None, description="A post on it that somebody holds.")
    deputy: bool = Key(
        default=False, description="A deputy counts as well; with deputy_too one has to be there."
    )
    deputy_too: bool = Key(default=False, description="Beside the holder there is a deputy.")
    body: Id | None = Key(default=None, description="An organisation of this kind at this place.")
    activity: Id | None = Key(default=None, description="An occurrence of this kind that was held.")
    every: DaysText | None = Key(default=None, description="How often, in days.")
    facility: Id | None = Key(
        default=None,
        description="A facility of this kind that is open and has room, within `minutes`.",
    )
    minutes: int | None = Key(default=None, ge=1, le=120, description="On the way; 30 if not said.")
    mode: Literal["walk", "ebike", "car"] | None = Key(
        default=None, description="How one goes; on foot if not said."
    )
    hour: HourText | None = Key(
        default=None, description='The hour that it holds at; "Tu 10:00" if not said.'
    )
    tiled_by: Level | None = Key(
        default=None, description="Parts of this level that fill it without gap or overlap."
    )
    owner_and_clock: bool = Key(default=False, description="For cases: an owner that exists.")
    at_least: int = Key(default=1, ge=1, le=500)
    at_most: int | None = Key(default=None, ge=1, le=500)

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        named = [getattr(self, way) for way in THINGS]
        if sum(bool(way) for way in named) != 1:
            raise PydanticCustomError(
                "rule", "it is not clear what each of them should have",
                {"hint": f"name exactly one of: {', '.join(THINGS)}"},
            )  # fmt: skip
        if bool(self.activity) != bool(self.every):
            raise PydanticCustomError(
                "rule", '"activity" and "every" belong together',
                {"hint": 'for example activity = "stall", every = "31 days"'},
            )  # fmt: skip
        if not self.facility and (self.minutes or self.mode or self.hour):
            raise PydanticCustomError(
                "rule", "only a facility has minutes, a mode and an hour", {"hint": "take it out"}
            )
        if (self.deputy or self.deputy_too) and not self.post:
            raise PydanticCustomError("rule", "only a post has a deputy", {"hint": "take it out"})
        if self.at_most is not None and self.at_most < self.at_least:
            raise PydanticCustomError(
                "rule", '"at_most" is less than "at_least"', {"hint": f"write {self.at_least}"}
            )
        return self

    @property
    def way(self) -> tuple[int, str, str]:
        """Minutes, mode and hour for a facility."""
        return self.minutes or 30, self.mode or "walk", self.hour or "Tu 10:00"

    @property
    def kind(self) -> str:
        """Which of THINGS it is."""
        return next(way for way in THINGS if getattr(self, way))


def _short(value: Any) -> Any:
    """Reads ``each = "village"`` as the table that it stands for."""
    if not isinstance(value, str):
        return value
    return {"households": True} if value == HOUSEHOLD else {"place": value}


EachText = Annotated[
    Each,
    BeforeValidator(
        _short,
        json_schema_input_type=Annotated[
            Any,
            WithJsonSchema(
                {
                    "anyOf": [
                        {"enum": [*get_args(Level), HOUSEHOLD]},
                        {"type": "object", "description": Each.__doc__},
                    ]
                }
            ),
        ],
    ),
]


class CoverageRule(Strict):
    """A promise of cover that is counted every night; what is missing becomes somebody's task."""

    id: Id
    name: Text = Key(description='A sentence: "Every building has a steward".')
    each: EachText
    has: Has
    tolerance: DaysText | None = Key(
        default=None, description="How long it may be missing before it is a gap; in days."
    )
    within: SpanText = Key(description="How long the owner of a gap has to close it.")
    owner: list[Owner] = Key(
        default=[],
        description="Who gets the gap: the first that exists. Left out: the nearest office.",
    )

    _method_id: str = PrivateAttr("")

    @property
    def method_id(self) -> str:
        """The method whose file holds this rule."""
        return self._method_id

    @property
    def tolerated_days(self) -> int:
        """For how many days a missing thing is not yet a gap."""
        return self.tolerance.amount if self.tolerance else 0

    @property
    def every_days(self) -> int:
        """The period of an activity in days; 0 for anything else."""
        every: Span | None = self.has.every
        return every.amount if every else 0
