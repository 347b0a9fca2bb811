"""What everybody sees of an incubator; applying, and what an applicant sees of their own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.incubators import actions, reading
from linli.incubators.forms import ApplyForm, WhyForm
from linli.incubators.models import OVER, Site, Tenancy
from linli.incubators.policies import keeps
from linli.lib import clock
from linli.people.actors import actor_of
from linli.people.policies import Denied
from linli.web.doors import door
from linli.web.pages import page


def site_or_404(code: str) -> Site:
    """The house at the facility with this code."""
    return get_object_or_404(reading.sites(), facility__code=code)


@require_GET
@door("incubator.read")
def index(request: HttpRequest) -> HttpResponse:
    """All houses with their free desks."""
    return page(request, "incubators/index.html", {"sites": reading.sites()})


@require_GET
@door("incubator.read")
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One house: functions, tenants who agreed to be named, projects, who still exists."""
    site, actor = site_or_404(code), actor_of(request)
    named, others = reading.tenants(site)
    mine = None
    if actor.user is not None:
        mine = site.tenancies.filter(user=actor.user).order_by("-applied_at").first()
    return page(request, "incubators/one.html", {
        "site": site, "rule": site.rule, "functions": reading.functions(site), "named": named,
        "others": others, "projects": reading.projects(site), "survival": reading.survival(site),
        "uses": reading.uses(site, clock.today().year), "mine": mine,
        "keeps": keeps(actor, site), "year": clock.today().year,
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@door("incubator.apply")
def apply(request: HttpRequest, code: str) -> HttpResponse:
    """Ask to be taken in; what was typed stays."""
    site = site_or_404(code)
    form = ApplyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.apply(site, by=actor_of(request), **form.cleaned_data)
        except Denied as denied:
            form.add_error(None, str(denied))
        else:
            messages.success(request, _("Applied. You read here what becomes of it."))
            return redirect("tenancy", row.pk)
    return page(request, "incubators/apply.html", {"site": site, "form": form},
                status=422 if form.errors else 200)  # fmt: skip


@require_GET
@door("incubator.apply")
def tenancy(request: HttpRequest, tenancy_id: str) -> HttpResponse:
    """My own: where it stands, until when, and how to leave."""
    return page(request, "incubators/mine.html", {"row": _own(request, tenancy_id), "form": WhyForm(),
                                                  "over": OVER})  # fmt: skip


@require_POST
@door("incubator.apply")
def leave(request: HttpRequest, tenancy_id: str) -> HttpResponse:
    """Take the application back, or leave."""
    row, form = _own(request, tenancy_id), WhyForm(request.POST)
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        actions.end(row, graduated=False, reason=reason, by=actor_of(request))
    except Denied as denied:
        form.add_error(None, str(denied))
        return page(request, "incubators/mine.html", {"row": row, "form": form, "over": OVER},
                    status=422)  # fmt: skip
    messages.success(request, _("Ended. The desks are free again."))
    return redirect("tenancy", row.pk)


def _own(request: HttpRequest, tenancy_id: str) -> Tenancy:
    rows = Tenancy.objects.select_related("site__facility")
    return get_object_or_404(rows, pk=tenancy_id, user=actor_of(request).user)
