"""Who may do what at a club. The button on a page asks the same rule as the action behind it."""

from django.utils.translation import gettext as _

from linli.clubs.models import Child, Club
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import Organisation
from linli.people.policies import Denied
from linli.playbook.club import ClubKind


def rule_of(club: Club) -> ClubKind:
    """Its kind. Raises Denied where the playbook has no such clubs any more."""
    if club.rule is None:
        raise Denied(_("The playbook has no clubs of this kind any more."))
    return club.rule


def is_host(actor: Actor, club: Club) -> bool:
    """Whether the actor works for the body that runs it: no office above sees its children."""
    own: Organisation | None = actor.organisation
    return own is not None and own.pk == club.facility.organisation_id


def is_helper(actor: Actor, club: Club) -> bool:
    """Whether the actor is one of its adults, with a check that still holds."""
    if actor.user is None:
        return False
    rows = club.helpers.filter(user=actor.user, ended_on=None).select_related("club")
    return any(row.is_ready for row in rows)


def check_keeps(actor: Actor, club: Club, child: Child | None = None) -> None:
    """The host's desk; for one's own child somebody else decides. Raises Denied."""
    own = child is not None and actor.user is not None and child.guardian_id == actor.user.pk
    actor.check("club.keep", in_scope=is_host(actor, club), conflict=own)


def check_door(actor: Actor, club: Club) -> None:
    """Who stands at the door: the host's people and the club's adults. Raises Denied."""
    host = is_host(actor, club)
    actor.check("club.door", assigned=not host and is_helper(actor, club), in_scope=host)


def check_own(actor: Actor, child: Child) -> None:
    """The guardian alone. Raises Denied."""
    own = actor.user is not None and child.guardian_id == actor.user.pk
    actor.check("club.own", own=own)


def check_reads_incident(actor: Actor, child: Child, club: Club, reason: str) -> None:
    """The guardian, or the host and the auditor with a reason of their own. Raises Denied."""
    if actor.user is not None and child.guardian_id == actor.user.pk:
        check_own(actor, child)
        return
    auditor = actor.role == "AUD"
    actor.check("club.incident", in_scope=auditor or is_host(actor, club), reason=reason)


def check_running(club: Club) -> None:
    """Raise Denied if it takes nobody any more."""
    if club.valid_to is not None and club.valid_to <= clock.today():
        raise Denied(_("This club has ended."))
