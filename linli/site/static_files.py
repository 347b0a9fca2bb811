"""The static files as the server sends them: collected, compressed, named by their content."""

import hashlib
import io
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

STAMP = ".linli-collected"
# Sources of packages beside their minified twins: no page asks for them.
NEVER_ASKED = ["leaflet-src*", "jquery.js", "select2.full.js", "xregexp.js", "LICENSE*", "*.md"]


def collect_when_stale() -> bool:
    """Collect into STATIC_ROOT unless it holds exactly this version; return whether it did."""
    root = Path(settings.STATIC_ROOT)
    want, stamp = fingerprint(), root / STAMP
    if stamp.exists() and stamp.read_text() == want:
        return False
    root.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)  # cut off half-way, the next start begins again
    # Older files stay: a page that was opened before the update still asks for them.
    call_command("collectstatic", interactive=False, verbosity=0, stdout=io.StringIO(),
                 ignore_patterns=NEVER_ASKED)  # fmt: skip
    stamp.write_text(want)
    return True


def fingerprint() -> str:
    """A hash over names and contents of all static files of all apps, and how they are stored."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            digest.update(name.encode() + b"\0" + Path(storage.path(name)).read_bytes())
    return digest.hexdigest()
