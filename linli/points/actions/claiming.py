"""Claims: evidence that a rule wants looked at by a second person before it counts."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from linli import playbook
from linli.journal.models import Entry
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.points.actions.core import post
from linli.points.models import Claim
from linli.points.policies import check_counts


@transaction.atomic
def agree(claims: Sequence[Claim], *, by: Actor) -> int:
    """Have these claims counted, all or none; how many of them gave points. Raises Denied."""
    return sum(_agree(claim, by) for claim in claims)


@transaction.atomic
def decline(claim: Claim, reason: str, *, by: Actor) -> None:
    """It does not count, and the person reads why. Raises Denied."""
    words = reason.strip()
    if not words:
        raise Denied(_("Write down why; the person concerned reads it."))
    check_counts(by, claim.card, claim.place)
    _decide(claim, Claim.State.DECLINED, by, words[:300])


def _agree(claim: Claim, by: Actor) -> int:
    check_counts(by, claim.card, claim.place)
    _decide(claim, Claim.State.AGREED, by)
    rule = playbook.current().awards.get(claim.rule)
    if rule is None:
        raise Denied(_("The rule is not in force any more."))
    entry = Entry.objects.get(seq=claim.evidence)
    return int(post(claim.card, rule, entry, by=entry.actor, second=by.id) is not None)


def _decide(claim: Claim, state: str, by: Actor, reason: str = "") -> None:
    rows = Claim.objects.filter(pk=claim.pk, state=Claim.State.WAITING)
    values = {"state": state, "decided_by": by.id, "decided_at": clock.now(), "reason": reason}
    if not rows.update(**values):
        raise Denied(_("Someone else has just changed this. Look at it again before you go on."))
    record("points.claim_decided", on=claim, by=by, place=claim.place,
           facts={"rule": claim.rule, "evidence": claim.evidence, "as": state})  # fmt: skip
