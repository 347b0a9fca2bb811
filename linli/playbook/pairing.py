"""``[[pairing]]``: a dated tie between two kinds of party, with a purpose, a cadence and an end."""

from typing import Literal, Self

from pydantic import Field as Key
from pydantic import PrivateAttr, model_validator
from pydantic_core import PydanticCustomError

from linli.playbook.base import Id, Level, Named, Strict, Text
from linli.playbook.membership import LengthText

PartyKind = Literal["body", "place", "person", "home"]


class Side(Strict):
    """One side of a tie: what stands there, and how many ties each is promised."""

    name: Text
    what: PartyKind
    bodies: list[Id] = Key(default=[], description="Of a body: these kinds.")
    at: Level | None = Key(default=None, description="Of a place: this level.")
    post: Id | None = Key(
        default=None, description="Of a person: holders of this post are promised a tie."
    )
    at_least: int = Key(default=0, ge=0, le=50, description="Ties that each is promised.")
    at_most: int | None = Key(default=None, ge=1, le=500, description="Ties that each can have.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        wanted = {"body": "bodies", "place": "at"}.get(self.what)
        for key, given in (("bodies", bool(self.bodies)), ("at", self.at is not None)):
            if (wanted == key) != given:
                said = "is missing" if wanted == key else "belongs to another kind of party"
                raise PydanticCustomError("rule", f'"{key}" {said}', {"hint": "see what = "})
        if self.post and self.what != "person":
            raise PydanticCustomError(
                "rule", "only a person holds a post", {"hint": "leave it out"}
            )
        if self.at_most is not None and self.at_most < self.at_least:
            raise PydanticCustomError(
                "rule", '"at_most" is less than "at_least"', {"hint": f"write {self.at_least}"}
            )
        return self

    @property
    def is_private(self) -> bool:
        """Whether a person or a home stands here, whom the public never sees."""
        return self.what in ("person", "home")


class Lists(Strict):
    """Three lists side by side: what is needed, what can be given, what is done together."""

    topics: list[Named] = Key(min_length=1)
    unmatched: LengthText = Key(description="After that a need without a match is overdue.")


class Pairing(Strict):
    """One kind of tie."""

    id: Id
    name: Text
    summary: Text
    a: Side
    b: Side
    term: LengthText = Key(description="How long a tie lasts; it ends by itself.")
    every: LengthText = Key(description="How often there is a contact at least.")
    contacts: list[Named] = Key(alias="contact", min_length=1)
    keeper: list[Id] = Key(min_length=1, description="Kinds of offices that arrange it.")
    lists: Lists | None = None

    _method_id: str = PrivateAttr("")

    @property
    def method_id(self) -> str:
        """The method whose file holds it."""
        return self._method_id

    @property
    def is_private(self) -> bool:
        """Whether a person or a home is in it: then the public sees counts only."""
        return self.a.is_private or self.b.is_private

    def side(self, key: str) -> Side:
        """The side "a" or "b"."""
        return self.a if key == "a" else self.b

    def contact(self, contact_id: str) -> Named:
        """The kind of contact with this id. Raises KeyError."""
        return {row.id: row for row in self.contacts}[contact_id]
