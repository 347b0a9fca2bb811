"""The three lists: everybody reads them, bodies write their lines and say yes or no to a match."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli import playbook
from linli.pairings import reading
from linli.pairings.actions import listing
from linli.pairings.forms import ListingForm
from linli.pairings.models import Listing, Match
from linli.pairings.policies import can_take_back, check_lists, side_of_match
from linli.people.actors import Actor, actor_of
from linli.people.policies import Denied, allowed
from linli.playbook.pairing import Pairing
from linli.web.doors import door
from linli.web.pages import page

REASONS = {
    "topic": gettext_lazy("the same topic"),
    "place": gettext_lazy("the same village or community"),
    "town": gettext_lazy("the same town"),
    "tied": gettext_lazy("the two bodies are tied already"),
    "first": gettext_lazy("this body has given nothing yet"),
    "whole": gettext_lazy("there on all the days"),
}


def _rule(pairing: str) -> Pairing:
    rule = playbook.current().pairings.get(pairing)
    if rule is None or rule.lists is None:
        raise Http404
    return rule


@require_GET
@door("pairing.read")
def lists(request: HttpRequest, pairing: str) -> HttpResponse:
    """Needs, resources and projects side by side, and the matches with their reasons."""
    rule, actor = _rule(pairing), actor_of(request)
    view = reading.lists(rule)
    return page(request, "pairings/lists.html", {
        "rule": rule, "view": view, "may_add": bool(_open_to(rule, actor)),
        "matches": [(row, side_of_match(actor, row), _why(row)) for row in view.matches],
        "mine": {row.pk for _w, _l, rows in view.columns for row in rows
                 if can_take_back(actor, row)},
    })  # fmt: skip


def _why(match: Match) -> list[tuple[str, int]]:
    return [(str(REASONS.get(name, name)), points) for name, points in match.reasons]


def _open_to(rule: Pairing, actor: Actor) -> list[tuple[str, str]]:
    """The lists on which the actor's body stands."""
    body = actor.organisation
    if body is None or not allowed(check_lists, actor, body):
        return []
    found = []
    if body.kind in rule.b.bodies:
        found.append(Listing.Which.NEED)
    if body.kind in rule.a.bodies:
        found.append(Listing.Which.RESOURCE)
    if found:
        found.append(Listing.Which.PROJECT)
    return [(which.value, str(which.label)) for which in found]


@require_http_methods(["GET", "POST"])
@door("pairing.list")
def add(request: HttpRequest, pairing: str) -> HttpResponse:
    """A new line of my body."""
    rule, actor = _rule(pairing), actor_of(request)
    mine = _open_to(rule, actor)
    if not mine:
        raise Denied(_("Your body does not stand on this list."))
    form = ListingForm(request.POST or None, rule=rule, lists=mine)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            listing.add(rule.id, said["which"], topic=said["topic"], words=said["words"],
                        until=said["until"], by=actor)  # fmt: skip
            messages.success(request, _("On the list. Matches are looked for every hour."))
            return redirect("three-lists", rule.id)
        except Denied as denied:
            form.add_error(None, str(denied))
    return page(request, "pairings/add.html", {"rule": rule, "form": form},
                status=422 if form.errors else 200)  # fmt: skip


@require_POST
@door("pairing.list")
def take_back(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take my body's line off the list."""
    row = get_object_or_404(Listing.objects.with_bodies(), pk=key)
    try:
        listing.take_back(row, by=actor_of(request))
        messages.success(request, _("Taken off the list."))
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("three-lists", row.kind)


@require_POST
@door("pairing.list")
def answer(request: HttpRequest, key: UUID) -> HttpResponse:
    """Yes, no, or that it came."""
    row = get_object_or_404(reading.with_lines(Match.objects.all()), pk=key)
    acts = {
        "yes": (listing.say_yes, _("You said yes.")),
        "no": (listing.say_no, _("You said no; both look on.")),
        "came": (listing.delivered, _("Good that it came.")),
    }
    try:
        if (act := acts.get(request.POST.get("verb", ""))) is None:
            raise Denied(_("Choose one of the buttons."))
        act[0](row, by=actor_of(request))
        messages.success(request, act[1])
    except Denied as denied:
        messages.error(request, str(denied))
    return redirect("three-lists", row.need.kind)
