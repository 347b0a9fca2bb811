"""What was received and not understood: a person tries it again after an update, or does it by hand."""

from django.db import transaction
from django.utils.translation import gettext as _

from linli.field import effects, keeping, notes
from linli.field.actions.blobs import hand_on, settle
from linli.field.actions.deciding import LONGEST
from linli.field.actions.sender import Sender
from linli.field.actions.take import OURS
from linli.field.models import Item
from linli.field.notes import NotUnderstood
from linli.files.models import Photo
from linli.journal.record import record
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied

OPEN = (Item.State.STAFF_TASK, Item.State.COMPLETE)


@transaction.atomic
def try_again(item: Item, *, by: Actor) -> None:
    """Carry out the same bytes once more, in the name of who wrote them. Raises Denied."""
    if item.state not in OPEN:
        raise Denied(_("There is nothing to do here."))
    sender = Sender(by, item.device)
    try:
        with transaction.atomic():
            if item.state == Item.State.STAFF_TASK:
                _carry_out(item, sender)
            kept = item.photos.filter(photo__isnull=False).values("photo")
            for photo in Photo.objects.filter(pk__in=kept):
                _hand_on_kept(item, photo, sender)
    except (NotUnderstood, *OURS) as error:
        raise Denied(_("It still does not work: %(error)s") % {"error": error}) from error
    Item.objects.filter(pk=item.pk).update(state=Item.State.RECEIVED, problem="")
    settle(item)
    record("field.tried_again", on=item, by=by)


@transaction.atomic
def done_by_hand(item: Item, words: str, *, by: Actor) -> None:
    """Somebody has done what the record wanted, and says what."""
    words = words.strip()[:LONGEST]
    if not words:
        raise Denied(_("Write in a few words what you did."))
    rows = Item.objects.filter(pk=item.pk, state__in=OPEN)
    if not rows.update(state=Item.State.PROCESSED, settled_at=clock.now(), problem=words):
        raise Denied(_("There is nothing to do here."))
    record("field.done_by_hand", on=item, by=by)


def _carry_out(item: Item, sender: Sender) -> None:
    body = keeping.body_of(item)
    if body is None:
        raise NotUnderstood(_("The bytes of the record are no longer kept."))
    note = notes.read(body)
    done = effects.capture_of(note).carry_out(note, item.client_id, sender.writer(note))
    Item.objects.filter(pk=item.pk).update(kind=note.kind, effect=done.subject, href=done.href)


def _hand_on_kept(item: Item, photo: Photo, sender: Sender) -> None:
    """A picture that waited in our keeping is free again for a moment, to be claimed by the app."""
    Photo.objects.filter(pk=photo.pk).update(claimed=False)
    hand_on(item, photo, sender)
