"""Where a case stands in the special steps of its kind."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linli.cases.models import Case, Claim, State, StepDone
from linli.lib import clock, workdays
from linli.playbook.case import Step


@dataclass(frozen=True)
class Standing:
    """One step as the page shows it: done, ready to be done, or waiting for others."""

    step: Step
    done: StepDone | None
    ready: bool
    due: datetime | None
    claim: Claim | None


def done_of(case: Case) -> dict[str, Mapping[str, Any]]:
    """The values of the steps done so far, by step id: what the playbook's rules ask for."""
    return {row.step: row.data for row in case.steps.all()}


def standings(case: Case) -> list[Standing]:
    """Every step that applies to this case, in the order of the file."""
    rule = case.rule
    if not rule.steps:
        return []
    rows = {row.step: row for row in case.steps.all()}
    done = {step: row.data for step, row in rows.items()}
    answered = case.state in {State.ANSWERED, State.CONFIRMED, State.SILENT}
    able = rule.ready(done, answered=answered, on=clock.today()) if case.is_open else []
    ready = {step.id for step in able}
    claims = case.claims.all() if any(step.claim for step in rule.steps) else ()
    live = next((claim for claim in claims if claim.ended_at is None), None)
    return [
        Standing(
            step,
            rows.get(step.id),
            step.id in ready,
            _due(case, step, rows) if step.id in ready else None,
            live if live and live.step == step.id else None,
        )
        for step in rule.steps
        if step.id in rows or step.applies(done)
    ]


def waits_for(case: Case, who: str) -> bool:
    """Whether a step that the playbook gives to `who` can be done now; no query where none is."""
    if not any(step.by == who for step in case.rule.steps):
        return False
    return any(row.ready and row.step.by == who for row in standings(case))


def _due(case: Case, step: Step, rows: Mapping[str, StepDone]) -> datetime | None:
    """Counted from the moment that the step's clock names; "ready" is the last of its needs."""
    if step.within is None:
        return None
    start = {
        "received": case.received_at,
        "accepted": case.accepted_at or case.received_at,
        "answered": case.answered_at or case.received_at,
        "ready": _ready_at(case, step, rows),
    }[step.within.from_]
    return workdays.add(start, step.within.within)


def _ready_at(case: Case, step: Step, rows: Mapping[str, StepDone]) -> datetime:
    moments = [case.received_at, *(rows[need].at for need in step.needs if need in rows)]
    if step.after == "answer" and case.answered_at:
        moments.append(case.answered_at)
    return max(moments)
