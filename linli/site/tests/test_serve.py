"""`linli serve` as an operator starts it: a folder, a port, a signal."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

CLI = [sys.executable, "-c", "from linli.cli import main; main()"]


@pytest.fixture
def surroundings(tmp_path):
    return {**os.environ, "LINLI_DATA": str(tmp_path), "LINLI_DATABASE_URL": ""}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_it_refuses_a_database_without_its_tables(surroundings):
    done = subprocess.run([*CLI, "serve", "--port", str(free_port())], env=surroundings,
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 1
    assert "--migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_worker_refuses_it_too(surroundings):
    done = subprocess.run([*CLI, "worker"], env=surroundings, capture_output=True, text=True,
                          check=False)  # fmt: skip
    assert done.returncode == 1
    assert "migrations" in done.stderr


def test_it_serves_says_ready_and_ends_on_a_signal(surroundings):
    port = free_port()
    server = subprocess.Popen(
        [*CLI, "serve", "--port", str(port), "--workers", "1", "--with-worker", "--migrate"],
        env=surroundings, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        line = server.stdout.readline()
        assert re.fullmatch(rf"ready http://127\.0\.0\.1:{port}\n", line)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/about/") as page:
            html = page.read().decode()
        style = re.search(r'href="(/static/site/linli\.[0-9a-f]+\.css)"', html)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{style[1]}") as file:
            assert "immutable" in file.headers["Cache-Control"]
        began = time.monotonic()
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0
        assert time.monotonic() - began < 12
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
        server.stdout.close()
