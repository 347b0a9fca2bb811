"""What letters hold about a person: the inbox and what they wish no letters of; and erasing it."""

from typing import Any

from linli.letters.models import Addressee, Letter, Nudge, OptOut
from linli.people.models import User


def held(user: User) -> dict[str, Any]:
    """Every message with its way and time, and the letters that the person does not want."""
    rows = Letter.objects.filter(user=user).order_by("created_at", "pk")
    return {
        "letters": [
            {"template": row.template, "channel": row.channel, "state": row.state,
             "written": row.created_at.isoformat(), "holds": row.context,
             "read": row.read_at.isoformat() if row.read_at else None}
            for row in rows.iterator(chunk_size=500)
        ],
        "wants_no_letters": sorted(OptOut.objects.filter(user=user).values_list("kind", flat=True)),
    }  # fmt: skip


def erase(user: User) -> None:
    """The inbox and what still waits to be sent; counts of letters to an audience stay."""
    for model in (Nudge, Addressee, OptOut, Letter):
        model._default_manager.filter(user=user).delete()
