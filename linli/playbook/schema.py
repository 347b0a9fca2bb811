"""The tables of a method file and of ``county.toml``.

Attributes keep the names of the keys in the files; repeated tables are singular there
(``[[case]]``) and lists here (``cases``).
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field as Key
from pydantic import PrivateAttr, StringConstraints, model_validator

from linli.playbook.base import (
    Clock,
    ClockFromAnswer,
    ClockFromReady,
    ClockFromReceipt,
    Id,
    Keep,
    Level,
    Named,
    Role,
    SpanText,
    Strict,
    Text,
    Words,
)

Identity = Literal["none", "optional", "required"]
Visibility = Literal["public", "office", "sealed"]
PlaceNeeded = Literal["any", "county", "town", "village", "grid", "building", "line"]
PublicText = Literal["redacted", "alias", "topic", "none"]
Stage = Literal["accept", "answer", "close"]
FieldType = Literal["text", "date", "choice", "items", "tick", "money", "photo"]
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

    def ready(self, done: Mapping[str, Mapping[str, Any]], *, answered: bool) -> list[Step]:
        """The steps that somebody can do now, in the order of the file."""
        applying = {step.id for step in self.steps if step.applies(done)}
        return [
            step
            for step in self.steps
            if step.id not in done
            and step.id in applying
            and (answered or step.after is None)
            and all(need in done or need not in applying for need in step.needs)
        ]


class PostKind(Strict):
    """A responsibility that somebody can hold: on what, how many seats, for how long."""

    id: Id
    name: Text
    duty: Text = Key(description="What the holder does, for the public card.")
    on: Level | Literal["vehicle", "organisation", "household"]
    bodies: list[Id] = Key(
        default=[], description="Kinds of organisations that the post belongs to."
    )
    role: Role
    seats: int = Key(default=1, ge=1, le=500)
    term: SpanText
    vacancy: SpanText | None = Key(default=None, description="How long it may stay empty.")
    per_person: int = Key(default=1, ge=1, le=20, description="How many of these one may hold.")
    public_card: bool = False

    _method_id: str = PrivateAttr("")

    @property
    def method_id(self) -> str:
        """The method whose file holds this post; "" for a post of ``county.toml``."""
        return self._method_id


class Method(Strict):
    """One file: one named way of working."""

    id: Id
    name: Text
    portfolio: Id
    stream: Id
    summary: Text
    source: Words = Key(description="Where the rules in this file come from.")
    cases: list[CaseKind] = Key(default=[], alias="case")
    posts: list[PostKind] = Key(default=[], alias="post")

    @model_validator(mode="after")
    def _sign_parts(self) -> "Method":
        for case in self.cases:
            case._method_id, case._portfolio = self.id, self.portfolio
        for post in self.posts:
            post._method_id = self.id
        return self


class Category(Strict):
    """What a case is about."""

    id: Id
    name: Text
    words: list[Words] = Key(min_length=1, description="Words in a text that suggest it.")
    sensitive: bool = Key(
        default=False, description="Starts as office-only; the map shows the village, no point."
    )
    why: Text | None = Key(default=None, description="Why it starts as office-only.")


class OrganisationKind(Strict):
    """A kind of organisation that can own cases or hold posts."""

    id: Id
    name: Text
    everywhere: list[Level] = Key(
        default=[], description="At each place of these levels there is one."
    )


class Desk(Strict):
    """The county's desk: the one number for everything."""

    name: Text
    phone: Annotated[str, StringConstraints(pattern=r"^[0-9+][0-9 -]{2,19}$")]
    hours: Text
    body: Id
    notice: Text = Key(description="What the desk does with what it is told.")


class County(Strict):
    """``county.toml``: the ground on which the methods of this playbook run."""

    place: Annotated[str, StringConstraints(pattern=r"^[0-9A-Z-]{2,20}$")]
    name: Text
    full_name: Text
    timezone: Words
    languages: list[Literal["zh-hans", "en"]] = Key(min_length=1)
    intake: Id = Key(description="The kind of case that a plain word of a resident becomes.")
    desk: Desk
    portfolios: list[Named] = Key(alias="portfolio", min_length=1)
    streams: list[Named] = Key(alias="stream", min_length=1)
    categories: list[Category] = Key(alias="category", min_length=1)
    organisations: list[OrganisationKind] = Key(alias="organisation", min_length=1)
    posts: list[PostKind] = Key(default=[], alias="post")
    duties: list[Duty] = Key(alias="duty", min_length=1)
    backstop: dict[Level, list[Duty]] = Key(
        description="Who owns it after the second refusal, by the level of who refused."
    )
    refusals: list[Named] = Key(alias="refusal", min_length=1)
    stops: list[Named] = Key(
        alias="stop", min_length=1, description="Reasons for which a clock may pause."
    )
    extensions: list[Named] = Key(
        alias="extension", min_length=1, description="Reasons for which an answer may take longer."
    )

    def category(self, category_id: str) -> Category:
        """The category with this id. Raises KeyError."""
        return {row.id: row for row in self.categories}[category_id]

    def organisation(self, kind_id: str) -> OrganisationKind:
        """The kind of organisation with this id. Raises KeyError."""
        return {row.id: row for row in self.organisations}[kind_id]


def _listed(name: str, names: list[str]) -> bool:
    return "*" in names or name in names
