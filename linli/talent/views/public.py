"""For everybody: criteria, tiers and cohorts in numbers; proposing oneself, applying."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli import playbook
from linli.lib import clock
from linli.people.actors import actor_of
from linli.people.policies import Denied
from linli.playbook.talent import Pool
from linli.talent import reading
from linli.talent.actions import cohorts, nominating
from linli.talent.forms import WordsForm
from linli.talent.models import Cohort
from linli.web.doors import door
from linli.web.pages import page

SHOWN = 30


@require_GET
@door("talent.read")
def index(request: HttpRequest) -> HttpResponse:
    """Every pool and the newest cohorts."""
    return page(request, "talent/index.html", {
        "pools": list(playbook.current().pools.values()), "cohorts": reading.cohorts()[:SHOWN],
        "few": reading.few,
    })  # fmt: skip


def pool_or_404(pool: str) -> Pool:
    """The pool of the playbook."""
    rule = playbook.current().pools.get(pool)
    if rule is None:
        raise Http404
    return rule


@require_GET
@door("talent.read")
def pool(request: HttpRequest, pool: str) -> HttpResponse:
    """One pool: what is looked at, how many there are, how appeals ended."""
    rule = pool_or_404(pool)
    return page(request, "talent/pool.html", {
        "rule": rule, "view": reading.pool_view(rule), "few": reading.few,
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@door("talent.own")
def propose(request: HttpRequest, pool: str) -> HttpResponse:
    """Propose oneself; what was typed stays if it cannot be."""
    rule, actor = pool_or_404(pool), actor_of(request)
    form = WordsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            nominating.nominate_self(rule.id, form.cleaned_data["words"], by=actor)
            messages.success(request, _("You are proposed. Two people review it, each apart."))
            return redirect("my-talent")
        except Denied as denied:
            form.add_error(None, str(denied))
    return page(request, "talent/propose.html", {"rule": rule, "form": form, "desk": False},
                status=422 if form.errors else 200)  # fmt: skip


@require_GET
@door("talent.read")
def cohort(request: HttpRequest, key: UUID) -> HttpResponse:
    """One cohort in numbers, with its sessions."""
    row = get_object_or_404(Cohort.objects.select_related("organisation"), pk=key)
    return page(request, "talent/cohort.html", {
        "cohort": row, "rule": row.rule, "view": reading.cohort_view(row), "few": reading.few,
        "today": clock.today(),
    })  # fmt: skip


@require_POST
@door("talent.own")
def apply(request: HttpRequest, key: UUID) -> HttpResponse:
    """Apply for a cohort."""
    row = get_object_or_404(Cohort, pk=key)
    try:
        cohorts.apply(row, by=actor_of(request))
        messages.success(request, _("You have applied. You get a letter with the answer."))
        return redirect("my-talent")
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("cohort", key)
