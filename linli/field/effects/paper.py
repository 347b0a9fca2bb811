"""`page:<activity>`: a page of a notebook or a box is photographed; the desk types it later."""

from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from linli import playbook
from linli.activities.actions.paper import add_picture, add_sheet
from linli.activities.models import Occurrence, Sheet
from linli.field.effects.base import Capture, Done, place_of
from linli.field.notes import Note, NotUnderstood
from linli.files.models import Photo
from linli.journal.record import subject_of
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied


def bring(note: Note, _client_id: UUID, by: Actor) -> Done:
    """The page with its number and week; its picture follows."""
    if note.name not in playbook.current().activities:
        raise NotUnderstood(_("The playbook has no activity “%(kind)s”.") % {"kind": note.name})
    occurrence = _occurrence(note)
    if occurrence is None and by.organisation is None:
        raise Denied(_("Say where it was."))
    sheet = add_sheet(
        kind=note.name,
        organisation=occurrence.organisation if occurrence else by.organisation,  # type: ignore[arg-type]
        place=place_of(note) if note.place or occurrence is None else occurrence.place,
        number=_number(note),
        week=(note.captured_at or clock.now()).astimezone(clock.LOCAL).date(),
        by=by,
        occurrence=occurrence,
    )
    return Done(subject_of(sheet))


def attach(note: Note, client_id: UUID, photo: Photo, by: Actor) -> None:
    """Put the picture to the page; the page is found by the line, the week and its number."""
    week = (note.captured_at or clock.now()).astimezone(clock.LOCAL).date()
    occurrence = _occurrence(note)
    place = place_of(note) if note.place or occurrence is None else occurrence.place
    rows = Sheet.objects.filter(kind=note.name, place=place, number=_number(note), photo=None)
    sheet = rows.filter(week__lte=week).order_by("-week").first()
    if sheet is None:
        raise NotUnderstood(_("The page that this is a picture of is not known."))
    add_picture(sheet, photo, by=by)


def _occurrence(note: Note) -> Occurrence | None:
    if not note.task:
        return None
    try:
        return Occurrence.objects.select_related("place", "organisation").get(pk=UUID(note.task))
    except (ValueError, Occurrence.DoesNotExist) as error:
        raise NotUnderstood(_("What this was noted for is not known.")) from error


def _number(note: Note) -> int:
    text = str(note.values.get("number") or "")
    if not text.isdigit() or not 0 < int(text) < 10_000:
        raise Denied(_("Write the number of the page."))
    return int(text)


CAPTURE: Final = Capture(bring, attach)
