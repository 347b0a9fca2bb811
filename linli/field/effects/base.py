"""What a note does: each kind hands it to the app that owns the thing, and says what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from linli.field.notes import Note, NotUnderstood
from linli.files.models import Photo
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.places.models import Place


@dataclass(frozen=True)
class Done:
    """What became of a note: the row as the journal names it, its number, where to read it."""

    subject: str
    number: str = ""
    href: str = ""
    word: str = ""  # on the slip of whom it was written for; told once, kept nowhere


@dataclass(frozen=True)
class Capture:
    """How a kind of note is carried out, and how a picture is put to it afterwards."""

    carry_out: Callable[[Note, UUID, Actor], Done]
    attach: Callable[[Note, UUID, Photo, Actor], None] | None = None


def place_of(note: Note) -> Place:
    """The place that a note names. Raises NotUnderstood."""
    place = Place.objects.current().filter(code=note.place).first()
    if place is None:
        raise NotUnderstood(_("The place %(code)s is not known.") % {"code": note.place or "-"})
    return place


class NotedAlready(Denied):
    """A colleague noted the same thing before; both are kept and the writer decides."""

    def __init__(self, beside: str) -> None:
        super().__init__(_("A colleague has noted this already. Both are kept; you decide."))
        self.beside = beside
