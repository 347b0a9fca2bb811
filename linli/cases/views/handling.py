"""The handling page: one case as its unit sees it, with the forms this reader may use now."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from linli.cases import desk, grouping, reading, standing, timeline
from linli.cases.actions.steps import check_can_do, items_of
from linli.cases.forms import handle as forms
from linli.cases.models import Asker, Case
from linli.cases.models.case import WORKING
from linli.cases.policies import (
    check_can_accept,
    check_can_answer,
    check_can_decline,
    check_can_extend,
    check_can_merge,
    check_can_note,
    check_can_publish,
    check_can_refuse,
    check_can_transfer,
    may,
)
from linli.cases.steps import Standing, standings
from linli.cases.views import rows
from linli.files import photos
from linli.lib.text import mask
from linli.people.actors import Actor
from linli.people.policies import Denied, allowed
from linli.web.pages import page

# verb -> (the rule that draws its button, its form)
VERBS: dict[str, tuple[Callable[[Case, Actor], None], type[forms.VerbForm]]] = {
    "accept": (check_can_accept, forms.AcceptForm),
    "answer": (check_can_answer, forms.AnswerForm),
    "extend": (check_can_extend, forms.ExtendForm),
    "refuse": (check_can_refuse, forms.RefuseForm),
    "transfer": (check_can_transfer, forms.TransferForm),
    "decline": (check_can_decline, forms.DeclineForm),
    "merge": (check_can_merge, forms.MergeForm),
    "publish": (check_can_publish, forms.PublishForm),
    "note": (check_can_note, forms.NoteForm),
}
# The place with all it lies in, so that its whole name costs no query; without their outlines.
ABOVE = ["place" + "__parent" * level for level in range(5)]
NAMED = [ABOVE[-1], "owner", "first_owner", "sender", "about", "handler", "merged_into"]
DRAWN = [f"{name}__boundary" for name in ABOVE]
# verbs that a special step of the kind can stand in the way of
STAGES: dict[str, Literal["accept", "answer"]] = {"accept": "accept", "answer": "answer"}


@dataclass
class Attempt:
    """What somebody tried and why it did not go through; what they typed is in the form."""

    verb: str
    form: forms.VerbForm
    said: str = ""
    behind: int = 0  # how many times others acted meanwhile
    tone: str = "warn"

    @property
    def typed(self) -> str:
        """The words that were written, for when their form is no longer offered."""
        return str(self.form.data.get("words") or self.form.data.get("reason") or "")


@dataclass
class Opened:
    """What was opened with a reason, shown once on the answer to the request."""

    what: str
    asker: str = ""
    values: list[reading.Opened] = field(default_factory=list)


def case_or_404(request: HttpRequest, number: str) -> Case:
    """The case, if the reader's unit, post or place has to do with it; else it is not there."""
    case = Case.objects.select_related(*NAMED).defer(*DRAWN).filter(number=number).first()
    if case is None or not may("case.view_progress", request.actor, case):  # type: ignore[attr-defined]
        raise Http404
    if case.rule.steps:
        claims = ["claims"] if any(step.claim for step in case.rule.steps) else []
        prefetch_related_objects([case], "steps", *claims)
    return case


