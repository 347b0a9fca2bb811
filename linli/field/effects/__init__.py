"""Which app a note goes to, by the first word of its kind."""

from typing import Final

from django.utils.translation import gettext as _

from linli.field.effects import doings, matters, paper
from linli.field.effects.base import Capture as Capture
from linli.field.effects.base import Done as Done
from linli.field.effects.base import NotedAlready as NotedAlready
from linli.field.notes import Note, NotUnderstood

CAPTURES: Final[dict[str, Capture]] = {
    "case": matters.CAPTURE,
    "activity": doings.NOTE,
    "check-in": doings.CHECK_IN,
    "check-out": doings.CHECK_OUT,
    "page": paper.CAPTURE,
}


def capture_of(note: Note) -> Capture:
    """How this note is carried out. Raises NotUnderstood for a word that nobody knows."""
    capture = CAPTURES.get(note.kind.partition(":")[0])
    if capture is None:
        raise NotUnderstood(_("Nobody here knows records of the kind “%(kind)s”.") % {
            "kind": note.kind})  # fmt: skip
    return capture
