"""The desk: rolls by number, one member with what leads on, a second person's yes."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli import playbook
from linli.lib import clock
from linli.members import reading
from linli.members.actions import adverse_reading, entering, moving
from linli.members.forms import EnterForm, ReasonForm
from linli.members.models import Member, Move, Proceeding
from linli.members.policies import check_agrees, check_decides, check_decides_appeal, check_keeps
from linli.members.views.acts import ACTS, Act, member_or_404
from linli.people.actors import Actor, actor_of
from linli.people.models import Organisation
from linli.people.policies import Denied, allowed
from linli.playbook.membership import Membership
from linli.web.doors import door
from linli.web.jinja import url
from linli.web.pages import page


@require_GET
@door("membership.keep")
def desk(request: HttpRequest) -> HttpResponse:
    """The rolls I look after, in numbers, and what waits for somebody's yes."""
    return page(request, "members/desk.html", {
        "desk": reading.desk(actor_of(request)), "rules": playbook.current().memberships.values(),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@door("membership.keep")
def roll(request: HttpRequest, unit: int, membership: str) -> HttpResponse:
    """One roll by number. Names open with a reason, for this one view of the page."""
    actor, body, rule = actor_of(request), *roll_or_404(unit, membership)
    check_keeps(actor, body)
    stage, after = request.GET.get("stage", ""), _number(request.GET.get("after", "0"))
    shown = reading.roll(body, rule, stage=stage, after=after)
    form, names = ReasonForm(request.POST or None), {}
    if request.method == "POST" and form.is_valid():
        try:
            names = entering.read_names(
                [line.member for line in shown.lines], by=actor, reason=form.cleaned_data["reason"]
            )
        except Denied as denied:
            form.add_error("reason", str(denied))
    here = {"stage": stage} if stage else {}
    return page(request, "members/roll.html", {
        "body": body, "rule": rule, "shown": shown, "stage": stage, "form": form, "names": names,
        "tabs": [
            (name, url("members-roll", unit, membership, stage=key), stage == key, count)
            for key, name, count in shown.stages
        ],
        "next_url": url("members-roll", unit, membership, after=shown.next_after, **here)
        if shown.next_after else None,
    }, status=422 if form.errors else 200)  # fmt: skip


@require_http_methods(["GET", "POST"])
@door("membership.keep")
def enter(request: HttpRequest, unit: int, membership: str) -> HttpResponse:
    """Somebody new on the roll."""
    actor, body, rule = actor_of(request), *roll_or_404(unit, membership)
    check_keeps(actor, body)
    form = EnterForm(request.POST or None, rule=rule)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            member = entering.enter(
                rule.id, body, name=said["name"], stage=said["stage"], on=said["on"],
                user=form.user, by=actor,
            )  # fmt: skip
            messages.success(request, _("On the roll as number %(n)s.") % {"n": member.number})
            return redirect("member", member.pk)
        except Denied as denied:
            form.add_error(None, str(denied))
    return page(request, "members/enter.html", {"body": body, "rule": rule, "form": form},
                status=422 if form.errors else 200)  # fmt: skip


def roll_or_404(unit: int, membership: str) -> tuple[Organisation, Membership]:
    rows = Organisation.objects.select_related("place").defer("place__boundary")
    body = get_object_or_404(rows, pk=unit)
    rule = playbook.current().memberships.get(membership)
    if rule is None or body.kind not in rule.bodies:
        raise Http404
    return body, rule


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 7:
        raise BadRequest
    return int(text)


@require_http_methods(["GET", "POST"])
@door("membership.keep")
def member(request: HttpRequest, key: UUID) -> HttpResponse:
    """One member by number; each form is one act, named by `act`."""
    actor, row = actor_of(request), member_or_404(key)
    check_keeps(actor, row.organisation)
    view, act = reading.one(row), ACTS.get(request.POST.get("act", ""))
    bound: forms.Form | None = None
    if request.method == "POST" and act is not None:
        bound = act.form_of(view, request.POST)
        if bound is None or bound.is_valid():
            try:
                messages.success(request, act.run(row, bound, actor))
                return redirect("member", key)
            except Denied as denied:
                messages.error(request, str(denied))
        view = reading.one(member_or_404(key))
    elif request.method == "POST":
        return _revealed(request, view, actor)
    return page(request, "members/member.html", _context(view, actor, act, bound),
                status=422 if bound is not None and bound.errors else 200)  # fmt: skip


def _context(
    view: reading.OneView, actor: Actor, act: Act | None = None, bound: forms.Form | None = None
) -> dict[str, Any]:
    fresh = {
        name: bound if act is not None and act.name == name else one.form_of(view, None)
        for name, one in ACTS.items()
    }
    row = view.proceeding
    decides = False
    if row is not None:
        row.member = view.member
        appealed = row.state == Proceeding.State.APPEALED
        check = check_decides_appeal if appealed else check_decides
        decides = row.state in (row.State.NOTICED, row.State.APPEALED) and allowed(
            check, actor, row
        )
    return {
        "view": view, "member": view.member, "forms": fresh, "decides": decides,
        "agrees": view.waiting is not None and allowed(check_agrees, actor, view.waiting),
        "mine": view.waiting is not None and view.waiting.by == actor.id,
        "reason": ReasonForm(), "name": "", "said": [], "today": clock.today().isoformat(),
        "act": act.name if act else "",
    }  # fmt: skip


def _revealed(request: HttpRequest, view: reading.OneView, actor: Actor) -> HttpResponse:
    """The name, and what was said in a step against them; with a reason, for this one view."""
    form, context = ReasonForm(request.POST), _context(view, actor)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            names = entering.read_names([view.member], by=actor, reason=reason)
            context["name"] = names[str(view.member.pk)]
            if view.proceeding is not None:
                context["said"] = adverse_reading.said(view.proceeding, by=actor, reason=reason)
        except Denied as denied:
            form.add_error("reason", str(denied))
    return page(request, "members/member.html", context | {"reason": form},
                status=422 if form.errors else 200)  # fmt: skip


@require_POST
@door("membership.decide")
def second(request: HttpRequest, key: UUID) -> HttpResponse:
    """The second person agrees to a step, or one of the two takes it back."""
    rows = Move.objects.select_related("member__organisation__place")
    row = get_object_or_404(rows, pk=key)
    actor = actor_of(request)
    try:
        if request.POST.get("verb") == "agree":
            moving.agree(row, by=actor)
            messages.success(request, _("Agreed: the step is taken."))
        else:
            moving.refuse(row, by=actor)
            messages.success(request, _("Not taken; everything stays as it was."))
    except Denied as denied:
        messages.error(request, str(denied))
    if Member.objects.filter(pk=row.member_id, left_on=None).exists():
        return redirect("member", row.member_id)
    return redirect("members-desk")
