"""The desk of cohorts: begin one, take people in, plan sessions, count who came."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.facilities.models import Facility
from linli.lib import clock
from linli.people.actors import Actor, actor_of
from linli.people.policies import Denied, NeedsReason
from linli.talent import policies, reading
from linli.talent.actions import cohorts
from linli.talent.forms import CohortForm, CountForm, PersonForm, SessionForm
from linli.talent.models import Cohort, Session, Trainee
from linli.web.doors import door
from linli.web.pages import page

SHOWN = 200


@require_http_methods(["GET", "POST"])
@door("talent.cohort")
def begin(request: HttpRequest) -> HttpResponse:
    """Announce a cohort."""
    actor = actor_of(request)
    kinds = reading.runs(actor)
    if not kinds:
        raise Denied(_("Your office runs no cohorts."))
    form = CohortForm(request.POST or None, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            row = cohorts.begin(**said, by=actor)
            messages.success(request, _("The cohort is announced; people can apply."))
            return redirect("cohort-desk", row.pk)
        except Denied as denied:
            form.add_error(None, str(denied))
    return page(request, "talent/begin.html", {"form": form},
                status=422 if form.errors else 200)  # fmt: skip


@require_http_methods(["GET", "POST"])
@door("talent.cohort")
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """One cohort: who applied, who takes part, sessions."""
    actor = actor_of(request)
    row = get_object_or_404(Cohort.objects.select_related("organisation"), pk=key)
    policies.check_runs(actor, row)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    made = {
        "person": PersonForm(request.POST if act == "person" else None),
        "session": SessionForm(request.POST if act == "session" else None, rule=row.rule),
    }
    form = made.get(act)
    if act and (form is None or form.is_valid()):
        try:
            messages.success(request, _do(act, row, request, form, actor))
            return redirect("cohort-desk", key)
        except Denied as denied:
            if form is None:
                messages.error(request, str(denied))
            else:
                form.add_error(None, str(denied))
    return page(request, "talent/cohort_desk.html", _context(row) | made,
                status=422 if form is not None and form.errors else 200)  # fmt: skip


def _context(row: Cohort) -> dict[str, Any]:
    shown = (Trainee.State.APPLIED, Trainee.State.ASKED, Trainee.State.MEMBER)
    people = row.trainees.filter(state__in=shown).select_related("user").order_by("state", "at")
    return {
        "cohort": row, "rule": row.rule, "view": reading.cohort_view(row),
        "people": people[:SHOWN], "may_finish": cohorts.last_stage_from(row), "today": clock.today(),
    }  # fmt: skip


def _do(act: str, row: Cohort, request: HttpRequest, form: Any, by: Actor) -> str:
    if act == "person":
        cohorts.enter(row, form.cleaned_data["person"], by=by)
        return _("They are asked.")
    if act == "session":
        said = form.cleaned_data
        place = get_object_or_404(Facility, code=said["place"])
        cohorts.plan(row, place, said["on"], said["topic"], by=by)
        return _("The session is planned.")
    if act == "count":
        session = get_object_or_404(Session, pk=_key(request, "session"), cohort=row)
        counted = CountForm(request.POST)
        if not counted.is_valid():
            raise Denied(_("Write how many came, as a number."))
        cohorts.count(session, counted.cleaned_data["came"], by=by)
        return _("Noted.")
    trainee = get_object_or_404(Trainee.objects.select_related("cohort"),
                                pk=_key(request, "trainee"), cohort=row)  # fmt: skip
    return _person(act, trainee, request, by)


def _person(act: str, trainee: Trainee, request: HttpRequest, by: Actor) -> str:
    if act in ("take", "refuse"):
        cohorts.admit(trainee, act == "take", request.POST.get("reasons", ""), by=by)
        return _("They get a letter.")
    if act == "finish":
        cohorts.finish(trainee, by=by)
        return _("Noted.")
    if act == "left":
        cohorts.leave(trainee, by=by)
        return _("Noted.")
    raise NeedsReason(_("Choose one of the buttons."))


def _key(request: HttpRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError as error:
        raise NeedsReason(_("Choose one of the buttons.")) from error
