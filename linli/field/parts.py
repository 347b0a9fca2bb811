"""Where half a picture lies until the rest has come: `<data>/incoming/<blob>.part`."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction

from linli.field.models import Blob
from linli.lib import clock

KEPT: Final = timedelta(days=40)  # a telephone may be silent for long
ORPHANED: Final = timedelta(days=1)  # longer than any request


def path_of(blob: Blob) -> Path:
    return Path(settings.DATA) / "incoming" / f"{blob.pk}.part"


def write(blob: Blob, offset: int, chunk: bytes) -> None:
    """Put the bytes at their place and wait until the disk has them."""
    path = path_of(blob)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        view, place = memoryview(chunk), offset
        while view:
            done = os.pwrite(handle, view, place)
            view, place = view[done:], place + done
        os.fsync(handle)
    finally:
        os.close(handle)


def whole(blob: Blob) -> bytes | None:
    """All bytes if they are the ones that the name says, else None."""
    try:
        content = path_of(blob).read_bytes()[: blob.total]
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == blob.sha256 else None


def forget(blob: Blob) -> None:
    """Remove the row, and the file once that is certain."""
    path = path_of(blob)
    with transaction.atomic():
        Blob.objects.filter(pk=blob.pk).delete()
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


def sweep() -> int:
    """Remove parts that nobody has continued for forty days; how many went.

    And files without a row: a process that was killed between the two leaves one behind.
    """
    old = list(Blob.objects.filter(touched_at__lt=clock.now() - KEPT))
    for blob in old:
        forget(blob)
    known = {path_of(blob) for blob in Blob.objects.only("pk")}
    before = (clock.now() - ORPHANED).timestamp()
    for path in (Path(settings.DATA) / "incoming").glob("*.part"):
        if path not in known and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
    return len(old)
