"""Debian's Chromium as a process of our own that can be killed at any moment and opened again."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, BrowserType

CHROMIUM = Path(os.environ.get("LINLI_CHROMIUM", "/usr/bin/chromium"))
QUIET = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-sync", "--disable-background-networking", "--disable-component-update",
    "--remote-debugging-port=0", "--window-size=360,720", "--lang=zh-CN",
]  # fmt: skip
PATIENCE = 120.0  # seconds until it listens; the machine may be busy


@dataclass
class Chromium:
    """A browser with a profile that outlives it."""

    kind: BrowserType
    profile: Path
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    def open(self) -> BrowserContext:
        """Start it; its one context, with what the profile holds."""
        told = self.profile / "DevToolsActivePort"
        told.unlink(missing_ok=True)
        for lock in self.profile.glob("Singleton*"):  # of the one that was killed
            lock.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [str(CHROMIUM), *QUIET, f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while not (told.exists() and len(told.read_text().splitlines()) >= 2):
            if time.monotonic() > until or self.process.poll() is not None:
                raise RuntimeError("Chromium did not start.")
            time.sleep(0.05)
        port = told.read_text().splitlines()[0]
        browser = self.kind.connect_over_cdp(f"http://127.0.0.1:{port}")
        return browser.contexts[0]

    def kill(self) -> None:
        """kill -9 of the browser and everything that it started."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None
