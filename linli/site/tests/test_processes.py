"""Children are watched, restarted where the others can go on, and stopped together."""

import http.server
import signal
import socket
import sys
import threading
import time

import pytest

from linli.site.processes import (
    NotServing,
    Team,
    address,
    refuse_taken_port,
    server_command,
    wait_for_page,
)

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DIE = [sys.executable, "-c", "raise SystemExit(3)"]


class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/good" else 500)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_ready_means_that_the_page_answered(site):
    wait_for_page(f"{site}/good", lambda: True, patience=5)


def test_an_error_page_is_not_ready(site):
    with pytest.raises(NotServing, match="answers 500"):
        wait_for_page(f"{site}/bad", lambda: True, patience=1)


def test_a_dead_server_is_said_at_once():
    began = time.monotonic()
    with pytest.raises(NotServing, match="ended before"):
        wait_for_page("http://127.0.0.1:9/", lambda: False, patience=30)
    assert time.monotonic() - began < 5


def test_a_taken_port_is_refused_with_a_sentence():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(NotServing, match="LINLI_PORT"):
            refuse_taken_port("127.0.0.1", port)


def test_the_address_that_is_printed_can_be_opened():
    assert address("0.0.0.0", 80) == "http://127.0.0.1:80"
    assert address("127.0.0.1", 8000) == "http://127.0.0.1:8000"


def test_no_access_log_is_kept():
    assert "--no-access-log" in server_command("127.0.0.1", 8000, 2)


def test_the_death_of_one_that_is_needed_ends_all():
    team = Team()
    sleeper = team.start(SLEEP, {})
    team.start(DIE, {})
    assert team.watch() == 1
    assert not sleeper.alive


def test_one_that_can_be_missed_is_begun_again():
    team = Team()
    child = team.start(DIE, {}, restart=True)
    first = child.process
    first.wait()
    until = time.monotonic() + 10
    while child.process is first and time.monotonic() < until:
        assert team._goes_on(child)
        time.sleep(0.05)
    assert child.process is not first
    assert child.deaths >= 1
    team.stop()


def test_a_signal_ends_the_watch_with_zero():
    team = Team()
    sleeper = team.start(SLEEP, {})
    team._stop(signal.SIGTERM, None)
    assert team.watch() == 0
    assert not sleeper.alive
