"""Opening what was said in a step against somebody: by the office with a reason, or by themselves."""

from django.db import transaction
from django.utils.translation import gettext as _

from linli.members.models import Proceeding
from linli.members.models.proceeding import ANSWER, APPEAL, EVIDENCE, REPLY, WHY
from linli.members.policies import check_own, check_reads_names
from linli.people.actors import Actor
from linli.vault import sealing


def _names() -> dict[str, str]:
    return {
        EVIDENCE: _("The evidence"), REPLY: _("Their reply"), WHY: _("Why it was decided so"),
        APPEAL: _("Their appeal"), ANSWER: _("Why the appeal was decided so"),
    }  # fmt: skip


@transaction.atomic
def said(row: Proceeding, *, by: Actor, reason: str) -> list[tuple[str, str]]:
    """What was said so far, in its order; each reading is logged for the person. Raises Denied."""
    check_reads_names(by, row.member.organisation, reason)
    return _opened(row, by, reason)


@transaction.atomic
def own(row: Proceeding, *, by: Actor) -> list[tuple[str, str]]:
    """The same for the person it is about."""
    check_own(by, row.member)
    if row.lapsed_at is not None:
        return []
    return _opened(row, by, _("the person reads their own file"))


def _opened(row: Proceeding, by: Actor, reason: str) -> list[tuple[str, str]]:
    there = set(sealing.kinds_of(row.subject))
    return [
        (name, sealing.reveal(row.subject, kind, by=by, reason=reason))
        for kind, name in _names().items()
        if kind in there
    ]
