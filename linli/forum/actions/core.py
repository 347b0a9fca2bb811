"""What every verb of the forum does: count, and write a line of the journal without any words."""

from datetime import datetime
from typing import Any

from django.db.models import F

from linli.forum.models import Board, FloorLine, Topic
from linli.journal.models import Entry
from linli.journal.record import record
from linli.people.actors import Actor


def tell(
    topic: Topic,
    verb: str,
    *,
    by: Actor | str,
    facts: dict[str, Any] | None = None,
    when: datetime | None = None,
) -> Entry:
    """Write one line about the topic: numbers of floors and reasons, never words.

    `by` is "anonymous" where nobody may know who did it, moderators included.
    """
    unit = by.organisation if isinstance(by, Actor) else None
    return record(
        verb,
        on=topic,
        by=by,
        place=topic.board.place.path,
        org=str(unit.pk) if unit else "",
        facts={"board": topic.board.code, **(facts or {})},
        when=when,
    )


def changed(topic: Topic, **values: Any) -> None:
    """Something that a reader could see is another: kept pages of topic and board are made anew."""
    Topic.objects.filter(pk=topic.pk).update(revision=F("revision") + 1, **values)
    Board.objects.filter(pk=topic.board_id).update(revision=F("revision") + 1)


def lose(topic: Topic, *numbers: int) -> None:
    """What is no longer for everybody is lost to the search at once, not when a follower comes."""
    rows = FloorLine.objects.filter(floor__topic=topic)
    if numbers:
        rows = rows.filter(floor__number__in=numbers)
    rows.delete()
