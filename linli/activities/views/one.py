"""What is on, one occurrence of it, and coming to it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.activities import listing
from linli.activities.actions import hours, seats, standing
from linli.activities.models import Occurrence, Series, SignUp, Standing
from linli.activities.models.people import EARLIEST_IN, LATEST_OUT, PRESENT, Going
from linli.activities.policies import can_see, check_can_sign_up, fits, may
from linli.forum import talk
from linli.journal.record import subject_of
from linli.lib import clock
from linli.people.actors import Actor, actor_of
from linli.people.policies import Denied, allowed
from linli.web.doors import door
from linli.web.pages import page

FEWEST = 5  # a smaller number of people is not said


@require_GET
@door("activity.read")
def on(request: HttpRequest) -> HttpResponse:
    """What is on near a place, day by day."""
    view = listing.listing(request.GET)
    return page(request, "activities/on.html", {"view": view}, block="found")


@require_GET
@door("activity.read")
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One occurrence: when, where, who hosts it, and a seat for me."""
    actor = actor_of(request)
    row = visible_or_404(uid, actor)
    mine = _mine(row, actor)
    came = row.sign_ups.filter(state__in=PRESENT).count() if row.state == "held" else 0
    return page(request, "activities/one.html", {
        "row": row, "rule": row.rule, "mine": mine, "roles": _roles(row, actor, mine),
        "came": came if came >= FEWEST else None, "at_the_door": _at_the_door(row, mine),
        "keeps": may("activity.attendee_list", actor, row) or may("activity.note", actor, row),
        "over": row.ends_at < clock.now(),
        "talk": talk.about(subject_of(row)) if row.is_public else None,
    })  # fmt: skip


def visible_or_404(uid: UUID, actor: Actor) -> Occurrence:
    """The occurrence, if this person may see it; for others it is not there."""
    rows = Occurrence.objects.with_names().select_related("series")
    row = get_object_or_404(rows, pk=uid)
    if not can_see(actor, row):
        raise Http404
    return row


def _mine(row: Occurrence, actor: Actor) -> SignUp | None:
    if actor.user is None:
        return None
    found = SignUp.objects.filter(occurrence=row, user=actor.user).select_related("seat").first()
    return found if found and found.state != Going.WITHDRAWN else None


def _roles(row: Occurrence, actor: Actor, mine: SignUp | None) -> list[dict[str, Any]]:
    found = []
    order = {role.id: n for n, role in enumerate(row.rule.roles)}
    for seat in sorted(row.seats.all(), key=lambda seat: order.get(seat.role, 99)):
        seat.occurrence = row
        if seat.role not in order:
            continue
        open_ = not mine and row.is_open and row.starts_at > clock.now()
        found.append({
            "seat": seat, "rule": seat.rule,
            "for_me": open_ and allowed(check_can_sign_up, seat, actor),
            "sign_in": open_ and actor.user is None and seat.rule.by in ("anyone", "volunteer"),
            "full": not seat.free and not seat.free_standby,
        })  # fmt: skip
    return found


def _at_the_door(row: Occurrence, mine: SignUp | None) -> str:
    """ "in" or "out" while somebody with a seat can check themselves in or out."""
    now = clock.now()
    if mine is None or row.is_cancelled:
        return ""
    if mine.state == Going.GOING and row.starts_at - EARLIEST_IN <= now <= row.ends_at:
        return "in"
    return "out" if mine.state == Going.IN and now <= row.ends_at + LATEST_OUT else ""


@require_POST
@door("activity.sign_up")
def sign_up(request: HttpRequest, uid: UUID, role: str) -> HttpResponse:
    """Take a seat, or a place on the waiting list."""
    actor = actor_of(request)
    row = visible_or_404(uid, actor)
    try:
        mine = seats.sign_up(row, role, by=actor)
    except Denied as denied:
        messages.error(request, str(denied))
    else:
        messages.success(request, _said(mine))
    return redirect("activity", uid)


def _said(mine: SignUp) -> str:
    if mine.state == Going.STANDBY:
        return _("You are on the waiting list. If a seat becomes free it is yours; we tell you.")
    return _("You have a seat.")


@require_POST
@door("activity.sign_up")
def withdraw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Give the seat back."""
    actor = actor_of(request)
    row = visible_or_404(uid, actor)
    mine = _mine(row, actor)
    try:
        if mine is None:
            raise Denied(_("You are not on the list any more."))
        seats.withdraw(mine, by=actor)
        messages.success(request, _("You are off the list. Nothing follows from it."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("activity", uid)


@require_POST
@door("activity.sign_up")
def at_the_door(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Check myself in or out with the word at the door."""
    actor = actor_of(request)
    row = visible_or_404(uid, actor)
    mine, code = _mine(row, actor), request.POST.get("code", "")[:12]
    try:
        if mine is None or not code:
            raise Denied(_("That is not the word at the door. Please look again."))
        if mine.state == Going.IN:
            hours.check_out(mine, by=actor, code=code)
            messages.success(request, _("You are checked out. Thank you!"))
        else:
            hours.check_in(mine, by=actor, code=code)
            messages.success(request, _("You are checked in."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("activity", uid)


@require_GET
@door("activity.read")
def series(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Something that comes back: what comes next, what was, and a role for each time."""
    actor = actor_of(request)
    row = get_object_or_404(
        Series.objects.select_related("organisation", "place").defer("place__boundary"),
        pk=series_id,
    )
    rows = [one for one in Occurrence.objects.filter(series=row).with_names().order_by("starts_at")
            if can_see(actor, one)]  # fmt: skip
    if not rows:
        raise Http404
    coming = [one for one in rows if one.ends_at >= clock.now()]
    past = [one for one in reversed(rows) if one.ends_at < clock.now()]
    held = Standing.objects.filter(series=row, user=actor.user, until=None).first()
    claimable = [r for r in row.rule.roles if r.gives_time and coming
                 and fits(actor, r.by, coming[0]) and row.ended_at is None]  # fmt: skip
    return page(request, "activities/series.html", {
        "row": row, "rule": row.rule, "coming": coming[:12], "past": past[:12], "held": held,
        "claimable": claimable, "counts": _counts(past),
        "ends": row.ended_at is None and coming and may("activity.create", actor, coming[0]),
    })  # fmt: skip


def _counts(past: list[Occurrence]) -> dict[str, int]:
    return {
        name: sum(one.state == name for one in past) for name in ("held", "not_held", "cancelled")
    }


@require_POST
@door("activity.sign_up")
def claim(request: HttpRequest, series_id: UUID, role: str) -> HttpResponse:
    """Take a role each time, or give it back."""
    actor = actor_of(request)
    row = get_object_or_404(Series, pk=series_id)
    try:
        if role == "none":
            held = get_object_or_404(Standing, series=row, user=actor.user, until=None)
            standing.give_back(held, by=actor)
            messages.success(request, _("You are off the list. Nothing follows from it."))
        else:
            standing.claim(row, role, by=actor)
            messages.success(request, _("The role is yours each time. Thank you!"))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("activity-series", series_id)
