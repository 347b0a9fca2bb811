"""`activity:<kind>`, `check-in`, `check-out`: what somebody notes of what they did."""

from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from linli import playbook
from linli.activities.actions import capture, hours
from linli.activities.models import Occurrence, Record, SignUp, Stop
from linli.field.effects.base import Capture, Done, NotedAlready, place_of
from linli.field.effects.matters import OWN
from linli.field.notes import Note, NotUnderstood
from linli.files import photos
from linli.files.models import Photo
from linli.journal.record import subject_of
from linli.people.actors import Actor


def note_it(note: Note, client_id: UUID, by: Actor) -> Done:
    """Note how it went. Raises NotedAlready if a colleague has noted this stop."""
    if note.name not in playbook.current().activities:
        raise NotUnderstood(_("The playbook has no activity “%(kind)s”.") % {"kind": note.name})
    occurrence = _occurrence(note) if note.task else None
    stop = _stop(note, occurrence) if occurrence and note.stop is not None else None
    if stop is not None and stop.noted_at is not None:
        earlier = Record.objects.filter(stop=stop).exclude(client_id=client_id).first()
        raise NotedAlready(subject_of(earlier or stop))
    made = capture.record(
        client_id=client_id, kind=note.name, occurrence=occurrence, by=by, outcome=note.outcome,
        fields=_fields(note), when=note.captured_at, stop=stop,
        place=place_of(note) if occurrence is None else None,
    )  # fmt: skip
    return Done(subject_of(made))


def come(note: Note, _client_id: UUID, by: Actor) -> Done:
    """Check the writer in at the moment that the telephone noted."""
    sign_up = _sign_up(note, by)
    hours.check_in(sign_up, by=by, when=note.captured_at, code=note.text("code"))
    return Done(subject_of(sign_up))


def go(note: Note, _client_id: UUID, by: Actor) -> Done:
    """Check the writer out at the moment that the telephone noted."""
    sign_up = _sign_up(note, by)
    hours.check_out(sign_up, by=by, when=note.captured_at, code=note.text("code"))
    return Done(subject_of(sign_up))


def hold(_note: Note, _client_id: UUID, photo: Photo, _by: Actor) -> None:
    """A note has no pictures of its own: the record of the telephone holds it, beside the note."""
    photos.claim(photo)


def _fields(note: Note) -> dict[str, Any]:
    return {key.removeprefix(OWN): value for key, value in note.values.items()}


def _occurrence(note: Note) -> Occurrence:
    try:
        return Occurrence.objects.select_related("place", "organisation").get(pk=UUID(note.task))
    except (ValueError, Occurrence.DoesNotExist) as error:
        raise NotUnderstood(_("What this was noted for is not known.")) from error


def _stop(note: Note, occurrence: Occurrence) -> Stop:
    stops = occurrence.stops.select_related("place", "home")
    stop = next((row for row in stops if row.pk == note.stop), None)
    if stop is None:
        raise NotUnderstood(_("The stop that this was noted at is not known."))
    return stop


def _sign_up(note: Note, by: Actor) -> SignUp:
    occurrence = _occurrence(note)
    row = SignUp.objects.select_related("seat", "occurrence").filter(
        occurrence=occurrence, user=by.user
    )
    found = row.first()
    if found is None:
        raise NotUnderstood(_("Nobody of this name is on the list."))
    return found


NOTE: Final = Capture(note_it, hold)
CHECK_IN: Final = Capture(come)
CHECK_OUT: Final = Capture(go)
