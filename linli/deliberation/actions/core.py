"""What every verb does: take the row, write the line, go from stage to stage."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from linli.deliberation.models import Motion, State, Step
from linli.deliberation.models.motion import LIVE
from linli.journal.models import Entry
from linli.journal.record import record
from linli.lib import clock, workdays
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.playbook.procedure import Stage
from linli.web.language import lang


def raced() -> Denied:
    """The sentence for whoever was second."""
    return Denied(_("Someone else has just changed this. Look at it again before you go on."))


def tell(
    motion: Motion, verb: str, *, by: Actor | str, facts: dict[str, Any] | None = None
) -> Entry:
    """Write one line about the motion: never a name, never words, never a vote."""
    return record(
        verb,
        on=motion,
        by=by,
        place=motion.place_path,
        org=str(motion.organisation_id),
        method=motion.rule.method_id or motion.procedure,
        facts={"procedure": motion.procedure, "stage": motion.stage, **(facts or {})},
    )


def open_step(motion: Motion, does: str) -> Step:
    """The open step, if its stage does this. Raises Denied."""
    step = motion.step
    if not motion.is_live or step is None or step.rule.does != does:
        raise Denied(
            _("That cannot be done now: the motion stands at “%(stage)s”.")
            % {"stage": motion.at.name.text(lang())}
        )
    step.motion = motion
    return step


def enter(motion: Motion, stage: Stage) -> Step:
    """Open a step for this stage; gone through again it is the next round."""
    now = clock.now()
    due = workdays.add(now, stage.within) if stage.within else None
    done = motion.steps.filter(stage=stage.id).count()
    step = Step.objects.create(
        motion=motion, stage=stage.id, round=done + 1, opened_at=now, due_at=due
    )
    Motion.objects.filter(pk=motion.pk).update(stage=stage.id, due_at=due)
    motion.stage, motion.due_at = stage.id, due
    return step


def leave(step: Step, outcome: str, *, by: Actor) -> None:
    """Close a step with its outcome; Denied if somebody else has."""
    now = clock.now()
    rows = Step.objects.filter(pk=step.pk, closed_at=None)
    if not rows.update(closed_at=now, outcome=outcome):
        raise raced()
    step.closed_at, step.outcome = now, outcome
    tell(step.motion, "motion.stage_closed", by=by, facts={"round": step.round, "as": outcome})


def go_on(motion: Motion, after: str, *, by: Actor) -> None:
    """Open the stage behind this one, or end the motion as carried out."""
    stages = motion.rule.stages
    position = [stage.id for stage in stages].index(after) + 1
    if position == len(stages):
        end(motion, State.DONE, by=by)
        return
    enter(motion, stages[position])
    tell(motion, "motion.stage_opened", by=by)


def go_back(motion: Motion, to: str, *, by: Actor) -> None:
    """Open a stage again."""
    enter(motion, motion.rule.stage(to))
    tell(motion, "motion.stage_opened", by=by, facts={"again": True})


def end(motion: Motion, state: str, *, by: Actor, reason: str = "") -> None:
    """The motion is over, with the reason that everybody reads."""
    now: datetime = clock.now()
    rows = Motion.objects.filter(pk=motion.pk, state__in=LIVE)
    if not rows.update(state=state, ended_at=now, reason=reason, due_at=None):
        raise raced()
    motion.state, motion.ended_at, motion.reason = state, now, reason
    tell(motion, "motion.ended", by=by, facts={"as": str(state)})
