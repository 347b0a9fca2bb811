"""The desk of a house: who applied, who is in, what is to be looked at; one tenant's page."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.incubators import actions, reading
from linli.incubators.forms import DayForm, SignForm, UseForm, WhyForm
from linli.incubators.models import OVER, Project, Site, Tenancy
from linli.incubators.policies import keeps
from linli.incubators.views.public import site_or_404
from linli.lib import clock
from linli.people.actors import Actor, actor_of
from linli.people.policies import Denied
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page

Done = Callable[[Tenancy, forms.Form, Actor], object]


@require_http_methods(["GET", "POST"])
@door("incubator.keep")
def house(request: HttpRequest, code: str) -> HttpResponse:
    """Applications, tenants with the next review first, whom to ask; a POST counts a service."""
    site, actor = site_or_404(code), actor_of(request)
    if not keeps(actor, site):
        raise Http404
    services = [(one.id, one.name.text(lang())) for one in site.rule.services] if site.rule else []
    form = UseForm(request.POST if request.method == "POST" else None, services=services)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.count_use(site, said["service"], said["day"], said["times"], by=actor)
        except Denied as denied:
            form.add_error("day", str(denied))
        else:
            messages.success(request, _("Noted."))
            return redirect("desk-incubator", code)
    return page(request, "incubators/desk.html", {
        "site": site, "waiting": reading.waiting(site), "inside": reading.inside(site),
        "ask": reading.to_ask(site), "form": form, "today": clock.today(),
        "functions": reading.functions(site),
    }, status=422 if form.errors else 200)  # fmt: skip


def _begin(row: Tenancy, _form: forms.Form, by: Actor) -> None:
    actions.begin(row, by=by)


ACTS: dict[str, tuple[type[forms.Form], Done]] = {
    "admit": (forms.Form, lambda row, _form, by: actions.admit(row, by=by)),
    "refuse": (WhyForm, lambda row, form, by: actions.refuse(row, _why(form), by=by)),
    "begin": (forms.Form, _begin),
    "goes-on": (forms.Form, lambda row, _form, by: actions.look(row, goes_on=True, by=by)),
    "graduate": (WhyForm, lambda row, form, by: actions.end(
        row, graduated=True, reason=_why(form), by=by)),
    "leave": (WhyForm, lambda row, form, by: actions.end(
        row, graduated=False, reason=_why(form), by=by)),
    "exists-1": (forms.Form, lambda row, _f, by: actions.ask_after(row, 1, exists=True, by=by)),
    "gone-1": (forms.Form, lambda row, _f, by: actions.ask_after(row, 1, exists=False, by=by)),
    "exists-3": (forms.Form, lambda row, _f, by: actions.ask_after(row, 3, exists=True, by=by)),
    "gone-3": (forms.Form, lambda row, _f, by: actions.ask_after(row, 3, exists=False, by=by)),
    "sign": (SignForm, lambda row, form, by: actions.sign(
        row, form.cleaned_data["what"], form.cleaned_data["day"], by=by)),
}  # fmt: skip


def _why(form: forms.Form) -> str:
    return str(form.cleaned_data["reason"])


@require_http_methods(["GET", "POST"])
@door("incubator.keep")
def tenant(request: HttpRequest, code: str, tenancy_id: str) -> HttpResponse:
    """One tenant: where they stand and what can be done; what was typed stays."""
    site, actor = site_or_404(code), actor_of(request)
    row = _tenant(site, tenancy_id, actor)
    act = request.POST.get("act", "")
    found = ACTS.get(act)
    form: forms.Form | None = None
    if request.method == "POST" and found is not None:
        form = found[0](request.POST)
        if _do(form, lambda given: found[1](row, given, actor)):
            messages.success(request, _("Noted."))
            return redirect("desk-tenant", code, row.pk)
    return _shown(request, row, act, form)


@require_http_methods(["POST"])
@door("incubator.keep")
def advance(request: HttpRequest, code: str, project_id: int) -> HttpResponse:
    """A project has started, or is operating."""
    site, actor = site_or_404(code), actor_of(request)
    project = get_object_or_404(
        Project.objects.select_related("tenancy__site__facility"), pk=project_id, tenancy__site=site
    )
    row, form = _tenant(site, str(project.tenancy_id), actor), DayForm(request.POST)
    if _do(form, lambda given: actions.advance(project, given.cleaned_data["day"], by=actor)):
        messages.success(request, _("Noted."))
        return redirect("desk-tenant", code, row.pk)
    return _shown(request, row, f"project-{project.pk}", form)


def _do(form: forms.Form, act: Callable[[forms.Form], object]) -> bool:
    """Whether it was done; else the form says why not."""
    if not form.is_valid():
        return False
    try:
        act(form)
    except Denied as denied:
        form.add_error(None, str(denied))
        return False
    return True


def _tenant(site: Site, tenancy_id: str, actor: Actor) -> Tenancy:
    if not keeps(actor, site):
        raise Http404
    row = get_object_or_404(site.tenancies, pk=tenancy_id)
    row.site = site
    return row


def _shown(request: HttpRequest, row: Tenancy, act: str, form: forms.Form | None) -> HttpResponse:
    asked = [years for one, years in reading.to_ask(row.site) if one.pk == row.pk]
    return page(request, "incubators/tenant.html", {
        "row": row, "site": row.site, "act": act, "attempt": form, "why": WhyForm(),
        "sign": SignForm(), "day": DayForm(), "projects": row.projects.order_by("signed_on", "pk"),
        "looks": row.looks.order_by("-on"), "over": OVER, "asked": asked, "today": clock.today(),
    }, status=422 if form is not None and form.errors else 200)  # fmt: skip
