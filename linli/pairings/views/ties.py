"""Ties: numbers for everybody, one's own, and the desk's with who has none and who is overdue."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli import playbook
from linli.pairings import reading
from linli.pairings.actions import tying
from linli.pairings.forms import ContactForm, EndForm, ProposeForm
from linli.pairings.models import Party, Tie
from linli.pairings.policies import check_party, check_sees, keeps
from linli.people.actors import Actor, actor_of
from linli.people.policies import Denied, NeedsReason, allowed
from linli.playbook.pairing import Pairing
from linli.web.doors import door
from linli.web.jinja import url
from linli.web.pages import page


@require_GET
@door("pairing.read")
def public(request: HttpRequest) -> HttpResponse:
    """Every kind of tie in numbers. No person and no home."""
    return page(request, "pairings/public.html", {"kinds": reading.public()})


@require_GET
@door("pairing.own")
def mine(request: HttpRequest) -> HttpResponse:
    """The ties in which I stand, or my body."""
    ties, more = _page(request, reading.of_me(actor_of(request)))
    return page(request, "pairings/mine.html", {
        "ties": ties, "next_url": url("my-ties", before=more) if more else None,
    })  # fmt: skip


@require_GET
@door("pairing.keep")
def desk(request: HttpRequest) -> HttpResponse:
    """What my office arranges: the newest ties, what is overdue, and the kinds it may arrange."""
    actor, late = actor_of(request), request.GET.get("list") == "late"
    every = reading.of_desk(actor)
    ties, more = _page(request, every.overdue() if late else every.open())  # type: ignore[attr-defined]
    here = {"list": "late"} if late else {}
    return page(request, "pairings/desk.html", {
        "ties": ties, "rules": reading.arranged_by(actor), "late": late,
        "overdue": every.overdue().count(),  # type: ignore[attr-defined]
        "next_url": url("ties-desk", before=more, **here) if more else None,
    })  # fmt: skip


def _page(request: HttpRequest, ties: Any) -> tuple[list[Tie], str]:
    try:
        return reading.page_of(ties, request.GET.get("before", ""))
    except ValueError as error:
        raise BadRequest from error


@require_http_methods(["GET", "POST"])
@door("pairing.keep")
def kind(request: HttpRequest, pairing: str) -> HttpResponse:
    """One kind on my ground: who has none, and bringing two together."""
    actor, rule = actor_of(request), _rule(pairing)
    if rule not in reading.arranged_by(actor):
        raise Denied(_("Ties of this kind are arranged by another office."))
    form = ProposeForm(request.POST or None, rule=rule, path=actor.place_path)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            tie = tying.propose(
                rule.id, said["who_a"], said["who_b"], purpose=said["purpose"], by=actor
            )
            messages.success(request, _("Both are asked; it runs once both have said yes.")
                             if tie.state == Tie.State.PROPOSED else _("It runs from today."))  # fmt: skip
            return redirect("tie", tie.pk)
        except Denied as denied:
            form.add_error(None, str(denied))
    return page(request, "pairings/kind.html", {
        "rule": rule, "form": form, "view": reading.kind_view(rule, actor.place_path, names=True),
    }, status=422 if form.errors else 200)  # fmt: skip


def _rule(pairing: str) -> Pairing:
    rule = playbook.current().pairings.get(pairing)
    if rule is None:
        raise Http404
    return rule


def tie_or_404(key: UUID) -> Tie:
    """The tie with its parties."""
    return get_object_or_404(Tie.objects.with_parties().select_related("organisation"), pk=key)


@require_http_methods(["GET", "POST"])
@door("pairing.own")
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """One tie, for its two sides and its office: yes or no, contacts, the end."""
    actor, tie = actor_of(request), tie_or_404(key)
    check_sees(actor, tie)
    act = request.POST.get("act", "")
    contact = ContactForm(request.POST if act == "contact" else None, rule=tie.rule)
    home = ""
    if request.method == "POST" and (act != "contact" or contact.is_valid()):
        try:
            if act == "home":
                home = tying.read_home(tie, by=actor, reason=request.POST.get("reason", ""))
            else:
                messages.success(request, _do(act, tie, request, contact, actor))
                return redirect("tie", key)
        except Denied as denied:
            messages.error(request, str(denied))
        tie = tie_or_404(key)
    return page(request, "pairings/tie.html", {
        "tie": tie, "rule": tie.rule, "contact": contact, "end": EndForm(), "home": home,
        "mine": _my_side(actor, tie), "keeps": keeps(actor, tie),
        "contacts": [(tie.rule.contact(row.kind).name, row)
                     for row in tie.contacts.order_by("-on")[:12]],
        "has_home": any(party.subject for party in tie.parties.all()),
    }, status=422 if contact.errors else 200)  # fmt: skip


def _my_side(actor: Actor, tie: Tie) -> Party | None:
    return check_party(actor, tie) if allowed(check_party, actor, tie) else None


def _do(act: str, tie: Tie, request: HttpRequest, contact: forms.Form, by: Actor) -> str:
    if act == "yes":
        tying.agree(tie, by=by)
        return _("You said yes.")
    if act == "no":
        tying.decline(tie, by=by)
        return _("It does not begin. Nobody asks why.")
    if act == "contact":
        said = contact.cleaned_data
        tying.note_contact(tie, said["kind"], on=said["on"], by=by)
        return _("Noted with its day.")
    if act == "end":
        tying.end(tie, request.POST.get("why", ""), by=by)
        return _("It has ended.")
    raise NeedsReason(_("Choose one of the buttons."))
