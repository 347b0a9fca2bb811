"""One's own yes or no: to hold a post, to take over, to stand in; and saying that one cannot come."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.lib import clock
from linli.people import unit_posts, work
from linli.people.actions import handing, inviting, standing_in
from linli.people.actors import Actor, actor_of
from linli.people.forms import AnswerForm, HandoverForm, WillingForm
from linli.people.models import Appointment, Ask, Handover, Invitation, StandIn, User, Willing
from linli.people.policies import Denied
from linli.places.models import VILLAGES, Place
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page

BOTH = ["GET", "POST"]
WEEKS = timedelta(days=14)


def _me(request: HttpRequest) -> tuple[Actor, User]:
    actor = actor_of(request)
    if actor.user is None:  # the door has asked already; this is for the type
        raise Denied(_("Please sign in first."))
    return actor, actor.user


@require_http_methods(BOTH)
@door("post.answer")
def be_asked(request: HttpRequest) -> HttpResponse:
    """Switch on that offices nearby may ask, and for what; or off again."""
    _actor, user = _me(request)
    now = Willing.objects.filter(user=user).select_related("place").first()
    initial = {"place": now.place.code, "kinds": now.kinds} if now else {}
    form = WillingForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        kinds=unit_posts.kinds_to_ask_for(),
    )
    if request.method == "POST" and "off" in request.POST:
        inviting.be_left_alone(user)
        messages.success(request, _("Nobody asks you any more. What you had said is erased."))
        return redirect("be-asked")
    if request.method == "POST" and form.is_valid():
        inviting.be_asked(user, form.cleaned_data["place"], form.cleaned_data["kinds"])
        messages.success(
            request, _("Saved. Offices near there may ask you; you can always say no.")
        )
        return redirect("be-asked")
    places = Place.objects.current().of_kind(*VILLAGES).light()
    return page(request, "people/be_asked.html", {
        "form": form, "now": now, "places": places.order_by("path"),
    })  # fmt: skip


@require_http_methods(BOTH)
@door("post.answer")
def invitation(request: HttpRequest, invitation_id: str) -> HttpResponse:
    """Would you hold this post? What it is, for how long, and what the door card may call you."""
    actor, user = _me(request)
    row = Invitation.objects.with_names().filter(pk=invitation_id, user=user).first()
    if row is None:
        raise Http404
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        initial={"public_name": user.display_name},
    )
    if request.method == "POST" and form.is_valid():
        yes = form.cleaned_data["answer"] == "yes"
        name = form.cleaned_data["public_name"] if form.cleaned_data["named"] else ""
        try:
            inviting.answer(row, yes, by=actor, public_name=name)
        except Denied as denied:
            form.add_error(None, str(denied))
        else:
            messages.success(request, _("Thank you. The office sees your yes.") if yes
                             else _("That is fine, and has no effect on anything."))  # fmt: skip
            return redirect("invitation", row.pk)
    return page(request, "people/invitation.html", {
        "row": row, "title": row.post.title(lang()), "kind": unit_posts.kind_of(row.post),
        "form": form,
    }, status=422 if form.errors else 200)  # fmt: skip


@require_http_methods(BOTH)
@door("post.hand_over")
def hand_over(request: HttpRequest, row_id: int) -> HttpResponse:
    """Going away for some days: choose who takes over, and from when until when."""
    actor, user = _me(request)
    rows = Appointment.objects.in_force(clock.today()).with_posts()
    row = rows.filter(pk=row_id, user=user).first()
    if row is None:
        raise Http404
    receivers = list(handing.receivers(row)[:40])
    choices = [(str(r.pk), f"{r.user} · {r.post.title(lang())}") for r in receivers]
    form = HandoverForm(request.POST if request.method == "POST" else None, receivers=choices)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        to = next(r for r in receivers if str(r.pk) == said["to"])
        end = said["last_on"] + timedelta(days=1)
        try:
            made = handing.propose(row, to, said["starts_on"], end, by=actor)
        except Denied as denied:
            form.add_error(None, str(denied))
        else:
            messages.success(request, _("Asked. Nothing moves before they say yes."))
            return redirect("handover", made.pk)
    live = row.handovers.filter(state__in=handing.LIVE).first()
    return page(request, "people/hand_over.html", {
        "row": row, "title": row.post.title(lang()), "items": work.held(row), "form": form,
        "receivers": receivers, "live": live,
    }, status=422 if form.errors else 200)  # fmt: skip


@require_http_methods(BOTH)
@door("post.answer")
def handover(request: HttpRequest, handover_id: str) -> HttpResponse:
    """A handover for its two people: what moves, from when until when, yes or no."""
    actor, user = _me(request)
    row = _handover(handover_id, user)
    mine = row.giver.user_id == user.pk
    if request.method == "POST":
        if mine:
            handing.take_back(row, by=actor)
        else:
            handing.answer(row, request.POST.get("answer") == "yes", by=actor)
        return redirect("handover", row.pk)
    begun = row.state in (Handover.State.MOVED, Handover.State.BACK)
    return page(request, "people/handover.html", {
        "row": row, "mine": mine, "title": row.giver.post.title(lang()),
        "last_on": row.ends_on - timedelta(days=1), "items": [] if begun else work.held(row.giver),
        "moved": row.handed.count(), "live": row.state in handing.LIVE,
    })  # fmt: skip


def _handover(pk: str, user: User) -> Handover:
    rows = Handover.objects.select_related(
        "giver__user", "receiver__user", "giver__post__organisation__place",
        "giver__post__place", "receiver__post__organisation", "receiver__post__place",
    )  # fmt: skip
    row = rows.filter(pk=pk).first()
    if row is None or user.pk not in (row.giver.user_id, row.receiver.user_id):
        raise Http404
    return row


@require_http_methods(BOTH)
@door("duty.cannot_come")
def cannot_come(request: HttpRequest) -> HttpResponse:
    """Where I am expected in the next two weeks, with one button each: I cannot come."""
    actor, user = _me(request)
    if request.method == "POST":
        holder, _colon, key = request.POST.get("duty", "").partition(":")
        try:
            row = standing_in.cannot_come(holder, key, by=actor)
        except Denied as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, _said(row))
        return redirect("cannot-come")
    now = clock.now()
    said = StandIn.objects.filter(user=user, starts_at__gt=now).order_by("starts_at")
    asking = {(row.holder, row.key) for row in said if row.state == StandIn.State.ASKING}
    duties = [d for d in work.duties(user, now, now + WEEKS) if (d.holder, d.key) not in asking]
    return page(request, "people/cannot_come.html", {
        "duties": duties, "said": [_line(row) for row in said],
    })  # fmt: skip


def _said(row: StandIn) -> str:
    if row.state == StandIn.State.NOBODY:
        return _(
            "Noted. There is nobody on the list; the host has been told that the seat is empty."
        )
    return _("Noted. The next in line is being asked now; you need not do anything more.")


def _line(row: StandIn) -> dict[str, Any]:
    floor = work.DUTIES.get(row.holder)
    return {"title": floor.title(row.key) if floor else "", "when": row.starts_at,
            "state": row.get_state_display(), "asking": row.state == StandIn.State.ASKING}  # fmt: skip


@require_http_methods(BOTH)
@door("post.answer")
def stand_in(request: HttpRequest, ask_id: str) -> HttpResponse:
    """Can you come instead? Yes or no; no reason is asked for."""
    actor, user = _me(request)
    ask = Ask.objects.select_related("stand_in").filter(pk=ask_id, user=user).first()
    if ask is None:
        raise Http404
    if request.method == "POST":
        try:
            standing_in.answer(ask, request.POST.get("answer") == "yes", by=actor)
        except Denied as error:
            messages.warning(request, str(error))
        return redirect("stand-in", ask.pk)
    live = ask.state == Ask.State.ASKED and ask.expires_at is not None and (
        ask.expires_at > clock.now()
    )  # fmt: skip
    return page(request, "people/stand_in.html", {
        "ask": ask, "live": live, "row": _line(ask.stand_in),
    })  # fmt: skip
