"""What the page of a case, an activity or a motion shows of the talk about it."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from linli.forum import markup, reading
from linli.forum.models import Floor, Tie, TopicState
from linli.forum.models.floor import READABLE
from linli.lib.text import first_line

LAST: Final = 3
# A part of a page's question (web/shelf.py): the revision of the talk about a subject, or null.
REVISION: Final = (
    "(SELECT t.revision FROM forum_tie i JOIN forum_topic t ON t.id = i.topic_id "
    "WHERE i.subject = %s)"
)


@dataclass(frozen=True)
class Said:
    """One of the last floors, in short."""

    number: int
    who: str
    line: str
    href: str


@dataclass(frozen=True)
class Talk:
    """The talk about something: nothing yet (`href` is None), or a topic with its last floors."""

    subject: str
    begin: str
    href: str | None = None
    title: str = ""
    floors: int = 0
    last: tuple[Said, ...] = ()
    revision: int | None = None


def none(subject: str) -> Talk:
    """What is shown where it is known already that nobody has said anything; no statement."""
    return Talk(subject, reverse("forum-about", args=[subject]))


def about(subject: str) -> Talk:
    """The talk about a subject, named as the journal names it; at most two statements."""
    rows = Tie.objects.filter(subject=subject).select_related("topic")
    tie = rows.exclude(topic__state=TopicState.HIDDEN).first()
    if tie is None:
        return none(subject)
    topic = tie.topic
    held = Floor.objects.filter(topic=topic, state__in=READABLE).select_related("author", "unit")
    last = [_said(topic.pk, row) for row in held.order_by("-number")[:LAST]]
    return Talk(
        subject, reverse("forum-about", args=[subject]), reverse("topic", args=[topic.pk]),
        topic.heading, topic.floors, tuple(reversed(last)), topic.revision,
    )  # fmt: skip


def _said(topic: int, row: Floor) -> Said:
    line = first_line(markup.words_of(row.html), 80)
    return Said(row.number, reading.alias(row), line, reverse("floor", args=[topic, row.number]))
