"""The county's forum as a playbook says it: boards by topic, which places have one, link rules."""

from typing import Annotated

from pydantic import Field, StringConstraints

from linli.playbook.base import Id, Level, Strict, Text, Words

Host = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", max_length=80)]


class ForumBoard(Strict):
    """A board for a topic, for the whole county."""

    id: Id
    name: Text
    about: Text = Field(description="What belongs here, in one sentence.")


class Forum(Strict):
    """``[forum]`` of ``county.toml``. Every place of the named levels has a board of its own."""

    boards: list[ForumBoard] = Field(default=[], alias="board")
    places: list[Level] = Field(default=["town", "village"])
    trusted: list[Host] = Field(
        default=[], description="Links to these hosts, and to hosts under them, are no adverts."
    )
    shorteners: list[Host] = Field(
        default=[], description="Hosts that hide where a link leads; a person looks first."
    )
    adverts: list[Words] = Field(
        default=[], description="Words that together with a link or a contact suggest an advert."
    )

    def board(self, board_id: str) -> ForumBoard | None:
        """The board with this id, if there is one."""
        return next((row for row in self.boards if row.id == board_id), None)
