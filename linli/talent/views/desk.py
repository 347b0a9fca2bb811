"""The desk of pools: what waits, who has no mentor, one person with reviews, decision and appeal."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.people.actors import Actor, actor_of
from linli.people.policies import Denied, NeedsReason
from linli.talent import policies, reading
from linli.talent.actions import nominating, reviewing
from linli.talent.forms import DecideForm, NominateForm, ReviewForm
from linli.talent.models import Appeal, Candidate, Cohort
from linli.talent.views.public import pool_or_404
from linli.web.doors import door
from linli.web.jinja import url
from linli.web.pages import page

LISTS = ("review", "appeals", "due", "all")
SHOWN = 50


@require_GET
@door("talent.nominate")
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for my office in pools, and the cohorts that it runs."""
    actor = actor_of(request)
    which = request.GET.get("list", "review")
    if which not in LISTS:
        raise BadRequest
    pools = reading.hosted(actor)
    try:
        rows, more = reading.page_of(reading.of_desk(pools, which), request.GET.get("before", ""))
    except ValueError as error:
        raise BadRequest from error
    return page(request, "talent/desk.html", {
        "pools": pools, "rows": rows, "which": which, "counts": reading.counts(pools),
        "gaps": [(rule, list(reading.without_mentor(rule)[:SHOWN])) for rule in pools],
        "nominated_to": reading.nominated_to(actor), "kinds": reading.runs(actor),
        "cohorts": Cohort.objects.filter(organisation=actor.organisation).order_by("-starts_on")[:SHOWN],
        "next_url": url("talent-desk", list=which, before=more) if more else None,
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@door("talent.nominate")
def nominate(request: HttpRequest, pool: str) -> HttpResponse:
    """My body proposes somebody; they are asked first."""
    rule, actor = pool_or_404(pool), actor_of(request)
    policies.check_nominates(actor, rule)
    form = NominateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            nominating.nominate(rule.id, said["person"], said["words"], by=actor)
            messages.success(request, _("They are asked. It goes on once they have said yes."))
            return redirect("talent-desk")
        except Denied as denied:
            form.add_error(None, str(denied))
    return page(request, "talent/propose.html", {"rule": rule, "form": form, "desk": True},
                status=422 if form.errors else 200)  # fmt: skip


@require_http_methods(["GET", "POST"])
@door("talent.review")
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """One person: the review, the decision, the appeal. Each form keeps what was typed."""
    actor = actor_of(request)
    row = get_object_or_404(Candidate.objects.select_related("user", "body"), pk=key)
    policies.check_hosts(actor, row.rule)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    made = {
        "review": ReviewForm(request.POST if act == "review" else None, rule=row.rule),
        "decide": DecideForm(request.POST if act == "decide" else None, candidate=row),
        "appeal": DecideForm(request.POST if act == "appeal" else None, candidate=row,
                             prefix="appeal"),
    }  # fmt: skip
    form = made.get(act)
    if act and (form is None or form.is_valid()):
        try:
            messages.success(request, _do(act, row, form, actor))
            return redirect("talent-candidate", key)
        except Denied as denied:
            if form is None:
                messages.error(request, str(denied))
            else:
                form.add_error(None, str(denied))
    return page(request, "talent/candidate.html", _context(row, actor) | made,
                status=422 if form is not None and form.errors else 200)  # fmt: skip


def _do(act: str, row: Candidate, form: Any, by: Actor) -> str:
    if isinstance(form, ReviewForm):
        reviewing.review(row, form.answers(), free=form.cleaned_data["free"], by=by)
        return _("Your review is kept.")
    if act == "decide":
        said = form.cleaned_data
        reviewing.decide(row, said["outcome"], said["reasons"], by=by)
        return _("Decided. The person reads why, and can appeal.")
    if act == "appeal":
        said, appeal = form.cleaned_data, _open_appeal(row)
        if appeal is None:
            raise Denied(_("There is no appeal that waits."))
        reviewing.decide_appeal(appeal, said["outcome"], said["reasons"], by=by)
        return _("The appeal is decided. The person reads why.")
    if act == "graduate":
        nominating.graduate(row, by=by)
        return _("Noted: the time in the pool is over.")
    raise NeedsReason(_("Choose one of the buttons."))


def _open_appeal(row: Candidate) -> Appeal | None:
    return Appeal.objects.select_related("decision__candidate").filter(
        decision__candidate=row, state=Appeal.State.OPEN
    ).first()  # fmt: skip


def _context(row: Candidate, actor: Actor) -> dict[str, Any]:
    reviews = list(row.reviews.filter(turn=row.turn).order_by("pk"))
    appeal = _open_appeal(row)
    can = policies.can(actor, row, appeal)
    return {
        "row": row, "rule": row.rule, "appealed": appeal, "there": len(reviews),
        # Whoever still has to review does not see what the others wrote.
        "reviews": [] if can.review else [(r, reading.answers(r, row.rule)) for r in reviews],
        "past": row.decisions.select_related("appeal").order_by("-decided_at")[:SHOWN],
        "can": can, "least": reviewing.met_by_all(row),
    }  # fmt: skip
