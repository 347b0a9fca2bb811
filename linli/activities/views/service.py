"""My service: hours, what I come to, where I registered, and my calendar's address."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli import playbook
from linli.activities import calendars, service
from linli.activities.actions import enrolling
from linli.activities.models import Enrolment, FeedToken, SignUp, Standing
from linli.activities.models.people import Going
from linli.lib import clock
from linli.people.actors import actor_of
from linli.people.models import Organisation, User
from linli.people.policies import Denied
from linli.web.doors import door
from linli.web.pages import page


def _person(request: HttpRequest) -> User:
    user = actor_of(request).user
    if user is None:  # the door has asked already; this is for the type
        raise Denied(_("Please sign in first."))
    return user


@require_GET
@door("service.own")
def mine(request: HttpRequest) -> HttpResponse:
    """What I gave and what I come to; nobody else reads this page."""
    user = _person(request)
    coming = (
        SignUp.objects.filter(user=user, occurrence__ends_at__gte=clock.now())
        .exclude(state=Going.WITHDRAWN)
        .select_related("seat", "occurrence__place", "occurrence__organisation")
        .defer("occurrence__place__boundary")
        .order_by("occurrence__starts_at")
    )
    return page(request, "activities/service.html", {
        "given": service.of(user), "coming": coming, "evening": service.next_evening(user),
        "enrolments": Enrolment.objects.filter(user=user, ended_at=None)
        .select_related("organisation", "unit"),
        "standing": Standing.objects.filter(user=user, until=None)
        .select_related("series__organisation"),
        "feed": FeedToken.objects.filter(user=user).first(),
        "has_tasks": actor_of(request).enters("activity.note"),
        "kinds": [k for k in playbook.current().activities.values() if k.enrol],
    })  # fmt: skip


@require_POST
@door("service.own")
def feed(request: HttpRequest) -> HttpResponse:
    """A new secret address for my calendar, shown this once; or none any more."""
    user, actor = _person(request), actor_of(request)
    if request.POST.get("end"):
        calendars.revoke(user, by=actor)
        messages.success(request, _("The address finds nothing any more."))
        return redirect("service")
    secret = calendars.new_address(user, by=actor)
    address = settings.SITE_URL.rstrip("/") + reverse("my-calendar", args=[secret])
    return page(request, "activities/feed.html", {"address": address})


@require_http_methods(["GET", "POST"])
@door("service.own")
def enrol(request: HttpRequest, kind: str) -> HttpResponse:
    """Register with a host, from an employer or on one's own."""
    rule = playbook.current().activities.get(kind)
    if rule is None or rule.enrol is None:
        return redirect("service")
    today = clock.today()
    hosts = Organisation.objects.in_force(today).of_kind(*rule.host).order_by("name")
    units = Organisation.objects.in_force(today).order_by("name")
    if request.method == "POST":
        try:
            enrolling.enrol(
                kind=kind, organisation=get_object_or_404(hosts, code=request.POST.get("host", "")),
                unit=units.filter(code=request.POST.get("unit", "")).first(),
                tell_unit=bool(request.POST.get("tell")), by=actor_of(request),
            )  # fmt: skip
        except Denied as denied:
            messages.error(request, str(denied))
        else:
            words = _("Registered. The host says welcome, then you are asked first.")
            messages.success(request, words)
            return redirect("service")
    return page(request, "activities/enrol.html", {"rule": rule, "hosts": hosts, "units": units})


@require_POST
@door("service.own")
def change_enrolment(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """Say yes or no to telling the unit, or leave."""
    row = get_object_or_404(Enrolment, pk=enrolment_id, user=_person(request), ended_at=None)
    actor = actor_of(request)
    try:
        if request.POST.get("leave"):
            enrolling.leave(row, by=actor)
        else:
            enrolling.choose_telling(row, bool(request.POST.get("tell")), by=actor)
        messages.success(request, _("Done."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("service")


@require_POST
@door("enrolment.confirm")
def welcome(request: HttpRequest, enrolment_id: int) -> HttpResponse:
    """The host says welcome to somebody who registered."""
    row = get_object_or_404(Enrolment.objects.select_related("organisation__place"),
                            pk=enrolment_id, ended_at=None)  # fmt: skip
    try:
        enrolling.confirm(row, by=actor_of(request))
        messages.success(request, _("Done."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("activities-desk")
