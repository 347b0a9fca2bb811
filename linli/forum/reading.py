"""Reading the forum: pages of a topic by the numbers of their floors, lists by time. No offsets."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.files import photos
from linli.files.photos import PhotoLinks
from linli.forum import subjects
from linli.forum.models import Board, Floor, FloorPhoto, Tie, Topic
from linli.forum.subjects import Subject
from linli.lib import clock
from linli.web.language import lang

PER_PAGE: Final = 20
PER_PRINT: Final = 200
TOPICS: Final = 30


# ── a topic ──────────────────────────────────────────────────────────────────────────────────────
def page_of(number: int) -> int:
    """The page on which a floor stands; it never moves to another one."""
    return (max(1, number) - 1) // PER_PAGE + 1


def floors(topic: Topic, first: int, last: int) -> list[Floor]:
    """The floors with these numbers, hidden ones included, in one range of the index."""
    rows = Floor.objects.filter(topic=topic, number__gte=first, number__lte=last)
    found = list(rows.select_related("author", "unit").order_by("number"))
    for row in found:
        row.topic = topic
    return found


@dataclass(frozen=True)
class Tied:
    """Something the topic is about, or that came of one of its floors; only what all may see."""

    floor: int
    thing: Subject


@dataclass(frozen=True)
class Shown:
    """One page of a topic as everybody sees it."""

    topic: Topic
    floors: list[Floor]
    pictures: dict[int, list[PhotoLinks]]
    tied: list[Tied]
    page: int
    pages: int

    @property
    def last(self) -> int:
        """The number of the last floor on this page."""
        return self.floors[-1].number if self.floors else 0

    @property
    def near(self) -> list[int | None]:
        """The pages a reader can jump to: the ends, and those around this one; None is a gap."""
        wanted = {1, self.pages, *range(self.page - 1, self.page + 2)}
        found: list[int | None] = []
        for n in sorted(n for n in wanted if 1 <= n <= self.pages):
            if found and found[-1] is not None and n > found[-1] + 1:
                found.append(None)
            found.append(n)
        return found

    def of(self, number: int) -> list[Tied]:
        """What came of a floor."""
        return [row for row in self.tied if row.floor == number]


def find(topic_id: int) -> Topic | None:
    """The topic with everything that its page names; one statement."""
    return Topic.objects.with_names().filter(pk=topic_id).first()


def shown(topic: Topic, page: int) -> Shown:
    """One page; two statements, and one more each where pictures or tied things are."""
    pages = page_of(topic.floors)
    at = min(max(1, page), pages)
    rows = floors(topic, (at - 1) * PER_PAGE + 1, at * PER_PAGE)
    return Shown(topic, rows, pictures(rows), tied(topic), at, pages)


def pictures(rows: Iterable[Floor]) -> dict[int, list[PhotoLinks]]:
    """Links of the pictures of those floors that everybody may read; none costs nothing."""
    keys = [row.pk for row in rows if row.photos_count and row.is_readable]
    found: dict[int, list[PhotoLinks]] = {}
    if keys:
        held = FloorPhoto.objects.filter(floor__in=keys).select_related("photo").order_by("pk")
        for row in held:
            found.setdefault(row.floor_id, []).append(photos.links(row.photo))
    return found


def tied(topic: Topic) -> list[Tied]:
    """What the topic has to do with; nothing is asked where there is nothing."""
    if not topic.ties_count:
        return []
    ties = list(Tie.objects.filter(topic=topic).order_by("floor", "pk")[:50])
    things = subjects.told(row.subject for row in ties)
    return [Tied(row.floor, things[row.subject]) for row in ties if row.subject in things]


def alias(floor: Floor) -> str:
    """Who speaks: a unit, a chosen name, or somebody who has left."""
    if floor.unit is not None:
        return floor.unit.name_for(lang())
    if floor.author is None:
        return _("somebody who has left")
    return floor.author.display_name or _("a resident")


# ── lists ────────────────────────────────────────────────────────────────────────────────────────
class Listed(NamedTuple):
    """One page of topics, the last written in first, and the key of the next."""

    rows: list[Topic]
    more: str


def newest(board: Board | None = None, after: str = "", most: int = TOPICS) -> Listed:
    """Topics of a board or of the whole forum; one statement, as quick on the thousandth page."""
    if board is None:
        rows = Topic.objects.listed().with_names()
    elif board.is_written:
        rows = Topic.objects.listed().filter(board=board)
    else:
        return Listed([], "")
    found = _cut(_older(rows.order_by("-last_at", "-pk"), after), most)
    return found if board is None else Listed(_on(board, found.rows), found.more)


def pinned(board: Board) -> list[Topic]:
    """What is kept on top of a board."""
    if not board.is_written:
        return []
    rows = Topic.objects.listed().filter(board=board, pinned=True)
    return _on(board, rows.order_by("-pk")[:5])


def _on(board: Board, rows: Iterable[Topic]) -> list[Topic]:
    """Topics of a board that is known: joined to nothing, their list is read off its index."""
    found = list(rows)
    for row in found:
        row.board = board
    return found


def _older(rows: "QuerySet[Topic]", after: str) -> "QuerySet[Topic]":
    at, _tilde, pk = after.partition("~")
    try:
        moment = clock.in_utc(datetime.fromisoformat(at.replace(" ", "+")))
        key = int(pk)
    except (ValueError, OverflowError):
        return rows
    return rows.filter(Q(last_at__lt=moment) | Q(last_at=moment, pk__lt=key), last_at__lte=moment)


def _cut(rows: "QuerySet[Topic]", most: int) -> Listed:
    found = list(rows[: most + 1])
    more = found[most - 1] if len(found) > most else None
    return Listed(found[:most], f"{more.last_at.isoformat()}~{more.pk}" if more else "")
