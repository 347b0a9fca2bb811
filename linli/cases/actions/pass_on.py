"""Not ours: refuse, send on, and what happens when two units have said no."""

from django.db import transaction
from django.utils.translation import gettext as _

from linli.cases import routing
from linli.cases.actions.core import fit_for_the_public, said, tell, win
from linli.cases.actions.handle import _when
from linli.cases.models import Case, Refusal, State
from linli.cases.models.case import WORKING
from linli.cases.policies import check_can_refuse, check_can_transfer
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import Organisation, Post
from linli.people.policies import Denied

REFUSALS_UNTIL_BACKSTOP = 2


@transaction.atomic
def refuse(
    case: Case, reason: str, *, by: Actor, suggested: Organisation | None = None
) -> Organisation:
    """ "Not ours": back to who sent it; the second time the backstop of the next level owns it.

    Every refusal is a line of the public ledger with its reason. Returns the new owner.
    """
    check_can_refuse(case, by)
    clean = fit_for_the_public(said(reason, _("why it is not yours")))
    ordinal = case.refusals + 1
    last = ordinal >= REFUSALS_UNTIL_BACKSTOP
    refuser = case.owner
    target = _after_refusal(case, last)
    if suggested == refuser:
        suggested = None
    win(
        case,
        states=tuple(WORKING),
        state=State.ROUTED,
        owner=target,
        owner_post=None,
        sender=refuser if last else None,
        handler=None,
        refusals=ordinal,
        backstopped=last,
    )
    facts = {"by": refuser.pk, "to": target.pk, "ordinal": ordinal, "backstop": last,
             "suggested": suggested.pk if suggested else None}  # fmt: skip
    entry = tell(case, "case.refused", by=by, facts=facts, words=clean, public=True, when=_when())
    Refusal.objects.create(
        case=case, entry=entry.seq, by=refuser, sent_to=target, suggested=suggested,
        reason=clean, ordinal=ordinal, at=clock.now(),
    )  # fmt: skip
    return target


def _after_refusal(case: Case, last: bool) -> Organisation:
    avoid = [case.about] if case.about else []
    if not last:
        if case.sender_id and case.sender and case.sender_id not in {case.owner_id, case.about_id}:
            return case.sender
        if case.first_owner_id not in {case.owner_id, case.about_id}:
            return case.first_owner
    return routing.backstop(
        case.rule, case.owner, case.place, avoid=[*avoid, case.owner]
    ).organisation


@transaction.atomic
def transfer(
    case: Case, to: Organisation, reason: str, *, by: Actor, post: Post | None = None
) -> None:
    """Send it to another unit, with the reason; the promised day stays as it was."""
    check_can_transfer(case, by)
    clean = fit_for_the_public(said(reason, _("why it goes there")))
    if to.pk == case.owner_id:
        raise Denied(_("%(unit)s has it already.") % {"unit": to.name})
    if to.pk == case.about_id:
        raise Denied(_("A matter about a unit is never given to that unit."))
    if case.is_sealed and not _has_reader(to, case):
        raise Denied(_("A sealed matter can only go where one of its readers sits."))
    before = case.owner
    win(
        case,
        states=tuple(WORKING),
        state=State.ROUTED,
        owner=to,
        owner_post=post,
        sender=before,
        handler=None,
        backstopped=False,
    )
    # Somebody else than its unit took it away: then that unit is told (notices.py).
    taken = by.organisation is None or by.organisation.pk != before.pk
    facts = {"from": before.pk, "to": to.pk, "taken": taken}
    tell(case, "case.transferred", by=by, facts=facts, words=clean, public=True, when=_when())


def _has_reader(unit: Organisation, case: Case) -> bool:
    posts = Post.objects.in_force(clock.today()).filter(organisation=unit)
    return posts.filter(kind__in=case.rule.sealed_readers).exists()
