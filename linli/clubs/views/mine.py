"""The guardian's pages: asking for a place, the list of who fetches, taking the consent back."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.clubs import reading
from linli.clubs.actions import enrolling, fetching, opening
from linli.clubs.forms import ApplyForm, PickUpForm
from linli.clubs.models import Child, Incident, PickUp
from linli.clubs.views.public import club_or_404, said
from linli.people.actors import actor_of
from linli.people.policies import Denied
from linli.web.doors import door
from linli.web.pages import page


@require_GET
@door("club.own")
def index(request: HttpRequest) -> HttpResponse:
    """My children at clubs."""
    return page(request, "clubs/mine.html", {"children": reading.mine(actor_of(request).user)})


@require_http_methods(["GET", "POST"])
@door("club.own")
def apply(request: HttpRequest, code: str) -> HttpResponse:
    """Ask for a place; what was typed stays if something is missing."""
    club, actor = club_or_404(code), actor_of(request)
    version = club.rule.consent.version if club.rule else ""
    form = ApplyForm(request.POST or None, initial={"version": version})
    context = {"club": club, "rule": club.rule, "form": form}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            child = enrolling.apply(
                club, name=given["name"], notes=given["notes"], age=given["age"],
                own_name=given["own_name"], consent=given["version"], by=actor,
            )  # fmt: skip
            return redirect("my-child", child.pk)
        except Denied as error:
            form.add_error(None, str(error))
    return page(request, "clubs/apply.html", context, status=422 if form.is_bound else 200)


def _own(child_id: UUID, request: HttpRequest) -> Child:
    rows = Child.objects.select_related("club__facility__place", "club__facility__organisation")
    return get_object_or_404(rows.defer("club__facility__place__boundary"), pk=child_id,
                             guardian=actor_of(request).user)  # fmt: skip


def _page(request: HttpRequest, child: Child, status: int = 200, **more: Any) -> HttpResponse:
    """The child's page, without a name unless `more` brings what was opened."""
    context = {"child": child, "club": child.club, "form": PickUpForm(), "names": {},
               "opened": None, **reading.of_child(child), **more}  # fmt: skip
    return page(request, "clubs/child.html", context, status=status)


@require_GET
@door("club.own")
def one(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """One child's place: consent, who fetches, when it was there."""
    return _page(request, _own(child_id, request))


@require_POST
@door("club.own")
def names(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """The same page with the names opened for their guardian; that is logged."""
    child, actor = _own(child_id, request), actor_of(request)
    opened = opening.child(child, by=actor)
    names = {adult.pk: name for adult, name in opening.fetchers(child, by=actor)}
    return _page(request, child, opened=opened, names=names)


@require_POST
@door("club.own")
def withdraw(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """Take the consent back."""
    child, actor = _own(child_id, request), actor_of(request)
    said(request, lambda: enrolling.withdraw(child, by=actor),
         _("Your consent is taken back, and the place has ended."))  # fmt: skip
    return redirect("my-child", child.pk)


@require_POST
@door("club.own")
def add_adult(request: HttpRequest, child_id: UUID) -> HttpResponse:
    """One more adult who may fetch the child."""
    child, actor = _own(child_id, request), actor_of(request)
    form = PickUpForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            fetching.add(child, given["relation"], given["name"], by=actor)
            return redirect("my-child", child.pk)
        except Denied as error:
            form.add_error(None, str(error))
    return _page(request, child, 422, form=form)


@require_POST
@door("club.own")
def end_adult(request: HttpRequest, child_id: UUID, adult_id: UUID) -> HttpResponse:
    """Take an adult off the list."""
    child, actor = _own(child_id, request), actor_of(request)
    adult = get_object_or_404(PickUp.objects.select_related("child"), pk=adult_id, child=child)
    said(request, lambda: fetching.end(adult, by=actor), _("From now on they do not fetch it."))
    return redirect("my-child", child.pk)


@require_POST
@door("club.own")
def incident(request: HttpRequest, child_id: UUID, incident_id: UUID) -> HttpResponse:
    """Read what was written down about my child."""
    child = _own(child_id, request)
    rows = Incident.objects.select_related("child", "session__club__facility")
    row = get_object_or_404(rows, pk=incident_id, child=child)
    text = opening.incident(row, by=actor_of(request))
    return page(request, "clubs/incident.html", {"row": row, "text": text, "child": child,
                "back": "my-child"})  # fmt: skip
