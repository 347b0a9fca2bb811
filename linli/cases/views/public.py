"""What everybody may see beside the page of one case and the lists: the door card, wishes."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli import playbook
from linli.cases import finding, listing
from linli.cases.actions import steps as step_acts
from linli.cases.models import Case, Claim
from linli.cases.views.case_page import claimable, listed_or_404
from linli.people.actors import actor_of
from linli.people.models import Organisation
from linli.people.policies import Denied
from linli.people.posts import public_card
from linli.places.models import Place
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page


@require_POST
@door("case.claim")
def claim(request: HttpRequest, number: str, step_id: str) -> HttpResponse:
    """A volunteer takes on a published wish."""
    row = listed_or_404(number)
    try:
        step_acts.claim(row, step_id, by=actor_of(request))
        messages.success(request, _("Thank you! It is yours until the day shown below."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect(
        "claims" if actor_of(request).user else "case",
        *([] if actor_of(request).user else [number]),
    )


@require_GET
@door("case.claim")
def claims(request: HttpRequest) -> HttpResponse:
    """What I took on, and what is waiting for somebody."""
    actor = actor_of(request)
    mine = Claim.objects.filter(user=actor.user, ended_at=None).select_related("case__owner")
    waiting = (
        Case.objects.open()
        .filter(kind__in=[k.id for k in playbook.current().kinds.values() if k.alias])
        .filter(published_at__isnull=False)
        .exclude(claims__ended_at=None, claims__isnull=False)
        .prefetch_related("steps", "claims")
        .with_names()
        .order_by("-published_at")[:60]
    )
    rows = [row for row in waiting if claimable(row)]
    return page(request, "cases/claims.html", {"claims": mine, "waiting": rows})


@require_POST
@door("case.claim")
def give_back(request: HttpRequest, claim_id: int) -> HttpResponse:
    """A volunteer cannot do it after all."""
    row = get_object_or_404(Claim, pk=claim_id, user=actor_of(request).user)
    try:
        step_acts.release(row, by=actor_of(request))
        messages.success(request, _("Given back. Somebody else can take it on now."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("claims")


@require_POST
@door("case.claim")
def fulfil(request: HttpRequest, claim_id: int) -> HttpResponse:
    """A volunteer says: done, it is at the station."""
    row = get_object_or_404(Claim, pk=claim_id, user=actor_of(request).user, ended_at=None)
    try:
        step_acts.do_step(row.case, row.step, {}, by=actor_of(request))
        messages.success(request, _("Thank you! The station will hand it on."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("claims")


@require_GET
@door("case.view_public")
def door_card(request: HttpRequest, code: str) -> HttpResponse:
    """The page behind the QR code on a stairwell: where you are, who your steward is, four ways on."""
    place = Place.objects.by_door_code(code) or Place.objects.current().filter(code=code).first()
    if place is None:
        raise Http404
    cards = public_card(place)
    found = finding.page(finding.Wanted(path=place.path), 3)
    recent = [listing.as_line(row) for row in found.rows]
    units = Organisation.objects.serving(place)
    return page(request, "cases/door_card.html", {
        "place": place, "cards": cards, "recent": recent, "units": units,
        "offices": [(u.name_for(lang()), u.public_line or _("at its counter")) for u in units],
    })  # fmt: skip
