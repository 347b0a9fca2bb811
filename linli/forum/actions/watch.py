"""Following topics and boards, and how far one has read in what one follows."""

from django.db import transaction
from django.utils.translation import gettext as _

from linli.forum import boards
from linli.forum.models import Board, BoardWatch, Topic, Watch
from linli.people.actors import Actor
from linli.people.models import User
from linli.people.policies import Denied


@transaction.atomic
def watch(topic: Topic, *, by: Actor) -> None:
    """Hear of new floors from now on; twice is once."""
    Watch.objects.get_or_create(
        topic=topic, user=_user(by), defaults={"seen": topic.floors, "told": topic.floors}
    )


@transaction.atomic
def unwatch(topic: Topic, *, by: Actor) -> None:
    """Hear no more, and forget how far was read."""
    Watch.objects.filter(topic=topic, user=_user(by)).delete()


@transaction.atomic
def watch_board(board: Board, *, by: Actor) -> None:
    """Hear of new topics on a board; twice is once."""
    BoardWatch.objects.get_or_create(board=boards.written(board), user=_user(by))


@transaction.atomic
def unwatch_board(board: Board, *, by: Actor) -> None:
    """Hear no more of new topics there."""
    if board.is_written:
        BoardWatch.objects.filter(board=board, user=_user(by)).delete()


def read_up_to(topic: Topic, user: User, number: int) -> None:
    """Note how far somebody has read in a topic that they follow; never backwards."""
    Watch.objects.filter(topic=topic, user=user, seen__lt=number).update(seen=number)


def _user(by: Actor) -> User:
    if by.user is None:
        raise Denied(_("Please sign in first."))
    return by.user
