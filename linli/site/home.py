"""The front page, and "have a say": pages that read several floors."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from linli import playbook
from linli.cases.models import Case
from linli.deliberation import reading as motions
from linli.figures import kept
from linli.people.actors import actor_of
from linli.web.doors import door
from linli.web.pages import page


@require_GET
@door("site.read")
def home(request: HttpRequest) -> HttpResponse:
    """Where a newcomer lands: four ways on, what was said lately, and how we are doing."""
    book = playbook.current()
    newest = Case.objects.listed().with_names().order_by("-listed_at", "-pk")[:5]
    others = [
        kind for kind in book.kinds.values()
        if {"anyone", "resident"} & set(kind.opens_by) and kind.id != book.county.intake
    ]  # fmt: skip
    return page(request, "site/home.html", {
        "county": book.county, "newest": newest, "others": others, "figures": kept.front(),
    })  # fmt: skip


@require_GET
@door("site.read")
def say(request: HttpRequest) -> HttpResponse:
    """Ways to have a say that this playbook offers beside the desk: the council hall, the stalls …"""
    book = playbook.current()
    methods = [
        (method, [kind for kind in method.cases if {"anyone", "resident"} & set(kind.opens_by)])
        for method in book.methods.values()
        if method.cases
    ]
    return page(request, "site/say.html", {
        "methods": methods, "motions": motions.latest(actor_of(request)),
    })  # fmt: skip
