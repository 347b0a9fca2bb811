"""Taking in pictures: decoded, turned upright, made smaller, written anew without any metadata."""

import hashlib
import io
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from linli.files.models import Photo
from linli.lib import clock

MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 40_000_000
LONG_SIDE = 1600
THUMB_SIDE = 320
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")
LINK_SALT, TICKET_SALT = "linli.files.link", "linli.files.ticket"
LINK_SECONDS = 3600
TICKET_SECONDS = 24 * 3600


class Refused(ValueError):
    """A picture that is not taken; the message is for the person who sent it."""


@dataclass(frozen=True)
class PhotoLinks:
    """Addresses that work for an hour and for whoever was given them."""

    full: str
    thumb: str


def keep(upload: "UploadedFile[Any]") -> Photo:
    """Re-encode an upload and keep the result; the upload itself is never written to disk by us.

    Raises Refused with a sentence for anything that is no picture, too big, or broken.
    """
    if upload.size is None or upload.size > MOST_BYTES:
        raise Refused(_("This picture is larger than 12 MB. Please take it a little smaller."))
    picture = _decoded(upload)
    full = _encoded(picture, LONG_SIDE)
    name = hashlib.sha256(full).hexdigest()
    _write(_path(name), full)
    _write(_path(name, thumb=True), _encoded(picture, THUMB_SIDE))
    with Image.open(io.BytesIO(full)) as done:
        width, height = done.size
    return Photo.objects.create(sha256=name, width=width, height=height, size=len(full))


def _decoded(upload: "UploadedFile[Any]") -> Image.Image:
    try:
        with Image.open(upload, formats=FORMATS) as picture:
            # The header says how large it would become: a bomb is refused before it is decoded.
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused(_("This picture has more dots than we can take."))
            upright = ImageOps.exif_transpose(picture)
            upright.load()
            return upright.convert("RGB")
    except Refused:
        raise
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError,
            Image.DecompressionBombError) as error:  # fmt: skip
        raise Refused(
            _(
                "We cannot read this as a picture. JPEG, PNG and WebP work; a screenshot always does."
            )
        ) from error


def _encoded(picture: Image.Image, side: int) -> bytes:
    # A new image takes the dots only: EXIF, GPS, XMP, comments and colour profiles stay behind.
    clean = Image.new("RGB", picture.size)
    clean.paste(picture)
    clean.thumbnail((side, side), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()


def _path(name: str, *, thumb: bool = False) -> Path:
    return Path(settings.MEDIA_ROOT) / name[:2] / f"{name}{'.t' if thumb else ''}.jpg"


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: a power cut leaves no half picture under a good name."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
        draft.write(content)
        draft.flush()
        os.fsync(draft.fileno())
    os.replace(draft.name, path)


def ticket(photo: Photo) -> str:
    """A signed name by which the sender's next page claims the photo, for a day."""
    return signing.dumps(photo.pk.hex, salt=TICKET_SALT)


def unclaimed(tickets: Iterable[str]) -> list[Photo]:
    """The photos of these tickets that nothing holds yet, in their order; forged ones are ignored."""
    keys = []
    for words in tickets:
        try:
            keys.append(signing.loads(words, salt=TICKET_SALT, max_age=TICKET_SECONDS))
        except signing.BadSignature:
            continue
    found = {photo.pk.hex: photo for photo in Photo.objects.filter(pk__in=keys, claimed=False)}
    return [found[key] for key in keys if key in found]


def claim(photo: Photo) -> bool:
    """Mark the photo as held; False if something else was faster."""
    return bool(Photo.objects.filter(pk=photo.pk, claimed=False).update(claimed=True))


def links(photo: Photo) -> PhotoLinks:
    """Addresses to show it; whoever makes them has checked that the reader may see it."""

    def address(kind: str) -> str:
        return reverse("photo", args=[signing.dumps([photo.pk.hex, kind], salt=LINK_SALT)])

    return PhotoLinks(address("full"), address("thumb"))


def follow(token: str) -> Path:
    """The file behind a link; raises LookupError for a forged, old or erased one."""
    try:
        key, kind = signing.loads(token, salt=LINK_SALT, max_age=LINK_SECONDS)
        photo = Photo.objects.get(pk=key)
    except (signing.BadSignature, Photo.DoesNotExist, ValueError) as error:
        raise LookupError(token) from error
    path = _path(photo.sha256, thumb=kind == "thumb")
    if not path.exists():
        raise LookupError(token)
    return path


def erase(photo: Photo) -> None:
    """Remove the row, and the file unless another photo has the very same dots."""
    name = photo.sha256
    photo.delete()
    if not Photo.objects.filter(sha256=name).exists():
        for thumb in (False, True):
            _path(name, thumb=thumb).unlink(missing_ok=True)


def forget_unclaimed() -> int:
    """Erase what was uploaded and never sent, a day later."""
    old = Photo.objects.filter(
        claimed=False, created_at__lt=clock.now() - timedelta(seconds=TICKET_SECONDS)
    )
    rows = list(old[:500])
    for photo in rows:
        erase(photo)
    return len(rows)
