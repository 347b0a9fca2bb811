"""The front page of the forum, a board, and what I follow."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.forum import boards, reading
from linli.forum.actions import watch
from linli.forum.models import Board, BoardWatch, Topic, Watch
from linli.people.actors import actor_of
from linli.places.models import Kind
from linli.web import shelf
from linli.web.doors import door
from linli.web.pages import page, shared

ALL = "SELECT sum(revision) FROM forum_board"
ONE = "SELECT revision FROM forum_board WHERE code = %s"
NEWEST = 8


@require_GET
@door("forum.read")
def forum(request: HttpRequest) -> HttpResponse:
    """All boards, and what was written last; the same for every reader."""
    question = shelf.Question.asked(ALL)
    return shared(request, "forum/forum.html", _all, question)


def _all() -> dict[str, Any]:
    home = boards.county()
    towns = boards.of_places(boards.children(home)) if home else []
    return {
        "boards": boards.by_topic(),
        "towns": towns,
        "newest": reading.newest(most=NEWEST).rows,
    }


@require_GET
@door("forum.read")
def board(request: HttpRequest, code: str) -> HttpResponse:
    """One board: its topics, the last written in first; a town's leads to its villages' too."""
    row = board_or_404(code)
    after = request.GET.get("after", "")[:60]
    question = shelf.Question.asked(ONE, (code,))
    return shared(request, "forum/board.html", lambda: _one(row, after), question)


def board_or_404(code: str) -> Board:
    row = boards.find(code)
    if row is None:
        raise Http404
    return row


def _one(row: Board, after: str) -> dict[str, Any]:
    found = reading.newest(row, after)
    top = [] if after else reading.pinned(row)
    kept = {one.pk for one in top}
    of_place = row.code == row.place.code
    below = boards.children(row.place) if of_place and row.place.kind == Kind.TOWN else []
    return {
        "board": row, "top": top, "topics": [one for one in found.rows if one.pk not in kept],
        "more": found.more, "below": boards.of_places(below), "of_place": of_place,
        "parent": row.place.parent if of_place else None,
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@door("forum.post")
def follow(request: HttpRequest, code: str) -> HttpResponse:
    """Hear of new topics on a board, in my letters or by a feed reader."""
    row, actor = board_or_404(code), actor_of(request)
    if request.method == "POST":
        if request.POST.get("follow") == "yes":
            watch.watch_board(row, by=actor)
            messages.success(request, _("You will hear of new topics here, in your letters."))
        else:
            watch.unwatch_board(row, by=actor)
            messages.success(request, _("You will hear no more of this."))
        return redirect("board-follow", code)
    follows = row.is_written and BoardWatch.objects.filter(board=row, user=actor.user).exists()
    return page(request, "forum/follow.html", {"board": row, "follows": bool(follows)})


@require_GET
@door("forum.post")
def mine(request: HttpRequest) -> HttpResponse:
    """What I follow, with what is new in it, and the topics that I opened."""
    user = actor_of(request).user
    rows = Watch.objects.filter(user=user).select_related("topic__board__place")
    rows = rows.defer("topic__board__place__boundary").order_by("-topic__last_at")[:60]
    opened = Topic.objects.filter(author=user).with_names().order_by("-pk")[:30]
    follows = BoardWatch.objects.filter(user=user).select_related("board__place")
    return page(request, "forum/mine.html", {
        "watched": [(row.topic, max(0, row.topic.floors - row.seen), row.seen) for row in rows],
        "opened": opened, "boards": [row.board for row in follows],
    })  # fmt: skip
