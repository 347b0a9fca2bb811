"""The same thing said twice: a neighbour joins, or two cases become one. Nobody loses a number."""

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.cases.actions.core import tell, win
from linli.cases.actions.handle import _when
from linli.cases.actions.receive import (
    Draft,
    Receipt,
    add_asker,
    add_photos,
    moment_of,
    receipt_word,
    replay,
)
from linli.cases.models import Asker, Case, State, Words
from linli.cases.models.case import WORKING
from linli.cases.policies import check_can_join, check_can_merge
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied


def join(case: Case, draft: Draft, *, by: Actor) -> Receipt:
    """Add an asker to a case that is already being worked on; same receipt for a resend."""
    known = replay(draft)
    if known:
        return known
    check_can_join(case)
    try:
        with transaction.atomic():
            asker = add_asker(case, draft, case.rule, first=False, at=moment_of(draft, case.rule))
            add_photos(case, draft)
            _count_in(case)
            tell(case, "case.joined", by=by, facts={"asker": str(asker.pk)}, when=_when(),
                 words=draft.text.strip(), purpose=Words.Purpose.MESSAGE,
                 coarse=asker.anonymity == Asker.Anonymity.NOTHING)  # fmt: skip
    except IntegrityError:
        known = replay(draft)
        if known is None:
            raise
        return known
    return Receipt(asker, case, receipt_word(draft.client_id))


def _count_in(case: Case) -> None:
    """One more asker, whatever its unit does with the case in this moment.

    The state alone is the guard, and the revision stays: a neighbour takes nothing away from the
    handler who acts at the same time, nor the handler from the neighbour. Raises Denied if the
    case was answered or closed meanwhile: its askers have been asked without this one.
    """
    rows = Case.objects.filter(pk=case.pk, state__in=WORKING)
    counted = rows.update(askers_count=F("askers_count") + 1)
    case.refresh_from_db()
    if not counted:
        check_can_join(case)


@transaction.atomic
def merge(case: Case, into: Case, *, by: Actor) -> None:
    """Two cases are the same thing: `case` ends in `into`; its askers keep their numbers there."""
    check_can_merge(case, by)
    check_can_merge(into, by)
    if case.pk == into.pk:
        raise Denied(_("A matter cannot be joined to itself."))
    if case.kind != into.kind or case.is_sealed or into.is_sealed:
        raise Denied(_("Only two open matters of the same kind can become one."))
    _hold(case, into)
    win(
        case,
        states=tuple(WORKING),
        state=State.MERGED,
        merged_into=into,
        closed_at=clock.now(),
        due_at=None,
        accept_due_at=None,
        askers_count=0,
    )
    # After the case has ended: whoever joined it until then is among them, and nobody joins now.
    moved = Asker.objects.filter(case=case).update(case=into, is_first=False)
    win(into, states=tuple(WORKING), askers_count=F("askers_count") + moved)
    tell(case, "case.merged", by=by, facts={"into": str(into.pk)}, when=_when())
    tell(into, "case.took_in", by=by, facts={"from": str(case.pk), "askers": moved}, when=_when())


def _hold(*cases: Case) -> None:
    """Take both rows in one order: two mergers the other way round wait instead of deadlocking."""
    rows = Case.objects.select_for_update(no_key=True).filter(pk__in=[case.pk for case in cases])
    list(rows.order_by("pk").values_list("pk"))
