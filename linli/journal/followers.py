"""Followers read the journal in order and act on it: letters, figures, points, webhooks.

A follower's bookmark moves in the transaction that holds its effect: killed at any moment, it goes
on where its last effect was. What a handler does outside the database cannot be taken back; it
writes a row of the outbox instead. The table of followers is `linli/site/wiring.py`.
"""

import logging
import traceback
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from linli.journal import gaps
from linli.journal.models import Bookmark, Entry, Stuck
from linli.lib import clock

MOST_ATTEMPTS: Final = 5
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Follower:
    """A name for the bookmark, the verbs it hears (none named: all), and what it does with them.

    `handle` gets lines in order, inside a transaction. It must not catch its own database errors,
    and a line that was set aside and is tried again comes later than its followers.
    """

    name: str
    verbs: Collection[str]
    handle: Callable[[Sequence[Entry]], None]


def run(follower: Follower, batch: int = 500) -> int:
    """Handle the next lines, at most `batch`; return how many numbers it moved on, 0 if none.

    0 also while another worker holds the bookmark or a line waits for its next attempt. A line that
    fails MOST_ATTEMPTS times is set aside in `Stuck`, and the follower goes on behind it.
    """
    with transaction.atomic(durable=True):  # refuses to run inside another transaction
        bookmark, _made = Bookmark.objects.get_or_create(follower=follower.name)
    _try_stuck_again(follower)
    if bookmark.retry_at is not None and bookmark.retry_at > clock.now():
        return 0
    upto = gaps.settled(bookmark.seq, batch)
    if upto <= bookmark.seq:
        return 0
    if bookmark.attempts:
        return _one_by_one(follower, bookmark.seq, upto)
    try:
        return _pass(follower, upto)
    except Exception:  # one bad line must not hold up the good ones: find it
        return _one_by_one(follower, bookmark.seq, upto)


def behind(follower: Follower) -> int:
    """How many numbers of the journal the follower has still before it."""
    last = Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    read = Bookmark.objects.filter(follower=follower.name).values_list("seq", flat=True).first()
    return max(0, last - (read or 0))


def stuck() -> QuerySet[Stuck]:
    """The lines that followers could not digest, oldest first."""
    return Stuck.objects.order_by("set_aside_at", "pk")


def try_again(pks: Collection[int]) -> int:
    """Have the followers try these stuck lines once more at their next run; how many there are."""
    return Stuck.objects.filter(pk__in=pks).update(again=True)


def _heard(follower: Follower, after: int, upto: int) -> QuerySet[Entry]:
    rows = Entry.objects.filter(seq__gt=after, seq__lte=upto).order_by("seq")
    return rows.filter(verb__in=follower.verbs) if follower.verbs else rows


def _held(follower: Follower) -> Bookmark | None:
    """The bookmark, ours until the transaction ends; None while another worker has it."""
    rows = Bookmark.objects.select_for_update(skip_locked=True)
    return rows.filter(follower=follower.name).first()


@transaction.atomic
def _pass(follower: Follower, upto: int) -> int:
    """Effect and bookmark in one transaction."""
    bookmark = _held(follower)
    if bookmark is None or bookmark.seq >= upto:
        return 0
    entries = list(_heard(follower, bookmark.seq, upto))
    if entries:
        follower.handle(entries)
    moved = upto - bookmark.seq
    _move(bookmark, upto)
    return moved


def _move(bookmark: Bookmark, seq: int) -> None:
    bookmark.seq, bookmark.moved_at = seq, clock.now()
    bookmark.attempts, bookmark.retry_at = 0, None
    bookmark.save(update_fields=["seq", "moved_at", "attempts", "retry_at"])


def _one_by_one(follower: Follower, after: int, upto: int) -> int:
    moved = 0
    for seq in list(_heard(follower, after, upto).values_list("seq", flat=True)):
        try:
            moved += _pass(follower, seq)
        except Exception as error:
            return moved + _failed(follower, seq, error)
    return moved + _pass(follower, upto)


@transaction.atomic
def _failed(follower: Follower, seq: int, error: Exception) -> int:
    """Count the attempt; after the last one set the line aside and go on."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    # The class and the place, never the message: it may quote what a person wrote.
    _log.error(
        "follower %s failed at line %d: %s at %s:%s",
        *(follower.name, seq, type(error).__name__, where.filename, where.lineno),
    )
    bookmark = _held(follower)
    if bookmark is None or bookmark.seq >= seq:
        return 0
    attempts = bookmark.attempts + 1
    if attempts < MOST_ATTEMPTS:
        bookmark.attempts = attempts
        bookmark.retry_at = clock.now() + timedelta(seconds=5 ** (attempts - 1))
        bookmark.save(update_fields=["attempts", "retry_at"])
        return 0
    row = Stuck(follower=follower.name, seq=seq, error=type(error).__name__[:120])
    Stuck.objects.bulk_create([row], ignore_conflicts=True)
    moved = seq - bookmark.seq
    _move(bookmark, seq)
    return moved


def _try_stuck_again(follower: Follower) -> None:
    rows = Stuck.objects.filter(follower=follower.name, again=True)
    for pk in list(rows.order_by("seq").values_list("pk", flat=True)):
        try:
            _pass_stuck(follower, pk)
        except Exception as error:
            Stuck.objects.filter(pk=pk).update(
                again=False, error=type(error).__name__[:120], set_aside_at=clock.now()
            )


@transaction.atomic
def _pass_stuck(follower: Follower, pk: int) -> None:
    rows = Stuck.objects.select_for_update(skip_locked=True).filter(pk=pk, again=True)
    row = rows.first()
    if row is None:
        return
    follower.handle(list(Entry.objects.filter(seq=row.seq)))
    row.delete()
