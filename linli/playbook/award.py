"""``[points]`` and ``[[award]]``: which work that the journal tells of earns how many points.

Points are for volunteers and holders of posts who joined. What a file can never say: minus points,
points for residents, for speech, votes, complaints or belief; the verbs stand here as a closed list.
"""

from itertools import pairwise
from typing import Final, Literal, get_args

from pydantic import Field as Key
from pydantic import PrivateAttr, model_validator
from pydantic_core import PydanticCustomError

from linli.playbook.base import Id, Named, Strict, Text
from linli.playbook.membership import Length, LengthText

Verb = Literal["activity.checked_out", "case.answered", "case.step", "motion.task_done"]
VERBS: Final[tuple[str, ...]] = get_args(Verb)
Standing = Literal["volunteer", "post"]
Period = Literal["day", "month", "quarter", "year"]
PERIODS: Final[tuple[str, ...]] = get_args(Period)
LEAST_OBJECTION: Final = 7  # days

# verb -> the key of its line that names what kind of thing it was
KIND_OF: Final = {
    "activity.checked_out": "kind", "case.answered": "kind", "case.step": "kind",
    "motion.task_done": "procedure",
}  # fmt: skip


class Star(Strict):
    """So many points in a year give so many stars."""

    stars: int = Key(ge=1, le=5)
    from_: int = Key(alias="from", ge=1, le=10_000, description="Points of the year, at least.")


class PointScheme(Strict):
    """What all awards of a county have in common: dimensions, stars, and when points end."""

    name: Text
    note: Text = Key(description="What points are for, and what they never lead to.")
    dimensions: list[Named] = Key(alias="dimension", min_length=1, max_length=5)
    stars: list[Star] = Key(alias="star", min_length=1, max_length=5)
    objection: LengthText = Key(
        default=Length(LEAST_OBJECTION, "day"),
        description="From the publication of a year until its stars are fixed: 7 days or more.",
    )
    lapse: LengthText = Key(
        default=Length(3, "month"), description="Points of a year end so long after it."
    )

    @model_validator(mode="after")
    def _rises(self) -> "PointScheme":
        steps = [(row.stars, row.from_) for row in self.stars]
        rising = all(a < c and b < d for (a, b), (c, d) in pairwise(steps))
        if not rising:
            raise PydanticCustomError(
                "rule", "more stars need more points", {"hint": "order them from the fewest"}
            )
        if self.objection.days < LEAST_OBJECTION:
            raise PydanticCustomError(
                "rule", "there are at least 7 days to object", {"hint": 'write "7 days"'}
            )
        if self.lapse.days < self.objection.days + 14:
            raise PydanticCustomError(
                "rule", "points would end before their stars are fixed",
                {"hint": 'for example lapse = "3 months"'},
            )  # fmt: skip
        return self

    def dimension(self, dimension_id: str) -> Named:
        """The dimension with this id. Raises KeyError."""
        return {row.id: row for row in self.dimensions}[dimension_id]

    def stars_for(self, points: int) -> int:
        """How many stars so many points of a year give; 0 below the first threshold."""
        return max((row.stars for row in self.stars if points >= row.from_), default=0)


class Cap(Strict):
    """One person earns no more by this rule in a period."""

    points: int = Key(ge=1, le=1000)
    per: Period


class Award(Strict):
    """Work of one kind, and what it earns."""

    id: Id
    name: Text
    dimension: Id
    verb: Verb = Key(description="The line of the journal that is the evidence.")
    kinds: list[Id] = Key(min_length=1, description="Kinds of activities or cases, or procedures.")
    roles: list[Id] = Key(default=[], description="Roles of the activity; none named: every role.")
    steps: list[Id] = Key(default=[], description="Steps of the case; only with case.step.")
    for_: list[Standing] = Key(default=["volunteer", "post"], alias="for", min_length=1)
    points: int = Key(ge=1, le=50)
    per: Literal["time", "hour"] = "time"
    least: int = Key(default=0, ge=0, le=1440, description="Minutes; a shorter stay earns nothing.")
    checked: bool = Key(
        default=False, description="A second person looks at each before it counts."
    )
    caps: list[Cap] = Key(alias="cap", min_length=1)

    _method_id: str = PrivateAttr("")

    @model_validator(mode="after")
    def _fits(self) -> "Award":
        stays = self.verb == "activity.checked_out"
        if not stays and (self.roles or self.least or self.per == "hour"):
            raise PydanticCustomError(
                "rule", "only a stay at an activity has roles and hours",
                {"hint": "leave out roles, least and per"},
            )  # fmt: skip
        if self.steps and self.verb != "case.step":
            raise PydanticCustomError(
                "rule", "steps belong to the verb case.step", {"hint": "leave out steps"}
            )
        if len({cap.per for cap in self.caps}) < len(self.caps):
            raise PydanticCustomError(
                "rule", "two caps for the same period", {"hint": "keep the lower one"}
            )
        return self

    @property
    def method_id(self) -> str:
        """The method whose file holds it."""
        return self._method_id

    def worth(self, minutes: int) -> int:
        """The points for one piece of evidence, before caps; hours count in whole minutes."""
        if minutes < self.least:
            return 0
        return self.points * minutes // 60 if self.per == "hour" else self.points
