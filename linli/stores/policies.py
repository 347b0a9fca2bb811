"""Who may write in the ledger of a station, and who may be the second."""

from linli.facilities.models import Facility
from linli.facilities.policies import in_scope
from linli.people.actors import Actor
from linli.people.policies import allowed


def runs(actor: Actor, facility: Facility) -> bool:
    """Whether it is the station of the actor's own body."""
    return actor.organisation is not None and actor.organisation.pk == facility.organisation_id


def check_keeps(actor: Actor, facility: Facility) -> None:
    """Raise Denied unless the actor's body runs this station."""
    actor.check("store.keep", in_scope=runs(actor, facility))


def check_second(actor: Actor, facility: Facility) -> None:
    """Raise Denied unless it is the actor's own station, or one on the ground their office serves."""
    actor.check("store.second", in_scope=in_scope(actor, facility))


def check_reads_giver(actor: Actor, facility: Facility, reason: str) -> None:
    """Raise Denied, or NeedsReason without a reason, unless the actor may read who gave."""
    actor.check("store.giver", in_scope=in_scope(actor, facility), reason=reason)


def sees_desk(actor: Actor, facility: Facility) -> bool:
    """Whether the actor has something to do at the desk of this station."""
    return allowed(check_keeps, actor, facility) or allowed(check_second, actor, facility)
