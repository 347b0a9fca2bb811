"""What deliberation holds about one person, for their own file; and cutting it off."""

from typing import Any

from linli.deliberation.models import Concern, Motion, Objection, Rating, RollEntry, Slip, Support
from linli.deliberation.policies import own_rolls
from linli.deliberation.words import base_name
from linli.people.models import User


def held(user: User) -> dict[str, Any]:
    """Rolls, proposals and objections of this person, as plain values. Never a vote."""
    return {
        "rolls": [
            {"body": row.roll.organisation.name, "roll": base_name(row.roll.base),
             "number": row.number, "group": row.group}
            for row in own_rolls(user.pk)
        ],
        "proposals": [
            {"title": row.title, "state": row.state, "proposed": row.proposed_at.isoformat()}
            for row in Motion.objects.filter(proposer=user).order_by("proposed_at")
        ],
        "objections": [
            {"words": row.words, "answer": row.answer, "filed": row.filed_at.isoformat()}
            for row in Objection.objects.filter(user=user).order_by("filed_at")
        ],
    }  # fmt: skip


def erase(user: User) -> None:
    """Cut every tie; what was said in public stays without an author, an entry of a roll too."""
    Motion.objects.filter(proposer=user).update(proposer=None)
    for model in (Objection, Concern, RollEntry, Slip):
        model._default_manager.filter(user=user).update(user=None)
    for counted in (Support, Rating):
        counted._default_manager.filter(user=user).delete()
