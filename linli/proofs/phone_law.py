"""The law of the queue once more, in Python: what a telephone does with each answer (O10).

Written from the promises and not from the scripts, so that the two are checked against one another
by the server that both of them drive.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from linli.field.receipts import verify
from linli.field.testing import Frozen


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 where nothing did."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def said(self) -> dict[str, Any]:
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def ours(self) -> bool:
        """Whether our server spoke, and not a portal."""
        return self.headers.get("X-Linli-Sync") == "1"


PORTAL = Answer(200, {"Content-Type": "text/html"}, b"<html>Welcome to the free network</html>")
NOTHING = Answer()


@dataclass
class Kept:
    """One item on a telephone. `frozen` is None once a valid receipt let it go."""

    name: str
    sha256: str
    frozen: Frozen | None
    photos: dict[str, bytes]
    state: str = "frozen"
    receipt: dict[str, Any] | None = None
    why: str = ""

    @property
    def done(self) -> bool:
        return self.state == "wiped"

    @property
    def present(self) -> bool:
        """Whether the text is still here."""
        return self.frozen is not None


@dataclass
class Law:
    """How a telephone decides; `count_200` is the broken one that believes any 200."""

    keys: list[str]
    count_200: bool = False

    def after_text(self, item: Kept, answer: Answer) -> None:
        """What becomes of an item when its text was sent and this came back."""
        if self.count_200 and answer.status == 200:
            self._wipe(item, [])
            return
        if answer.status in (201, 202) and answer.ours:
            self.receipt(item, answer.said.get("receipt"))
        elif answer.ours and answer.status in (409, 410, 413, 422):
            item.state, item.why = "needs_help", str(answer.said.get("code"))
        else:
            item.state = "frozen"  # portal, busy, signed out, cut: the same bytes again later

    def receipt(self, item: Kept, receipt: dict[str, Any] | None) -> bool:
        """Let go what a valid receipt covers; False for one that is not about these bytes."""
        if not receipt or receipt.get("id") != item.name or receipt.get("sha256") != item.sha256:
            item.state = "stored" if item.receipt else "frozen"
            return False
        if not any(verify(receipt, key) for key in self.keys):
            item.state = "stored" if item.receipt else "frozen"
            return False
        item.receipt = receipt
        self._wipe(item, receipt["missing_photos"])
        return True

    def after_status(self, item: Kept, said: Mapping[str, Any]) -> None:
        """What the server knows of this name."""
        if said.get("state") in ("known", "missing"):
            self.receipt(item, said.get("receipt"))
        elif said.get("state") == "deleted" and not item.done:
            item.state, item.why = "needs_help", "deleted"

    @staticmethod
    def _wipe(item: Kept, missing: list[str]) -> None:
        item.frozen = None
        item.photos = {sha: data for sha, data in item.photos.items() if sha in missing}
        item.state = "stored" if missing else "wiped"
