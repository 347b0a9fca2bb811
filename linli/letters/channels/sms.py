"""Text messages through an adapter: `file` and `console` here, any dotted path in production.

An adapter is `adapter(address, body, key) -> None` with the duties of a channel's `send`.
"""

import json
import os
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.module_loading import import_string

from linli.letters.templates import Text
from linli.lib import clock

address_kind: Final = "phone"


def send(address: str, text: Text, key: str) -> None:
    """Hand a message to the gateway that `LINLI_SMS` names."""
    adapter = ADAPTERS.get(settings.LINLI_SMS) or import_string(settings.LINLI_SMS)
    adapter(address, text.body, key)


def log_path() -> Path:
    return Path(settings.DATA) / "sms.log"


def to_file(address: str, body: str, key: str) -> None:
    """One JSON line in `<data>/sms.log`, for its owner only: for the demo and for tests."""
    said = {"to": address, "text": body, "key": key, "at": clock.now().isoformat()}
    line = json.dumps(said, ensure_ascii=False) + "\n"
    log_path().parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(log_path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line.encode())  # one write: lines of two workers do not mix
    finally:
        os.close(handle)


def to_console(address: str, body: str, key: str) -> None:
    """For developing: the text, and as much of the address as tells two apart."""
    print(f"[sms to …{address[-4:]}] {body}", flush=True)


ADAPTERS: Final = {"file": to_file, "console": to_console}
