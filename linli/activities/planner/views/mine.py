"""My own time: when I can, and which bodies may plan it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.activities.planner import actions
from linli.activities.planner.forms import OfferForm
from linli.people.actors import actor_of
from linli.people.policies import Denied
from linli.web.doors import door
from linli.web.pages import page


@require_http_methods(["GET", "POST"])
@door("rota.own")
def times(request: HttpRequest) -> HttpResponse:
    """What I offer. Only I see and change it; bodies that I tick plan with it."""
    actor = actor_of(request)
    if actor.user is None:
        raise Denied(_("Please sign in first."))
    if request.method == "GET":
        form = OfferForm(initial=OfferForm.of(actor.user), user=actor.user)
        return page(request, "activities/planner/times.html", {"form": form})
    form = OfferForm(request.POST, user=actor.user)
    if not form.is_valid():
        return page(request, "activities/planner/times.html", {"form": form}, status=422)
    actions.offer(
        actor.user, limits=form.limits, days_off=form.cleaned_data["days_off"],
        bodies=form.chosen, by=actor,
    )  # fmt: skip
    messages.success(request, _("Kept. You can change it at any time; nothing follows from it."))
    return redirect("my-times")
