"""People who send the real form over loopback and do not stop before they hold a receipt."""

import http.client
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from threading import Event, Thread
from urllib.parse import urlencode
from uuid import UUID

from linli.proofs.county import CODES, new_id
from linli.proofs.result import Watch

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
RECEIPT = re.compile(r"/receipt/(\d{10})/$")
TIMEOUT = 10.0  # seconds for one answer
A_NETWORK = 25  # things sent from one network: the limit for strangers is 60 an hour
PAUSE = 0.05


@dataclass(frozen=True)
class Held:
    """A receipt that somebody took home."""

    client_id: UUID
    number: str
    text: str
    tries: int


class Client(Thread):
    """One browser with its cookies; sends one thing after the other until told to stop."""

    def __init__(
        self, place: int, ports: Sequence[int], seed: int, stop: Event, watch: Watch,
        phone: str = "",
    ) -> None:  # fmt: skip
        super().__init__(daemon=True)
        self.place, self.ports, self.stop, self.watch = place, ports, stop, watch
        self.phone, self.turn = phone, place  # which server it talks to: the next one if that fails
        self.rng = Random(f"{seed}-{place}")
        self.cookies: dict[str, str] = {}
        self.held: list[Held] = []
        self.begun: set[UUID] = set()
        self.odd: list[str] = []

    def run(self) -> None:
        while not self.stop.is_set():
            self.say_something()

    def say_something(self) -> None:
        """Both pages of the form, as a browser sends them, with one client id until the end."""
        client_id = new_id(self.rng)
        text = f"村口的路灯不亮了，{client_id.hex}。"
        words = {"client_id": str(client_id), "text": text, "place": CODES["village"]}
        if "form" not in self.cookies and self.send("GET", "/tell/", {}) is None:
            return
        self.send("POST", "/tell/", words)
        self.begun.add(client_id)
        sent = {**words, "category": "street-light", "visibility": "public",
                "phone": self.phone, "send": "1"}  # fmt: skip
        tries = 0
        with self.watch.time():
            while True:
                tries += 1
                place = self.send("POST", "/tell/", sent, wanted=302)
                found = RECEIPT.search(place or "")
                if found:
                    self.held.append(Held(client_id, found[1], text, tries))
                    return
                if tries > 600:
                    self.odd.append(f"no receipt after {tries} tries")
                    return

    def send(
        self, method: str, path: str, fields: Mapping[str, str], wanted: int = 200
    ) -> str | None:
        """The page or the place it leads to; None if nothing useful came back."""
        try:
            status, body, place = self._ask(method, path, fields)
        except (OSError, http.client.HTTPException):
            self.turn += 1
            time.sleep(PAUSE)
            return None
        token = TOKEN.search(body)
        if token:
            self.cookies["form"] = token[1]
        if status == wanted:
            return place if wanted == 302 else body
        if status not in {403, 500, 502, 503} and len(self.odd) < 5:
            self.odd.append(f"{method} {path}: {status}")
        if status == 403:  # the cookie was lost with the answer that brought it
            self.cookies.clear()
            self._ask_again()
        time.sleep(PAUSE)
        return None

    def _ask_again(self) -> None:
        self.send("GET", "/tell/", {})

    def _ask(self, method: str, path: str, fields: Mapping[str, str]) -> tuple[int, str, str]:
        # Loopback has sixteen million addresses; each stands for somebody else's network.
        network = len(self.begun) // A_NETWORK
        link = http.client.HTTPConnection(
            "127.0.0.1", self.ports[self.turn % len(self.ports)], timeout=TIMEOUT,
            source_address=(f"127.{self.place + 1}.{network % 250}.1", 0),
        )  # fmt: skip
        headers = {
            "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items() if k != "form"),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        data = urlencode({**fields, "csrfmiddlewaretoken": self.cookies.get("form", "")})
        try:
            link.request(method, path, body=data if method == "POST" else None, headers=headers)
            answer = link.getresponse()
            body = answer.read().decode()
        finally:
            link.close()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, body, answer.headers.get("Location", "")
