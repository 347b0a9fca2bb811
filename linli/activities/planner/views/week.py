"""The week of a unit in one calendar, and moving one thing in it."""

from datetime import date, datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.activities.actions.planning import move_occurrence
from linli.activities.models import Occurrence
from linli.activities.planner import walk, weeks
from linli.activities.planner.forms import MovingForm
from linli.activities.policies import check, check_is_open
from linli.lib import clock
from linli.people.actors import actor_of
from linli.people.policies import Denied
from linli.web.doors import door
from linli.web.jinja import url
from linli.web.pages import page


@require_GET
@door("rota.plan")
def week(request: HttpRequest) -> HttpResponse:
    """Seven days: what is on, who is still missing, what clashes."""
    actor = actor_of(request)
    monday = weeks.monday_of(_day(request.GET.get("week", "")) or clock.today())
    kind = request.GET.get("kind", "")[:40]
    shown = weeks.of(actor, monday, kind)
    return page(request, "activities/planner/week.html", {
        "week": shown, "kind": kind, "today": clock.today(),
    })  # fmt: skip


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


@require_http_methods(["GET", "POST"])
@door("rota.plan")
def move(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Move one thing; what that would break is named before it is done."""
    actor = actor_of(request)
    row = get_object_or_404(Occurrence.objects.with_names(), pk=uid)
    check("activity.create", actor, row)
    check_is_open(row)
    start = row.starts_at.astimezone(clock.LOCAL)
    usual = {"day": _day(request.GET.get("day", "")) or start.date(), "begins": f"{start:%H:%M}"}
    form = MovingForm(request.POST or None, initial=usual)
    problems: list[str] = []
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        to = datetime.combine(said["day"], said["begins"], clock.LOCAL)
        problems = weeks.moving(row, to)
        if not problems or request.POST.get("sure"):
            return _moved(request, row, to, said["reason"])
    status = 422 if form.errors else 200
    shown = {"row": row, "form": form, "problems": problems}
    return page(request, "activities/planner/move.html", shown, status=status)


def _moved(request: HttpRequest, row: Occurrence, to: datetime, reason: str) -> HttpResponse:
    try:
        move_occurrence(row, starts_at=to, reason=reason, by=actor_of(request))
    except Denied as denied:
        messages.error(request, str(denied))
        return redirect("planner-move", row.pk)
    messages.success(request, _("Moved. Everybody who is expected is told; calendars follow."))
    monday = weeks.monday_of(to.astimezone(clock.LOCAL).date())
    return redirect(url("planner-week", week=monday.isoformat()))


@require_POST
@door("activity.create")
def order(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put the stops of a round into the shortest order."""
    row = get_object_or_404(Occurrence.objects.with_names(), pk=uid)
    try:
        metres = walk.order(row, by=actor_of(request))
        said = _("This order is the shortest: %(km)s km as the crow flies.")
        messages.success(request, said % {"km": f"{metres / 1000:.1f}"})
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("round-stops", uid)
