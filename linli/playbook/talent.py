"""``[[pool]]``: people in tiers by published criteria; ``[[cohort]]``: people who train together."""

from typing import Self

from pydantic import Field as Key
from pydantic import PrivateAttr, model_validator
from pydantic_core import PydanticCustomError

from linli.playbook.base import Id, Named, SpanText, Strict, Text, Words
from linli.playbook.membership import LengthText


def _rule(said: str, hint: str) -> PydanticCustomError:
    return PydanticCustomError("rule", "{said}", {"said": said, "hint": hint})


class Criterion(Named):
    """One thing that is looked at, and what counts as evidence of it."""

    evidence: Text


class Tier(Named):
    """One tier of a pool."""

    places: int | None = Key(default=None, ge=1, le=10_000, description="None: without limit.")
    needs: int = Key(ge=0, le=20, description="Criteria that every reviewer has to find met.")
    mentor: bool = Key(default=False, description="Everybody in it is promised a mentor.")


class Pool(Strict):
    """One pool of talent: tiers, criteria, who reviews, and how long one may appeal."""

    id: Id
    name: Text
    summary: Text
    tiers: list[Tier] = Key(alias="tier", min_length=1, description="The highest first.")
    criteria: list[Criterion] = Key(alias="criterion", min_length=1, max_length=20)
    reviewers: int = Key(default=2, ge=2, le=9)
    review: LengthText = Key(description="After that everybody's tier is looked at again.")
    appeal: SpanText
    hosts: list[Id] = Key(min_length=1, description="Kinds of office that review and decide.")
    nominators: list[Id] = Key(default=[], description="Kinds of body that may propose somebody.")
    pairing: Id = Key(description="The tie that gives somebody a mentor, on its second side.")
    never: list[Words] = Key(default=[], description="Words of business data; they are refused.")

    _method_id: str = PrivateAttr("")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for what, rows in (("tier", self.tiers), ("criterion", self.criteria)):
            if len({row.id for row in rows}) < len(rows):
                raise _rule(f"a {what} is there twice", "give one of them another id")
        if {"pool", "refused"} & {row.id for row in self.tiers}:
            raise _rule('a tier cannot be called "pool" or "refused"', "choose another id")
        if any(tier.needs > len(self.criteria) for tier in self.tiers):
            raise _rule(
                "a tier needs more criteria than there are", f"at most {len(self.criteria)}"
            )
        sizes = [tier.places or 10**6 for tier in self.tiers]
        if sizes != sorted(sizes) or sizes.count(10**6) > 1:
            raise _rule("a higher tier has more places than the one below", "the highest first")
        return self

    @property
    def method_id(self) -> str:
        """The method whose file holds it."""
        return self._method_id

    def tier(self, tier_id: str) -> Tier | None:
        """The tier with this id."""
        return next((tier for tier in self.tiers if tier.id == tier_id), None)


class CohortStage(Named):
    """A part of the way of a cohort."""

    months: int = Key(ge=1, le=60)


class CohortKind(Strict):
    """A cohort: how many, how long, in which stages, and where they learn."""

    id: Id
    name: Text
    summary: Text
    size: int = Key(ge=1, le=1000)
    months: int = Key(ge=1, le=60)
    stages: list[CohortStage] = Key(alias="stage", min_length=1)
    sessions: int = Key(ge=1, le=500, description="Sessions that are planned.")
    places: list[Id] = Key(min_length=1, description="Kinds of facility where sessions are.")
    hosts: list[Id] = Key(min_length=1, description="Kinds of office that run one.")
    pairing: Id | None = Key(default=None, description="The tie that gives each a mentor.")

    _method_id: str = PrivateAttr("")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len({row.id for row in self.stages}) < len(self.stages):
            raise _rule("a stage is there twice", "give one of them another id")
        total = sum(stage.months for stage in self.stages)
        if total != self.months:
            raise _rule(f"the stages come to {total} months", f"they have to come to {self.months}")
        return self

    @property
    def method_id(self) -> str:
        """The method whose file holds it."""
        return self._method_id
