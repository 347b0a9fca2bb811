"""The table ``[[procedure]]``: how a matter is decided, stage by stage, and carried out after."""

from typing import Final, Literal

from pydantic import Field as Key
from pydantic import PrivateAttr

from linli.playbook.base import Id, Level, Named, SpanText, Strict, Text
from linli.playbook.share import ShareText

Does = Literal["propose", "draft", "publish", "meet", "do", "rate"]
# Whom a body counts. Each base has a roll of its own.
Base = Literal[
    "members", "branch", "adults", "households", "representatives", "committee", "councillors",
    "cooperators", "parties",
]  # fmt: skip
Whole = Literal["all", "due", "present", "cast"]
Proof = Literal["board", "page"]
Secrecy = Literal["hands", "open", "secret"]
Choice = Literal["yes_no", "single", "approval"]
Route = Literal["deliberate", "mediate", "refer", "explain"]

# An assembly of everybody is never called from one day to the next.
WIDE: Final = frozenset({"adults", "households"})


class Majority(Strict):
    """How many of whom have to say yes."""

    share: ShareText
    of: Whole = Key(
        description="all on the roll, those due (without who stands aside), present, or voting."
    )


class Body(Strict):
    """A way in which a stage can decide: who sits, how many have to be there and to agree."""

    id: Id
    name: Text
    base: Base
    quorum: ShareText
    of: Literal["all", "due"] = Key(default="all", description="Of whom the quorum is counted.")
    majority: Majority
    proxies: int = Key(
        default=0, ge=0, le=3, description="How many absent people one may speak for."
    )


class Objections(Strict):
    """Who may object while something is published; every objection is answered in public."""

    by: Literal["resident", "roll"] = "resident"
    answer: SpanText = Key(description="By when an objection has to be answered.")


class Merge(Strict):
    """The stage may be sat together with the one before it, on one condition."""

    when: Text


class Stage(Strict):
    """One stage. It opens only when the one before is complete and its notice is over."""

    id: Id
    name: Text
    does: Does
    same_step: bool = Key(
        default=False, description="People count it as one step with the stage before."
    )
    within: SpanText | None = Key(default=None, description="How long it should take at most.")
    # does = "meet"
    bodies: list[Body] = Key(default=[], alias="body")
    notice: SpanText | None = Key(
        default=None, description="How long before the sitting it is announced."
    )
    votes: list[Secrecy] = Key(default=["hands"], min_length=1)
    tie: Literal["rejected", "again"] = "rejected"
    if_not: Literal["rejected", "redraft"] = "rejected"
    merge: Merge | None = None
    # does = "publish"
    publishes: Literal["draft", "decision", "result"] | None = None
    lasts: SpanText | None = Key(default=None, description="How long it stays published.")
    objections: Objections | None = None
    # Both of them: what proves that it hung where people see it.
    proof: list[Proof] = Key(default=["page"], min_length=1)

    def body(self, body_id: str) -> Body:
        """The body with this id. Raises KeyError."""
        return {body.id: body for body in self.bodies}[body_id]


class Demand(Strict):
    """So many of these can demand that it is dealt with; the host cannot decline then."""

    base: Base
    share: ShareText


class Roster(Strict):
    """What a roll has to look like before anything can be decided with it."""

    base: Base
    every_group: bool = Key(default=False, description="Every villagers' group is on it.")
    tags: list[Named] = Key(default=[], description="Each of these is on it at least once.")
    few: Id | None = Key(
        default=None, description="A mark, for example part-time, that half or more never have."
    )


class Concerns(Strict):
    """The log of what people bring: sorted into deliberate, mediate, refer or explain."""

    name: Text
    sort: SpanText = Key(description="By when a concern is sorted, and who brought it is told.")
    routes: list[Route] = Key(min_length=1)
    mediate: Id | None = Key(default=None, description="The sealed kind of case that mediation is.")


class Procedure(Strict):
    """A procedure of deciding: where, who calls it, who may propose, and its stages."""

    id: Id
    name: Text
    summary: Text
    at: Level
    host: list[Id] = Key(min_length=1, description="Kinds of organisations that carry it.")
    proposes: list[Literal["resident", "host"]] = Key(min_length=1)
    demands: list[Demand] = Key(default=[], alias="demand")
    choices: list[Choice] = ["yes_no"]
    roster: Roster | None = None
    concerns: Concerns | None = None
    stages: list[Stage] = Key(alias="stage", min_length=2)
    reopens: Id | None = Key(default=None, description="The stage that a bad rating leads back to.")

    _method_id: str = PrivateAttr("")

    @property
    def method_id(self) -> str:
        """The method whose file holds this procedure."""
        return self._method_id

    def stage(self, stage_id: str) -> Stage:
        """The stage with this id. Raises KeyError."""
        return {stage.id: stage for stage in self.stages}[stage_id]

    @property
    def steps(self) -> dict[str, int]:
        """Which step, from 1, each stage belongs to as people count them."""
        found: dict[str, int] = {}
        for stage in self.stages:
            found[stage.id] = len(set(found.values())) + (0 if stage.same_step and found else 1)
        return found

    def first(self, does: str) -> Stage | None:
        """The first stage that does this."""
        return next((stage for stage in self.stages if stage.does == does), None)

    def last_meeting(self) -> Stage:
        """The stage whose yes is the decision."""
        return [stage for stage in self.stages if stage.does == "meet"][-1]

    @property
    def bases(self) -> list[str]:
        """Whom any of its stages counts, each once."""
        found = [body.base for stage in self.stages for body in stage.bodies]
        if self.roster:
            found.append(self.roster.base)
        return list(dict.fromkeys(found))
