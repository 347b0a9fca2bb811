"""The register of bodies: everybody's page with numbers, and the desk's with head counts."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli import playbook
from linli.lib import clock
from linli.members import register
from linli.members.actions import forming
from linli.members.forms import CountForm, RegroupForm, TierForm
from linli.members.models import FormChange, HeadCount
from linli.members.policies import check_keeps, check_second_of
from linli.people.actors import actor_of
from linli.people.models import Organisation
from linli.people.policies import Denied, allowed
from linli.playbook.membership import Membership
from linli.web.doors import door
from linli.web.jinja import url
from linli.web.language import lang
from linli.web.pages import page


@require_GET
@door("membership.totals")
def bodies(request: HttpRequest, membership: str = "") -> HttpResponse:
    """How many bodies of which form there are on a day; numbers only."""
    rules = register.memberships()
    rule = _rule(membership) if membership else next(iter(rules), None)
    if rule is None:
        raise Http404
    view = register.public(rule, _day(request.GET.get("on", "")))
    return page(request, "members/bodies.html", {
        "view": view, "rule": rule, "today": clock.today().isoformat(),
        "tabs": [(r.name.text(lang()), url("bodies-of", r.id), r.id == rule.id) for r in rules],
        "head": [name for name, _n in view.tiers], "table": _table(rule, view),
        "numeric": list(range(1, len(rule.tiers) + 4)),
    })  # fmt: skip


def _table(rule: Membership, view: register.Register) -> list[list[object]]:
    """A row for each town: how many of each form, people, and what does not fit."""
    return [
        [line.town or _("The county itself"), *[line.by_tier.get(t.id, 0) for t in rule.tiers],
         line.people_shown, line.differing, line.uncounted]
        for line in view.towns
    ]  # fmt: skip


def _day(words: str) -> date | None:
    if not words:
        return None
    try:
        return date.fromisoformat(words[:10])
    except ValueError as error:
        raise BadRequest from error


def _rule(membership: str) -> Membership:
    rule = playbook.current().memberships.get(membership)
    if rule is None:
        raise Http404
    return rule


@require_GET
@door("membership.keep")
def forms(request: HttpRequest, membership: str) -> HttpResponse:
    """The bodies I look after, their forms, and which do not fit their size."""
    rule = _rule(membership)
    return page(request, "members/forms.html", {
        "rule": rule, "rows": register.mine(actor_of(request), rule),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@door("membership.keep")
def form(request: HttpRequest, membership: str, unit: int) -> HttpResponse:
    """One body: count it, and propose the form that fits or an exception with its reason."""
    rule, actor = _rule(membership), actor_of(request)
    body = get_object_or_404(Organisation.objects.select_related("place"), pk=unit)
    if body.kind not in rule.bodies:
        raise Http404
    check_keeps(actor, body)
    row = register.bodies(rule, [body], clock.today())[0]
    counting = request.POST.get("act") == "count"
    count_form = CountForm(request.POST if counting else None)
    tier_form = TierForm(request.POST if request.POST and not counting else None, rule=rule,
                         right=row.right)  # fmt: skip
    bound = count_form if counting else tier_form
    if request.method == "POST" and bound.is_valid():
        try:
            said = bound.cleaned_data
            if counting:
                forming.count_heads(rule.id, body, by=actor, declared=said["declared"],
                                    on=said["on"] if said["declared"] is not None else None)  # fmt: skip
            else:
                forming.propose_form(_newest(row), said["tier"], reason=said["reason"],
                                     until=said["until"], by=actor)  # fmt: skip
            messages.success(request, _("Noted."))
            return redirect("body-form", rule.id, body.pk)
        except Denied as denied:
            bound.add_error(None, str(denied))
    return page(request, "members/form.html", {
        "rule": rule, "row": row, "body": body, "count_form": count_form, "tier_form": tier_form,
        "bound": bound, "mine": row.waiting is not None and row.waiting.by == actor.id,
        "agrees": row.waiting is not None
        and allowed(check_second_of, actor, body, row.waiting.by),
        "tier_names": {tier.id: tier.name for tier in rule.tiers},
    }, status=422 if bound.errors else 200)  # fmt: skip


def _newest(row: register.Body) -> HeadCount:
    if row.count is None:
        raise Denied(_("Count first: the form goes by the number."))
    row.count.body = row.body
    return row.count


@require_http_methods(["GET", "POST"])
@door("membership.keep")
def regroup(request: HttpRequest, membership: str) -> HttpResponse:
    """Bodies end and others come after them, with a day; one successor takes the rolls along."""
    rule, actor = _rule(membership), actor_of(request)
    rows = {str(row.body.pk): row.body for row in register.mine(actor, rule)}
    form = RegroupForm(request.POST or None, bodies=list(rows.values()))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            count = forming.regroup(
                [rows[key] for key in said["before"]], [rows[key] for key in said["after"]],
                said["names"].splitlines(), on=said["on"], by=actor,
            )  # fmt: skip
            messages.success(request, _("%(ended)s became %(came)s")
                             % {"ended": len(said["before"]), "came": count})  # fmt: skip
            return redirect("body-forms", rule.id)
        except Denied as denied:
            form.add_error(None, str(denied))
    return page(request, "members/regroup.html", {"rule": rule, "form": form, "any": bool(rows)},
                status=422 if form.errors else 200)  # fmt: skip


@require_POST
@door("membership.decide")
def decide(request: HttpRequest, key: str) -> HttpResponse:
    """The second person agrees to a form, or one of the two takes it back."""
    row = get_object_or_404(FormChange.objects.select_related("body__place"), pk=key)
    actor = actor_of(request)
    try:
        if request.POST.get("verb") == "agree":
            forming.agree_form(row, by=actor)
            messages.success(request, _("Agreed: the body has this form from today."))
        else:
            forming.refuse_form(row, by=actor)
            messages.success(request, _("Not taken; everything stays as it was."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("body-form", row.membership, row.body_id)
