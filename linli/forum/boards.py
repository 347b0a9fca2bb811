"""Which boards there are. A board is written down once somebody says something on it."""

from collections.abc import Iterable
from typing import Final

from linli import playbook
from linli.forum.models import Board
from linli.places.models import VILLAGES, Kind, Place
from linli.playbook.base import LEVEL_OF_PLACE

# Levels that can have boards, and what stands on them.
_KINDS: Final = {"county": (Kind.COUNTY,), "town": (Kind.TOWN,), "village": VILLAGES}


def county() -> Place | None:
    """The county itself, where the boards of the playbook stand."""
    return Place.objects.current().light().filter(kind=Kind.COUNTY).first()


def by_topic() -> list[Board]:
    """The boards of the playbook in their order; two statements at most."""
    rules = playbook.current().county.forum.boards
    found = known(rule.id for rule in rules)
    missing = [rule.id for rule in rules if rule.id not in found]
    home = county() if missing else None
    return [
        board
        for rule in rules
        if (board := found.get(rule.id) or (Board(code=rule.id, place=home) if home else None))
    ]


def known(codes: Iterable[str]) -> dict[str, Board]:
    """The boards of these codes on which somebody has said something."""
    rows = Board.objects.filter(code__in=list(codes)).select_related("place")
    return {row.code: row for row in rows.defer("place__boundary")}


def of_places(places: Iterable[Place]) -> list[Board]:
    """The boards of these places, with their counts; one statement."""
    rows = list(places)
    found = known(place.code for place in rows)
    return [found.get(place.code) or Board(code=place.code, place=place) for place in rows]


def find(code: str) -> Board | None:
    """The board with this code, written down or not; None if there is none."""
    row = known([code]).get(code)
    if row is not None:
        return row
    if playbook.current().county.forum.board(code) is not None:
        home = county()
        return Board(code=code, place=home) if home else None
    place = Place.objects.current().light().filter(code=code).first()
    return Board(code=code, place=place) if place and has_board(place) else None


def has_board(place: Place) -> bool:
    """Whether places of this level have boards in this county."""
    return LEVEL_OF_PLACE[place.kind] in playbook.current().county.forum.places


def of_place(place: Place) -> Board | None:
    """The board of a place, or of the nearest place above it that has one."""
    at: Place | None = place
    while at is not None and not has_board(at):
        at = at.parent
    return find(at.code) if at is not None else None


def children(place: Place) -> list[Place]:
    """The places right below this one that have boards."""
    kinds = [
        kind for level in playbook.current().county.forum.places for kind in _KINDS.get(level, ())
    ]
    rows = Place.objects.current().light().filter(parent=place, kind__in=kinds)
    return list(rows.order_by("code"))


def written(board: Board) -> Board:
    """The row of the board, made if need be; inside the caller's transaction."""
    if board.is_written:
        return board
    row, _made = Board.objects.get_or_create(code=board.code, defaults={"place": board.place})
    return row
