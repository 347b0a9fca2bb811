"""``[[letter]]``: words to everybody of an audience, at a day of the year or when something happens."""

import re
from datetime import date, timedelta
from typing import Annotated, Final, Literal, get_args

from pydantic import Field as Key
from pydantic import PrivateAttr, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from linli.lib.feasts import feast
from linli.playbook.base import Id, Role, Strict, Text

Feast = Literal[
    "spring-festival", "qingming", "dragon-boat", "mid-autumn", "double-ninth", "winter-solstice"
]
Verb = Literal["member.moved"]
Source = Literal["members", "posts"]
VERBS: Final[tuple[str, ...]] = get_args(Verb)
MonthDay = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
_MARKUP: Final = re.compile(r"https?://|[{}<>]")


class Yearly(Strict):
    """A day of every year: by the sun or by the moon, and how many days before it."""

    day: MonthDay | None = Key(default=None, description='Month and day, for example "07-01".')
    feast: Feast | None = Key(default=None, description="A feast of the lunar calendar.")
    before: int = Key(default=0, ge=0, le=60, description="Days before it.")

    @model_validator(mode="after")
    def _one(self) -> "Yearly":
        if (self.day is None) == (self.feast is None):
            raise PydanticCustomError(
                "rule", "a yearly letter has one day", {"hint": 'either day = "07-01" or feast'}
            )
        if self.day == "02-29" or self.day in ("02-30", "02-31"):
            raise PydanticCustomError(
                "rule", "this day is not in every year", {"hint": 'for example day = "02-28"'}
            )
        if self.day is not None:
            try:
                self.on(2027)
            except ValueError:
                raise PydanticCustomError(
                    "rule", "there is no such day", {"hint": 'for example day = "07-01"'}
                ) from None
        return self

    def on(self, year: int) -> date:
        """The day the letter is due for the feast (or day) of this year."""
        if self.feast is not None:
            the_day = feast(self.feast, year)
        else:
            the_day = date.fromisoformat(f"{year}-{self.day}")
        return the_day - timedelta(days=self.before)


class Happens(Strict):
    """A line of the journal about a person; the letter goes to that person by itself."""

    verb: Verb
    to: list[Id] = Key(min_length=1, description="Stages that were reached.")


class Audience(Strict):
    """Who gets it. Everybody who fits, once; nobody else."""

    of: Source
    kinds: list[Id] = Key(default=[], description="Memberships, or kinds of posts.")
    roles: list[Role] = Key(default=[], description="Only with posts: roles of the right table.")
    stages: list[Id] = Key(default=[], description="Only with members.")
    away: bool | None = Key(default=None, description="Members who live elsewhere; left out: all.")
    years: int = Key(default=0, ge=0, le=80, description="Members for at least so many years.")

    @model_validator(mode="after")
    def _fits(self) -> "Audience":
        members = self.of == "members"
        if not members and (self.stages or self.away is not None or self.years):
            raise PydanticCustomError(
                "rule", "only members have stages, years, and are away",
                {"hint": "leave out stages, years and away"},
            )  # fmt: skip
        if members and (self.roles or not self.kinds):
            raise PydanticCustomError(
                "rule", "an audience of members names its membership and no role",
                {"hint": 'for example kinds = ["volunteers"]'},
            )  # fmt: skip
        if not members and not (self.roles or self.kinds):
            raise PydanticCustomError(
                "rule", "an audience of posts names kinds or roles", {"hint": 'roles = ["GRID"]'}
            )
        return self


class LetterKind(Strict):
    """One letter of a county: its day or event, its audience, its words."""

    id: Id
    name: Text
    yearly: Yearly | None = None
    when: Happens | None = None
    audience: Audience
    subject: Text
    text: Text = Key(description="Plain words; a link, a name or a number has no place in them.")
    reply: Id | None = Key(default=None, description="The kind of case that writing back opens.")
    law: bool = Key(default=False, description="The law asks for it: nobody can opt out.")

    _method_id: str = PrivateAttr("")

    @model_validator(mode="after")
    def _one_trigger(self) -> "LetterKind":
        if (self.yearly is None) == (self.when is None):
            raise PydanticCustomError(
                "rule", "a letter has one reason to leave", {"hint": "either yearly or when"}
            )
        if self.when is not None and self.audience.of != "members":
            raise PydanticCustomError(
                "rule", "this event is about members", {"hint": 'audience of = "members"'}
            )
        if any(_MARKUP.search(words) for words in (self.text.zh, self.text.en)):
            raise PydanticCustomError(
                "rule", "a letter is plain words", {"hint": "leave out links and brackets"}
            )
        return self

    @property
    def method_id(self) -> str:
        """The method whose file holds it."""
        return self._method_id
