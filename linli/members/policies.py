"""Who may do what with a roll. The button on a page asks the same rule as the action behind it."""

from contextlib import suppress

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli import playbook
from linli.members.models import Member, Move, Proceeding
from linli.people.actors import NOTHING, TOTALS, Actor
from linli.people.models import Organisation
from linli.people.policies import Denied, NeedsSecond, allowed


def in_scope(actor: Actor, body: Organisation) -> bool:
    """Whether it is the actor's own body, one under it, or one at a place that their office serves."""
    own = actor.organisation
    if own is None:
        return False
    if own.pk in (body.pk, body.parent_id):
        return True
    office = playbook.current().county.organisation(own.kind).territorial
    return office and bool(actor.place_path) and body.place.path.startswith(actor.place_path)


def bodies_of(actor: Actor) -> QuerySet[Organisation]:
    """The bodies with rolls that this person may look after."""
    own = actor.organisation
    if own is None:
        return Organisation.objects.none()
    kinds = {kind for rule in playbook.current().memberships.values() for kind in rule.bodies}
    near = Q(pk=own.pk) | Q(parent=own)
    if playbook.current().county.organisation(own.kind).territorial and actor.place_path:
        near |= Q(place__path__startswith=actor.place_path)
    return Organisation.objects.filter(near, kind__in=kinds)


def check_keeps(actor: Actor, body: Organisation) -> None:
    """Who notes papers and proposes steps there."""
    actor.check("membership.keep", in_scope=in_scope(actor, body))


def keeps(actor: Actor, body: Organisation) -> bool:
    """Whether `check_keeps` would pass."""
    return allowed(check_keeps, actor, body)


def check_reads_names(actor: Actor, body: Organisation, reason: str) -> None:
    """Names are opened with a typed reason, and each person sees who did and why."""
    if actor.level("membership.roll") in (TOTALS, NOTHING):
        raise Denied(_("In your present role you see totals only."))
    actor.check("membership.roll", in_scope=in_scope(actor, body), reason=reason)


def check_not_about(actor: Actor, member: Member) -> None:
    """Nobody decides about themselves."""
    if actor.user is not None and member.user_id == actor.user.pk:
        raise Denied(_("This is about yourself, so somebody else does it."))


def check_second(actor: Actor, member: Member, first: str, *, others: tuple[str, ...] = ()) -> None:
    """Who agrees to what another proposed: in the same area, another person, not about themselves."""
    check_not_about(actor, member)
    check_second_of(actor, member.organisation, first, *others)


def check_second_of(actor: Actor, body: Organisation, *first: str) -> None:
    """Who agrees to what concerns a body: in the same area, and none of those before."""
    with suppress(NeedsSecond):
        actor.check("membership.decide")
    if not in_scope(actor, body):
        raise Denied(_("In your present role you cannot do this."))
    if actor.id in first:
        raise NeedsSecond(_("The second person must be somebody else."))


def check_agrees(actor: Actor, move: Move) -> None:
    """Who agrees to a step; where the playbook says so, somebody of another body, above."""
    member = move.member
    check_second(actor, member, move.by)
    step = member.rule.step(move.step) if move.step else None
    if step is not None and step.above:
        check_above(actor, member)


def check_above(actor: Actor, member: Member) -> None:
    """The second person is of another body than the member's own."""
    if actor.organisation is None or actor.organisation.pk == member.organisation_id:
        raise NeedsSecond(_("This step is agreed to by somebody of the body above."))


def check_decides(actor: Actor, row: Proceeding) -> None:
    """Who decides about a step against somebody: not who opened it."""
    check_second(actor, row.member, row.opened_by)
    if row.member.rule.step(row.step).above:
        check_above(actor, row.member)


def check_decides_appeal(actor: Actor, row: Proceeding) -> None:
    """Who decides an appeal: a third person, of another body than the member's own."""
    check_second(actor, row.member, row.opened_by, others=(row.decided_by,))
    check_above(actor, row.member)


def check_own(actor: Actor, member: Member) -> None:
    """One's own file."""
    actor.check("membership.roll", own=actor.user is not None and member.user_id == actor.user.pk)
    if actor.user is None or member.user_id != actor.user.pk:
        raise Denied(_("In your present role you cannot do this."))
