"""Rotas: propose, look, change a seat, plan around an absence, publish."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.activities.models import Seat
from linli.activities.planner import actions, drafts, sheets
from linli.activities.planner.forms import AbsenceForm, BeginForm
from linli.activities.planner.models import Offer, Plan, State
from linli.activities.planner.policies import check_can_plan
from linli.activities.planner.weeks import monday_of
from linli.people.actors import actor_of
from linli.people.models import Organisation, User
from linli.people.policies import Denied
from linli.web.doors import door
from linli.web.pages import page

SHOWN = 20


def _body(request: HttpRequest) -> Organisation:
    actor = actor_of(request)
    return check_can_plan(actor.organisation, actor)


def _plan(request: HttpRequest, plan_id: UUID) -> Plan:
    rows = Plan.objects.select_related("organisation__place")
    return get_object_or_404(rows, pk=plan_id, organisation=_body(request))


@require_GET
@door("rota.plan")
def plans(request: HttpRequest) -> HttpResponse:
    """The rotas of my unit, the newest first."""
    body = _body(request)
    rows = Plan.objects.filter(organisation=body).exclude(state=State.DROPPED)
    offers = Offer.objects.live().filter(organisation=body).count()
    return page(request, "activities/planner/plans.html", {
        "plans": rows.order_by("-made_at", "pk")[:SHOWN], "offers": offers,
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@door("rota.plan")
def begin(request: HttpRequest) -> HttpResponse:
    """Ask for a proposal: at once if it is small, else the worker makes it."""
    body = _body(request)
    form = BeginForm(request.POST or None, organisation=body, initial=BeginForm.usual())
    denied = ""
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            plan = actions.begin(
                body, first_on=said["first_on"], last_on=said["last_on"], kinds=said["kinds"],
                needs=form.needs, by=actor_of(request),
            )  # fmt: skip
            return _planned(plan)
        except Denied as refusal:
            denied = str(refusal)
    status = 422 if form.errors or denied else 200
    shown = {"form": form, "denied": denied}
    return page(request, "activities/planner/begin.html", shown, status=status)


def _planned(plan: Plan) -> HttpResponse:
    if actions.is_small(plan):
        actions.propose(plan)
    return redirect("rota", plan.pk)


@require_GET
@door("rota.plan")
def plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """One rota, a week of it at a time."""
    row = _plan(request, plan_id)
    if row.state in (State.PLANNING, State.FAILED, State.DROPPED):
        return page(request, "activities/planner/waiting.html", {"plan": row})
    weeks = _weeks(row)
    asked = request.GET.get("week", "")
    week = next((one for one in weeks if one.isoformat() == asked), weeks[0])
    return page(request, "activities/planner/plan.html", {
        "plan": row, "draft": drafts.of(row, week=week), "weeks": weeks, "week": week,
    })  # fmt: skip


def _weeks(row: Plan) -> list[date]:
    first = monday_of(row.first_on)
    count = (row.last_on - first).days // 7 + 1
    return [first + timedelta(days=7 * n) for n in range(count)]


@require_http_methods(["GET", "POST"])
@door("rota.plan")
def seat(request: HttpRequest, plan_id: UUID, seat_id: int) -> HttpResponse:
    """One role of one occurrence: who has it, who could, who could not and why."""
    row = _plan(request, plan_id)
    chosen = get_object_or_404(
        Seat.objects.select_related("occurrence__place", "occurrence__organisation"), pk=seat_id,
        occurrence__organisation=row.organisation_id,
    )  # fmt: skip
    if request.method == "POST":
        return _changed(request, row, chosen)
    could, could_not, role = drafts.choices(row, chosen)
    if role is None:
        messages.warning(request, _("This seat is not in the plan any more."))
        return redirect("rota", row.pk)
    return page(request, "activities/planner/seat.html", {
        "plan": row, "role": role, "could": could, "could_not": could_not,
        "out": request.GET.get("out", ""),
    })  # fmt: skip


def _changed(request: HttpRequest, row: Plan, chosen: Seat) -> HttpResponse:
    people = {str(one.user_id): one.user for one in Offer.objects.live().filter(
        organisation=row.organisation_id).select_related("user")}  # fmt: skip
    out = User.objects.filter(pk__in=_ids(request.POST.get("out", ""))).first()
    to = people.get(request.POST.get("to", ""))
    try:
        if out is None and to is None:
            raise Denied(_("Choose somebody."))
        if request.POST.get("version") != str(row.version):
            raise Denied(
                _("Someone else has just changed this. Look at it again before you go on.")
            )
        actions.change(row, chosen, out=out, to=to, by=actor_of(request))
        messages.success(request, _("Changed. Nobody is told before you publish."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("rota-seat", row.pk, chosen.pk)


def _ids(words: str) -> list[UUID]:
    try:
        return [UUID(words)]
    except ValueError:
        return []


@require_POST
@door("rota.plan")
def again(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Plan the draft anew around what was put there by hand."""
    row = _plan(request, plan_id)
    try:
        actions.again(row, by=actor_of(request))
    except Denied as denied:
        messages.error(request, str(denied))
        return redirect("rota", row.pk)
    return _planned(row)


@require_http_methods(["GET", "POST"])
@door("rota.plan")
def absence(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Somebody cannot come: their seats are planned anew, all else stays."""
    row = _plan(request, plan_id)
    days = {"first_on": row.first_on, "last_on": row.first_on}
    form = AbsenceForm(request.POST or None, plan=row, initial=days)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            after = actions.absent(row, form.who, first_on=said["first_on"],
                                   last_on=said["last_on"], by=actor_of(request))  # fmt: skip
            return _planned(after)
        except Denied as denied:
            messages.error(request, str(denied))
            return redirect("rota", row.pk)
    status = 422 if form.errors else 200
    return page(
        request, "activities/planner/absence.html", {"plan": row, "form": form}, status=status
    )


@require_POST
@door("rota.plan")
def publish(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Make it real: sign-ups, and one letter each."""
    row = _plan(request, plan_id)
    try:
        if request.POST.get("version") != str(row.version):
            raise Denied(
                _("Someone else has just changed this. Look at it again before you go on.")
            )
        given, lost = actions.publish(row, by=actor_of(request))
    except Denied as denied:
        messages.error(request, str(denied))
        return redirect("rota", row.pk)
    said = ngettext("%(n)s seat is given.", "%(n)s seats are given.", given) % {"n": given}
    messages.success(request, said + " " + _("Everybody concerned gets one letter."))
    if lost:
        words = ngettext(
            "%(n)s seat was taken meanwhile by somebody else.",
            "%(n)s seats were taken meanwhile by somebody else.", lost,
        )  # fmt: skip
        messages.warning(request, words % {"n": lost})
    return redirect("rota", row.pk)


@require_POST
@door("rota.plan")
def drop(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Away with a draft."""
    row = _plan(request, plan_id)
    try:
        actions.drop(row, by=actor_of(request))
        messages.success(request, _("Dropped. Nobody was told of it."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("rotas")


@require_GET
@door("rota.plan")
def table(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """The rota as CSV."""
    row = _plan(request, plan_id)
    response = HttpResponse(sheets.csv(row), content_type="text/csv; charset=utf-8; header=present")
    response["Content-Disposition"] = f'attachment; filename="rota-{row.first_on}.csv"'
    return response
