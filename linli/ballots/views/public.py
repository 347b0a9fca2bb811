"""What everybody sees: the list, a ballot, its board, and the two files to count it again."""

from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from linli.ballots import boards, definition, receipts, recount, results, words
from linli.ballots.actions import cast
from linli.ballots.models import Ballot, Board
from linli.ballots.policies import in_scope, may
from linli.ballots.views.listing import listed
from linli.people.actors import Actor, actor_of
from linli.web.doors import door
from linli.web.pages import page

PROGRAM: Final = Path(recount.__file__)


def found(key: UUID) -> Ballot:
    """The ballot with what its page prints, or 404."""
    return get_object_or_404(Ballot.objects.with_names(), pk=key)


@require_GET
@door("board.read")
def every(request: HttpRequest) -> HttpResponse:
    """What is being voted on, what comes, what was decided."""
    return page(request, "ballots/list.html", {"view": listed()})


@require_GET
@door("board.read")
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """A ballot: the question, who votes and how, one's own standing, the result."""
    ballot, actor = found(key), actor_of(request)
    return page(request, "ballots/one.html", _shown(ballot, actor))


def _shown(ballot: Ballot, actor: Actor) -> dict[str, Any]:
    mine = cast.standing(ballot, actor) if actor.user else "none"
    if not ballot.is_open and mine != "none":
        mine = "took" if mine == "voted" else "took not"
    counted = None if ballot.is_open else words.outcome(ballot, results.of(ballot))
    return {
        "ballot": ballot, "words": words, "state": words.state(ballot), "mine": mine,
        "runs": ballot.runs(), "outcome": counted, "serves": _serves(ballot, actor),
        "papers": _papers(ballot) if counted else None,
    }  # fmt: skip


def _serves(ballot: Ballot, actor: Actor) -> bool:
    return may("ballot.serve", actor, ballot) or (
        actor.is_staff and (actor.role == "AUD" or in_scope(actor, ballot))
    )


def _papers(ballot: Ballot) -> dict[str, Any] | None:
    said: dict[str, Any] | None = ballot.board.result["papers"]
    return said


@require_GET
@door("board.read")
def board(request: HttpRequest, key: UUID) -> HttpResponse:
    """The public board: is my receipt on it? And how to count it all again."""
    ballot = found(key)
    row = Board.objects.filter(ballot=ballot).first()
    typed = receipts.typed(request.GET.get("receipt", ""))
    there = None
    if row is not None and typed:
        there = len(typed) == receipts.LENGTH and f'"{typed}"' in row.text
    return page(request, "ballots/board.html", {
        "ballot": ballot, "row": row, "typed": receipts.pretty(typed), "there": there,
        "state": words.state(ballot),
    })  # fmt: skip


@require_GET
@door("board.read")
def as_json(request: HttpRequest, key: UUID) -> HttpResponse:
    """BOARD.json; while the ballot is open, what was frozen at its opening."""
    ballot = found(key)
    row = Board.objects.filter(ballot=ballot).first()
    frozen = {"format": boards.FORMAT, "open": True, "ballot": dict(definition.of(ballot)),
              "digests": {"ballot": ballot.frozen}}  # fmt: skip
    text = row.text if row else definition.canonical(frozen)
    response = HttpResponse(text, content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="BOARD-{ballot.pk}.json"'
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


@require_GET
@door("board.read")
def program(request: HttpRequest) -> FileResponse:
    """recount.py, the program that counts a board again."""
    return FileResponse(
        PROGRAM.open("rb"), as_attachment=True, filename="recount.py", content_type="text/x-python"
    )
