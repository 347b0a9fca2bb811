"""The body's side: what it carries, one motion with its next forms, the sign-in sheet."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.deliberation import money, reading, standing
from linli.deliberation.actions import rolls
from linli.deliberation.forms import carry
from linli.deliberation.models import Motion, Sitting, State
from linli.deliberation.policies import check_carries, roll_of
from linli.deliberation.views.acts import ACTS, Act
from linli.deliberation.views.public import motion_or_404
from linli.deliberation.words import base_name
from linli.files import photos
from linli.people.actors import Actor, actor_of
from linli.people.policies import Denied
from linli.playbook.procedure import Body
from linli.web.doors import door
from linli.web.pages import page


@require_GET
@door("matter.carry")
def today(request: HttpRequest) -> HttpResponse:
    """What my body carries, why each cannot go on, and what is overdue."""
    actor = actor_of(request)
    view = reading.desk_of(actor)
    rolls_ = [(base, base_name(base), size) for base, size in view.rolls]
    return page(request, "deliberation/desk.html", {"view": view, "rolls": rolls_,
                "unit": actor.organisation, "may_roll": actor.enters("roll.manage")})  # fmt: skip


@require_http_methods(["GET", "POST"])
@door("matter.carry")
def manage(request: HttpRequest, key: UUID) -> HttpResponse:
    """One motion from the body's side; each form is one act, named by `act`."""
    actor, motion = actor_of(request), motion_or_404(key)
    if not _does_a_task(motion, actor):
        check_carries(actor, motion)
    act = ACTS.get(request.POST.get("act", ""))
    bound: forms.Form | None = None
    if request.method == "POST" and act is not None:
        bound = act.form_of(motion, request)
        if bound is None or bound.is_valid():
            try:
                messages.success(request, act.run(motion, bound, request, actor))
                return redirect("desk-motion", key)
            except (Denied, photos.Refused) as denied:
                messages.error(request, str(denied))
        motion = motion_or_404(key)
    return page(request, "deliberation/manage.html", _manage(motion, actor, act, bound),
                status=422 if bound is not None and bound.errors else 200)  # fmt: skip


def _does_a_task(motion: Motion, actor: Actor) -> bool:
    unit = actor.organisation
    return unit is not None and motion.tasks.filter(doer=unit).exists()


def _manage(
    motion: Motion, actor: Actor, act: Act | None, bound: forms.Form | None
) -> dict[str, Any]:
    view = reading.page_of(motion, actor)
    step = view.step
    does = step.rule.does if step and motion.is_live else ""
    sitting = Sitting.objects.filter(step=step).first() if step else None
    what = (step.rule.publishes or "draft") if step and does == "publish" else "call"
    fresh: dict[str, forms.Form] = {}
    for name in _open_acts(motion, does, sitting):
        form = bound if act is not None and act.name == name else ACTS[name].fresh(motion)
        if form is not None:
            fresh[name] = form
    return {
        "view": view, "motion": motion, "does": does, "sitting": sitting, "forms": fresh,
        "notice": standing.notice_of(step, what) if step else None, "said_money": money.said,
        "answer_forms": bound if act is not None and act.name == "answer" else None,
        "unanswered": [row for row in view.objections if not row.outcome],
        "task_form": carry.DoneForm(), "me": actor.id,
        "mine_counted": sitting is not None and sitting.sheets.filter(by=actor.id).exists(),
        "counted": sitting.sheets.count() if sitting else 0,
        "unminuted": next((row["row"] for row in view.sittings
                           if row["row"].state == "closed" and not row["row"].minutes), None),
        "judges": does == "rate" and not view.ratings["opinions"],
    }  # fmt: skip


def _open_acts(motion: Motion, does: str, sitting: Sitting | None) -> list[str]:
    """Which forms the page shows now."""
    if does == "meet":
        if sitting is None:
            return ["call"]
        if sitting.state == Sitting.State.CALLED:
            return ["prove"]
        return ["presence", "aside", "hands"] if not sitting.ballot else ["presence"]
    found = {
        "propose": ["decline"], "draft": ["draft"], "publish": ["publish", "prove", "paper"],
        "rate": ["opinion"],
    }.get(does, [])  # fmt: skip
    if motion.state == State.DOING:
        found = [*found, "task"]
    return [*found, "minutes"]


@require_http_methods(["GET", "POST"])
@door("roll.list")
def sheet(request: HttpRequest, key: UUID) -> HttpResponse:
    """The sign-in and tally sheet, with numbers; names only with a typed reason."""
    actor, motion = actor_of(request), motion_or_404(key)
    check_carries(actor, motion)
    step = motion.step
    sitting = Sitting.objects.filter(step=step).first() if step else None
    if step is not None and sitting is not None:
        step.motion, sitting.step = motion, step
    body = _sits(motion, sitting)
    names: dict[int, str] = {}
    if request.method == "POST":
        try:
            names = _names(motion, sitting, body, actor, request.POST.get("reason", ""))
        except Denied as denied:
            messages.error(request, str(denied))
    return page(request, "deliberation/sheet.html", {
        "motion": motion, "sitting": sitting, "rows": _rows(motion, sitting, body), "names": names,
    })  # fmt: skip


def _sits(motion: Motion, sitting: Sitting | None) -> Body:
    """The body that sits now, or the first that can in the meeting to come."""
    if sitting is not None:
        return sitting.bodies[0]
    coming = standing.next_stage(motion)
    for stage in (motion.at, coming):
        if stage is not None and stage.bodies:
            return stage.bodies[0]
    raise Http404


def _rows(motion: Motion, sitting: Sitting | None, body: Body) -> list[tuple[int, str]]:
    if sitting is not None and sitting.state != Sitting.State.CALLED:
        return list(sitting.slips.order_by("number").values_list("number", "group"))
    roll = roll_of(motion.organisation, body.base)
    return list(roll.members().order_by("number").values_list("number", "group")) if roll else []


def _names(
    motion: Motion, sitting: Sitting | None, body: Body, actor: Actor, reason: str
) -> dict[int, str]:
    if sitting is not None and sitting.step.merged:
        raise Denied(_("Of two bodies together the numbers are new: use the lists of each."))
    roll = roll_of(motion.organisation, body.base)
    return rolls.read_names(roll, by=actor, reason=reason) if roll else {}
