"""Lists that everybody may read: all matters, the search, what is near."""

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from linli import playbook
from linli.cases import listing, near
from linli.cases.listing import Asked, Numbered
from linli.cases.policies import may
from linli.cases.views import access
from linli.people.actors import actor_of
from linli.places.search import search as search_places
from linli.web.doors import door
from linli.web.jinja import url
from linli.web.language import lang
from linli.web.pages import page, shared
from linli.web.shelf import Question

# What a public list stands on: the last line of the journal, and how far the search has read it.
_STAND = """SELECT (SELECT max(seq) FROM journal_entry),
    (SELECT seq FROM journal_bookmark WHERE follower = 'search')"""
SECONDS = 20  # at most: on PostgreSQL a line can become visible after one with a higher number


@require_GET
@door("case.view_public")
def cases(request: HttpRequest) -> HttpResponse:
    """All matters that everybody may read, the newest first, narrowed as one likes."""
    return _list(request, "cases")


@require_GET
@door("case.view_public")
def search(request: HttpRequest) -> HttpResponse:
    """Find a public matter by words, a place by name, or a matter by its number."""
    found = listing.numbered(request.GET.get("q", ""))
    if found is None:
        return _list(request, "search")
    target = _page_of(request, found)
    return redirect(*target) if target else _list(request, "search", found.problem)


def _page_of(request: HttpRequest, found: Numbered) -> tuple[str, str] | None:
    """Where a number leads this reader; nowhere if the matter is not theirs to see."""
    asker = found.asker
    if asker is None:
        return None
    if access.holds(request, asker.pk, asker.user_id):
        return "my-matter", asker.number
    if may("case.view_progress", actor_of(request), asker.case):
        return "desk-case", asker.case.number
    return ("case", asker.number) if asker.case.listed_at else None


def _list(request: HttpRequest, name: str, problem: str = "") -> HttpResponse:
    if problem:
        return page(request, "cases/list.html", _context(request, name, problem), block="found")
    return shared(request, "cases/list.html", partial(_context, request, name), _stand(),
                  seconds=SECONDS, block="found")  # fmt: skip


def _context(request: HttpRequest, name: str, problem: str = "") -> dict[str, Any]:
    ask = listing.asked(request.GET)
    found = listing.Page() if problem else listing.page(ask)
    return {
        "name": name, "ask": ask, "found": found, "problem": problem, "choices": _choices(),
        "places": _places(ask) if name == "search" and not problem else [],
        "first_url": url(name, **ask.query) if ask.after else None,
        "next_url": url(name, **found.next) if found.next else None,
    }  # fmt: skip


def _places(ask: Asked) -> list[Any]:
    return search_places(ask.words, 5, smaller=False) if ask.words and not ask.after else []


def _choices() -> dict[str, list[tuple[str, str]]]:
    """What a list can be narrowed to, by the playbook."""
    book, tongue = playbook.current(), lang()
    kinds = [kind for kind in book.kinds.values() if "public" in kind.visibilities or kind.alias]
    return {
        "category": [(row.id, row.name.text(tongue)) for row in book.county.categories],
        "kind": [(kind.id, kind.name.text(tongue)) for kind in kinds],
    }


def _stand() -> Question:
    return Question.asked(_STAND)


@require_GET
@door("case.view_public")
def around(request: HttpRequest) -> HttpResponse:
    """Cases near a place or a pin: map and list."""
    return shared(
        request, "cases/near.html",
        lambda: {"view": near.around(request.GET), "first": near.FIRST}, _stand(),
        seconds=SECONDS, block="found",
    )  # fmt: skip
