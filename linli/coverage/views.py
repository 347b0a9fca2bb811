"""Coverage for everybody, and the gaps of a desk."""

import io
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli import playbook
from linli.coverage import gaps, listing, show, suggesting
from linli.coverage.judging import BANDS
from linli.coverage.keeping import Kept
from linli.coverage.models import Count, Gap
from linli.lib import clock
from linli.lib.tables import write_rows
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.places.models import Kind, Place
from linli.playbook.coverage import CoverageRule
from linli.web.doors import door
from linli.web.jinja import url
from linli.web.language import lang
from linli.web.pages import page


@require_GET
@door("coverage.read")
def index(request: HttpRequest) -> HttpResponse:
    """Every promise of cover with its four numbers."""
    town = _town(request)
    found = show.lines(town)
    counted = [line.counted_at for line in found if line.counted_at]
    return page(request, "coverage/index.html", {
        "lines": found, "town": town, "towns": show.county_towns(),
        "counted_at": max(counted) if counted else None,
    })  # fmt: skip


@require_GET
@door("coverage.read")
def rule(request: HttpRequest, rule_id: str) -> HttpResponse:
    """One promise: its set and date, the four numbers, the map, the towns, and a list."""
    asked, town, band = _rule(rule_id), _town(request), _band(request)
    count = Count.objects.filter(pk=rule_id).first()
    kept = Kept.read(count.members) if count else Kept.read(b"")
    chosen = kept.select(band, [town.pk] if town else None)
    begin = _number(request.GET.get("from", "0"))
    found = listing.rows(asked, chosen, begin)
    here: dict[str, Any] = {"band": band, "town": town.code if town else None}
    more = begin + listing.PAGE
    return page(request, "coverage/rule.html", {
        "line": show.line(asked, count, town), "town": town, "band": band, "count": count,
        "bands": [(show.NAMES[b], b) for b in BANDS], "total": len(chosen.rows),
        "rows": found, "first": begin + 1, "promise": show.promise(asked),
        "by_town": [] if town else show.towns(asked, kept), "map": _map(asked, kept, town),
        "csv_url": url("coverage-table", rule_id, **here),
        "next_url": url("coverage-rule", rule_id, **here, **{"from": more}) + "#list"
        if more < len(chosen.rows) else None,
        "prev_url": url("coverage-rule", rule_id, **here, **{"from": max(0, begin - listing.PAGE)})
        + "#list" if begin else None,
    })  # fmt: skip


def _map(asked: CoverageRule, kept: Kept, town: Place | None) -> dict[str, Any]:
    """Towns or villages as areas; what is missing as dots, the first ones."""
    missing = kept.select("gaps", [town.pk] if town else None)
    rows = listing.rows(asked, missing, 0, listing.POINTS)
    below = Place.objects.current()
    areas = below.filter(parent=town) if town else below.of_kind(Kind.TOWN)
    return {
        "areas": [
            {"boundary": area.boundary, "label": area.name_for(lang()),
             "href": "" if town else url("coverage-rule", asked.id, town=area.code)}
            for area in areas.order_by("code")
        ],
        "points": [
            {"lon": row.lon, "lat": row.lat, "label": row.title, "tone": "late"}
            for row in rows if row.lon is not None
        ],
        "left_out": max(0, len(missing.rows) - listing.POINTS),
    }  # fmt: skip


@require_GET
@door("coverage.read")
def table(request: HttpRequest, rule_id: str) -> HttpResponse:
    """The same list as a file for a spreadsheet."""
    asked, town, band = _rule(rule_id), _town(request), _band(request)
    count = Count.objects.filter(pk=rule_id).first()
    if count is None:
        raise Http404
    chosen = Kept.read(count.members).select(band, [town.pk] if town else None)
    text = io.StringIO(newline="")
    write_rows(text, listing.HEADER, listing.table(asked, chosen, count.as_of))
    response = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"coverage-{rule_id}-{count.as_of.isoformat()}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_GET
@door("desk.read")
def desk_gaps(request: HttpRequest) -> HttpResponse:
    """The gaps that are my unit's task, what is due first first."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    mine = gaps.of(actor)
    found = list(mine.with_names().order_by("due_at", "place_path", "pk")[: gaps.PAGE])
    return page(request, "coverage/desk_gaps.html", {
        "rows": [_gap_row(gap) for gap in found], "total": mine.count(),
    })  # fmt: skip


def _gap_row(gap: Gap) -> dict[str, Any]:
    asks = gap.asks
    return {
        "href": url("gap", gap.pk), "title": listing.subject_name(asks, gap),
        "state": asks.name.text(lang()) if asks else gap.rule, "tone": "warn",
        "place": gap.owner.name_for(lang()), "due": gap.due_at, "late": gap.is_late,
        "note": show.missing_for(gap.since, clock.today()),
    }  # fmt: skip


@require_GET
@door("desk.read")
def gap(request: HttpRequest, gap_id: int) -> HttpResponse:
    """One gap: what is missing, whose task it is, and who nearby agreed to be asked."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = _gap(gap_id, actor)
    return page(request, "coverage/gap.html", {
        "gap": row, "rule": row.asks, "name": listing.subject_name(row.asks, row),
        "missing": show.missing_for(row.since, clock.today()),
        "people": suggesting.suggestions(row, actor), "asked": suggesting.asked(row),
    })  # fmt: skip


@require_POST
@door("post.fill")
def invite(request: HttpRequest, gap_id: int) -> HttpResponse:
    """Ask one of the people nearby to hold the post."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    row = _gap(gap_id, actor)
    try:
        suggesting.invite(row, request.POST.get("user", ""), by=actor)
    except Denied as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Asked. They have a week to answer; you see it here."))
    return redirect("gap", row.pk)


def _gap(gap_id: int, actor: Actor) -> Gap:
    row = Gap.objects.with_names().filter(pk=gap_id).first()
    if row is None or not gaps.may_close(actor, row):
        raise Http404
    return row


def _rule(rule_id: str) -> CoverageRule:
    found = playbook.current().coverage.get(rule_id)
    if found is None:
        raise Http404
    return found


def _town(request: HttpRequest) -> Place | None:
    code = request.GET.get("town", "")
    if not code:
        return None
    found = Place.objects.current().of_kind(Kind.TOWN).filter(code=code[:40]).first()
    if found is None:
        raise Http404
    return found


def _band(request: HttpRequest) -> str:
    band = request.GET.get("band", "")
    return band if band in BANDS else "gaps"


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 7:
        raise BadRequest
    return int(text)
