"""``[[membership]]``: how somebody comes to belong to a body, and how that ends; words included.

What no file can switch off stands here as bounds: the time to reply, the right to appeal, the day
on which an adverse entry lapses.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Final, Literal

from pydantic import Field as Key
from pydantic import PlainSerializer, PlainValidator, PrivateAttr, WithJsonSchema
from pydantic_core import PydanticCustomError

from linli.playbook.base import Id, Named, Strict, Text

LENGTH_PATTERN: Final = r"^([1-9]|[1-9][0-9]) (days?|weeks?|months?|years?)$"
LEAST_REPLY: Final = 7  # days to answer a notice, and days to appeal
LONGEST_LAPSE: Final = 12  # months that an adverse entry is kept


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time by the calendar: 1 to 99 days, weeks, months or years."""

    amount: int
    unit: str  # "day", "week", "month" or "year"

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}{'' if self.amount == 1 else 's'}"

    def after(self, day: date) -> date:
        """The same day so much later; the last of a month that is too short."""
        if self.unit in ("day", "week"):
            return day + timedelta(days=self.amount * (7 if self.unit == "week" else 1))
        months = day.month - 1 + self.amount * (12 if self.unit == "year" else 1)
        year, month = day.year + months // 12, months % 12 + 1
        return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))

    @property
    def days(self) -> float:
        """About how many days it is, for comparing two lengths."""
        return self.amount * {"day": 1.0, "week": 7.0, "month": 30.4, "year": 365.2}[self.unit]


def _length(value: object) -> Length:
    if isinstance(value, Length):
        return value
    if not isinstance(value, str) or not re.fullmatch(LENGTH_PATTERN, value):
        raise PydanticCustomError(
            "rule", "this is no length of time by the calendar", {"hint": 'for example "6 months"'}
        )
    amount, unit = value.split()
    return Length(int(amount), unit.removesuffix("s"))


LengthText = Annotated[
    Length,
    PlainValidator(_length),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": LENGTH_PATTERN, "examples": ["6 months"]}),
]


class Document(Named):
    """A paper with its day: an application, minutes, an approval."""

    fresh: LengthText | None = Key(
        default=None, description="How old it may be on the day of the step."
    )


class Expected(Named):
    """A paper that is due while somebody is in a stage: once, or again and again."""

    within: LengthText | None = Key(default=None, description="Once, so soon after it began.")
    every: LengthText | None = Key(default=None, description="Again and again, so often.")


class Stage(Named):
    """Where somebody stands, from one day to another."""

    counts: bool = Key(default=False, description="Counts in the size of the body, and may vote.")
    enters: bool = Key(
        default=False, description="Somebody can come in here from elsewhere, by two people."
    )
    at_least: LengthText | None = Key(default=None, description="No step leads on before.")
    by_then: LengthText | None = Key(default=None, description="After that it is overdue.")
    papers: list[Expected] = Key(default=[], alias="paper")
    ends: bool = Key(default=False, description="The membership is over.")


class Step(Named):
    """From one stage to another, with the papers that it takes."""

    from_: list[Id] = Key(alias="from", min_length=1)
    to: Id
    needs: list[Document] = []
    at_once: bool = Key(
        default=False, description="Does not wait for the stage's least time: a death, a move."
    )
    second: bool = Key(default=False, description="Takes two people.")
    above: bool = Key(default=False, description="The second person is of another body, above.")
    adverse: bool = Key(
        default=False,
        description="Against the person: notice, evidence, reply, second person, appeal.",
    )


class Tier(Named):
    """A form of body by its size; the last one whose `from` is reached is the right one."""

    from_: int = Key(alias="from", ge=0, le=100_000, description="Full members, at least.")
    body: Id = Key(description="The kind of organisation that has this form.")


class Wording(Strict):
    """What this membership calls its things; the pages say nothing else."""

    member: Text
    members: Text
    body: Text
    joint: Text | None = Key(default=None, description="A body of several that are too small.")


class Membership(Strict):
    """One way of belonging: its stages, steps and papers, and the forms of its bodies."""

    id: Id
    name: Text
    words: Wording
    stages: list[Stage] = Key(alias="stage", min_length=2)
    steps: list[Step] = Key(alias="step", min_length=1)
    grounds: list[Named] = Key(default=[], alias="ground")
    reply: LengthText = Key(
        default=Length(LEAST_REPLY, "day"), description="To answer a notice: 7 days or more."
    )
    appeal: LengthText = Key(
        default=Length(30, "day"), description="To appeal against a decision: 7 days or more."
    )
    lapse: LengthText = Key(
        default=Length(LONGEST_LAPSE, "month"),
        description="When the words of an adverse step are destroyed: 12 months at most.",
    )
    tiers: list[Tier] = Key(alias="tier", min_length=1)
    joint_most: int = Key(
        default=5, ge=2, le=20, description="How many bodies a joint one is of, at most."
    )
    counted: Literal["every month", "every quarter", "every year"] = "every year"

    _method_id: str = PrivateAttr("")

    @property
    def method_id(self) -> str:
        """The method whose file holds it."""
        return self._method_id

    def stage(self, stage_id: str) -> Stage:
        """The stage with this id. Raises KeyError."""
        return {row.id: row for row in self.stages}[stage_id]

    def step(self, step_id: str) -> Step:
        """The step with this id. Raises KeyError."""
        return {row.id: row for row in self.steps}[step_id]

    def ground(self, ground_id: str) -> Named:
        """The ground with this id. Raises KeyError."""
        return {row.id: row for row in self.grounds}[ground_id]

    def steps_from(self, stage_id: str) -> list[Step]:
        """The steps that lead on from a stage."""
        return [step for step in self.steps if stage_id in step.from_]

    @property
    def counting(self) -> list[str]:
        """The stages that count in the size of a body."""
        return [stage.id for stage in self.stages if stage.counts]

    @property
    def first(self) -> Stage:
        """Where everybody begins."""
        return self.stages[0]

    @property
    def bodies(self) -> list[str]:
        """The kinds of organisations that keep a roll of this membership."""
        return list(dict.fromkeys(tier.body for tier in self.tiers))

    def tier_for(self, size: int) -> Tier:
        """The form that fits so many full members."""
        fitting = [tier for tier in self.tiers if tier.from_ <= size]
        return fitting[-1] if fitting else self.tiers[0]
