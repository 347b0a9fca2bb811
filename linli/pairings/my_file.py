"""What ties hold about one person, for their own file; and cutting them off."""

from typing import Any

from linli.pairings.models import Party, Tie
from linli.people.models import User


def held(user: User) -> dict[str, Any]:
    """The ties in which this person stands, as plain values; never the other side's name."""
    rows = Tie.objects.filter(parties__user=user).prefetch_related("contacts")
    return {
        "ties": [
            {"kind": row.kind, "purpose": row.purpose, "state": row.state,
             "from": row.starts_on.isoformat() if row.starts_on else None,
             "contacts": [contact.on.isoformat() for contact in row.contacts.all()]}
            for row in rows.order_by("proposed_at", "pk")
        ]
    }  # fmt: skip


def erase(user: User) -> None:
    """Cut every tie to the account; what stays says that somebody was there, not who."""
    Party.objects.filter(user=user).update(user=None, key="gone", agreed_by="")
