"""Within thirty minutes: the map, the figure, the list, and the same as files."""

import io
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from linli.lib.tables import write_rows
from linli.people.actors import actor_of
from linli.reach.errors import ReachError
from linli.travel import answers, drawing, roads, shown
from linli.travel.answers import BANDS, Answer, Band
from linli.travel.forms import AskForm
from linli.web.doors import door
from linli.web.jinja import url
from linli.web.pages import page

View = Callable[..., HttpResponse]


def with_roads(view: View) -> View:
    """Says so where there are no roads yet, or their file is gone, instead of failing."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ReachError:
            return page(request, "travel/no_roads.html", status=503)

    return guarded


def asked(form: AskForm) -> Answer | None:
    """The answer to a form; None if it was wrong or nothing is there to answer it with.

    Raises ReachError without roads.
    """
    graph = roads.current()
    if graph is None:
        raise ReachError("no roads")
    return answers.answer(form.question, graph) if form.is_valid() else None


@require_GET
@door("reach.read")
@with_roads
def within(request: HttpRequest) -> HttpResponse:
    """How many are within so many minutes of an open facility, on a map and by town."""
    form = AskForm(request.GET)
    found = asked(form)
    status = 422 if form.errors else 200
    if found is None:
        return page(
            request,
            "travel/within.html",
            {"form": form, "answer": None},
            status=status,
            block="found",
        )
    band, town, begin = _band(request), request.GET.get("town", ""), _number(request)
    rows, total = shown.rows(found, band, town, begin)
    here = found.question.as_json()
    listed: Any = {**here, "town": town, "band": band}
    more = begin + shown.PAGE
    return page(request, "travel/within.html", {
        "form": form, "answer": found, "may_plan": actor_of(request).may("reach.plan", in_scope=True),
        "map": drawing.ground(found), "rows": rows, "total": total,
        "first": begin + 1, "band": band, "town": town, "here": here,
        "bands": [(name, key) for key, name in shown.NAMES.items()],
        "by_town": shown.by_town(found), "stands_on": shown.stands_on(found),
        "next_url": url("travel", **listed, **{"from": more}) + "#list" if more < total else None,
        "prev_url": url("travel", **listed, **{"from": max(0, begin - shown.PAGE)}) + "#list"
        if begin else None,
    }, block="found")  # fmt: skip


def _band(request: HttpRequest) -> Band:
    return next((band for band in BANDS if band == request.GET.get("band")), BANDS[0])


def _number(request: HttpRequest) -> int:
    said = request.GET.get("from", "0")
    return int(said) if said.isdecimal() and len(said) < 7 else 0


@require_GET
@door("reach.read")
@with_roads
def table(request: HttpRequest) -> HttpResponse:
    """Every place with its minutes, for a spreadsheet."""
    found = asked(AskForm(request.GET))
    if found is None:
        raise Http404
    text = io.StringIO(newline="")
    write_rows(text, shown.HEADER, shown.table(found))
    return attached(text.getvalue(), "text/csv; charset=utf-8", f"{_name(found)}.csv")


@require_GET
@door("reach.read")
@with_roads
def area(request: HttpRequest) -> HttpResponse:
    """The area within the limit (RFC 7946, WGS 84)."""
    found = asked(AskForm(request.GET))
    if found is None:
        raise Http404
    text = json.dumps(answers.area(found), ensure_ascii=False)
    return attached(text, "application/geo+json", f"{_name(found)}.geojson")


def _name(found: Answer) -> str:
    question = found.question
    return f"within-{question.minutes}-{question.mode}-{question.kind}"


def attached(text: str, kind: str, name: str) -> HttpResponse:
    """A file to keep."""
    response = HttpResponse(text, content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
