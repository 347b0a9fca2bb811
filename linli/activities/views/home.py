"""The household's own page: opened by the number and the word on its slip, without an account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linli.activities import homes
from linli.activities.models import Home
from linli.lib import clock, ids
from linli.people import limits
from linli.people.actors import actor_of
from linli.people.policies import Denied
from linli.vault import sealing
from linli.web.doors import door
from linli.web.language import lang
from linli.web.pages import page

HELD = "home"  # session: the home that this browser opened, and until when
MINUTES = 30


@require_http_methods(["GET", "POST"])
@door("visit.own_copy")
def own(request: HttpRequest) -> HttpResponse:
    """Ask for number and word; then show what was noted, and the two buttons."""
    if request.method == "POST":
        limits.hit("case.look_up", request)
        home = homes.find(request.POST.get("number", ""), request.POST.get("word", "")[:12])
        if home is None:
            messages.error(request, _("Number and word do not fit together. Please look again."))
        else:
            request.session[HELD] = [str(home.pk), clock.now().timestamp() + MINUTES * 60]
        return redirect("my-home")
    home = _held(request)
    if home is None:
        return page(request, "activities/home_door.html")
    return page(request, "activities/home.html", {
        "home": home, "number": ids.pretty_number(home.number), "visits": _visits(home),
        "reads": sealing.reads_of(home.subject)[:20], "unit": home.organisation.name_for(lang()),
    })  # fmt: skip


@require_POST
@door("visit.own_copy")
def wish(request: HttpRequest) -> HttpResponse:
    """Please come; or: no more visits."""
    home, actor = _held(request), actor_of(request)
    if home is None:
        return redirect("my-home")
    try:
        if request.POST.get("wish") == "end":
            homes.end(home, by=actor)
            messages.success(request, _("Nobody will visit you. Nothing follows from it."))
        else:
            homes.ask(home, by=actor)
            messages.success(request, _("Thank you. You are next on the list."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("my-home")


def _held(request: HttpRequest) -> Home | None:
    key, until = request.session.get(HELD, ["", 0])
    if not key or until < clock.now().timestamp():
        return None
    rows = Home.objects.filter(pk=key, shredded_at=None).select_related("organisation", "place")
    return rows.first()


def _visits(home: Home) -> list[dict[str, object]]:
    """What was noted at this home, in the words of the form, the newest first."""
    rows = home.records.order_by("-noted_at")
    return [
        {"when": row.noted_at, "outcome": row.outcome_name, "values": row.in_words()}
        for row in rows
    ]
