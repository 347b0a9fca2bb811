"""Keys outside the database: one file each in `<DATA>/secrets`, readable by its owner alone."""

import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings


class UnsafeKeyFile(RuntimeError):
    """A key file that others can read, or that holds no key; the message says what to do."""


def path_of(name: str) -> Path:
    """Where the key file `name` lives."""
    return Path(settings.DATA) / "secrets" / name


def read(name: str) -> list[str]:
    """The lines of a key file, the current key first; an empty list if there is no file."""
    path = path_of(name)
    try:
        with path.open(encoding="ascii") as file:
            if os.name == "posix" and os.fstat(file.fileno()).st_mode & 0o077:
                raise UnsafeKeyFile(f"{path}: others can read this key. Run: chmod 600 {path}")
            lines = [line.strip() for line in file]
    except FileNotFoundError:
        return []
    lines = [line for line in lines if line and not line.startswith("#")]
    if not lines:
        raise UnsafeKeyFile(f"{path}: this file holds no key. Restore it from the key backup.")
    return lines


def read_or_make(name: str, make: Callable[[], str]) -> list[str]:
    """The lines of a key file, made on first use; of two makers at once the first one counts."""
    lines = read(name)
    if lines:
        return lines
    path = path_of(name)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _draft(path, [make()])
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    _sync_folder(path.parent)
    return read(name)


def replace(name: str, lines: list[str]) -> None:
    """Put new lines into a key file, whole or not at all."""
    path = path_of(name)
    os.replace(_draft(path, lines), path)
    _sync_folder(path.parent)


def _draft(path: Path, lines: list[str]) -> Path:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())  # a lost key is lost data
    return draft


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
