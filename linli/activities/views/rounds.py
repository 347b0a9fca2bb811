"""Rounds: putting stops on, noting each one, homes that agree, and matters that come of it."""

from datetime import time
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli import playbook
from linli.activities import homes, opening, today
from linli.activities.actions import capture, rounds
from linli.activities.forms.note import HomeForm, MatterForm, NoteForm
from linli.activities.models import Home, Occurrence, Stop
from linli.activities.policies import check, may
from linli.activities.views.one import visible_or_404
from linli.lib import ids
from linli.people.actors import Actor, actor_of
from linli.people.policies import Denied
from linli.places.models import VILLAGES, Place
from linli.places.search import search
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page
from linli.web.playbook_fields import values_of


@require_http_methods(["GET", "POST"])
@door("activity.create")
def stops(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Put places or homes on a round, or take one off again."""
    actor = actor_of(request)
    row = visible_or_404(uid, actor)
    check("activity.create", actor, row)
    rule = row.rule
    if rule.stops == "none":
        raise Http404
    if request.method == "POST":
        try:
            _change_stops(request, row, actor)
        except Denied as denied:
            messages.error(request, str(denied))
        return redirect("round-stops", uid)
    free = rounds.free_homes(rule, row.organisation_id, row.day) if rule.stops == "homes" else []
    on = [today.as_stop(one, actor, row.day, visits=False)
          for one in row.stops.select_related("place", "home")]  # fmt: skip
    return page(request, "activities/stops.html", {
        "row": row, "rule": rule, "stops": on,
        "free": [(home, ids.pretty_number(home.number)) for home in free],
    })  # fmt: skip


def _change_stops(request: HttpRequest, row: Occurrence, actor: Actor) -> None:
    with transaction.atomic():
        if request.POST.get("off"):
            stop = get_object_or_404(Stop, pk=request.POST["off"], occurrence=row)
            rounds.take_off(stop, by=actor)
            return
        if request.POST.get("times"):
            rounds.plan_times(row, _times(request, row), by=actor)
            messages.success(request, _("The times are on the timetable."))
            return
        chosen = Home.objects.filter(
            number__in=request.POST.getlist("home"), organisation=row.organisation_id
        )
        rounds.add_stops(row, list(chosen), by=actor)
        for line in request.POST.get("places", "").splitlines():
            if line.strip():
                rounds.add_stops(row, [_place(line.strip())], by=actor)


def _times(request: HttpRequest, row: Occurrence) -> dict[int, time | None]:
    """The time typed beside each stop; an empty one is none."""
    field = forms.TimeField(required=False)
    try:
        return {pk: field.clean(request.POST.get(f"at-{pk}", ""))
                for pk in row.stops.values_list("pk", flat=True)}  # fmt: skip
    except forms.ValidationError:
        raise Denied(_("Please write a time like 09:30.")) from None


def _place(words: str) -> Place:
    found = search(words, 2)
    if len(found) == 1 or (found and found[0].name == words):
        return found[0]
    raise Denied(_("We know no place “%(words)s” here.") % {"words": words[:40]})


@require_http_methods(["GET", "POST"])
@door("activity.note")
def stop(request: HttpRequest, uid: UUID, stop_id: int) -> HttpResponse:
    """Note one stop: met, nobody there, does not wish. All are equal answers."""
    actor = actor_of(request)
    row = visible_or_404(uid, actor)
    here = get_object_or_404(Stop.objects.select_related("place", "home"), pk=stop_id,
                             occurrence=row)  # fmt: skip
    action = "visit.record" if row.rule.consent == "required" else "activity.note"
    check(action, actor, row)
    card = next((s for t in today.of(actor, row.day) if t.uid == row.uid for s in t.stops
                 if s.id == here.pk), None) or today.as_stop(here, actor, row.day, visits=False)  # fmt: skip
    form = NoteForm(request.POST if request.method == "POST" else None, rule=row.rule)
    if request.method == "POST" and form.is_valid():
        try:
            capture.record(
                client_id=form.cleaned_data["client_id"], kind=row.kind, occurrence=row, by=actor,
                outcome=form.cleaned_data["outcome"], fields=form.noted, stop=here,
            )  # fmt: skip
            messages.success(request, _("Noted. Thank you."))
            return redirect("desk-activity", uid)
        except Denied as denied:
            form.add_error(None, str(denied))
    kinds = playbook.current().kinds
    return page(request, "activities/stop.html", {
        "row": row, "rule": row.rule, "stop": card, "form": form,
        "yields": [kinds[name] for name in row.rule.yields],
    })  # fmt: skip


@require_POST
@door("activity.note")
def finish(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The round is over: every stop has its note."""
    row = visible_or_404(uid, actor_of(request))
    try:
        capture.finish_round(row, by=actor_of(request))
        messages.success(request, _("The round is closed. Thank you."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("desk-activity", uid)


@require_http_methods(["GET", "POST"])
@door("activity.note")
def matter(request: HttpRequest, uid: UUID, kind: str) -> HttpResponse:
    """Something that was said here becomes a matter; whoever said it takes the slip home."""
    actor = actor_of(request)
    row = visible_or_404(uid, actor)
    if kind not in row.rule.yields or not _may_note(actor, row):
        raise Http404
    case = playbook.current().kinds[kind]
    form = MatterForm(request.POST if request.method == "POST" else None, rule=case)
    if request.method == "POST" and form.is_valid():
        try:
            given = opening.open_case(_matter(form, row), occurrence=row, by=actor)
        except Denied as denied:
            form.add_error(None, str(denied))
        else:
            shown = {"row": row, "given": given, "number": ids.pretty_number(given.number)}
            return page(request, "activities/slip.html", shown)
    return page(request, "activities/matter.html", {"row": row, "case": case, "form": form})


def _may_note(actor: Actor, row: Occurrence) -> bool:
    return may("visit.record" if row.rule.consent == "required" else "activity.note", actor, row)


def _matter(form: MatterForm, row: Occurrence) -> opening.Matter:
    said = form.cleaned_data
    rule = form.rule
    channel = next((c for c in ("visit", "stall", "patrol", "vehicle", "desk", "paper", "web")
                    if c in rule.channels), rule.channels[0])  # fmt: skip
    return opening.Matter(
        kind=rule.id,
        channel=channel,
        category=said["category"],
        place=row.place,
        text=said["text"],
        client_id=said["client_id"],
        consent=bool(said.get("consent")),
        name=said.get("name", ""),
        phone=said.get("phone", ""),
        fields=values_of(rule.fields, said),
    )


@require_http_methods(["GET", "POST"])
@door("visit.record")
def agree(request: HttpRequest, kind: str) -> HttpResponse:
    """A household says yes to visits; it gets a slip with a number and a word."""
    actor = actor_of(request)
    rule = playbook.current().activities.get(kind)
    body = actor.organisation
    if rule is None or rule.stops != "homes" or body is None:
        raise Http404
    place = body.place if body.place.kind in VILLAGES else None
    if place is None:
        raise Denied(_("A home is noted by its village only."))
    homes.check_can_visit(rule, body, place, actor)
    form = HomeForm(request.POST if request.method == "POST" else None, rule=rule)
    if request.method == "POST" and form.is_valid():
        try:
            slip = homes.agree(
                rule, organisation=body, place=place, label=form.cleaned_data["label"],
                way=form.cleaned_data["way"], consent=form.cleaned_data["consent"], by=actor,
            )  # fmt: skip
        except Denied as denied:
            form.add_error(None, str(denied))
        else:
            return page(request, "activities/home_slip.html", {
                "rule": rule, "number": ids.pretty_number(slip.home.number), "word": slip.word,
                "unit": body.name_for(lang()),
            })  # fmt: skip
    shown = {"rule": rule, "form": form, "place": place}
    return page(request, "activities/agree.html", shown)


@require_GET
@door("route.run_sheet")
def run_sheet(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The timetable of a run, to be printed and laid on the dashboard: places and times alone."""
    actor = actor_of(request)
    row = visible_or_404(uid, actor)
    if row.rule.stops != "places":
        raise Http404
    check("route.run_sheet", actor, row)
    on = [today.as_stop(one, actor, row.day, visits=False)
          for one in row.stops.select_related("place", "home")]  # fmt: skip
    return page(request, "activities/run_sheet.html", {"row": row, "stops": on})


@require_POST
@door("visit.read")
def notes(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What was noted on a round, for who visited; above them with a reason the household sees."""
    actor = actor_of(request)
    row = visible_or_404(uid, actor)
    reason = request.POST.get("reason", "").strip()[:200]
    check("visit.read", actor, row, reason=reason)
    said = reason or f"visit {row.kind} {row.day.isoformat()}"
    found = homes.read_notes(row, by=actor, reason=said)
    return page(request, "activities/visit_notes.html", {"row": row, "visits": found})
