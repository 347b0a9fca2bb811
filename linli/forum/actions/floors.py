"""Writing a floor: its number, its look over, its words; the one way in for topics and replies."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli import playbook
from linli.files import photos
from linli.files.models import Photo
from linli.forum import adverts, markup
from linli.forum.actions.core import tell
from linli.forum.models import (
    Board,
    Floor,
    FloorPhoto,
    FloorState,
    Reason,
    Report,
    Tie,
    Topic,
    TopicState,
    Watch,
)
from linli.forum.models.moderation import ReportKind
from linli.forum.policies import check_can_reply, check_is_open, is_newcomer
from linli.forum.words import clean_text
from linli.lib import clock
from linli.people import limits
from linli.people.actors import Actor
from linli.people.models import Organisation, User
from linli.people.policies import Denied

LOOK_WITHIN: Final = timedelta(days=1)  # a person has looked by then
MOST_PHOTOS: Final = 3


@dataclass(frozen=True)
class Draft:
    """A floor as it will be written; the words are clean already."""

    text: str
    author: User | None = None
    unit: Organisation | None = None
    reply_to: int | None = None
    pictures: Sequence[Photo] = ()
    causes: tuple[str, ...] = field(default=())
    came_of: str | None = None


@transaction.atomic
def reply(
    topic: Topic,
    text: str,
    *,
    by: Actor,
    reply_to: int | None = None,
    pictures: Sequence[Photo] = (),
    blank_out: bool = False,
) -> Floor:
    """Write the next floor. What looks like an advert waits for a moderator, under its number.

    Raises Denied with a sentence: not signed in, closed, empty, too long, personal (words.Personal)
    or too often (limits.TooMany).
    """
    user = check_can_reply(topic, by)
    clean = clean_text(text, blank_out=blank_out)
    limits.hit("forum.floor", str(user.pk))
    if reply_to is not None and not 1 <= reply_to <= topic.floors:
        raise Denied(_("There is no floor %(n)s# here.") % {"n": reply_to})
    draft = Draft(
        clean, user, speaks_for(by), reply_to, pictures, causes_in("", clean, user, by)
    )  # fmt: skip
    floor = write(topic, draft)
    tell(topic, "forum.replied", by=by, facts={"floor": floor.number, "held": bool(draft.causes)})
    follow(topic, user, seen=floor.number)
    return floor


def speaks_for(by: Actor) -> Organisation | None:
    """The unit in whose name a holder of a staff post speaks; nobody sees their own name then."""
    return by.organisation if by.is_staff else None


def causes_in(title: str, text: str, user: User, by: Actor) -> tuple[str, ...]:
    """Why the advert screen wants a person to look first; a unit's own words are not screened."""
    if speaks_for(by) is not None:
        return ()
    forum = playbook.current().county.forum
    own = urlsplit(settings.SITE_URL).hostname or ""
    found = adverts.judge(title, text, forum=forum, own_host=own, newcomer=is_newcomer(user))
    for host in set(adverts.hosts(text)) - {own}:
        try:  # one link again and again, in topic after topic
            limits.hit("forum.link", f"{user.pk} {host}")
        except limits.TooMany:
            found = (*found, "same link again")
    return found


def write(topic: Topic, draft: Draft) -> Floor:
    """The next number and its floor; inside the caller's transaction.

    The topic's row gives the number: a guarded UPDATE that only an open topic lets through. Who
    fails afterwards gives the number back with the transaction, so none is missing or doubled.
    """
    now = clock.now()
    moved = Topic.objects.filter(pk=topic.pk, state=TopicState.OPEN).update(
        floors=F("floors") + 1, revision=F("revision") + 1, last_at=now
    )
    topic.refresh_from_db(fields=["floors", "revision", "last_at", "state", "joined_to"])
    if not moved:
        check_is_open(topic)
    held = bool(draft.causes)
    floor = Floor.objects.create(
        topic=topic, number=topic.floors, author=draft.author, unit=draft.unit,
        reply_to=draft.reply_to, text=draft.text, html=markup.render(draft.text),
        state=FloorState.HELD if held else FloorState.VISIBLE,
        reason=Reason.ADVERT if held else "", posted_at=now, came_of=draft.came_of,
        photos_count=len(draft.pictures),
    )  # fmt: skip
    _attach(floor, draft.pictures)
    if held:
        Report.objects.create(
            floor=floor, kind=ReportKind.HELD, reason=Reason.ADVERT, at=now,
            due_at=now + LOOK_WITHIN,
        )  # fmt: skip
    Board.objects.filter(pk=topic.board_id).update(
        floors=F("floors") + 1, revision=F("revision") + 1, last_at=now
    )
    return floor


def _attach(floor: Floor, pictures: Sequence[Photo]) -> None:
    if len(pictures) > MOST_PHOTOS:
        raise Denied(_("At most %(n)s pictures fit to one floor.") % {"n": MOST_PHOTOS})
    for photo in pictures:
        if not photos.claim(photo):
            raise Denied(_("This picture belongs to something else already."))
        FloorPhoto.objects.create(floor=floor, photo=photo)


def follow(topic: Topic, user: User, *, seen: int) -> None:
    """Who writes in a topic hears of answers; they have read as far as their own floor."""
    values = {"seen": seen, "told": seen}
    row, new = Watch.objects.get_or_create(topic=topic, user=user, defaults=values)
    if not new:
        Watch.objects.filter(pk=row.pk, seen__lt=seen).update(seen=seen)


@transaction.atomic
def come_back(
    subject: str, text: str, *, unit: Organisation | None, came_of: str, by: Actor
) -> Floor | None:
    """What came of a thing returns as a floor of its topic: the answer, in the unit's name.

    Written once for each line of the journal (`came_of`); None if the thing has no topic, the
    topic is closed, or it was written before. A closed topic stays closed.
    """
    tie = Tie.objects.select_related("topic__board__place").filter(subject=subject).first()
    if tie is None or not tie.topic.is_open or Floor.objects.filter(came_of=came_of).exists():
        return None
    draft = Draft(clean_text(text, blank_out=True), unit=unit, reply_to=tie.floor or None,
                  came_of=came_of)  # fmt: skip
    floor = write(tie.topic, draft)
    tell(tie.topic, "forum.replied", by=by, facts={"floor": floor.number, "held": False})
    return floor
