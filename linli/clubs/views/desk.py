"""The host's desk: who asks for a place, who waits, the adults and their checks."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli import playbook
from linli.clubs import policies, reading
from linli.clubs.actions import enrolling, opening, running
from linli.clubs.forms import ClubForm, HelperForm, PlacesForm, ReasonForm
from linli.clubs.models import Child, Club, Helper, Incident
from linli.clubs.views.public import club_or_404, said
from linli.facilities.models import Facility
from linli.people.actors import Actor, actor_of
from linli.people.models import User
from linli.people.policies import Denied, NeedsReason, allowed
from linli.vault.accounts import account_of
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page


@require_http_methods(["GET", "POST"])
@door("club.keep")
def index(request: HttpRequest) -> HttpResponse:
    """The clubs of my unit, and the form for a new one."""
    actor = actor_of(request)
    form, facilities = _new_club(request, actor)
    if form is not None and form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            club = running.open_club(
                given["kind"], facilities[given["facility"]], name=given["name"],
                name_en=given["name_en"], places=given["places"], by=actor,
            )  # fmt: skip
            return redirect("desk-club", club.code)
        except Denied as error:
            form.add_error(None, str(error))
    clubs = reading.at_desk(actor.organisation.pk) if actor.organisation else []
    status = 422 if form is not None and form.errors else 200
    return page(request, "clubs/desk.html", {
        "clubs": clubs, "sessions": reading.waiting_now(clubs), "form": form,
    }, status=status)  # fmt: skip


def _new_club(request: HttpRequest, actor: Actor) -> tuple[ClubForm | None, dict[str, Facility]]:
    """The form, where the body is of a kind that runs clubs and has a facility to run one at."""
    own = actor.organisation
    kinds = [
        (kind.id, kind.name.text(lang())) for kind in playbook.current().clubs.values()
        if own is not None and own.kind in kind.host
    ]  # fmt: skip
    rows = Facility.objects.running().filter(organisation=own).select_related("organisation")
    facilities = {row.code: row for row in rows.order_by("name")[: reading.SHOWN]} if kinds else {}
    if not facilities:
        return None, {}
    named = [(code, row.name_for(lang())) for code, row in facilities.items()]
    return ClubForm(request.POST or None, kinds, named), facilities


def _club(code: str, request: HttpRequest) -> Club:
    club = club_or_404(code)
    if not allowed(policies.check_keeps, actor_of(request), club):
        raise Http404
    return club


def _page(request: HttpRequest, club: Club, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "club": club, "rule": club.rule, **reading.desk(club), "helper": HelperForm(),
        "places": PlacesForm(initial={"places": club.places}), "reason": ReasonForm(), **more,
    }  # fmt: skip
    return page(request, "clubs/desk_one.html", context, status=status)


@require_GET
@door("club.keep")
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One club at its desk; children are numbers."""
    return _page(request, _club(code, request))


@require_POST
@door("club.keep")
def add_helper(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody may be with the children from now on."""
    club, actor = _club(code, request), actor_of(request)
    form = HelperForm(request.POST)
    user = _known(form) if form.is_valid() else None
    if user is not None:
        try:
            running.list_helper(club, user, checked_on=form.cleaned_data["checked_on"], by=actor)
            return redirect("desk-club", code)
        except Denied as error:
            form.add_error("checked_on", str(error))
    return _page(request, club, 422, helper=form)


def _known(form: HelperForm) -> User | None:
    """The account with the number that was written; without one the form says why."""
    try:
        user = account_of(form.cleaned_data["person"])
    except ValueError as error:
        form.add_error("person", str(error))
        return None
    if user is None:
        form.add_error("person", _("Nobody signs in with this number yet."))
    return user


@require_POST
@door("club.keep")
def end_helper(request: HttpRequest, code: str, helper_id: int) -> HttpResponse:
    """Somebody is not with the children any more."""
    club, actor = _club(code, request), actor_of(request)
    helper = get_object_or_404(Helper, pk=helper_id, club=club)
    said(request, lambda: running.end_helper(helper, by=actor), _("They are off the list."))
    return redirect("desk-club", code)


@require_POST
@door("club.keep")
def places(request: HttpRequest, code: str) -> HttpResponse:
    """More places, or fewer; who waits moves up."""
    club, actor = _club(code, request), actor_of(request)
    form = PlacesForm(request.POST)
    if form.is_valid():
        try:
            running.change_places(club, form.cleaned_data["places"], by=actor)
            return redirect("desk-club", code)
        except Denied as error:
            form.add_error("places", str(error))
    return _page(request, club, 422, places=form)


def _child(club: Club, child_id: UUID) -> Child:
    row = get_object_or_404(Child, pk=child_id, club=club)
    row.club = club
    return row


@require_POST
@door("club.keep")
def child(request: HttpRequest, code: str, child_id: UUID) -> HttpResponse:
    """Open one child's name and notes, to decide on the place; that is logged."""
    club, actor = _club(code, request), actor_of(request)
    row = _child(club, child_id)
    return page(request, "clubs/desk_child.html", {
        "club": club, "child": row, "opened": opening.child(row, by=actor),
        "reason": ReasonForm(),
    })  # fmt: skip


@require_POST
@door("club.keep")
def decide(request: HttpRequest, code: str, child_id: UUID) -> HttpResponse:
    """Give a place, refuse one, or end it."""
    club, actor = _club(code, request), actor_of(request)
    row, what = _child(club, child_id), request.POST.get("what", "")
    reason = request.POST.get("reason", "")
    if what == "accept":
        said(request, lambda: enrolling.accept(row, by=actor),
             _("Decided. Who finds no free place is on the waiting list."))  # fmt: skip
    elif what == "refuse":
        said(request, lambda: enrolling.refuse(row, reason, by=actor), _("The guardian is told."))
    else:
        said(request, lambda: enrolling.end(row, reason, by=actor), _("The guardian is told."))
    return redirect("desk-club", code)


@require_http_methods(["GET", "POST"])
@door("club.incident")
def incident(request: HttpRequest, code: str, incident_id: UUID) -> HttpResponse:
    """What happened: opened with a reason that the guardian sees."""
    club, actor = club_or_404(code), actor_of(request)
    rows = Incident.objects.select_related("child", "session__club__facility")
    row = get_object_or_404(rows, pk=incident_id, session__club=club)
    form, text = ReasonForm(request.POST or None), ""
    try:
        policies.check_reads_incident(actor, row.child, club, "")
    except NeedsReason:
        pass
    except Denied:
        raise Http404 from None
    if form.is_bound and form.is_valid():
        text = opening.incident(row, by=actor, reason=form.cleaned_data["reason"])
    return page(request, "clubs/incident.html", {
        "row": row, "text": text, "child": row.child, "form": form, "club": club, "back": "",
    }, status=422 if form.errors else 200)  # fmt: skip
