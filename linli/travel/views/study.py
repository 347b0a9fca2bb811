"""Where the next sites are best: asked at a desk, answered once, kept with what it stands on."""

import io
import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods

from linli.coverage.models import What
from linli.lib.tables import write_rows
from linli.people.actors import actor_of
from linli.people.policies import Denied
from linli.places.models import Place
from linli.travel import drawing, sites, studies
from linli.travel.answers import NEW, Change
from linli.travel.forms import StudyForm
from linli.travel.models import State, Study
from linli.travel.questions import HOURS, MODES, Question
from linli.travel.views.within import attached
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page

SHOWN = 20
HEADER = ["place", "name", "number", "minutes_before", "minutes_after"]


@require_http_methods(["GET", "POST"])
@door("reach.plan")
def begin(request: HttpRequest) -> HttpResponse:
    """Ask for the best next sites; below it what was asked before."""
    actor = actor_of(request)
    said = request.POST if request.method == "POST" else request.GET
    form = StudyForm(said)
    denied = ""
    if request.method == "POST" and form.is_valid():
        proposed = Change(NEW, *form.spot) if form.spot else None
        try:
            study = studies.begin(
                form.question, sites=form.cleaned_data["sites"], proposed=proposed, by=actor
            )
            return redirect("study", study.pk)
        except Denied as error:
            denied = str(error)
    status = 422 if request.method == "POST" else 200
    rows = Study.objects.filter(organisation=actor.organisation).order_by("-made_at", "pk")
    return page(request, "travel/studies.html", {
        "form": form, "denied": denied, "asked": request.method == "POST",
        "studies": [(study, _question(study)) for study in rows[:SHOWN]],
    }, status=status)  # fmt: skip


@require_GET
@door("reach.plan")
def study(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """One study: the sites, who gains, what a proposal comes to, and the proof."""
    row = _study(request, study_id)
    if row.state != State.DONE:
        return page(request, "travel/waiting.html", {"study": row, "question": _question(row)})
    named = _names(row)
    rows = [(named.get(one["code"], one["code"]), one) for one in row.answer.get("rows", [])]
    return page(request, "travel/study.html", {
        "study": row, "question": _question(row), "answer": row.answer, "rows": rows[:SHOWN * 5],
        "left_out": max(0, len(rows) - SHOWN * 5), "names": named, "map": _map(row, named),
        "as_of": date.fromisoformat(row.answer["as_of"]),
        "at": datetime.fromisoformat(row.answer["at"]) if row.answer.get("at") else None,
        "one_by_one": [named.get(code, code) for code in row.answer.get("one_by_one", [])],
    })  # fmt: skip


@require_GET
@door("reach.plan")
def table(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Who gains, for a spreadsheet."""
    row = _study(request, study_id)
    named = _names(row)
    text = io.StringIO(newline="")
    write_rows(text, HEADER, (
        [one["code"], named.get(one["code"], ""), round(one["people"]),
         "" if one["before"] is None else round(one["before"], 1), round(one["after"], 1)]
        for one in row.answer.get("rows", [])
    ))  # fmt: skip
    return attached(text.getvalue(), "text/csv; charset=utf-8", f"sites-{row.pk}.csv")


@require_GET
@door("reach.plan")
def points(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """The sites chosen (RFC 7946, WGS 84)."""
    row = _study(request, study_id)
    about = {key: row.asked[key] for key in ("kind", "mode", "minutes", "what", "hour")}
    features = [
        {
            "type": "Feature",
            "properties": about | {"code": one["code"], "gain": one["gain"]},
            "geometry": {"type": "Point", "coordinates": [one["lon"], one["lat"]]},
        }
        for one in row.answer.get("chosen", [])
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return attached(text, "application/geo+json", f"sites-{row.pk}.geojson")


def _study(request: HttpRequest, study_id: UUID) -> Study:
    actor = actor_of(request)
    return get_object_or_404(Study, pk=study_id, organisation=actor.organisation)


def _question(row: Study) -> dict[str, Any]:
    asked = Question.from_json(row.asked)
    return {
        "kind": dict(sites.kinds()).get(asked.kind, asked.kind), "mode": MODES[asked.mode],
        "hour": HOURS.get(asked.hour, asked.hour), "minutes": asked.minutes,
        "what": What(asked.what).label, "sites": row.asked["sites"],
    }  # fmt: skip


def _names(row: Study) -> dict[str, str]:
    codes = {one["code"] for key in ("rows", "chosen") for one in row.answer.get(key, [])}
    codes |= set(row.answer.get("one_by_one", []))
    places = Place.objects.current().light().filter(code__in=codes)
    return {place.code: place.name_for(lang()) for place in places}


def _map(row: Study, named: dict[str, str]) -> dict[str, Any]:
    there = sites.of(row.asked["kind"], None)
    old = [{"lon": s.lon, "lat": s.lat, "label": s.name, "tone": "landmark"} for s in there]
    new = [
        {"lon": one["lon"], "lat": one["lat"], "label": named.get(one["code"], ""), "tone": "late"}
        for one in row.answer.get("chosen", [])
    ]
    return {"areas": drawing.towns(), "points": [*old, *new]}
