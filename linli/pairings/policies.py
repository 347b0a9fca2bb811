"""Who may do what with a tie. The button on a page asks the same rule as the action behind it."""

from django.utils.translation import gettext as _

from linli import playbook
from linli.pairings.models import Listing, Match, Party, Tie
from linli.people.actors import Actor
from linli.people.models import Organisation
from linli.people.policies import Denied, allowed
from linli.playbook.pairing import Pairing


def serves(actor: Actor, path: str) -> bool:
    """Whether the actor's office serves the ground on which this lies."""
    own = actor.organisation
    if own is None:
        return False
    office = playbook.current().county.organisation(own.kind).territorial
    return office and bool(actor.place_path) and path.startswith(actor.place_path)


def check_arranges(actor: Actor, rule: Pairing, path: str) -> None:
    """Who brings two together: an office that the playbook names, on its own ground."""
    own = actor.organisation
    if own is None or own.kind not in rule.keeper:
        raise Denied(_("Ties of this kind are arranged by another office."))
    actor.check("pairing.keep", in_scope=serves(actor, path))


def check_keeps(actor: Actor, tie: Tie) -> None:
    """Who looks after a tie: the office that arranged it, or one above on that ground."""
    own = actor.organisation
    mine = own is not None and own.pk == tie.organisation_id
    actor.check("pairing.keep", in_scope=mine or serves(actor, tie.place_path))


def keeps(actor: Actor, tie: Tie) -> bool:
    """Whether `check_keeps` would pass."""
    return allowed(check_keeps, actor, tie)


def stands_for(actor: Actor, party: Party) -> bool:
    """Whether the actor can speak for this side: the person, the body, the office of the place."""
    if party.user_id is not None:
        return actor.user is not None and actor.user.pk == party.user_id
    own = actor.organisation
    if own is None or not actor.is_staff:
        return False
    if party.body is not None:
        return own.pk == party.body_id or _office_of(actor, party.body)
    return party.place is not None and serves(actor, party.place.path)


def _office_of(actor: Actor, body: Organisation) -> bool:
    """A village's or community's own branch is spoken for by the office at the same place."""
    own = actor.organisation
    return own is not None and own.place_id == body.place_id and serves(actor, body.place.path)


def check_party(actor: Actor, tie: Tie) -> Party:
    """The side for which the actor speaks. Raises Denied."""
    for party in tie.parties.select_related("body__place", "place", "user").order_by("side"):
        if stands_for(actor, party):
            actor.check("pairing.own", own=True)
            return party
    raise Denied(_("You are no side of this."))


def check_sees(actor: Actor, tie: Tie) -> None:
    """Its two sides and the office that keeps it; nobody else."""
    if not keeps(actor, tie) and not allowed(check_party, actor, tie):
        raise Denied(_("You are no side of this."))


def check_lists(actor: Actor, body: Organisation) -> None:
    """Who writes a body's line on the lists, and says yes for it."""
    own = actor.organisation
    mine = own is not None and own.pk == body.pk and actor.is_staff
    actor.check("pairing.list", assigned=mine, in_scope=mine)


def side_of_match(actor: Actor, match: Match) -> str:
    """ "need" or "offer": for which of the two the actor speaks; "" for neither."""
    for name, row in (("need", match.need), ("offer", match.offer)):
        if allowed(check_lists, actor, row.organisation):
            return name
    return ""


def can_take_back(actor: Actor, row: Listing) -> bool:
    """Whether the line is the actor's body's, and still open."""
    return row.state == Listing.State.OPEN and allowed(check_lists, actor, row.organisation)
