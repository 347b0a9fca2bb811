"""Who may do what in the forum. The button on the page asks the same rule as the action."""

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from linli import playbook
from linli.forum import subjects
from linli.forum.models import Board, Floor, FloorState, Report, Topic, TopicState
from linli.forum.models.moderation import ReportKind
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import User
from linli.people.policies import Denied
from linli.places.models import Place

NEW: Final = timedelta(days=3)  # so long somebody's links are looked at first


def in_scope(actor: Actor, place: Place) -> bool:
    """Whether the place belongs to what the actor's general office serves."""
    own = actor.organisation
    if own is None or not actor.place_path:
        return False
    office = playbook.current().county.organisation(own.kind).territorial
    return office and place.path.startswith(actor.place_path)


def check_can_post(by: Actor) -> User:
    """Whether this person may write at all; gives their account."""
    if by.user is None:
        raise Denied(_("Please sign in first."))
    by.check("forum.post")
    return by.user


def check_can_reply(topic: Topic, by: Actor) -> User:
    """Whether this person may write a floor in this topic now."""
    user = check_can_post(by)
    check_is_open(topic)
    return user


def check_is_open(topic: Topic) -> None:
    """The same sentence for whatever needs an open topic."""
    if topic.joined_to_id is not None:
        raise Denied(_("This topic was joined to another one; please go on there."))
    if topic.state == TopicState.HIDDEN:
        raise Denied(_("This topic is hidden."))
    if topic.state == TopicState.LOCKED:
        raise Denied(_("This topic is closed for new floors."))


def is_own(floor: Floor, actor: Actor) -> bool:
    return actor.user is not None and floor.author_id == actor.user.pk


def check_can_change(floor: Floor, by: Actor) -> None:
    """Whether this person may edit this floor: it is theirs, it stands, and the topic is open."""
    check_can_take_back(floor, by)
    check_is_open(floor.topic)


def check_can_take_back(floor: Floor, by: Actor) -> None:
    """Whether this person may take their words back; in a closed topic too."""
    if not is_own(floor, by):
        raise Denied(_("Only the author can do this."))
    by.check("forum.edit_or_delete_own", own=True)
    if floor.state == FloorState.HIDDEN:
        raise Denied(_("A moderator has hidden this floor; you can ask for another look."))
    if floor.state == FloorState.TAKEN_BACK:
        raise Denied(_("This floor was taken back before."))


def check_can_moderate(topic: Topic, by: Actor, *, floor: Floor | None = None) -> None:
    """Whether this person moderates here: in their area, not about their own unit or own words."""
    if floor is not None and is_own(floor, by):
        raise Denied(_("Nobody moderates their own words."))
    about_us = bool(topic.ties_count) and by.organisation is not None and _concerns(topic, by)
    by.check("forum.moderate", in_scope=in_scope(by, topic.board.place), conflict=about_us)


def _concerns(topic: Topic, by: Actor) -> bool:
    """Whether the topic is about a thing that is with the actor's own unit."""
    names = topic.ties.filter(floor=0).values_list("subject", flat=True)
    own = by.organisation.pk if by.organisation else None
    return any(thing.unit == own for thing in subjects.told(names).values())


def check_can_settle(report: Report, by: Actor) -> None:
    """An appeal goes to another unit than the one that decided."""
    check_can_moderate(report.floor.topic, by, floor=report.floor)
    own = by.organisation.pk if by.organisation else None
    if report.kind == ReportKind.APPEAL and report.not_unit_id == own:
        raise Denied(_("Your own unit decided before; another one looks at it now."))


def can_read(floor: Floor, actor: Actor) -> bool:
    """Whether this person may read the words of the floor, hidden or not."""
    if floor.is_readable and floor.topic.state != TopicState.HIDDEN:
        return True
    scope = in_scope(actor, floor.topic.board.place)
    return actor.may("forum.read_hidden", own=is_own(floor, actor), in_scope=scope)


def can_read_topic(topic: Topic, actor: Actor) -> bool:
    """Whether this person may open the topic."""
    if topic.state != TopicState.HIDDEN:
        return True
    own = actor.user is not None and topic.author_id == actor.user.pk
    return actor.may("forum.read_hidden", own=own, in_scope=in_scope(actor, topic.board.place))


def check_can_ask_again(floor: Floor, by: Actor) -> None:
    """Whether this person may ask for another look at what was hidden."""
    if not is_own(floor, by):
        raise Denied(_("Only the author can do this."))
    if floor.state not in (FloorState.HIDDEN, FloorState.FOLDED):
        raise Denied(_("This floor is not hidden."))


def check_can_pin(board: Board, by: Actor) -> None:
    """Keeping a topic on top is for those who moderate the board."""
    by.check("forum.moderate", in_scope=in_scope(by, board.place))


def is_newcomer(user: User) -> bool:
    """Whether the account is so new that a person looks at its links first."""
    return user.joined_at > clock.now() - NEW
