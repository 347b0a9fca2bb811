"""Which floor can be found by which words: the follower that keeps the lines of the search.

Only what everybody may read has a line. What is hidden or taken back loses its line in that very
action (`actions/core.py`); here lines are written, and written anew.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from linli.forum import markup
from linli.forum.models import Floor, FloorLine, TopicState
from linli.forum.triggers import WIDTHS
from linli.journal.models import Entry
from linli.lib import terms

VERBS: Final = (
    "forum.topic_opened", "forum.replied", "forum.edited", "forum.taken_back", "forum.moderated",
)  # fmt: skip
WHOLE: Final = frozenset({"hide_topic", "show_topic", "move"})  # acts that reach every floor
BATCH: Final = 500


def handle(entries: Sequence[Entry]) -> None:
    """Write the lines of every floor these entries speak of anew."""
    wanted = Q(pk=None)
    for entry in entries:
        topic = int(entry.subject.partition(":")[2])
        act, number = entry.facts.get("act", ""), entry.facts.get("floor")
        if act in WHOLE or (act == "show" and number == 1):  # the latter may let a topic in
            wanted |= Q(topic=topic)
        elif number:
            wanted |= Q(topic=topic, number=number)
    reindex(Floor.objects.filter(wanted))


def reindex(floors: QuerySet[Floor]) -> int:
    """Write the lines of many floors anew; how many were looked at."""
    rows = floors.select_related("topic__board__place").defer("topic__board__place__boundary")
    iterator, count = iter(rows.order_by("pk").iterator(chunk_size=BATCH)), 0
    while batch := list(islice(iterator, BATCH)):
        _write(batch)
        count += len(batch)
    return count


@transaction.atomic
def _write(batch: Sequence[Floor]) -> None:
    FloorLine.objects.filter(floor__in=batch).delete()
    shown = [row for row in batch if row.is_readable and row.topic.state != TopicState.HIDDEN]
    FloorLine.objects.bulk_create([FloorLine(floor=row, words=_words(row)) for row in shown])


def _words(floor: Floor) -> str:
    said = [markup.words_of(floor.html)]
    if floor.number == 1:
        said.insert(0, floor.topic.title)
    return terms.line(said, _marks(floor))


def _marks(floor: Floor) -> Iterator[str]:
    """What a search can be narrowed by, and the stretches of floors it lies in."""
    yield terms.mark("b", floor.topic.board.code)
    for code in floor.topic.board.place.path.split("/")[:-1]:
        yield terms.mark("p", code)
    for width in WIDTHS:
        yield terms.mark("w", f"{width}n{floor.pk >> width}")
