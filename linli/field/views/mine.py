"""My records that stand beside another version, and my telephones."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.field import reading
from linli.field.actions import deciding, devices
from linli.field.models import Device, Rival
from linli.people.actors import actor_of
from linli.people.policies import Denied
from linli.web.doors import door
from linli.web.pages import page


@require_GET
@door("field.conflict")
def conflicts(request: HttpRequest) -> HttpResponse:
    """Both versions side by side: keep mine, keep theirs, or ask."""
    rows = Rival.objects.filter(person=actor_of(request).user, decision="")
    rows = rows.select_related("item__person").order_by("-received_at")
    pairs = [(rival, *reading.both(rival)) for rival in rows[:20]]
    return page(request, "field/conflicts.html", {"pairs": pairs})


@require_POST
@door("field.conflict")
def decision(request: HttpRequest, rival_id: int) -> HttpResponse:
    """One of the three is chosen."""
    actor = actor_of(request)
    rival = get_object_or_404(Rival, pk=rival_id, person=actor.user)
    try:
        done = deciding.decide(rival, request.POST.get("decision", ""), by=actor)
    except Denied as denied:
        messages.error(request, str(denied))
    else:
        words = _("Done. The other version is kept for 90 days.") if done.closed_at else _(
            "Your office has been asked to put it right. Both versions are kept.")  # fmt: skip
        messages.success(request, words)
    return redirect("field-conflicts")


@require_GET
@door("field.capture")
def phones(request: HttpRequest) -> HttpResponse:
    """The telephones that may send in my name."""
    user = actor_of(request).user
    rows = Device.objects.filter(user=user).order_by("revoked_at", "-seen_at")
    return page(request, "field/phones.html", {"devices": rows[:40]})


@require_POST
@door("device.revoke")
def revocation(request: HttpRequest, device_id: str) -> HttpResponse:
    """A telephone was lost: nothing it signs is taken in any more."""
    actor = actor_of(request)
    device = get_object_or_404(Device, pk=device_id, user=actor.user)
    devices.revoke(device, by=actor)
    messages.success(request, _("Removed. What waits on it can only come in through the office."))
    return redirect("field-phones")
