"""The door of a club: open, come in, fetch, close behind the last child."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.clubs import policies, reading
from linli.clubs.actions import door as acts
from linli.clubs.actions import opening
from linli.clubs.forms import HandOverForm, IncidentForm, OpenForm
from linli.clubs.models import Child, Club, Helper, PickUp, Session, Shift
from linli.clubs.views.public import club_or_404, said
from linli.lib import clock
from linli.people.actors import actor_of
from linli.people.policies import Denied, allowed
from linli.web.doors import door
from linli.web.pages import page

USUAL = timedelta(hours=2)


def _club(code: str, request: HttpRequest) -> Club:
    club = club_or_404(code)
    if not allowed(policies.check_door, actor_of(request), club):
        raise Http404
    return club


def _session(club: Club) -> Session:
    row = get_object_or_404(Session, club=club, ended_at=None)
    row.club = club
    return row


def _child(club: Club, child_id: object) -> Child:
    try:
        key = child_id if isinstance(child_id, UUID) else UUID(str(child_id))
    except ValueError:
        raise Http404 from None
    row = get_object_or_404(Child, pk=key, club=club)
    row.club = club
    return row


def _open_form(club: Club, data: Any = None) -> OpenForm:
    adults = [(str(row.pk), row.user.display_name or _("somebody")) for row in reading.ready(club)]
    usual = reading.usual_end(club)
    if usual is None or usual <= clock.now():
        usual = clock.now() + USUAL
    hour = usual.astimezone(clock.LOCAL).time().replace(second=0, microsecond=0)
    return OpenForm(data, adults, initial={"until": hour})


@require_GET
@door("club.door")
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Who is inside, who may come in; or the form that opens the door."""
    club = _club(code, request)
    session = Session.objects.filter(club=club, ended_at=None).first()
    if session is None:
        return _closed(request, club, _open_form(club))
    session.club = club
    keeps = allowed(policies.check_keeps, actor_of(request), club)
    return page(request, "clubs/door.html", {
        "club": club, "door": reading.door(session), "session": session, "keeps": keeps,
    })  # fmt: skip


def _closed(request: HttpRequest, club: Club, form: OpenForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return page(request, "clubs/door_closed.html",
                {"club": club, "rule": club.rule, "form": form}, status=status)  # fmt: skip


@require_POST
@door("club.door")
def open_it(request: HttpRequest, code: str) -> HttpResponse:
    """Open the door with at least two adults there."""
    club, actor = _club(code, request), actor_of(request)
    form = _open_form(club, request.POST)
    if form.is_valid():
        helpers = Helper.objects.filter(pk__in=form.cleaned_data["helpers"], club=club)
        try:
            acts.open_session(club, helpers.select_related("club"), ends_at=form.ends_at, by=actor)
            return redirect("club-door", code)
        except Denied as error:
            form.add_error(None, str(error))
    return _closed(request, club, form)


@require_POST
@door("club.door")
def adult(request: HttpRequest, code: str) -> HttpResponse:
    """An adult comes or goes."""
    club, actor = _club(code, request), actor_of(request)
    session = _session(club)
    key = request.POST.get("helper") or request.POST.get("shift") or ""
    if not key.isdigit():
        raise Http404
    if "helper" in request.POST:
        helper = get_object_or_404(Helper.objects.select_related("club"), pk=int(key), club=club)
        said(request, lambda: acts.adult_comes(session, helper, by=actor), _("Written down."))
    else:
        shift = get_object_or_404(Shift, pk=int(key), session=session)
        said(request, lambda: acts.adult_leaves(session, shift, by=actor), _("Written down."))
    return redirect("club-door", code)


@require_POST
@door("club.door")
def come_in(request: HttpRequest, code: str) -> HttpResponse:
    """A child comes in."""
    club, actor = _club(code, request), actor_of(request)
    session, child = _session(club), _child(club, request.POST.get("child"))
    said(request, lambda: acts.check_in(session, child, by=actor),
         _("Child %(n)s is inside.") % {"n": child.number})  # fmt: skip
    return redirect("club-door", code)


@require_POST
@door("club.door")
def child(request: HttpRequest, code: str, child_id: UUID) -> HttpResponse:
    """Open one child's name and notes at the door; that is logged."""
    club, actor = _club(code, request), actor_of(request)
    session, row = _session(club), _child(club, child_id)
    return page(request, "clubs/door_child.html", {
        "club": club, "session": session, "child": row, "opened": opening.child(row, by=actor),
        "inside": row.presences.filter(left_at=None).exists(), "form": IncidentForm(),
        "was_here": row.presences.filter(session=session).exists(),
    })  # fmt: skip


@require_POST
@door("club.door")
def pick_up(request: HttpRequest, code: str, child_id: UUID) -> HttpResponse:
    """Open the list of one child to hand it over; that is logged."""
    return _list(request, _child(_club(code, request), child_id), None)


def _list(request: HttpRequest, row: Child, data: Any) -> HttpResponse:
    try:
        adults = opening.fetchers(row, by=actor_of(request))
    except Denied as error:
        messages.error(request, str(error))
        return redirect("club-door", row.club.code)
    form = HandOverForm(data, [
        (str(one.pk), f"{name} · {one.get_relation_display()} · {one.word}")
        for one, name in adults
    ])  # fmt: skip
    status = 200 if form.is_valid() or not form.is_bound else 422
    return page(request, "clubs/hand_over.html", {"club": row.club, "child": row, "form": form},
                status=status)  # fmt: skip


@require_POST
@door("club.door")
def hand_over(request: HttpRequest, code: str, child_id: UUID) -> HttpResponse:
    """The child leaves with the adult chosen from its list."""
    club, actor = _club(code, request), actor_of(request)
    session, row = _session(club), _child(club, child_id)
    try:
        key = UUID(request.POST.get("adult", ""))
    except ValueError:
        return _list(request, row, request.POST)
    adult = PickUp.objects.filter(pk=key, child=row).first()
    if adult is None:
        return _list(request, row, request.POST)
    said(request, lambda: acts.hand_over(session, row, adult, by=actor),
         _("Child %(n)s has been handed over.") % {"n": row.number})  # fmt: skip
    return redirect("club-door", code)


@require_POST
@door("club.door")
def note(request: HttpRequest, code: str, child_id: UUID) -> HttpResponse:
    """Write down that something happened."""
    club, actor = _club(code, request), actor_of(request)
    session, row = _session(club), _child(club, child_id)
    text = request.POST.get("text", "")
    said(request, lambda: opening.note_incident(session, row, text, by=actor),
         _("Written down. The guardian is told to read it."))  # fmt: skip
    return redirect("club-door", code)


@require_POST
@door("club.door")
def end(request: HttpRequest, code: str) -> HttpResponse:
    """Close the door behind the last child."""
    club, actor = _club(code, request), actor_of(request)
    session = _session(club)
    done = said(request, lambda: acts.end_session(session, by=actor), _("The session has ended."))
    return redirect("club" if done else "club-door", code)
