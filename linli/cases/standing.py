"""Where a case stands, in words for its unit: what is due, what comes next, what blocks it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _
from markupsafe import Markup

from linli.cases.models import Case, State
from linli.cases.models.case import WORKING
from linli.cases.steps import Standing, done_of
from linli.lib import clock
from linli.playbook.case import Step
from linli.web import dates
from linli.web.language import lang, said

if TYPE_CHECKING:
    from linli.cases.timeline import Moment


@dataclass(frozen=True)
class Stand:
    """Now, due, next: the three boxes at the top of the page."""

    here: str
    due: str
    next: str
    late: bool


def stand(case: Case) -> Stand:
    """The three things every page about a case says first."""
    unit = case.owner.name_for(lang())
    here = _("%(state)s, with %(unit)s") % {"state": State(case.state).label, "unit": unit}
    return Stand(here, _due(case), _next(case), case.is_late)


def _due(case: Case) -> str:
    if case.state in WORKING and case.due_at:
        day = dates.day(case.due_at)
        words = dates.due(case.due_at)
        return words if day in words else f"{words} ({day})"
    if case.state == State.ANSWERED and case.due_at:
        return _("the asker has until %(day)s") % {"day": dates.day(case.due_at)}
    return _("nothing more")


def _next(case: Case) -> str:
    if case.state == State.ROUTED:
        if case.accept_due_at is None:
            return _("Take it on, or say whose it is")
        day = {"day": dates.day(case.accept_due_at)}
        if case.accept_due_at < clock.now():
            return _("Take it on: that was due on %(day)s") % day
        return _("Take it on by %(day)s, or say whose it is") % day
    if case.state == State.ACCEPTED:
        return _("Do it, and answer the asker")
    if case.state == State.ANSWERED:
        return _("The asker says whether it is solved")
    return _("It is closed")


def missing(case: Case, stage: Literal["accept", "answer", "close"]) -> list[Step]:
    """The special steps that must come before it can be accepted, answered or closed."""
    if not case.rule.steps:
        return []
    return case.rule.missing(stage, done_of(case))


def blocks(case: Case, steps: Sequence[Standing], moments: Sequence["Moment"]) -> list[str]:
    """Everything that stands in the way or came back, each as a sentence."""
    if not case.is_open:
        return []
    found: list[str] = []
    if case.state in WORKING:
        found += _came_back(case, moments)
        found += _steps_first(case, steps)
    elif case.state == State.ANSWERED:
        found += [
            _("Before it can be closed: %(step)s") % {"step": step.name.text(lang())}
            for step in missing(case, "close")
        ]
    return found


def _came_back(case: Case, moments: Sequence["Moment"]) -> Iterable[str]:
    if case.refusals:
        refused = [moment for moment in moments if moment.verb == "case.refused"]
        for moment in refused[-1:]:
            parts = {"reason": moment.title, "words": said(moment.words)}
            yield Markup(_("%(reason)s: %(words)s")) % parts if moment.words else moment.title
    if case.backstopped:
        yield _("Two units have said no. This one is the last and must deal with it.")
    if case.reopened:
        yield (
            _("The asker says it is not solved.")
            if case.reopened == 1
            else _("The asker has said %(n)s times that it is not solved.") % {"n": case.reopened}
        )


def _steps_first(case: Case, steps: Sequence[Standing]) -> Iterable[str]:
    ready = {row.step.id: row for row in steps if row.ready}
    stage: Literal["accept", "answer"] = "accept" if case.state == State.ROUTED else "answer"
    for step in missing(case, stage):
        row = ready.get(step.id)
        who = _waits_for(step)
        if row is None:
            continue  # it waits for another step, and that one is named
        due = f" ({dates.due(row.due)})" if row.due else ""
        yield _("First comes “%(step)s”: %(who)s%(due)s") % {
            "step": step.name.text(lang()), "who": who, "due": due,
        }  # fmt: skip


def _waits_for(step: Step) -> str:
    return {
        "handler": _("the unit does it"),
        "asker": _("the asker does it"),
        "volunteer": _("a volunteer takes it on"),
        "verifier": _("somebody else of the unit goes and looks"),
        "mediator": _("the mediator does it"),
    }.get(step.by, _("the post named for it does it"))
