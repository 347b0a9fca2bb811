"""The table ``[[activity]]``: a kind of thing that happens somewhere at a time, with people."""

from typing import Annotated, Literal

from pydantic import Field as Key
from pydantic import PrivateAttr, StringConstraints

from linli.playbook.base import Id, Level, Named, SpanText, Strict, Text
from linli.playbook.case import Field

EVERY_PATTERN = r"^([1-9]|1[0-2]) (workday|day|week|month|quarter|year)s?$"
Every = Annotated[str, StringConstraints(pattern=EVERY_PATTERN)]

# What a series does with a date that falls on a day of rest, or on a day on which people work.
DayRule = Literal["any", "workday", "next-workday", "restday", "next-restday"]
Stops = Literal["none", "places", "homes"]
Consent = Literal["none", "asked", "required"]

_DAYS = {"workday": 1.4, "day": 1, "week": 7, "month": 30.4, "quarter": 91.3, "year": 365.2}


class ActivityRole(Strict):
    """What somebody can do at an occurrence, and how many of them it takes."""

    id: Id
    name: Text
    by: Id = Key(description='"anyone" takes part, "volunteer" gives time, or the id of a post.')
    seats: int = Key(default=1, ge=1, le=500)
    standby: int = Key(default=0, ge=0, le=200, description="Places on the waiting list.")
    leads: bool = Key(default=False, description="Keeps the list at the door and the note after.")

    @property
    def gives_time(self) -> bool:
        """Whether hours are counted; somebody who only takes part is never clocked."""
        return self.by != "anyone"


class Outcome(Named):
    """How it went. All outcomes are equal answers; none counts against anybody."""

    held: bool = Key(default=True, description="It took place; only then something is noted.")
    final: bool = Key(
        default=False, description="The household is not asked again unless it asks itself."
    )


class Paper(Strict):
    """Pages that people wrote on: photographed, copied by one, read by a second, settled."""

    case: Id = Key(description="The kind of case that a line becomes.")
    by: list[Id] = Key(min_length=1, description="Posts that may copy and read.")
    reasons: list[Named] = Key(min_length=1, description="Why a line needs no action.")


class Limit(Strict):
    """How often a household may be visited."""

    every: SpanText
    unless_asked: bool = Key(default=True, description="It may ask for a visit before that.")


class Enrol(Strict):
    """People register with the host, and are then asked first; a card shows what they gave."""

    promise: Text = Key(description="What the person agrees to, in words.")
    unit_told: Literal["hours", "nothing"] = Key(
        default="nothing", description="What the employer may be told, with consent alone."
    )


class ActivityKind(Strict):
    """A kind of occurrence: where, who hosts it, how often, who does what, what is noted."""

    id: Id
    name: Text
    summary: Text = Key(description="What somebody who comes can expect.")
    at: Level
    host: list[Id] = Key(min_length=1, description="Kinds of organisations that may hold it.")
    every: Every | None = Key(default=None, description='How often, for example "1 week".')
    days: DayRule = "any"
    lasts: SpanText = Key(description='How long it usually takes, for example "3 hours".')
    roles: list[ActivityRole] = Key(alias="role", min_length=1)
    stops: Stops = Key(default="none", description="It goes round places, or homes that agreed.")
    outcomes: list[Outcome] = Key(alias="outcome", min_length=1)
    fields: list[Field] = Key(default=[], description="What is noted, at each stop or at the end.")
    promise: Id | None = Key(
        default=None, description="A date field: by then somebody comes back to the household."
    )
    consent: Consent = "none"
    consent_text: Text | None = None
    limit: Limit | None = None
    yields: list[Id] = Key(default=[], description="Kinds of cases it may open.")
    answers: list[Id] = Key(default=[], description="Kinds of cases that it can be the answer to.")
    paper: Paper | None = None
    enrol: Enrol | None = None
    offline: bool = Key(default=False, description="It can be noted on a phone without signal.")
    public: bool = Key(default=True, description="Everybody sees when and where it is.")
    forbidden_fields: list[str] = Key(
        default=[], description="Names that no field of this kind may have, beside the common ones."
    )
    keep_days: int = Key(default=365, ge=1, le=365, description="How long notes are kept.")

    _method_id: str = PrivateAttr("")

    @property
    def method_id(self) -> str:
        """The method whose file holds this kind."""
        return self._method_id

    @property
    def days_between(self) -> float | None:
        """The cadence in days; None for what has none."""
        if self.every is None:
            return None
        number, unit = self.every.split()
        return int(number) * _DAYS[unit.removesuffix("s")]

    def role(self, role_id: str) -> ActivityRole:
        """The role with this id. Raises KeyError."""
        return {role.id: role for role in self.roles}[role_id]

    def outcome(self, outcome_id: str) -> Outcome:
        """The outcome with this id. Raises KeyError."""
        return {row.id: row for row in self.outcomes}[outcome_id]

    def field(self, field_id: str) -> Field | None:
        """The field with this id, if there is one."""
        return next((field for field in self.fields if field.id == field_id), None)
