"""Text messages through an adapter: `file` and `console` here, any dotted path in production."""

import json
import os
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from linli.letters.templates import Text
from linli.lib import clock


def send(address: str, text: Text, key: str) -> None:
    """Hand a message to the gateway that `LINLI_SMS` names; it must treat a known key as done."""
    adapters = {"file": to_file, "console": to_console}
    adapter = adapters.get(settings.LINLI_SMS) or import_string(settings.LINLI_SMS)
    adapter(address, text.body, key)


def log_path() -> Path:
    return Path(settings.DATA) / "sms.log"


def to_file(address: str, body: str, key: str) -> None:
    """One JSON line in `<data>/sms.log`: for the demo and for tests."""
    line = json.dumps({"to": address, "text": body, "key": key, "at": clock.now().isoformat()},
                      ensure_ascii=False)  # fmt: skip
    log_path().parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(log_path(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, (line + "\n").encode())
    finally:
        os.close(handle)


def to_console(address: str, body: str, key: str) -> None:
    print(f"[sms to {address}] {body}", flush=True)
