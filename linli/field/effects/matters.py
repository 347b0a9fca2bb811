"""`case:<kind>`: somebody in the field takes in what somebody said, or what they saw themselves."""

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from linli import playbook
from linli.activities import opening
from linli.activities.models import Occurrence
from linli.cases.actions.asker import add_words
from linli.cases.actions.receive import Draft, add_photos, receive
from linli.cases.models import Asker
from linli.field.effects.base import Capture, Done, place_of
from linli.field.notes import Note, NotUnderstood
from linli.files.models import Photo
from linli.journal.record import subject_of
from linli.people.actors import Actor
from linli.people.contact import normal_phone
from linli.playbook.schema import CaseKind

# How it reached us, the likeliest first; a kind's own list decides.
CHANNELS: Final = ("visit", "patrol", "stall", "vehicle", "paper", "desk", "web")
OWN: Final = "f-"  # the kind's own fields, as on the pages


def channel_of(rule: CaseKind) -> str:
    """The way in which a matter of this kind comes in from the field."""
    return next((one for one in CHANNELS if one in rule.channels), rule.channels[0])


def rule_of(note: Note) -> CaseKind:
    """The kind in the playbook. Raises NotUnderstood if the playbook dropped it."""
    rule = playbook.current().kinds.get(note.name)
    if rule is None:
        raise NotUnderstood(
            _("The playbook has no kind of matter “%(kind)s”.") % {"kind": note.name}
        )
    return rule


def carry_out(note: Note, client_id: UUID, by: Actor) -> Done:
    """Take the matter in, or add to the one that this corrects."""
    earlier = Asker.objects.filter(client_id=note.replaces).first() if note.replaces else None
    if earlier is not None:
        add_words(earlier, note.text("text"), by=by)
        return Done(subject_of(earlier.case), earlier.number, _address(earlier.number))
    came_of = _came_of(note)
    if came_of is not None:
        given = opening.open_case(_matter(note, client_id), occurrence=came_of, by=by)
        asker = Asker.objects.select_related("case").get(number=given.number)
        return Done(subject_of(asker.case), given.number, _address(given.number), given.word)
    receipt = receive(draft_of(note, client_id, by), by=by)
    word = receipt.word if receipt.case.rule.on_behalf else ""
    return Done(subject_of(receipt.case), receipt.number, _address(receipt.number), word)


def _came_of(note: Note) -> Occurrence | None:
    """The activity that this was told at, where the playbook says that such matters come of it."""
    try:
        task = UUID(note.task) if note.task else None
    except ValueError:
        return None
    found = Occurrence.objects.filter(pk=task).first() if task else None
    return found if found and note.name in found.rule.yields else None


def _matter(note: Note, client_id: UUID) -> opening.Matter:
    rule = rule_of(note)
    phone = note.text("phone")
    return opening.Matter(
        kind=rule.id,
        channel=channel_of(rule),
        category=_topic(note, rule),
        place=place_of(note),
        text=note.text("text"),
        client_id=client_id,
        consent=bool(note.values.get("consent")),
        name=note.text("name"),
        phone=normal_phone(phone) or phone,
        fields=_own_fields(note, rule),
    )


def attach(note: Note, client_id: UUID, photo: Photo, by: Actor) -> None:
    """Hand the picture to the matter."""
    asker = Asker.objects.select_related("case").get(client_id=note.replaces or client_id)
    add_photos(asker.case, replace(draft_of(note, client_id, by), photos=[photo]))


def draft_of(note: Note, client_id: UUID, by: Actor) -> Draft:
    """The note as the same draft that the web's form makes."""
    rule = rule_of(note)
    for_somebody = rule.on_behalf and by.organisation is not None
    own = None if for_somebody or rule.identity == "none" else by.user
    phone = note.text("phone")
    return Draft(
        kind=rule.id,
        channel=channel_of(rule),
        category=_topic(note, rule),
        place=place_of(note),
        text=note.text("text"),
        client_id=client_id,
        spot=note.text("spot"),
        visibility=note.text("visibility") or rule.visibility,
        user=own,
        phone=normal_phone(phone) or phone,
        email=note.text("email"),
        name=note.text("name"),
        language=note.language,
        consent=bool(note.values.get("consent")),
        fields=_own_fields(note, rule),
    )


def _topic(note: Note, rule: CaseKind) -> str:
    only = rule.categories[0] if len(rule.categories) == 1 else ""
    return note.text("category") or only


def _own_fields(note: Note, rule: CaseKind) -> dict[str, Any]:
    said = {field.id: note.values.get(OWN + field.id) for field in rule.fields}
    return {key: value for key, value in said.items() if value not in (None, "", [])}


def _address(number: str) -> str:
    return reverse("case", args=[number])


CAPTURE: Final = Capture(carry_out, attach)
