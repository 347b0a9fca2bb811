"""The inbox of one person: pages of it, how many are unread, and reading them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import get_language

from linli.letters import templates
from linli.letters.models import Channel, Letter
from linli.lib import clock
from linli.people.models import User

PAGE: Final = 30


@dataclass(frozen=True)
class Shown:
    """A letter as its page prints it."""

    letter: Letter
    text: templates.Text


@dataclass(frozen=True)
class Shelf:
    """One page of an inbox; `older` is the id to continue from, None at the end."""

    rows: Sequence[Shown]
    older: UUID | None


def unread(user: User) -> int:
    """How many letters the person has not opened: one query on an index of just these."""
    return Letter.objects.unread_of(user).count()


def shelf(user: User, before: UUID | None = None) -> Shelf:
    """The letters of a person, newest first, those after `before`; in the language of the reader.

    An id that is not in this inbox gives the first page.
    """
    rows = Letter.objects.inbox_of(user).order_by("-created_at", "-pk")
    last = Letter.objects.inbox_of(user).filter(pk=before).first() if before else None
    if last is not None:
        same = Q(created_at=last.created_at, pk__lt=last.pk)
        rows = rows.filter(Q(created_at__lt=last.created_at) | same)
    found = list(rows[: PAGE + 1])
    older = found[PAGE - 1].pk if len(found) > PAGE else None
    return Shelf([Shown(row, _text(row)) for row in found[:PAGE]], older)


def _text(letter: Letter) -> templates.Text:
    language = get_language() or letter.language
    return templates.render(letter.template, Channel.INAPP, language, letter.context)


def read(letter: Letter) -> str:
    """Mark a letter as opened, the first time; the path it leads to."""
    Letter.objects.filter(pk=letter.pk, read_at=None).update(read_at=clock.now())
    return str(letter.context["path"])


def read_all(user: User) -> int:
    """Mark everything in the inbox as opened; how many were not."""
    return Letter.objects.unread_of(user).update(read_at=clock.now())
