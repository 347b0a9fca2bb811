"""What was learned from this county's own cases, as a file of weights: loaded late, fails soft.

A web process reads the file when somebody writes and there is one; nothing of a library for
learning is ever loaded there. Without a file the playbook's words alone suggest topics.
"""

import logging
import threading
import time
from pathlib import Path
from typing import Final

from django.conf import settings

from linli.triage.linear import Linear

log = logging.getLogger(__name__)
LOOK_AGAIN: Final = 60.0  # seconds until a new file is noticed
_lock = threading.Lock()
_kept: tuple[float, tuple[str, int, int], Linear | None] | None = None


def path() -> Path:
    """Where the worker leaves the model."""
    return Path(settings.DATA) / "triage" / "topics.npz"


def current() -> Linear | None:
    """The newest model, or None if there is none that can be read."""
    global _kept
    now = time.monotonic()
    with _lock:
        if _kept and now - _kept[0] < LOOK_AGAIN and _kept[1][0] == str(path()):
            return _kept[2]
        stamp = _stamp()
        model = _kept[2] if _kept and _kept[1] == stamp else _load(stamp)
        _kept = (now, stamp, model)
        return model


def forget() -> None:
    """Look at the file again the next time."""
    global _kept
    _kept = None


def _stamp() -> tuple[str, int, int]:
    try:
        stat = path().stat()
    except OSError:
        return str(path()), 0, 0
    return str(path()), stat.st_mtime_ns, stat.st_size


def _load(stamp: tuple[str, int, int]) -> Linear | None:
    if not stamp[2]:
        return None
    try:
        return Linear.load(path())
    except (OSError, ValueError) as error:
        log.warning("no suggestions from earlier cases: %s", error)
        return None