def draw(
    request: HttpRequest,
    case: Case,
    *,
    attempt: Attempt | None = None,
    opened: Opened | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page; `attempt` puts a form back as it was sent, with the sentence above it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    steps = standings(case) if case.rule.steps else []
    offered = _offers(case, actor, attempt)
    moments = timeline.story(case, timeline.UNIT)
    response = page(request, "cases/handle.html", {
        "case": case, "rule": case.rule, "attempt": attempt, "opened": opened,
        "stand": standing.stand(case), "blocks": standing.blocks(case, steps, moments),
        "words": reading.words_for(case, actor), "photos": _photos(case, actor, opened),
        "askers": _askers(case), "ties": reading.TIES,
        "may_reach": allowed(reading.check_can_reach, case, actor, reading.WITH_A_REASON),
        "reason_form": forms.ReasonForm(case=case),
        "forms": offered, "first": _first(offered), "steps": steps,
        "my_steps": _step_forms(case, actor, steps, attempt),
        "may_assign": case.state in WORKING and "note" in offered,
        "moments": moments, "meanwhile": _meanwhile(attempt, moments),
        "earlier": rows.earlier_rows(desk.earlier_here(case, actor), actor),
        "joint": grouping.of_case(case, actor),
        "next_key": desk.key_of(case) if case.state in WORKING else None,
    }, status=status)  # fmt: skip
    response.headers["Cache-Control"] = "no-store"
    return response


def _offers(case: Case, actor: Actor, attempt: Attempt | None) -> dict[str, forms.VerbForm]:
    """The form of every verb that the same rule as the action's allows."""
    offered: dict[str, forms.VerbForm] = {}
    for verb, (check, form) in VERBS.items():
        if not allowed(check, case, actor):
            continue
        if attempt and attempt.verb == verb:
            offered[verb] = attempt.form
        elif verb == "publish":
            if case.rule.public_text == "redacted":
                shown = case.public_text or mask(case.text)
                offered[verb] = form(case=case, initial={"words": shown})
        elif verb not in STAGES or not standing.missing(case, STAGES[verb]):
            offered[verb] = form(case=case)
    return offered


def _first(offered: dict[str, forms.VerbForm]) -> str:
    """The verb that lies open on the page: to take it on, else to answer."""
    return next((verb for verb in ("accept", "answer") if verb in offered), "")


def _step_forms(
    case: Case, actor: Actor, steps: list[Standing], attempt: Attempt | None
) -> list[tuple[Standing, forms.VerbForm]]:
    """The steps of the kind that this reader can do now, drawn from the playbook's fields."""
    found: list[tuple[Standing, forms.VerbForm]] = []
    for row in steps:
        if not allowed(check_can_do, case, row, actor):
            continue
        if attempt and attempt.verb == f"step {row.step.id}":
            found.append((row, attempt.form))
        else:
            found.append((row, step_form(case, row)))
    return found


def step_form(case: Case, row: Standing, data: Any = None) -> forms.StepForm:
    """The form of a step; things handed over in an earlier step are listed to be ticked back."""
    items = items_of(case, row.step.returns) if row.step.returns else []
    return forms.StepForm(data, case=case, step=row.step, items=items)


def _photos(case: Case, actor: Actor, opened: Opened | None) -> list[Any]:
    reason = reading.WITH_A_REASON if opened and opened.what == "words" else ""
    if not case.rule.keeps_copies or not reading.sees_photos(case, actor, reason=reason):
        return []
    return [photos.links(row.photo) for row in case.photos.select_related("photo")]


def _askers(case: Case) -> list[Asker]:
    return list(Asker.objects.filter(case=case).order_by("-is_first", "joined_at"))


def _meanwhile(attempt: Attempt | None, moments: list[timeline.Moment]) -> list[timeline.Moment]:
    """What others did since the page was drawn on which somebody was writing."""
    if attempt is None or attempt.behind < 1:
        return []
    acts = [moment for moment in moments if moment.verb not in {"case.noted", "case.late"}]
    return acts[-min(3, attempt.behind) :]


def stale(verb: str, form: forms.VerbForm) -> Attempt:
    """Somebody else was faster: say so, keep what was typed, let the second try pass."""
    said = _("While you were writing, somebody else acted on this matter. "
             "What you wrote is still here; look at it once more before you send it.")  # fmt: skip
    behind = form.case.revision - form.seen
    return Attempt(verb, form.brought_up_to_date(), said, behind=behind)


def other_case(request: HttpRequest, pk: Any) -> Case:
    """The second case of a merger; to those who may not see it, it is not there."""
    case = Case.objects.select_related("owner", "place").filter(pk=pk).first()
    if case is None or not may("case.view_progress", request.actor, case):  # type: ignore[attr-defined]
        raise Denied(_("No matter of yours has this number."))
    return case
