"""Clubs for everybody: where, when, how many places, and that the ratio is kept."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from linli.clubs import policies, reading
from linli.clubs.models import Club
from linli.facilities.reading import week
from linli.lib import clock, opening_hours
from linli.people.actors import actor_of
from linli.people.policies import Denied, allowed
from linli.web.doors import door
from linli.web.pages import page


@require_GET
@door("club.read")
def index(request: HttpRequest) -> HttpResponse:
    """The clubs that take children."""
    found, after = reading.clubs(request.GET.get("after", "")[:40])
    return page(request, "clubs/index.html", {"clubs": found, "after": after})


@require_GET
@door("club.read")
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One club in counts, and the way to a place in it."""
    club, actor = club_or_404(code), actor_of(request)
    return page(request, "clubs/one.html", {
        "club": club, "rule": club.rule, "figures": reading.figures(club),
        "week": week(opening_hours.parse(club.hours), clock.today()),
        "open_now": reading.is_open(club), "keeps": allowed(policies.check_keeps, actor, club),
        "doors": allowed(policies.check_door, actor, club),
    })  # fmt: skip


def club_or_404(code: str) -> Club:
    """A club with what a page prints of it."""
    return get_object_or_404(Club.objects.with_names(), code=code)


def said(request: HttpRequest, act: Callable[[], object], done: str) -> bool:
    """Do it, and say that it is done or why not."""
    try:
        act()
    except Denied as error:
        messages.error(request, str(error))
        return False
    messages.success(request, done)
    return True
