"""Who may plan whose time."""

from django.utils.translation import gettext as _

from linli.activities.planner.models import Plan
from linli.people.actors import Actor
from linli.people.models import Organisation
from linli.people.policies import Denied


def check_can_plan(organisation: Organisation | None, by: Actor) -> Organisation:
    """Only the body to which people offered their time plans it, nobody above it."""
    own = by.organisation
    if organisation is None or own is None or own.pk != organisation.pk:
        raise Denied(_("Only the unit to which people offered their time plans it."))
    by.check("rota.plan", in_scope=True)
    return organisation


def check_is_draft(plan: Plan) -> None:
    """The same sentence for every verb that comes too late."""
    if not plan.is_draft:
        raise Denied(
            _("That cannot be done now: this plan is “%(state)s”.")
            % {"state": plan.get_state_display()}
        )
