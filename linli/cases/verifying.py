"""What waits for somebody to go and see whether it is really done: the list of those who look."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from linli import playbook
from linli.cases.desk import is_office
from linli.cases.models import Case, State, StepDone, Visibility
from linli.cases.models.case import CaseQuerySet
from linli.cases.policies import VERIFIER
from linli.cases.steps import standings
from linli.people.actors import Actor
from linli.places.models import path_range
from linli.playbook.case import Step

MOST = 60


def listed(actor: Actor) -> list[Case]:
    """The first of what this person may go and verify, what is due first first; three statements.

    Not what they did themselves: it takes a second pair of eyes.
    """
    if actor.organisation is None or actor.user is None or not _ready():
        return []
    rows = _around(actor).filter(_ready()).exclude(handler=actor.user)
    rows = rows.with_names().select_related("handler").prefetch_related("steps", "claims")
    return [case for case in rows.order_by("due_at", "pk")[:MOST] if _mine(case, actor)]


def due(case: Case) -> datetime | None:
    """By when somebody should have looked; None if the playbook sets no time."""
    rows = [row for row in standings(case) if row.ready and row.step.by == VERIFIER]
    return rows[0].due if rows else None


def _around(actor: Actor) -> CaseQuerySet:
    """Open cases of this person's unit, or in the place whose office it is."""
    unit = actor.organisation
    assert unit is not None
    ours = Q(owner=unit) | Q(first_owner=unit) | Q(sender=unit)
    if is_office(unit) and actor.place_path:
        ours |= path_range(actor.place_path, "place_path")
    rows = Case.objects.open().filter(ours).exclude(visibility=Visibility.SEALED)
    return rows.exclude(about=unit)


def _ready() -> Q:
    """Cases whose step of looking can be done now, as far as the database can tell."""
    found = Q()
    for kind in playbook.current().kinds.values():
        for step in kind.steps:
            if step.by == VERIFIER:
                found |= Q(kind=kind.id) & _stands(step, {s.id for s in kind.steps if s.when})
    return found


def _stands(step: Step, conditional: set[str]) -> Q:
    def done(name: str) -> Exists:
        return Exists(StepDone.objects.filter(case=OuterRef("pk"), step=name))

    which = ~Q(done(step.id))
    for need in step.needs:
        if need not in conditional:  # whether that one applies is read from the rows below
            which &= Q(done(need))
    return which & Q(state=State.ANSWERED) if step.after else which


def _mine(case: Case, actor: Actor) -> bool:
    by = {row.step: row.by for row in case.steps.all()}
    for row in standings(case):
        if row.ready and row.step.by == VERIFIER:
            before = {by.get(need) for need in row.step.needs}
            return not (row.step.second_person and actor.id in before)
    return False
