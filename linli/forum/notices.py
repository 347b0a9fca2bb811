"""Which letters follow which line of the forum: a follower, so that none is sent twice or lost.

Who follows a topic gets one letter until they have read on, however much is written meanwhile.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db.models import F
from django.urls import reverse
from django.utils import translation

from linli.forum.models import BoardWatch, Floor, Topic, TopicState, Watch
from linli.journal.models import Entry
from linli.letters.outbox import Recipient, send
from linli.lib import clock
from linli.people.models import User

VERBS: Final = ("forum.topic_opened", "forum.replied", "forum.moderated", "forum.case_asked")
STALE: Final = timedelta(days=7)  # a worker that was off for a month does not flood inboxes
INSIDE: Final = ("inapp",)  # curiosity can wait for the next visit
LOUD: Final = ("inapp", "email")  # about one's own words
AGAINST: Final = frozenset({"hide", "fold"})


def handle(entries: Sequence[Entry]) -> None:
    """Write the letters that these lines call for; the keys make a second reading harmless."""
    keys = {entry.subject.partition(":")[2] for entry in entries}
    rows = Topic.objects.filter(pk__in=keys).with_names()
    topics = {f"forum.Topic:{row.pk}": row for row in rows}
    for entry in entries:
        topic = topics.get(entry.subject)
        if topic is None or clock.now() - entry.when > STALE:
            continue
        if entry.verb == "forum.topic_opened":
            _tell_of_topic(entry, topic)
        elif entry.verb == "forum.replied":
            _tell_of_floor(entry, topic)
        else:
            _tell_author(entry, topic)


def _tell_of_topic(entry: Entry, topic: Topic) -> None:
    if topic.state == TopicState.HIDDEN:
        return
    rows = BoardWatch.objects.filter(board=topic.board_id, user__is_active=True)
    for row in rows.select_related("user"):
        if row.user_id == topic.author_id:
            continue
        _send("forum.topic_opened", row.user, topic, 1, str(entry.seq), INSIDE)


def _tell_of_floor(entry: Entry, topic: Topic) -> None:
    number = int(entry.facts["floor"])
    if topic.state == TopicState.HIDDEN or not _readable(topic, number):
        return
    # One letter until they have read on: `told` has not passed `seen` since.
    rows = Watch.objects.filter(topic=topic, told__lte=F("seen"), seen__lt=number)
    for row in rows.filter(user__is_active=True).select_related("user"):
        if str(row.user_id) == entry.actor:
            continue
        _send("forum.replied", row.user, topic, number, f"{topic.pk}:{row.seen}", INSIDE)
        Watch.objects.filter(pk=row.pk).update(told=number)


def _readable(topic: Topic, number: int) -> bool:
    floor = Floor.objects.filter(topic=topic, number=number).only("state").first()
    return floor is not None and floor.is_readable


def _tell_author(entry: Entry, topic: Topic) -> None:
    number = entry.facts.get("floor")
    floor = Floor.objects.filter(topic=topic, number=number or 0).select_related("author").first()
    if floor is None or floor.author is None or not floor.author.is_active:
        return
    if entry.verb == "forum.case_asked":
        template = "forum.case_asked"
    elif entry.facts.get("act") in AGAINST:
        template = "forum.hidden"
    else:
        return
    _send(template, floor.author, topic, floor.number, str(entry.seq), LOUD, more=True)


def _send(
    template: str, user: User, topic: Topic, number: int, key: str, channels: tuple[str, ...],
    *, more: bool = False,
) -> None:  # fmt: skip
    name = "floor-more" if more else "floor"
    with translation.override(user.language):
        context = {"what": topic.heading, "path": reverse(name, args=[topic.pk, number])}
    send(
        Recipient(user=user, language=user.language, channels=channels), template, context,
        key=key, about=f"forum.Topic:{topic.pk}",
    )  # fmt: skip
