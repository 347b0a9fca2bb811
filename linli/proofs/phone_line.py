"""A bad line between a telephone and the server: requests and answers get lost, portals answer."""

import http.client
import json
import time
from dataclasses import dataclass, field
from random import Random
from threading import Thread
from typing import Final

from linli.proofs.phone_ground import Person
from linli.proofs.phone_law import NOTHING, PORTAL, Answer

TIMEOUT: Final = 10.0  # seconds for one answer
# fault -> share of all requests, as the promise P4 says them
FAULTS: Final = {"answer": 0.30, "cut": 0.10, "portal": 0.05, "twin": 0.05, "lost": 0.05}


@dataclass
class Line:
    """The line of one telephone. `deliveries` counts what reached the server whole."""

    port: int
    person: Person
    rng: Random
    faults: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FAULTS, 0))
    deliveries: int = 0
    quiet: bool = False  # no more faults: what is left shall arrive
    shares: dict[str, float] = field(default_factory=lambda: dict(FAULTS))

    def text(self, headers: dict[str, str], body: bytes) -> Answer:
        """One record; the only request that may go twice at the same moment."""
        return self._ask("POST", "/sync/items", headers, body, twin=True)

    def status(self, names: list[str]) -> Answer:
        return self._ask("POST", "/sync/status", {}, json.dumps({"ids": names}).encode())

    def where(self, sha: str) -> Answer:
        return self._ask("GET", f"/sync/blob/{sha}", {}, b"")

    def piece(self, sha: str, offset: int, total: int, data: bytes) -> Answer:
        headers = {"Upload-Offset": str(offset), "Upload-Length": str(total)}
        return self._ask("PUT", f"/sync/blob/{sha}", headers, data)

    def _ask(
        self, method: str, path: str, headers: dict[str, str], body: bytes, *, twin: bool = False
    ) -> Answer:
        fault = self._fault(twin)
        if fault:
            self.faults[fault] += 1
        if fault == "portal":
            return PORTAL
        if fault == "lost":
            return NOTHING
        if fault == "cut":
            self._cut(method, path, headers, body)
            return NOTHING
        other = None
        if fault == "twin":
            other = Thread(target=self._whole, args=(method, path, headers, body))
            other.start()
        answer = self._whole(method, path, headers, body)
        if other:
            other.join()
        return NOTHING if fault == "answer" else answer

    def _fault(self, twin: bool) -> str:
        if self.quiet:
            return ""
        drawn, total = self.rng.random(), 0.0
        for name, share in self.shares.items():
            total += share
            if drawn < total:
                return name if twin or name != "twin" else ""
        return ""

    def _whole(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer:
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            link.request(method, path, body=body or None, headers=self._dressed(headers))
            got = link.getresponse()
            answer = Answer(got.status, dict(got.headers.items()), got.read())
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
            return NOTHING
        finally:
            link.close()
        self.deliveries += 1
        return Answer(answer.status, {k.title(): v for k, v in answer.headers.items()}, answer.body)

    def _cut(self, method: str, path: str, headers: dict[str, str], body: bytes) -> None:
        """The line goes in the middle of the body."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
        try:
            link.putrequest(method, path)
            for name, value in self._dressed(headers).items():
                link.putheader(name, value)
            link.putheader("Content-Length", str(len(body)))
            link.endheaders()
            link.send(body[: len(body) // 2])
        except OSError:
            pass
        finally:
            link.close()

    def _dressed(self, headers: dict[str, str]) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.person.cookies.items())
        return {
            "Cookie": cookies, "X-CSRFToken": self.person.cookies["csrftoken"],
            "Content-Type": "application/octet-stream",
            "X-Linli-Device": self.person.telephone.device, **headers,
        }  # fmt: skip
