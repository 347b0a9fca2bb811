"""The table ``[[case]]``: a kind of case, its fields and its special steps."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import Field as Key
from pydantic import PrivateAttr, model_validator

from linli.playbook.base import (
    Clock,
    ClockFromAnswer,
    ClockFromReady,
    ClockFromReceipt,
    Id,
    Keep,
    Level,
    Named,
    SpanText,
    Strict,
    Text,
)

Identity = Literal["none", "optional", "required"]
Visibility = Literal["public", "office", "sealed"]
PlaceNeeded = Literal["any", "county", "town", "village", "grid", "building", "line"]
PublicText = Literal["redacted", "alias", "topic", "none"]
Stage = Literal["accept", "answer", "close"]
FieldType = Literal["text", "date", "choice", "items", "tick", "money", "count", "photo"]
Channel = Literal[
    "web",
    "phone",
    "sms",
    "paper",
    "vehicle",
    "visit",
    "stall",
    "desk",
    "door-card",
    "patrol",
    "import",
]


class Field(Strict):
    """Something that is written down. ``private`` values go to the vault, never into the case."""

    id: Id
    name: Text
    type: FieldType
    required: bool = False
    private: bool = False
    choices: list[Named] = Key(default=[], description="What can be chosen; only for type choice.")
    help: Text | None = None
    max_length: int = Key(default=500, ge=1, le=4000, description="Characters, for text.")


class Claim(Strict):
    """A step that one volunteer takes on; one live claim for a case at any time."""

    expires: SpanText = Key(description="When an unfinished claim falls back to the list.")
    owner_after: SpanText | None = Key(
        default=None, description="After so long without a claim the owner may take it on itself."
    )


class When(Strict):
    """The step only applies if a choice in an earlier step came out as one of these."""

    step: Id
    field: Id
    one_of: list[Id] = Key(min_length=1)


class Step(Strict):
    """A special step of a kind of case, beside the states that every case has.

    It is ready when everything in ``needs`` is done and, with ``after = "answer"``, the case is
    answered. It must be done before the case can be accepted, answered or closed (``before``),
    unless it is ``optional`` or does not apply (``when``).
    """

    id: Id
    name: Text
    by: Id = Key(description="handler, asker, verifier, volunteer, mediator or the id of a post.")
    needs: list[Id] = []
    before: Stage
    after: Literal["answer"] | None = None
    within: ClockFromReady | None = None
    fields: list[Field] = []
    second_person: bool = Key(
        default=False,
        description="Someone else than who did the steps in needs, or than who answered.",
    )
    claim: Claim | None = None
    returns: Id | None = Key(
        default=None, description="A step with a field of items; each one is ticked back here."
    )
    valid_until: Id | None = Key(
        default=None,
        description="A date field; after that day nothing that needs this step can be done.",
    )
    publishes: bool = Key(default=False, description="Its field public-text goes live.")
    optional: bool = False
    when: When | None = None

    def field(self, field_id: str) -> Field | None:
        """The field with this id, if there is one."""
        return next((field for field in self.fields if field.id == field_id), None)

    def applies(self, done: Mapping[str, Mapping[str, Any]]) -> bool:
        """Whether the case takes this step, given the values of the steps done so far."""
        if self.when is None:
            return True
        return done.get(self.when.step, {}).get(self.when.field) in self.when.one_of


class Duty(Strict):
    """Who owns it: an organisation of this kind, or a post, found at this level of the place."""

    categories: list[str] = ["*"]
    kinds: list[str] = ["*"]
    body: Id | None = Key(default=None, description="A kind of organisation.")
    at: Level
    post: Id = "handler"

    def covers(self, kind: str, category: str) -> bool:
        """Whether this row speaks about cases of this kind and category."""
        return _listed(kind, self.kinds) and _listed(category, self.categories)


class Refuse(Strict):
    """What an owner may say when a case is not for it. A refusal always needs a reason."""

    reasons: list[Named] = Key(default=[], description="Beside the reasons of the county.")
    pass_to: list[Id] = Key(default=[], description="Kinds of organisations, or posts.")


class CaseKind(Strict):
    """A kind of case: who may say it, who sees it, who owns it, and by when."""

    id: Id
    name: Text
    prompt: Text = Key(description="What the person who writes is asked.")
    help: Text | None = None
    channels: list[Channel] = Key(min_length=1)
    opens_by: list[str] = Key(
        min_length=1, description="anyone, resident, staff, a role or the id of a post."
    )
    on_behalf: bool = Key(
        default=False, description="Staff or volunteers open it for somebody, who gets the receipt."
    )
    consent: Text | None = Key(
        default=None, description="What the asker agrees to before anything is kept."
    )
    identity: Identity
    visibility: Visibility
    visibilities: list[Visibility] = Key(
        default=[], description="What the asker may choose; empty: only the default."
    )
    place: PlaceNeeded = "any"
    time_grain: Literal["second", "hour", "week"] = Key(
        default="second", description="How exactly the moment of the words is kept."
    )
    categories: list[Id] = Key(default=[], description="Empty: all of the county's.")
    fields: list[Field] = Key(default=[], description="What is asked beside the text.")
    owner: list[Duty] = Key(default=[], description="Tried before the county's duties.")
    accept: ClockFromReceipt
    answer: ClockFromReceipt
    category_clocks: dict[str, ClockFromReceipt] = Key(
        default={}, description="The clock of the answer where a category has its own."
    )
    confirm: ClockFromAnswer = Key(description="Silence for so long is its own band.")
    max_extensions: int = Key(default=0, ge=0, le=3)
    at_most: ClockFromReceipt | None = Key(
        default=None, description="The answer with all extensions."
    )
    steps: list[Step] = Key(default=[], alias="step")
    refuse: Refuse = Refuse()
    conflict: Literal["ask", "never"] = Key(
        default="ask",
        description="ask: is it about a unit? Then that unit neither handles nor reads it. "
        "never: this kind cannot be about a person or a unit.",
    )
    alias: bool = Key(default=False, description="The asker appears under an invented name.")
    public_text: PublicText = "none"
    public_needs: list[str] = Key(
        default=[], description='Ticks ("step.field") without which nothing becomes public.'
    )
    sealed_readers: list[str] = Key(
        default=[], description="asker, party, roles or posts that read a sealed case."
    )
    forbidden_fields: list[str] = Key(
        default=[], description="Names that no field of this kind may have, beside the common ones."
    )
    keep: Keep = Keep()
    fee: Literal[0] = Key(default=0, description="What it costs the asker; only 0 is accepted.")
    keeps_copies: bool = Key(
        default=True, description="false: no photo can be added, so nobody keeps a copy."
    )
    survey: Text
    late: Text = Key(description="What happens if it is late, in the words shown on the receipt.")

    _method_id: str = PrivateAttr("")
    _portfolio: str = PrivateAttr("")

    @model_validator(mode="before")
    @classmethod
    def _default_is_allowed(cls, value: Any) -> Any:
        if isinstance(value, dict) and "visibility" in value and "visibilities" not in value:
            return value | {"visibilities": [value["visibility"]]}
        return value

    @property
    def method_id(self) -> str:
        """The method whose file holds this kind."""
        return self._method_id

    @property
    def portfolio(self) -> str:
        """The portfolio of the method."""
        return self._portfolio

    @property
    def may_extend(self) -> bool:
        """Whether the answer may be given later for a reason that the asker is told."""
        return self.max_extensions > 0

    @property
    def is_sealed(self) -> bool:
        """Whether every case of this kind is sealed."""
        return self.visibilities == ["sealed"]

    def answer_for(self, category: str) -> Clock:
        """The clock of the answer for that category."""
        return self.category_clocks.get(category, self.answer)

    def takes(self, category: str) -> bool:
        """Whether a case of this kind may have this category."""
        return not self.categories or category in self.categories

    def step(self, step_id: str) -> Step:
        """The step with this id. Raises KeyError."""
        return {step.id: step for step in self.steps}[step_id]

    def missing(self, stage: Stage, done: Mapping[str, Mapping[str, Any]]) -> list[Step]:
        """The steps that still keep the case from being accepted, answered or closed.

        ``done`` holds the values of the steps already done, by step id.
        """
        stages = {"accept": ("accept",), "answer": ("accept", "answer")}.get(
            stage, ("accept", "answer", "close")
        )
        return [
            step
            for step in self.steps
            if step.before in stages
            and step.id not in done
            and not step.optional
            and step.applies(done)
        ]

    def ready(
        self,
        done: Mapping[str, Mapping[str, Any]],
        *,
        answered: bool,
        on: date | None = None,
    ) -> list[Step]:
        """The steps that somebody can do now, in the order of the file.

        With ``on``, nothing is ready that rests on a step whose ``valid_until`` has passed, save
        giving back what was handed over.
        """
        applying = {step.id for step in self.steps if step.applies(done)}
        over = self._run_out(done, on) if on else set()
        return [
            step
            for step in self.steps
            if step.id not in done
            and step.id in applying
            and (answered or step.after is None)
            and all(need in done or need not in applying for need in step.needs)
            and (step.returns is not None or not over & self.before(step.id))
        ]

    def before(self, step_id: str) -> set[str]:
        """All steps that come before this one by ``needs``, near and far."""
        needs = {step.id: step.needs for step in self.steps}
        found: set[str] = set()
        todo = list(needs.get(step_id, ()))
        while todo:
            name = todo.pop()
            if name not in found:
                found.add(name)
                todo += needs.get(name, ())
        return found

    def _run_out(self, done: Mapping[str, Mapping[str, Any]], on: date) -> set[str]:
        """The steps done whose last day, an ISO date, lies before ``on``."""
        return {
            step.id
            for step in self.steps
            if step.valid_until
            and step.id in done
            and str(done[step.id].get(step.valid_until) or "9999") < on.isoformat()
        }


def _listed(name: str, names: list[str]) -> bool:
    return "*" in names or name in names
