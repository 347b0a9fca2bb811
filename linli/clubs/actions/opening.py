"""Opening what is sealed of a child: one at a time, each with a reason, each logged."""

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.clubs import policies
from linli.clubs.actions import fetching
from linli.clubs.actions.core import because, locked_child, tell
from linli.clubs.models import Child, Incident, PickUp, Presence, Session
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.vault import sealing

TEXT: Final = "text"
LONGEST: Final = 2000


@transaction.atomic
def child(child: Child, *, by: Actor) -> dict[str, str]:
    """Name and notes: for the guardian, the desk that decides, and the door. Raises Denied."""
    if by.user is not None and child.guardian_id == by.user.pk:
        why = gettext_lazy("the guardian looks at their own page")
    elif child.state in (Child.State.APPLIED, Child.State.WAITING):
        policies.check_keeps(by, child.club, child)
        why = gettext_lazy("to decide on a place at the club")
    else:
        policies.check_door(by, child.club)
        why = gettext_lazy("the child comes to the club")
    reason = because(why)
    return {
        kind: sealing.reveal(child.subject, kind, by=by, reason=reason)
        for kind in sealing.kinds_of(child.subject)
    }


@transaction.atomic
def fetchers(child: Child, *, by: Actor) -> list[tuple[PickUp, str]]:
    """Who may fetch the child, by name: for its guardian, and at the door while it is inside."""
    if by.user is not None and child.guardian_id == by.user.pk:
        why = gettext_lazy("the guardian looks at their own page")
    else:
        policies.check_door(by, child.club)
        if not Presence.objects.filter(child=child, left_at=None).exists():
            raise Denied(_("The list is opened only to hand over a child that is inside."))
        why = gettext_lazy("pick-up: the child is handed over")
    reason = because(why)
    return [
        (adult, sealing.reveal(adult.subject, fetching.NAME, by=by, reason=reason))
        for adult in child.pickups.filter(ended_at=None).order_by("added_at", "pk")
    ]


@transaction.atomic
def note_incident(session: Session, child: Child, text: str, *, by: Actor) -> Incident:
    """Write down that something happened to a child of this session. Raises Denied."""
    policies.check_door(by, session.club)
    if not text.strip():
        raise Denied(_("Write what happened."))
    child = locked_child(child.pk)
    if not Presence.objects.filter(session=session, child=child).exists():
        raise Denied(_("This child was not at this session."))
    subject = sealing.seal_new({TEXT: text.strip()[:LONGEST]}, purpose="an incident at a club")
    row = Incident.objects.create(session=session, child=child, subject=subject)
    tell(session.club, "club.incident_noted", by=by, facts={"child": str(child.pk)})
    return row


@transaction.atomic
def incident(row: Incident, *, by: Actor, reason: str = "") -> str:
    """What happened: for the guardian, and with a reason for the host and the auditor. Denied."""
    policies.check_reads_incident(by, row.child, row.session.club, reason)
    own = by.user is not None and row.child.guardian_id == by.user.pk
    why = because(gettext_lazy("the guardian looks at their own page")) if own else reason
    return sealing.reveal(row.subject, TEXT, by=by, reason=why)
