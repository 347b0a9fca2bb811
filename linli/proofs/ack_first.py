"""The broken server of the proof `receipts`: it answers first and writes afterwards.

Only `linli prove receipts --broken ack-first` ever starts this application. It shows that the proof
finds what it looks for: receipts that nobody kept.
"""

import io
import threading
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any

# isort: off
from linli.wsgi import application as honest  # first: it sets Django up

# isort: on
from linli.cases.actions import receive
from linli.lib import ids

LATER = 0.2  # seconds between the answer and the writing
Start = Callable[..., Any]

_promised: ContextVar[str] = ContextVar("promised_number")
_draw = receive.free_number


def _number() -> str:
    return _promised.get("") or _draw()


vars(receive)["free_number"] = _number


def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """Give a receipt for whatever is sent to /tell/, then do what it promised."""
    if environ["REQUEST_METHOD"] != "POST" or environ["PATH_INFO"] != "/tell/":
        return honest(environ, start_response)
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    later = {**environ, "wsgi.input": io.BytesIO(body)}
    if b"send=" not in body:
        return honest(later, start_response)
    number = ids.case_number()
    threading.Thread(target=_keep_promise, args=(later, number), daemon=True).start()
    start_response("302 Found", [("Location", f"/receipt/{number}/"), ("Content-Length", "0")])
    return [b""]


def _keep_promise(environ: dict[str, Any], number: str) -> None:
    time.sleep(LATER)
    _promised.set(number)
    for _part in honest(environ, _nobody_listens):
        pass


def _nobody_listens(*_words: Any) -> Callable[[bytes], object]:
    return len
