"""What time does by itself: silence closes, lateness is said, claims lapse. Run by the worker."""

from uuid import UUID

from django.db import transaction

from linli.cases import routing
from linli.cases.actions.asker import settle
from linli.cases.actions.core import locked, tell
from linli.cases.actions.handle import _when
from linli.cases.actions.steps import release
from linli.cases.models import Case, Claim, State
from linli.cases.models.case import WORKING
from linli.lib import clock
from linli.people.actors import SYSTEM
from linli.people.policies import Denied

BATCH = 500


def close_silent() -> int:
    """Answered cases whose asker had their time: confirmed by one "solved", else silent."""
    due = Case.objects.filter(state=State.ANSWERED, due_at__lt=clock.now()).order_by("due_at")
    return sum(_settle(pk) for pk in due.values_list("pk", flat=True)[:BATCH])


def _settle(pk: UUID) -> bool:
    try:
        with transaction.atomic():
            case = locked(
                pk
            )  # an asker who speaks in this moment is heard first, or comes too late
            over = case.due_at is not None and case.due_at < clock.now()
            if case.state != State.ANSWERED or not over:
                return False  # since we looked it was reopened, perhaps even answered anew
            settle(case, by=SYSTEM, over=True)
    except Denied:
        return False
    return True


def note_late() -> int:
    """Say once of each case that its answer is overdue; letters follow from the journal."""
    late = Case.objects.late(clock.now()).filter(late_noted_at=None).order_by("due_at")
    return sum(
        _note(case) for case in late.select_related("owner__place", "place", "about")[:BATCH]
    )


@transaction.atomic
def _note(case: Case) -> bool:
    mine = Case.objects.filter(pk=case.pk, late_noted_at=None, state__in=WORKING)
    if not mine.update(late_noted_at=clock.now()):
        return False
    due = case.due_at.isoformat() if case.due_at else ""
    above = routing.above(case)  # they are told, and the line says who: see notices.py
    facts = {"due": due} | ({"above": above.pk} if above else {})
    tell(case, "case.late", by=SYSTEM, facts=facts, when=_when())
    return True


def lapse_claims() -> int:
    """Claims whose time is up fall back to the list."""
    over = Claim.objects.filter(ended_at=None, expires_at__lt=clock.now()).select_related(
        "case__owner"
    )
    count = 0
    for row in over[:BATCH]:
        try:
            release(row, by=SYSTEM, lapsed=True)
            count += 1
        except Denied:
            continue  # given back or fulfilled in this very moment
    return count
