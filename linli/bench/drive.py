"""Servers started for a measurement, and the bounded load that is put on them; loopback only."""

import http.client
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 8


@dataclass(frozen=True)
class Pass:
    """What one pass saw: requests a second, latency in ms, CPU-ms a request, bytes a page."""

    rps: float
    p50: float
    p99: float
    cpu_ms: float
    size: int
    errors: int


class Server:
    """granian with two workers for one WSGI application, stopped at the end of the block."""

    def __init__(self, target: str, port: int, env: dict[str, str]) -> None:
        self.port = port
        granian = Path(sys.executable).with_name("granian")
        self.process = subprocess.Popen(
            [str(granian), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
             "--workers", "2", "--blocking-threads", "2", "--workers-kill-timeout", "5",
             "--no-access-log", "--log-level", "error", target],
            env={**os.environ, **env}, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def wait(self, path: str, seconds: float = 60) -> None:
        """Until the first page answers; raises TimeoutError."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if fetch(self.port, path)[0] < 500:
                    return
            except OSError:
                time.sleep(0.1)
        raise TimeoutError(f"nothing answered on port {self.port}")

    def cpu_seconds(self) -> float:
        """User and system time of the server and its workers so far (Linux)."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(") ", 1)[1].split()
            except (OSError, IndexError):
                continue
            if int(fields[1]) == self.process.pid or int(stat.parent.name) == self.process.pid:
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def fetch(port: int, path: str) -> tuple[int, bytes]:
    """One GET; the status and the body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def read_pass(server: Server, path: str, seconds: float) -> Pass:
    """Eight connections read one page for some seconds, by wrk where it is installed."""
    size = len(fetch(server.port, path)[1])
    before = server.cpu_seconds()
    wrk = shutil.which("wrk")
    if wrk:
        done, rps, p50, p99, errors = _wrk(wrk, server.port, path, seconds)
    else:
        done, rps, p50, p99, errors = _threads(lambda _n: _reader(server.port, path), seconds)
    cpu = server.cpu_seconds() - before
    return Pass(rps, p50, p99, 1000 * cpu / max(done, 1), size, errors)


def write_pass(server: Server, writer: Callable[[int], Callable[[], bool]], seconds: float) -> Pass:
    """Eight clients write one after another for some seconds; `writer(n)` makes a client."""
    before = server.cpu_seconds()
    done, rps, p50, p99, errors = _threads(writer, seconds)
    cpu = server.cpu_seconds() - before
    return Pass(rps, p50, p99, 1000 * cpu / max(done, 1), 0, errors)


def _wrk(wrk: str, port: int, path: str, seconds: float) -> tuple[int, float, float, float, int]:
    out = subprocess.run(
        [wrk, "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--latency",
         f"http://127.0.0.1:{port}{path}"], capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip

    def ms(percent: str) -> float:
        found = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s)", out)
        scale = {"us": 0.001, "ms": 1.0, "s": 1000.0}
        return float(found[1]) * scale[found[2]] if found else 0.0

    done = re.search(r"(\d+) requests in", out)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", out)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    return (int(done[1]) if done else 0, float(rate[1]) if rate else 0.0, ms("50"), ms("99"),
            int(wrong[1]) if wrong else 0)  # fmt: skip


def _reader(port: int, path: str) -> Callable[[], bool]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def read() -> bool:
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        return answer.status < 400

    return read


def _threads(
    client: Callable[[int], Callable[[], bool]], seconds: float
) -> tuple[int, float, float, float, int]:
    times: list[float] = []
    wrong = [0]
    end = time.monotonic() + seconds

    def work(n: int) -> None:
        act = client(n)
        while time.monotonic() < end:
            began = time.monotonic()
            good = act()
            times.append(1000 * (time.monotonic() - began))
            wrong[0] += not good

    began = time.monotonic()
    threads = [threading.Thread(target=work, args=(n,)) for n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.monotonic() - began
    times.sort()
    if not times:
        return 0, 0.0, 0.0, 0.0, wrong[0]
    return (len(times), len(times) / spent, times[len(times) // 2],
            times[min(len(times) - 1, int(len(times) * 0.99))], wrong[0])  # fmt: skip
