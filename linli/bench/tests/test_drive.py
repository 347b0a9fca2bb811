"""The load: what wrk says is read right, clients count what they get, and a wrong page is refused."""

import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import click
import pytest

from linli.bench import drive
from linli.bench.commands import _sizes
from linli.bench.drive import Load
from linli.bench.pages import Look
from linli.bench.servers import Answer, below, cpu_seconds
from linli.bench.weight import parts_of

SAID = (
    "Running 1s test @ http://127.0.0.1:1/\n  8 threads and 8 connections\n"
    'RESULT {"done":1000,"micros":500000,"bytes":3000000,"bad":%d,"broken":%d,'
    '"p50":1500,"p99":20000,"statuses":{%s}}\n'
)


def test_the_line_of_wrk_is_read() -> None:
    seen = drive.parse(SAID % (0, 0, ""))
    assert (seen.done, seen.rps, seen.p50, seen.p99, seen.size) == (1000, 2000.0, 1.5, 20.0, 3000.0)
    assert seen.failures(200) == 0


def test_answers_that_are_none_are_counted() -> None:
    assert drive.parse(SAID % (7, 2, "")).failures(200) == 9
    sent = drive.parse(SAID % (3, 0, '"302":997,"422":3'))
    assert sent.failures(302) == 3


def test_no_result_is_no_figure() -> None:
    with pytest.raises(click.ClickException, match="unable to connect"):
        drive.parse("unable to connect to 127.0.0.1:1")


class _Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._say(404 if "missing" in self.path else 200)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        good = b"client_id=" in body and self.headers["X-Forwarded-For"].startswith("10.")
        self._say(302 if good else 422)

    def _say(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def port():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("tool", ["wrk", "threads"])
def test_both_drivers_read_and_send(port: int, tool: str, monkeypatch) -> None:
    if tool == "threads":
        monkeypatch.setattr(drive.shutil, "which", lambda name: None)
    elif drive.shutil.which("wrk") is None:
        pytest.skip("wrk is not installed")
    read = drive.run(Load(port, 2, 0.5, ["/a", "/b"]))
    assert read.done > 0
    assert read.failures(200) == 0
    sent = drive.run(Load(port, 2, 0.5, form_path="/tell/", forms=["text=x"]))
    assert set(sent.statuses) == {302}
    missing = drive.run(Load(port, 2, 0.5, ["/missing"]))
    assert missing.failures(200) == missing.done > 0


def test_another_page_is_refused() -> None:
    look = Look("list", "visitor", ["/"], r"<li>", "/floor/list/", 2)
    look.check(Answer(200, {}, (), b"<li><li>"), "/")
    for answer in (Answer(200, {}, (), b"<li>"), Answer(404, {}, (), b"<li><li>")):
        with pytest.raises(click.ClickException, match="not the page"):
            look.check(answer, "/")


def test_processor_time_counts_this_process() -> None:
    assert os.getpid() in below(os.getpid())
    assert cpu_seconds([os.getpid()]) > 0


@pytest.mark.parametrize("words", ["1000", "a,b", "1,"])
def test_two_sizes_are_asked_for(words: str) -> None:
    with pytest.raises(click.BadParameter):
        _sizes(None, None, words)
    assert _sizes(None, None, "1_000,1000000") == (1_000, 1_000_000)


def test_the_parts_of_a_page_are_found() -> None:
    html = """<link rel="stylesheet" href="/static/a.css"><link href="/b.ico" rel="icon">
    <link rel="alternate" href="/feed"><script type="module" src="../c.js"></script>
    <script>x</script><img alt="" src="data:image/png;base64,AA"><img src="/static/a.css">
    <link rel="stylesheet" href="https://elsewhere.example.org/d.css">"""
    assert parts_of(html, "/search/") == ["/static/a.css", "/b.ico", "/c.js"]
