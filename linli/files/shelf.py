"""Where the pictures lie: `<data>/media/<first two of the hash>/<hash>.<photo>.jpg`.

The name holds the hash of the content, so that a damaged file is found without the database, and
the photo's id, so that two photos with the same dots never share a file: erasing one of them while
the other is being kept cannot take both.
"""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from django.conf import settings

from linli.files.models import Photo, this_hour
from linli.lib import clock

THUMB: Final = ".t"
# An action may still be under way that made a file and has not committed its row.
ORPHAN_AGE: Final = timedelta(days=1)


def path_of(photo: Photo, *, thumb: bool = False) -> Path:
    name = f"{photo.sha256}.{photo.pk.hex}{THUMB if thumb else ''}.jpg"
    return Path(settings.MEDIA_ROOT) / photo.sha256[:2] / name


def put(path: Path, content: bytes) -> None:
    """Whole or not at all: a power cut leaves no half picture under a good name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    hour = this_hour().timestamp()
    draft = path.with_name(f"draft-{uuid4().hex}")
    try:
        with open(draft, "xb", opener=_private) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.utime(draft, (hour, hour))  # the file's own time says no more than the row's
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _flush(path.parent)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _flush(folder: Path) -> None:
    """A new name is safe on the disk only once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(photo: Photo) -> None:
    """Remove both files; harmless where they are gone already."""
    for thumb in (False, True):
        path_of(photo, thumb=thumb).unlink(missing_ok=True)


def sweep() -> int:
    """Remove files that no photo owns any more, a day old: what a crash or a taken-back action left.

    Returns how many files went.
    """
    count = 0
    for folder in sorted(Path(settings.MEDIA_ROOT).glob("[0-9a-f][0-9a-f]")):
        owned = set(
            Photo.objects.filter(sha256__startswith=folder.name).values_list("pk", flat=True)
        )
        for path in _old(folder):
            if _owner(path) not in owned:
                path.unlink(missing_ok=True)
                count += 1
    return count


def _old(folder: Path) -> Iterator[Path]:
    before = (clock.now() - ORPHAN_AGE).timestamp()
    for path in folder.iterdir():
        try:
            if path.stat().st_mtime < before:
                yield path
        except FileNotFoundError:  # erased in this very moment
            continue


def _owner(path: Path) -> UUID | None:
    """The photo that a file names; None for drafts."""
    parts = path.name.split(".")
    try:
        return UUID(hex=parts[1])
    except (IndexError, ValueError):
        return None
