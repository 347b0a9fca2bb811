"""The host's side: what my unit plans, the list at the door, moving, cancelling, how it went."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli import playbook
from linli.activities import desk, hosts
from linli.activities.actions import capture, hours, planning, seats
from linli.activities.forms.note import NoteForm
from linli.activities.forms.plan import MoveForm, PlanForm, ReasonForm
from linli.activities.models import Occurrence, Series, SignUp
from linli.activities.policies import check, may
from linli.activities.views.one import visible_or_404
from linli.lib import clock
from linli.people.actors import Actor, actor_of
from linli.people.models import User
from linli.people.policies import Denied
from linli.playbook.schema import ActivityKind
from linli.web.doors import door
from linli.web.pages import page

MOST_BODIES = 40  # on one page; the field above it finds the others


@require_GET
@door("service.own")
def today(request: HttpRequest) -> HttpResponse:
    """What my unit has on, what has no note yet, and what I can plan."""
    actor = actor_of(request)
    return page(request, "activities/desk.html", {"view": desk.of(actor)})


@require_http_methods(["GET", "POST"])
@door("activity.create")
def plan(request: HttpRequest, kind: str) -> HttpResponse:
    """Plan one occurrence or a series of one kind, for one's own body or for `?body=` below it."""
    actor = actor_of(request)
    rule = playbook.current().activities.get(kind)
    if rule is None:
        return redirect("activities-desk")
    body = hosts.named(actor, rule, request.GET.get("body", ""))
    if body is None or "choose" in request.GET:
        return _choose_body(request, actor, rule)
    given: dict[str, Any] = {"rule": rule, "organisation": body}
    form = PlanForm(request.POST, **given) if request.method == "POST" else PlanForm(
        initial=PlanForm.fresh() | {"case_number": request.GET.get("for", "")[:20]}, **given
    )  # fmt: skip
    denied = ""
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(*_planned(form, actor))
        except Denied as refusal:
            denied = str(refusal)
    shown = {"form": form, "rule": rule, "denied": denied, "body": body,
             "others": hosts.below(actor, rule).exclude(pk=body.pk).exists()}  # fmt: skip
    return page(request, "activities/plan.html", shown)


def _choose_body(request: HttpRequest, actor: Actor, rule: ActivityKind) -> HttpResponse:
    """Whose activity it is going to be, for an office that stands above others."""
    words = request.GET.get("q", "").strip()[:40]
    rows = hosts.below(actor, rule)
    if not rows.exists():
        return redirect("activities-desk")
    found = rows.filter(Q(name__icontains=words) | Q(name_en__icontains=words)) if words else rows
    bodies = list(found.select_related("place")[: MOST_BODIES + 1])
    return page(request, "activities/plan_body.html", {
        "rule": rule, "words": words, "bodies": bodies[:MOST_BODIES], "more": len(bodies) > MOST_BODIES,
        "case_number": request.GET.get("for", "")[:20],
    })  # fmt: skip


def _planned(form: PlanForm, actor: Actor) -> tuple[str, UUID]:
    said = form.cleaned_data
    common: dict[str, Any] = {
        "kind": form.rule.id, "organisation": form.organisation, "by": actor,
        "title": said["title"], "spot": said["spot"], "note": said["note"], "seats": form.seats,
    }  # fmt: skip
    if not form.rrule:
        minutes = timedelta(minutes=said["minutes"])
        row = planning.plan_occurrence(
            place=said["where"], starts_at=form.starts_at, ends_at=form.starts_at + minutes,
            case_number=said.get("case_number", ""), **common,
        )  # fmt: skip
        return "desk-activity", row.uid
    turns = said.get("turns") or []
    place = form.organisation.place if turns else said["where"]
    series = planning.plan_series(
        place=place, rrule=form.rrule, first_on=said["day"], last_on=said.get("last_on"),
        begins=said["begins"], minutes=said["minutes"], days=said.get("days") or None,
        turns=[(turn, "") for turn in turns], **common,
    )  # fmt: skip
    return "activity-series", series.pk


@require_GET
@door("service.own")
def manage(request: HttpRequest, uid: UUID, form: NoteForm | None = None) -> HttpResponse:
    """One occurrence from the host's side."""
    actor = actor_of(request)
    row = visible_or_404(uid, actor)
    _check_host(row, actor)
    return page(request, "activities/manage.html", desk.manage(row, actor, form))


