"""What matters hold about a person beside the own askers: wishes taken on; and cutting all of it off."""

from typing import Any

from linli.cases.actions import steps
from linli.cases.models import Asker, Case, Claim
from linli.people.actors import Actor, as_resident
from linli.people.models import User
from linli.vault import sealing


def held(user: User) -> dict[str, Any]:
    """What the person took on for others, as plain values."""
    rows = Claim.objects.filter(user=user).select_related("case").order_by("claimed_at")
    return {
        "taken_on": [
            {"matter": row.case.alias or row.case.number, "step": row.step,
             "from": row.claimed_at.isoformat(), "fulfilled": row.fulfilled,
             "ended": row.ended_at.isoformat() if row.ended_at else None}
            for row in rows
        ]
    }  # fmt: skip


def erase(user: User, *, by: Actor, reason: str) -> None:
    """Shred contacts given for single matters, become nameless in all, give back what was taken on."""
    own = user.vault_subject
    for asker in Asker.objects.filter(user=user):
        if asker.subject and asker.subject != own:
            sealing.destroy(asker.subject, by=by, reason=reason)
    Asker.objects.filter(user=user).update(user=None, subject="", anonymity=Asker.Anonymity.NOTHING)
    for row in Claim.objects.filter(user=user, ended_at=None).select_related("case__owner"):
        steps.release(row, by=as_resident(user))
    Claim.objects.filter(user=user).delete()
    Case.objects.filter(handler=user).update(handler=None)
