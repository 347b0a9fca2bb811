"""The desk of pages: bringing one in, copying, reading, agreeing, settling each line."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli import playbook
from linli.activities.actions import paper
from linli.activities.forms.note import LinesForm, SheetForm, topics
from linli.activities.models import Line, Sheet
from linli.activities.models.paper import Stage
from linli.files import photos
from linli.files.models import Photo
from linli.people.actors import Actor, actor_of
from linli.people.policies import Denied
from linli.places.models import Place
from linli.playbook.base import LEVEL_OF_PLACE
from linli.playbook.schema import ActivityKind
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page


@require_http_methods(["GET", "POST"])
@door("card.transcribe_batch")
def add(request: HttpRequest, kind: str) -> HttpResponse:
    """One page came in."""
    actor = actor_of(request)
    rule = playbook.current().activities.get(kind)
    body = actor.organisation
    if rule is None or rule.paper is None or body is None:
        raise Http404
    paper.check_desk(actor, kind, body.pk)
    form = SheetForm(request.POST or None, request.FILES or None)
    places = _places(rule, body.place)
    form.fields["place"].choices = [(p.code, p.name_for(lang())) for p in places]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        try:
            sheet = paper.add_sheet(
                kind=kind, organisation=body, number=form.cleaned_data["number"], by=actor,
                week=form.cleaned_data["week"], photo=_photo(request),
                place=next(p for p in places if p.code == form.cleaned_data["place"]),
            )  # fmt: skip
            return redirect("sheet", sheet.pk)
        except (Denied, photos.Refused) as denied:
            form.add_error(None, str(denied))
    return page(request, "activities/sheet_new.html", {"form": form, "rule": rule})


def _places(rule: ActivityKind, root: Place) -> list[Place]:
    kinds = [kind for kind, level in LEVEL_OF_PLACE.items() if level == rule.at]
    rows = Place.objects.current().within(root).filter(kind__in=kinds).light()
    return list(rows.order_by("name")[:400])


def _photo(request: HttpRequest) -> Photo | None:
    upload = request.FILES.get("photo")
    return photos.keep(upload) if upload else None


@require_http_methods(["GET", "POST"])
@door("card.transcribe_batch")
def sheet(request: HttpRequest, sheet_id: UUID) -> HttpResponse:
    """One page, at whatever stage it is."""
    actor = actor_of(request)
    row = _sheet_or_404(sheet_id, actor)
    form = LinesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            _work(request, row, form, actor)
            return redirect("sheet", sheet_id)
        except Denied as denied:
            messages.error(request, str(denied))
        row.refresh_from_db()
    return page(request, "activities/sheet.html", _shown(row, actor, form))


def _sheet_or_404(sheet_id: UUID, actor: Actor) -> Sheet:
    rows = Sheet.objects.select_related("place", "organisation", "photo").defer("place__boundary")
    row = get_object_or_404(rows, pk=sheet_id)
    if not paper.holds_paper_post(actor, row.kind, row.organisation_id):
        raise Http404
    paper.check_desk(actor, row.kind, row.organisation_id)
    return row


def _work(request: HttpRequest, row: Sheet, form: LinesForm, actor: Actor) -> None:
    if row.stage == Stage.AGREE:
        said = {
            line.number: request.POST[f"line-{line.number}"][:500]
            for line in paper.differences(row)
            if f"line-{line.number}" in request.POST
        }
        paper.correct(row, said, by=actor)
        return
    if not form.is_valid():
        raise Denied(_("That is too long."))
    step = paper.copy if row.stage == Stage.COPY else paper.read
    step(row, form.said, by=actor)


def _shown(row: Sheet, actor: Actor, form: LinesForm) -> dict[str, Any]:
    user = actor.user.pk if actor.user else None
    case = playbook.current().kinds[row.paper.case]
    lines = list(row.lines.all())
    return {
        "row": row, "rule": row.rule, "form": form, "lines": lines,
        "differences": [line for line in lines if not line.agreed],
        "mine": "first" if row.copier_id == user else "second" if row.reader_id == user else "",
        "photo": photos.links(row.photo) if row.photo else None,
        "topics": topics(case), "reasons": row.paper.reasons,
        "reason_names": {one.id: one.name.text(lang()) for one in row.paper.reasons},
        "settled": sum(line.settled_at is not None for line in lines),
        "another": row.stage == Stage.READ and row.copier_id == user,
    }  # fmt: skip


@require_POST
@door("card.transcribe_batch")
def settle(request: HttpRequest, sheet_id: UUID, number: int) -> HttpResponse:
    """One line becomes a case, or needs no action for a reason."""
    actor = actor_of(request)
    row = _sheet_or_404(sheet_id, actor)
    line = get_object_or_404(Line.objects.select_related("sheet__occurrence"), sheet=row,
                             number=number)  # fmt: skip
    kind, _colon, value = request.POST.get("as", "").partition(":")
    try:
        paper.settle_line(
            line, by=actor, category=value if kind == "case" else "",
            reason=value if kind == "none" else "",
        )  # fmt: skip
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("sheet", sheet_id)
