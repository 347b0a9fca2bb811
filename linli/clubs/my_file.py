"""What clubs hold about one person, for their own file; and cutting it off."""

from typing import Any

from django.utils.translation import gettext as _

from linli.clubs.actions import enrolling, opening
from linli.clubs.models import Child, Helper, Incident, PickUp, Presence, Shift
from linli.people.actors import Actor
from linli.people.models import User
from linli.people.policies import Denied
from linli.vault import sealing


def subjects(user: User) -> set[str]:
    """What is sealed of the person's children and of who fetches them."""
    found = set(Child.objects.filter(guardian=user).values_list("subject", flat=True))
    found |= set(PickUp.objects.filter(child__guardian=user).values_list("subject", flat=True))
    rows = Incident.objects.filter(child__guardian=user)
    return found | set(rows.values_list("subject", flat=True))


def held(user: User, *, by: Actor) -> dict[str, Any]:
    """The person's children at clubs, opened for them; and the clubs where they help."""
    rows = Child.objects.filter(guardian=user).select_related("club").order_by("applied_at", "pk")
    helps = Helper.objects.filter(user=user).select_related("club").order_by("pk")
    return {
        "children_at_clubs": [_child(row, by) for row in rows],
        "helps_at_clubs": [
            {"club": row.club.name, "checked_on": row.checked_on.isoformat(),
             "until": row.ended_on.isoformat() if row.ended_on else None}
            for row in helps
        ],
    }  # fmt: skip


def _child(row: Child, by: Actor) -> dict[str, Any]:
    times = row.presences.order_by("came_at").values_list("came_at", "left_at")
    return {
        "club": row.club.name, "number": row.number, "state": row.state,
        "consent": row.consent_version, "consented": row.consented_at.isoformat(),
        "withdrawn": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
        "sealed": opening.child(row, by=by),
        "fetched_by": [
            {"name": name, "relation": adult.relation, "word": adult.word}
            for adult, name in opening.fetchers(row, by=by)
        ],
        "was_there": [[came.isoformat(), left.isoformat() if left else None]
                      for came, left in times],
        "incidents": [
            {"at": one.at.isoformat(), "text": opening.incident(one, by=by)}
            for one in row.incidents.select_related("child", "session__club__facility")
        ],
    }  # fmt: skip


def erase(user: User, *, by: Actor) -> None:
    """End the places, destroy names and notes, cut every tie.

    Raises Denied with a child inside, and while the person minds children.
    """
    rows = Child.objects.filter(guardian=user)
    if Presence.objects.filter(child__in=rows, left_at=None).exists():
        raise Denied(_("Your child is at the club now. Erase your account when it is home again."))
    if Shift.objects.filter(user=user, left_at=None).exists():
        raise Denied(_("You are with the children of a club now. Erase your account afterwards."))
    for child in rows:
        if child.is_live:
            enrolling.withdraw(child, by=by)
    why = "erased at the guardian's own wish"
    for row in Incident.objects.filter(child__in=rows):
        sealing.destroy(row.subject, by=by, reason=why)
    Incident.objects.filter(child__in=rows).delete()
    rows.update(guardian=None, reason="", consent_text="")
    Helper.objects.filter(user=user).delete()
    Shift.objects.filter(user=user).delete()  # a session keeps how many adults there were
