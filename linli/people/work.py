"""What somebody has open in a post: each higher floor says so here, through site/wiring.py.

People know nothing of cases or activities. A floor that gives work to post-holders registers a
`Holder`; ending or handing over an appointment asks all of them, in the same transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from linli.people.actors import Actor
from linli.people.models import Appointment, User


@dataclass(frozen=True)
class Item:
    """One open thing, as the page of a handover lists it: no words of residents."""

    holder: str
    key: str
    title: str
    where: str = ""
    due: datetime | None = None
    href: str = ""


class Holder(Protocol):
    """A floor whose work belongs to people in posts."""

    def held(self, row: Appointment) -> list[Item]:
        """What is open with this person in this post and would be nobody's without them."""

    def give(
        self, row: Appointment, keys: Sequence[str], to: Appointment | None, by: Actor
    ) -> list[str]:
        """Move these to another of the same body, or to the body itself (None).

        Returns the keys that moved; what was closed meanwhile is left out. Inside the caller's
        transaction; raises Denied if something cannot be given to `to`.
        """


@dataclass(frozen=True)
class Duty:
    """Something at a fixed time that a person promised to come to."""

    holder: str
    key: str
    title: str
    where: str
    starts: datetime
    place_path: str = ""
    org: str = ""


class Duties(Protocol):
    """A floor that asks people to come at a time."""

    def of(self, user: User, start: datetime, end: datetime) -> list[Duty]:
        """What this person promised to come to in [start, end)."""

    def candidates(self, user: User, key: str) -> list[User]:
        """Who could come instead, in the order of asking: deputies first, then the standby list."""

    def swap(self, user: User, key: str, to: User) -> None:
        """`to` comes instead. Inside the caller's transaction; raises Denied if that is too late."""

    def title(self, key: str) -> str:
        """What it is, in the language in use; "" if it is gone."""

    def said_no(self, who: User, key: str) -> None:
        """`who` was asked and cannot either: they no longer wait for this one."""

    def give_back(self, user: User, key: str) -> None:
        """Nobody comes instead: the seat is free and the host sees it."""


# Filled by site/wiring.py, which sees all floors.
HOLDERS: Final[dict[str, Holder]] = {}
DUTIES: Final[dict[str, Duties]] = {}


def held(row: Appointment) -> list[Item]:
    """Everything open with this person in this post, what is due first first."""
    found = [item for holder in HOLDERS.values() for item in holder.held(row)]
    return sorted(found, key=lambda item: (item.due is None, item.due or row.made_at, item.key))


def give_all(row: Appointment, to: Appointment | None, by: Actor) -> dict[str, list[str]]:
    """Move everything; the keys that moved, by holder. Inside the caller's transaction."""
    moved: dict[str, list[str]] = {}
    for name, holder in HOLDERS.items():
        keys = [item.key for item in holder.held(row)]
        if keys:
            moved[name] = holder.give(row, keys, to, by)
    return {name: keys for name, keys in moved.items() if keys}


def duties(user: User, start: datetime, end: datetime) -> list[Duty]:
    """What this person promised to come to, the earliest first."""
    found = [duty for floor in DUTIES.values() for duty in floor.of(user, start, end)]
    return sorted(found, key=lambda duty: (duty.starts, duty.key))
