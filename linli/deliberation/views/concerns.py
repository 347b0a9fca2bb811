"""The log of what people bring, and sorting it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli import playbook
from linli.deliberation.actions import concerns, proposing
from linli.deliberation.forms.carry import ConcernForm, SortForm
from linli.deliberation.models import Concern
from linli.deliberation.policies import check_keeps_log
from linli.deliberation.words import ROUTES
from linli.people.actors import Actor, actor_of
from linli.people.models import Organisation
from linli.people.policies import Denied
from linli.places.models import Place
from linli.playbook.base import LEVEL_OF_PLACE
from linli.playbook.procedure import Procedure
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page

MOST = 60


@require_http_methods(["GET", "POST"])
@door("concern.keep")
def log(request: HttpRequest, procedure: str) -> HttpResponse:
    """Everything that was brought to my body, what is not sorted yet first."""
    actor = actor_of(request)
    rule, unit = _mine(procedure, actor)
    form = ConcernForm(request.POST or None)
    places = _places(rule, unit)
    form.fields["where"].choices = [(p.code, p.name_for(lang())) for p in places]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            concerns.note(
                procedure=procedure, organisation=unit, topic=said["topic"], group=said["group"],
                place=next(p for p in places if p.code == said["where"]), by=actor,
            )  # fmt: skip
            messages.success(request, _("Written down. Sort it in time."))
            return redirect("concerns", procedure)
        except Denied as denied:
            form.add_error("topic", str(denied))
    return page(request, "deliberation/concerns.html", _context(rule, unit, form))


def _context(rule: Procedure, unit: Organisation, form: ConcernForm) -> dict[str, Any]:
    rows = Concern.objects.filter(organisation=unit, procedure=rule.id)
    rows = rows.select_related("place", "motion").defer("place__boundary")
    routes = rule.concerns.routes if rule.concerns else []
    done = list(rows.exclude(route="").order_by("-sorted_at")[:MOST])
    return {
        "rule": rule, "form": form, "log": rule.concerns,
        "open": list(rows.filter(route="").order_by("due_at")[:MOST]), "done": done,
        "routes": [(name, ROUTES[name]) for name in routes],
        "counts": [(ROUTES[name], rows.filter(route=name).count()) for name in routes],
    }  # fmt: skip


def _mine(procedure: str, actor: Actor) -> tuple[Procedure, Organisation]:
    rule = playbook.current().procedures.get(procedure)
    unit = actor.organisation
    if rule is None or rule.concerns is None or unit is None or unit.kind not in rule.host:
        raise Http404
    check_keeps_log(actor, unit, unit.place.path)
    return rule, unit


def _places(rule: Procedure, unit: Organisation) -> list[Place]:
    kinds = [kind for kind, level in LEVEL_OF_PLACE.items() if level == rule.at]
    rows = Place.objects.current().within(unit.place).filter(kind__in=kinds).light()
    return list(rows.order_by("path")[:400])


@require_POST
@door("concern.keep")
def sort(request: HttpRequest, key: UUID) -> HttpResponse:
    """Sort one, or make a motion of one that is to be deliberated."""
    actor = actor_of(request)
    row = get_object_or_404(Concern.objects.select_related("organisation", "place"), pk=key)
    check_keeps_log(actor, row.organisation, row.place_path)
    form = SortForm(request.POST)
    routes = [(name, str(words)) for name, words in ROUTES.items()]
    form.fields["route"].choices = routes  # type: ignore[attr-defined]
    try:
        if request.POST.get("verb") == "motion":
            return redirect("desk-motion", _motion(row, actor).pk)
        if not form.is_valid():
            raise Denied(_("Choose how to go about it."))
        said = form.cleaned_data
        concerns.sort(row, route=said["route"], answer=said["answer"], by=actor)
        messages.success(request, _("Sorted."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("concerns", row.procedure)


def _motion(row: Concern, actor: Actor) -> Any:
    if row.route != "deliberate":
        raise Denied(_("Only what is to be talked over together becomes a motion."))
    return proposing.propose(
        procedure=row.procedure, place=row.place, organisation=row.organisation,
        title=row.topic[:80], text=row.topic, by=actor, concern=row,
    )  # fmt: skip
