"""What stores hold about one person: gifts tied to their account, and their sealed name."""

from typing import Any

from linli.people.actors import Actor
from linli.people.models import User
from linli.stores.actions.giving import forget_giver
from linli.stores.models import Gift
from linli.stores.models.gift import NAME
from linli.vault import sealing


def subjects(user: User) -> set[str]:
    """Under what the vault keeps their names as a giver."""
    return set(Gift.objects.filter(user=user).exclude(subject="").values_list("subject", flat=True))


def held(user: User, *, by: Actor, reason: str) -> dict[str, Any]:
    """Their gifts as plain values; each sealed name is opened for its owner, and that is logged."""
    rows = Gift.objects.filter(user=user).select_related("facility").order_by("given_at", "pk")
    return {
        "gifts": [
            {"code": row.code, "station": row.facility.name, "item": row.item,
             "amount": row.amount, "on": row.on.isoformat(),
             "name": sealing.reveal(row.subject, NAME, by=by, reason=reason)
             if row.subject else ""}
            for row in rows
        ]
    }  # fmt: skip


def erase(user: User, *, by: Actor) -> None:
    """Destroy their name and cut the tie; that something was given stays."""
    for gift in Gift.objects.filter(user=user).select_related("facility"):
        forget_giver(gift, by=by, why="erased at the person's own wish")
