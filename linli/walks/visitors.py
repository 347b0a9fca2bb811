"""Somebody with a browser, who complains about every fault of the pages that are opened."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from linli.walks.county import County

QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
ZH, EN = "zh-CN", "en-GB"


@dataclass
class Visitors:
    """Opens browsers, each with cookies of its own, and keeps what went wrong in any of them."""

    browser: Browser
    county: County
    keys: dict[str, Any]
    complaints: list[str] = field(default_factory=list)
    open: list[BrowserContext] = field(default_factory=list)
    _expected: bool = False

    def come(self, *, language: str = ZH, width: int = 360, height: int = 720, act_as: str = "",
             kept: Any = None, **more: Any) -> Page:  # fmt: skip
        """A browser in this language and width; `act_as` signs a member of the cast in."""
        if act_as:
            kept = self._signed_in(act_as)
        context = self.browser.new_context(
            base_url=self.county.url, locale=language, storage_state=kept, timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": height}, **more,
        )  # fmt: skip
        context.set_default_timeout(20_000)
        self.open.append(context)
        self._listen(context)
        return context.new_page()

    def leave(self) -> None:
        for context in self.open:
            context.close()
        self.open.clear()

    @contextmanager
    def expecting_errors(self) -> Iterator[None]:
        """Meanwhile a browser's note that a page answered 4xx is no complaint."""
        self._expected = True
        yield
        self._expected = False

    def _signed_in(self, part: str) -> Any:
        """What a browser keeps once this member of the cast pressed their button; signed in once."""
        if part not in self.keys:
            page = self.come()
            page.goto("/sign-in/")
            page.locator(f"form[action='/sign-in/as/{part}/'] button").click()
            page.wait_for_url(lambda url: "/sign-in" not in url)
            state = page.context.storage_state()
            # Letters and language are each visitor's own wish.
            state["cookies"] = [
                c for c in state["cookies"] if c["name"] in {"sessionid", "csrftoken"}
            ]
            self.keys[part] = state
        return self.keys[part]

    def _listen(self, context: BrowserContext) -> None:
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        context.on("request", self._asked)
        context.on("response", self._answered)

    def _heard(self, said: ConsoleMessage) -> None:
        if said.type not in {"error", "warning"}:
            return
        if self._expected and said.text.startswith("Failed to load resource"):
            return
        where = said.page.url if said.page else ""
        self.complaints.append(f"console on {where}: {said.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.county.url, "data:", "blob:")):
            self.complaints.append(f"a foreign host is asked: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} from {response.url}")
