"""The tables of a method file and of ``county.toml``.

Attributes keep the names of the keys in the files; repeated tables are singular there
(``[[case]]``) and lists here (``cases``).
"""

from typing import Annotated, Literal

from pydantic import Field as Key
from pydantic import PrivateAttr, StringConstraints, model_validator

from linli.playbook.activity import ActivityKind, ActivityRole, Outcome
from linli.playbook.award import Award, PointScheme
from linli.playbook.base import Clock, Id, Keep, Level, Named, Role, SpanText, Strict, Text, Words
from linli.playbook.bundle import Bundle
from linli.playbook.case import CaseKind, Claim, Duty, Field, Refuse, Step, When
from linli.playbook.club import ClubKind
from linli.playbook.coverage import CoverageRule
from linli.playbook.facility import FacilityKind
from linli.playbook.forum import Forum, ForumBoard
from linli.playbook.incubator import Incubator
from linli.playbook.letter import LetterKind
from linli.playbook.membership import Membership
from linli.playbook.pairing import Pairing
from linli.playbook.procedure import Procedure
from linli.playbook.talent import CohortKind, Pool

__all__ = [
    "ActivityKind", "ActivityRole", "Award", "CaseKind", "Category", "Claim", "Clock", "ClubKind",
    "CohortKind", "County", "CoverageRule", "Desk", "Duty", "FacilityKind", "Field", "Forum",
    "ForumBoard", "Keep", "LetterKind", "Membership", "Method", "Named", "OrganisationKind",
    "Outcome", "Pairing", "PointScheme", "Pool", "PostKind", "Procedure", "Refuse", "Step", "Text",
    "When",
]  # fmt: skip


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
    source: Text = Key(description="Where the rules in this file come from.")
    cases: list[CaseKind] = Key(default=[], alias="case")
    activities: list[ActivityKind] = Key(default=[], alias="activity")
    posts: list[PostKind] = Key(default=[], alias="post")
    coverage: list[CoverageRule] = []
    procedures: list[Procedure] = Key(default=[], alias="procedure")
    facilities: list[FacilityKind] = Key(default=[], alias="facility")
    clubs: list[ClubKind] = Key(default=[], alias="club")
    bundles: list[Bundle] = Key(default=[], alias="bundle")
    incubators: list[Incubator] = Key(default=[], alias="incubator")
    memberships: list[Membership] = Key(default=[], alias="membership")
    pairings: list[Pairing] = Key(default=[], alias="pairing")
    pools: list[Pool] = Key(default=[], alias="pool")
    cohorts: list[CohortKind] = Key(default=[], alias="cohort")

    letters: list[LetterKind] = Key(default=[], alias="letter")
    awards: list[Award] = Key(default=[], alias="award")
    points: PointScheme | None = Key(
        default=None, description="What all awards have in common; once in a county."
    )

    @model_validator(mode="after")
    def _sign_parts(self) -> "Method":
        for case in self.cases:
            case._method_id, case._portfolio = self.id, self.portfolio
        for post in self.posts:
            post._method_id = self.id
        for rule in self.coverage:
            rule._method_id = self.id
        for activity in self.activities:
            activity._method_id = self.id
        for procedure in self.procedures:
            procedure._method_id = self.id
        for facility in self.facilities:
            facility._method_id = self.id
        for club in self.clubs:
            club._method_id = self.id
        for bundle in self.bundles:
            bundle._method_id = self.id
        for incubator in self.incubators:
            incubator._method_id = self.id
        for membership in self.memberships:
            membership._method_id = self.id
        for award in self.awards:
            award._method_id = self.id
        for letter in self.letters:
            letter._method_id = self.id
        for pairing in self.pairings:
            pairing._method_id = self.id
        for pool in self.pools:
            pool._method_id = self.id
        for cohort in self.cohorts:
            cohort._method_id = self.id
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
    territorial: bool = Key(
        default=False,
        description="A general office: its people see what is with other units at its place.",
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
    forum: Forum = Key(default=Forum())

    def category(self, category_id: str) -> Category:
        """The category with this id. Raises KeyError."""
        return {row.id: row for row in self.categories}[category_id]

    def organisation(self, kind_id: str) -> OrganisationKind:
        """The kind of organisation with this id. Raises KeyError."""
        return {row.id: row for row in self.organisations}[kind_id]
