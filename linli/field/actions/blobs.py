"""A picture comes in pieces and goes on where it stopped; whole, it is drawn anew and handed over."""

import logging
from dataclasses import dataclass
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from linli.field import effects, keeping, notes, parts, receipts
from linli.field.actions.limits import check_photos
from linli.field.actions.sender import Sender
from linli.field.models import Blob, Item, ItemPhoto
from linli.field.notes import Note, NotUnderstood
from linli.files import photos
from linli.files.models import Photo
from linli.files.pictures import MOST_BYTES
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import User
from linli.people.policies import Denied

log = logging.getLogger(__name__)
MOST_PIECE: Final = 900_000  # bytes of one request


class NobodyWaits(Denied):
    """No record of this person names such a picture: its text has to come first (404)."""

    def __init__(self) -> None:
        super().__init__(_("No record waits for this picture. The text is sent first."))


class Elsewhere(Denied):
    """The piece does not begin where the last one ended; `offset` bytes are here (409)."""

    def __init__(self, offset: int) -> None:
        super().__init__(_("The picture goes on at another place."))
        self.offset = offset


@dataclass(frozen=True)
class Stand:
    """How far a picture has got. `receipts` are those of the records that no longer wait for it."""

    offset: int
    total: int
    receipts: tuple[dict[str, Any], ...] = ()


def stand(sha256: str, person: User) -> Stand:
    """How many bytes are here. Raises NobodyWaits."""
    rows = _named(sha256, person)
    if not rows:
        raise NobodyWaits
    if not any(_waits(row) for row in rows):
        size = max(row.size for row in rows)
        return Stand(size, size, _receipts_of(rows))
    blob = Blob.objects.filter(person=person, sha256=sha256).first()
    return Stand(blob.received, blob.total) if blob else Stand(0, 0)


def put(sha256: str, offset: int, total: int, piece: bytes, *, sender: Sender) -> Stand:
    """Add a piece; with the last one the picture is handed to the records that name it.

    Raises NobodyWaits, Elsewhere, TooMuch, and Denied for what is no picture or not the one that
    its name says.
    """
    person = sender.person
    here = stand(sha256, person)
    if here.receipts:
        return here
    if not 0 < total <= MOST_BYTES or len(piece) > MOST_PIECE:
        raise Denied(_("This picture is larger than 12 MB. Please take it a little smaller."))
    check_photos(sender.device, len(piece))
    blob = _blob(sha256, person, total)
    if blob is None:
        return stand(sha256, person)
    if offset != blob.received or offset + len(piece) > blob.total:
        raise Elsewhere(blob.received)
    parts.write(blob, offset, piece)
    moved = Blob.objects.filter(pk=blob.pk, received=offset).update(
        received=offset + len(piece), touched_at=clock.now()
    )
    now_here = Blob.objects.filter(pk=blob.pk).first()
    if now_here is None:  # a twin has finished it: what was written after that belongs to nobody
        parts.forget(blob)
        return stand(sha256, person)
    if not moved:
        raise Elsewhere(now_here.received)
    if now_here.received < now_here.total:
        return Stand(now_here.received, now_here.total)
    return _hand_over(now_here, sender)


def leave_out(item: Item, hashes: list[str]) -> None:
    """Its owner goes without these pictures (lost, or not to be read): the record waits no longer."""
    rows = item.photos.filter(sha256__in=hashes, arrived_at=None, left_out_at=None)
    if rows.update(left_out_at=clock.now()):
        settle(item)


def settle(item: Item) -> None:
    """Done, once nothing is missing; a guarded UPDATE, so that two pictures at once do not race."""
    waits = item.photos.filter(arrived_at=None, left_out_at=None)
    if not waits.exists():
        Item.objects.filter(pk=item.pk, state=Item.State.RECEIVED).update(
            state=Item.State.PROCESSED, settled_at=clock.now()
        )


def _named(sha256: str, person: User) -> list[ItemPhoto]:
    rows = ItemPhoto.objects.filter(sha256=sha256, item__person=person).select_related("item")
    return list(rows.order_by("item_id"))


def _waits(row: ItemPhoto) -> bool:
    return row.arrived_at is None and row.left_out_at is None


def _receipts_of(rows: list[ItemPhoto]) -> tuple[dict[str, Any], ...]:
    items = Item.objects.prefetch_related("photos").filter(pk__in=[row.item_id for row in rows])
    return tuple(receipts.of(item) for item in items.order_by("pk"))


def _blob(sha256: str, person: User, total: int) -> Blob | None:
    """The half that is here, or a new one; None if a twin of this request has just finished it."""
    new = Blob(person=person, sha256=sha256, total=total, touched_at=clock.now())
    Blob.objects.bulk_create([new], ignore_conflicts=True)
    return Blob.objects.filter(person=person, sha256=sha256).first()


def _hand_over(blob: Blob, sender: Sender) -> Stand:
    content = parts.whole(blob)
    if content is None:
        parts.forget(blob)  # it begins anew: some piece was changed on the way
        raise Elsewhere(0)
    rows = _named(blob.sha256, sender.person)
    try:
        # Drawing takes a while: before the transaction, not inside.
        taken = [(row, photos.keep(_upload(content))) for row in rows if _waits(row)]
    except photos.Refused as refused:
        parts.forget(blob)
        raise Denied(str(refused)) from None
    for row, photo in taken:
        _attach(row, photo, len(content), sender)
    parts.forget(blob)
    return Stand(blob.total, blob.total, _receipts_of(rows))


def _upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("photo.jpg", content, "image/jpeg")


@transaction.atomic
def _attach(row: ItemPhoto, photo: Photo, size: int, sender: Sender) -> None:
    """Mark it as arrived and hand it on, together; of two that try at once, one does."""
    won = ItemPhoto.objects.filter(pk=row.pk, arrived_at=None).update(
        arrived_at=clock.now(), photo=photo.pk, size=size
    )
    if not won:
        return
    item = Item.objects.select_for_update().get(pk=row.item_id)
    if item.state == Item.State.STAFF_TASK:
        photos.claim(photo)  # it waits with the record until somebody has understood it
        return
    try:
        with transaction.atomic():
            hand_on(item, photo, sender)
    except (Denied, NotUnderstood, LookupError, TypeError, ValueError) as error:
        log.exception("field: a picture could not be put to a record")
        photos.claim(photo)
        Item.objects.filter(pk=item.pk).update(
            state=Item.State.COMPLETE, problem=f"{type(error).__name__}: {error}"[:300]
        )
        return
    except DatabaseError:
        raise
    settle(item)


def hand_on(item: Item, photo: Photo, sender: Sender) -> None:
    """Give the picture to the app that owns what the record became."""
    body = keeping.body_of(item)
    if body is None:
        raise NotUnderstood(_("The bytes of the record are no longer kept."))
    note = notes.read(body)
    attach = effects.capture_of(note).attach
    if attach is None:
        raise NotUnderstood(_("Records of the kind “%(kind)s” take no pictures.") % {
            "kind": note.kind})  # fmt: skip
    attach(note, item.client_id, photo, _writer(sender, note))


def _writer(sender: Sender, note: Note) -> Actor:
    """Who wrote the text; if their post has ended since, who brings the picture."""
    try:
        return sender.writer(note)
    except Denied:
        return sender.actor
