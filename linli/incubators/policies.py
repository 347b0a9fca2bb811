"""Who may do what with tenants; the button asks the same rule as the action."""

from linli.facilities.policies import in_scope
from linli.incubators.models import Site, Tenancy
from linli.people.actors import Actor


def check_keeps(actor: Actor, site: Site) -> None:
    """Raise Denied unless the actor's office runs this house."""
    actor.check("incubator.keep", in_scope=in_scope(actor, site.facility))


def keeps(actor: Actor, site: Site) -> bool:
    """Whether `check_keeps` would pass."""
    return actor.may("incubator.keep", in_scope=in_scope(actor, site.facility))


def is_own(actor: Actor, tenancy: Tenancy) -> bool:
    """Whether the actor applied for it."""
    return actor.user is not None and tenancy.user_id == actor.user.pk
