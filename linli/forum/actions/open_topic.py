"""Opening a topic: on a board, or about a thing that has a page elsewhere."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.files.models import Photo
from linli.forum import boards, subjects
from linli.forum.actions.core import tell
from linli.forum.actions.floors import Draft, causes_in, follow, reply, speaks_for, write
from linli.forum.models import Board, Reason, Tie, Topic, TopicState
from linli.forum.policies import check_can_post
from linli.forum.words import clean_text, clean_title
from linli.journal.record import record
from linli.lib import clock
from linli.people import limits
from linli.people.actors import Actor
from linli.people.policies import Denied


@transaction.atomic
def open_topic(
    *,
    board: Board | str,
    title: str,
    text: str,
    by: Actor,
    about: str = "",
    pictures: Sequence[Photo] = (),
    blank_out: bool = False,
) -> Topic:
    """Open a topic with its first floor; of a thing that has a topic already, write there instead.

    `about` is the journal's name of a thing that everybody may see. Raises Denied with a sentence:
    not signed in, no such board or thing, empty, too long, personal, or too often.
    """
    user = check_can_post(by)
    known = Tie.objects.filter(subject=about).select_related("topic__board__place").first()
    if about and known:
        reply(known.topic, text, by=by, pictures=pictures, blank_out=blank_out)
        return known.topic
    if about and subjects.one(about) is None:
        raise Denied(_("This cannot be talked about here: it has no page for everybody."))
    row = boards.find(board) if isinstance(board, str) else board
    if row is None:
        raise Denied(_("There is no such board."))
    heading = clean_title(title, blank_out=blank_out)
    clean = clean_text(text, blank_out=blank_out)
    limits.hit("forum.topic", str(user.pk))
    topic = _topic(boards.written(row), heading, by)
    causes = causes_in(heading, clean, user, by)
    write(topic, Draft(clean, user, speaks_for(by), pictures=pictures, causes=causes))
    if causes:  # its title would stand in every list: all of it waits for the moderator
        Topic.objects.filter(pk=topic.pk).update(state=TopicState.HIDDEN, reason=Reason.ADVERT)
        topic.refresh_from_db(fields=["state", "reason"])
    tell(topic, "forum.topic_opened", by=by, facts={"floor": 1, "held": bool(causes)})
    if about:
        tie(topic, about, by=by)
    follow(topic, user, seen=1)
    return topic


def _topic(board: Board, title: str, by: Actor) -> Topic:
    now = clock.now()
    topic = Topic.objects.create(
        board=board, title=title, author=by.user, opened_at=now, last_at=now
    )
    Board.objects.filter(pk=board.pk).update(topics=F("topics") + 1)
    return topic


def tie(topic: Topic, subject: str, *, by: Actor, floor: int = 0) -> Tie:
    """Tie a thing to the topic (or to a floor of it that it came of); inside a transaction.

    The thing's own story gets a line too, so that its page can tell. Denied if it has a topic.
    """
    try:
        with transaction.atomic():
            row = Tie.objects.create(topic=topic, floor=floor, subject=subject)
    except IntegrityError:
        raise Denied(_("This is talked about in another topic already.")) from None
    Topic.objects.filter(pk=topic.pk).update(
        ties_count=F("ties_count") + 1, revision=F("revision") + 1
    )
    topic.ties_count += 1
    record(
        "forum.tied", on=subject, by="system", place=topic.board.place.path,
        facts={"topic": topic.pk, "floor": floor}, coarse=True,
    )  # fmt: skip
    return row
