"""The invented county with its server and worker, as `make demo` starts them."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LINLI = [sys.executable, "-c", "from linli.cli import main; main()"]
GATEWAY_KEY = "the key of the gateway of the walks"
PATIENCE = 120.0  # seconds until the first page; the machine may be busy


@dataclass(frozen=True)
class County:
    """A county that answers at `url` and keeps its data in `data`."""

    url: str
    data: Path
    door: str  # the code on the card at the door of Building 7

    def texts_to(self, phone: str) -> list[str]:
        """The text messages that this number has been sent, oldest first."""
        log = self.data / "sms.log"
        rows = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
        return [row["text"] for row in rows if row["to"].endswith(phone)]

    def wait_for_texts(self, phone: str, count: int, patience: float = 40.0) -> list[str]:
        """Those messages, once there are `count` of them; the worker needs a moment."""
        until = time.monotonic() + patience
        while len(found := self.texts_to(phone)) < count and time.monotonic() < until:
            time.sleep(0.2)
        return found

    def text_from(self, phone: str, words: str) -> str:
        """A text message that comes in through the gateway; what became of it."""
        said = urllib.parse.urlencode({"from": phone, "text": words}).encode()
        request = urllib.request.Request(
            f"{self.url}/letters/sms/", said, {"X-Linli-Key": GATEWAY_KEY}
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=20) as answer:
            return str(json.load(answer)["result"])


def build(data: Path) -> None:
    """The invented county in this empty folder, or a copy of the one that LINLI_WALKS_GROUND names."""
    ready = os.environ.get("LINLI_WALKS_GROUND")
    if ready:
        shutil.copytree(ready, data, dirs_exist_ok=True)
        return
    done = subprocess.run([*LINLI, "demo", "--build-only"], env=_surroundings(data),
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, f"linli demo --build-only failed:\n{done.stdout}{done.stderr}"


@contextmanager
def served(data: Path, *, days_ahead: int = 0) -> Iterator[County]:
    """Serve the county in this folder, so many days later, and stop everything at the end."""
    surroundings = {**_surroundings(data), "LINLI_DAYS_AHEAD": str(days_ahead)}
    door = json.loads((data / "demo.json").read_text("utf-8"))["door"]
    url = f"http://127.0.0.1:{_free_port()}"
    said = data / "serve.log"
    with said.open("wb") as log:
        server = subprocess.Popen(
            [*LINLI, "serve", "--with-worker", "--migrate", "--port", url.rpartition(":")[2]],
            env=surroundings, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        _wait_until_ready(server, said)
        yield County(url, data, door)
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _surroundings(data: Path) -> dict[str, str]:
    unwanted = {"LINLI_DATABASE_URL", "LINLI_URL", "LINLI_PORT", "LINLI_DEBUG"}
    return {
        **{name: value for name, value in os.environ.items() if name not in unwanted},
        "LINLI_DEMO": "1",
        "LINLI_DATA": str(data),
        "LINLI_SMS_INBOUND_KEY": GATEWAY_KEY,
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_ready(server: "subprocess.Popen[bytes]", said: Path) -> None:
    until = time.monotonic() + PATIENCE
    while "ready http://" not in said.read_text("utf-8"):
        assert server.poll() is None, f"linli serve ended:\n{said.read_text('utf-8')}"
        assert time.monotonic() < until, f"linli serve is not ready:\n{said.read_text('utf-8')}"
        time.sleep(0.1)
