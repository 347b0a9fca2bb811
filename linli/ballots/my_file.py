"""What ballots hold about a person: that they are on a roll and took part. Never a vote."""

from typing import Any

from linli.ballots.models import RollEntry
from linli.people.models import User


def held(user: User) -> dict[str, Any]:
    """Rolls of ballots on which this person stands, as plain values."""
    rows = RollEntry.objects.filter(user=user).select_related("ballot").order_by("pk")
    return {
        "ballots": [
            {"ballot": str(row.ballot_id), "number": row.number, "took_part": row.took_part}
            for row in rows
        ]
    }


def erase(user: User) -> None:
    """The line of the roll stays for the count; whose account it was does not."""
    RollEntry.objects.filter(user=user).update(user=None)