def _check_host(row: Occurrence, actor: Actor) -> None:
    if not (may("activity.attendee_list", actor, row) or may("activity.create", actor, row)):
        action = "visit.record" if row.rule.consent == "required" else "activity.note"
        check(action, actor, row)


@require_POST
@door("activity.check_in")
def clock_somebody(request: HttpRequest, uid: UUID, sign_up: int) -> HttpResponse:
    """Check somebody in or out from the list, settle a missing way out, or take them off."""
    actor = actor_of(request)
    row = get_object_or_404(
        SignUp.objects.select_related("occurrence__organisation", "seat"), pk=sign_up,
        occurrence=visible_or_404(uid, actor),
    )  # fmt: skip
    verb = request.POST.get("verb", "")
    try:
        if verb == "in":
            hours.check_in(row, by=actor)
        elif verb == "out":
            hours.check_out(row, by=actor)
        elif verb in ("end", "none"):
            hours.settle(row, verb, by=actor)
            messages.success(request, _("Written down. It counts once a second person agrees."))
        elif verb == "agree":
            hours.agree(row, by=actor)
        elif verb == "off":
            seats.withdraw(row, by=actor)
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("desk-activity", uid)


@require_POST
@door("activity.create")
def put_in(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask somebody who holds a fitting post, or registered with us, to come."""
    actor = actor_of(request)
    row = visible_or_404(uid, actor)
    role, person = request.POST.get("role", ""), request.POST.get("person", "")
    try:
        user = get_object_or_404(User, pk=_uuid(person), is_active=True)
        if user.pk not in {one.pk for one in desk.askable(row, role)}:
            raise Denied(_("This person does not belong to this role here."))
        seats.assign(row, role, user, by=actor)
        messages.success(request, _("They are on the list and will be told."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("desk-activity", uid)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@require_http_methods(["GET", "POST"])
@door("activity.create")
def move(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Move it to another time."""
    actor = actor_of(request)
    row = visible_or_404(uid, actor)
    check("activity.create", actor, row)
    form = MoveForm(request.POST or None, initial={"day": row.day, "begins": _clock(row)})
    denied = ""
    if request.method == "POST" and form.is_valid():
        try:
            planning.move_occurrence(
                row, starts_at=form.starts_at, reason=form.cleaned_data["reason"], by=actor
            )
            messages.success(request, _("Moved. Everybody on the list is told."))
            return redirect("desk-activity", uid)
        except Denied as refusal:
            denied = str(refusal)
    return page(request, "activities/move.html", {"row": row, "form": form, "denied": denied})


def _clock(row: Occurrence) -> str:
    return row.starts_at.astimezone(clock.LOCAL).strftime("%H:%M")


@require_POST
@door("activity.create")
def cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Cancel it; it stays visible with the reason."""
    actor = actor_of(request)
    row = visible_or_404(uid, actor)
    form = ReasonForm(request.POST)
    try:
        planning.cancel(row, reason=form.data.get("reason", ""), by=actor)
        messages.success(request, _("Cancelled. Everybody on the list is told."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("desk-activity", uid)


@require_POST
@door("activity.create")
def end_series(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """End a series: what was still planned is cancelled."""
    row = get_object_or_404(Series.objects.select_related("organisation", "place"), pk=series_id)
    try:
        count = planning.end_series(
            row, reason=request.POST.get("reason", ""), by=actor_of(request)
        )
        words = ngettext("%(n)s that was planned is cancelled.",
                         "%(n)s that were planned are cancelled.", count)  # fmt: skip
        messages.success(request, words % {"n": count})
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("activity-series", series_id)


@require_POST
@door("activity.note")
def note(request: HttpRequest, uid: UUID) -> HttpResponse:
    """How it went: the outcome and what was counted."""
    actor = actor_of(request)
    row = visible_or_404(uid, actor)
    form = NoteForm(request.POST, rule=row.rule)
    if form.is_valid():
        try:
            capture.record(
                client_id=form.cleaned_data["client_id"], kind=row.kind, occurrence=row, by=actor,
                outcome=form.cleaned_data["outcome"], fields=form.noted,
            )  # fmt: skip
            messages.success(request, _("Noted. Thank you."))
            return redirect("desk-activity", uid)
        except Denied as denied:
            form.add_error(None, str(denied))
    _check_host(row, actor)
    shown = desk.manage(row, actor, form)
    return page(request, "activities/manage.html", shown, status=422)
