"""Who plays in the demo, for the buttons on its sign-in page. Their ids follow from their names."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid5

from django.utils.translation import gettext_lazy as _

from linli.people.models import User

_FAMILY: Final = UUID("6f1f6a52-52d3-4f0a-9c5b-2b2a9a0d7c11")

NAMES: Final = {
    "resident": _("Resident"),
    "neighbour": _("Neighbour"),
    "steward": _("Building steward"),
    "grid-worker": _("Grid worker"),
    "manager": _("Community manager"),
    "lighting": _("Handler at Street Lighting"),
    "volunteer": _("Volunteer"),
    "mediator": _("Mediator"),
    "station": _("Wish Tree station worker"),
    "coordinator": _("County coordinator"),
    "auditor": _("Auditor"),
    "administrator": _("Administrator"),
    "clerk": _("Clerk of the bus company"),
}


@dataclass(frozen=True)
class Member:
    """A button: who it signs in, and as what."""

    name: str
    part: str
    display_name: str


def user_id(name: str) -> UUID:
    """The id of a member of the cast, the same in every demo."""
    return uuid5(_FAMILY, name)


def members() -> list[Member]:
    """The members of the cast that this database holds, in the order of NAMES."""
    found = User.objects.filter(pk__in=[user_id(name) for name in NAMES], is_active=True)
    by_id = {user.pk: user for user in found}
    return [
        Member(name, str(part), str(by_id[user_id(name)]))
        for name, part in NAMES.items()
        if user_id(name) in by_id
    ]
