"""The table ``[[club]]``: children after school or in the holidays, and what keeps them safe."""

from typing import Annotated

from pydantic import Field as Key
from pydantic import PrivateAttr, StringConstraints, model_validator

from linli.playbook.base import HoursText, Id, Strict, Text

Day = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-[01][0-9]-[0-3][0-9]$")]


class Consent(Strict):
    """What a guardian agrees to. A changed text gets a new day."""

    version: Day = Key(description="The day from which this text holds.")
    text: Text


class ClubKind(Strict):
    """A kind of club: how many children an adult may have, and how many adults must be there."""

    id: Id
    name: Text
    summary: Text
    host: list[Id] = Key(min_length=1, description="Kinds of organisation that run one.")
    ratio: int = Key(ge=1, le=40, description="Children for each adult, at most.")
    adults: int = Key(default=2, ge=1, le=10, description="Adults present, at least.")
    youngest: int = Key(ge=1, le=17, description="In full years.")
    oldest: int = Key(ge=1, le=17, description="In full years.")
    hours: HoursText = Key(description="Usual hours, as OpenStreetMap writes them.")
    check_days: int = Key(
        ge=1, le=366, description="How long the check of an adult's record holds."
    )
    consent: Consent

    _method_id: str = PrivateAttr(default="")

    @model_validator(mode="after")
    def _in_order(self) -> "ClubKind":
        if self.youngest > self.oldest:
            raise ValueError("the youngest is older than the oldest")
        return self

    @property
    def method_id(self) -> str:
        """The method whose file this is in."""
        return self._method_id
