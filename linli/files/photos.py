"""Photos from keeping to erasing. Who may see one is decided by whoever makes its links."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse

from linli.files import shelf
from linli.files.models import Photo
from linli.files.pictures import Refused as Refused
from linli.files.pictures import remake
from linli.lib import clock

LINK_SALT: Final = "linli.files.link"
TICKET_SALT: Final = "linli.files.ticket"
# A link holds between half an hour and an hour: all links of one half hour are the same, so that a
# page opened again on a thin line does not load its pictures again.
LINK_STEP: Final = 1800  # seconds
TICKET_LIFE: Final = timedelta(days=1)


@dataclass(frozen=True)
class PhotoLinks:
    """Addresses that work for at most an hour and for whoever was given them."""

    full: str
    thumb: str


def keep(upload: "UploadedFile[bytes]", *, claimed: bool = False) -> Photo:
    """Draw an upload anew and keep the result; the upload itself is never written to disk by us.

    Takes about a second for a large one: call it before the transaction of the action, and `claim`
    inside. With `claimed` the caller holds it at once. Raises Refused with a sentence for anything
    that is no picture, too big, or broken.
    """
    made = remake(upload, upload.size or 0)
    photo = Photo(
        pk=uuid4(),
        sha256=hashlib.sha256(made.full).hexdigest(),
        width=made.width,
        height=made.height,
        size=len(made.full),
        claimed=claimed,
    )
    # Files first: a row without its file would be a hole in a page; a file without a row is swept.
    shelf.put(shelf.path_of(photo, thumb=True), made.thumb)
    shelf.put(shelf.path_of(photo), made.full)
    photo.save(force_insert=True)
    return photo


def ticket(photo: Photo) -> str:
    """A signed name by which the sender's next page claims the photo, for a day."""
    until = clock.now() + TICKET_LIFE
    return _signed(TICKET_SALT, photo.pk.hex, int(until.timestamp()))


def unclaimed(tickets: Iterable[str]) -> list[Photo]:
    """The photos of these tickets that nothing holds yet, in their order; forged ones are ignored."""
    keys = [UUID(hex=said[0]) for said in map(_ticket, tickets) if said]
    if not keys:
        return []
    found = {photo.pk: photo for photo in Photo.objects.filter(pk__in=keys, claimed=False)}
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def _ticket(words: str) -> list[Any] | None:
    try:
        return _opened(TICKET_SALT, words)
    except LookupError:
        return None


def claim(photo: Photo) -> bool:
    """Mark the photo as held; False if something else was faster."""
    return bool(Photo.objects.filter(pk=photo.pk, claimed=False).update(claimed=True))


def links(photo: Photo) -> PhotoLinks:
    """Addresses to show it; whoever makes them has checked that the reader may see it."""
    until = (int(clock.now().timestamp()) // LINK_STEP + 2) * LINK_STEP

    def address(kind: str) -> str:
        return reverse("photo", args=[_signed(LINK_SALT, photo.pk.hex, kind, until)])

    return PhotoLinks(address("full"), address("thumb"))


def follow(token: str) -> Path:
    """The file behind a link; LookupError for a forged or old link, or an erased photo."""
    key, kind, _until = _opened(LINK_SALT, token)
    photo = Photo.objects.filter(pk=UUID(hex=key)).first()
    if photo is None:
        raise LookupError(token)
    return shelf.path_of(photo, thumb=kind == "thumb")


def _signed(salt: str, *said: object) -> str:
    """Signed words; the last is until when they hold, in seconds since 1970."""
    return signing.Signer(salt=salt).sign_object(list(said))


def _opened(salt: str, words: str) -> list[Any]:
    """What was signed; LookupError if it was not signed here, or its time is over."""
    try:
        said: list[Any] = signing.Signer(salt=salt).unsign_object(words)
    except (signing.BadSignature, ValueError) as error:
        raise LookupError(words) from error
    if said[-1] < clock.now().timestamp():
        raise LookupError(words)
    return said


def erase(photo: Photo) -> None:
    """Remove the photo for good: its files once the surrounding action is certain, its row now."""
    gone = Photo(pk=photo.pk, sha256=photo.sha256)
    with transaction.atomic():
        photo.delete()
        transaction.on_commit(lambda: shelf.remove(gone))


def forget_unclaimed() -> int:
    """Erase what was uploaded and never sent, a day later; how many."""
    before = clock.now() - TICKET_LIFE - timedelta(hours=1)  # photos know their hour only
    count = 0
    for photo in Photo.objects.filter(claimed=False, created_at__lt=before):
        with transaction.atomic():
            if claim(photo):  # from here on nobody else can
                erase(photo)
                count += 1
    return count
