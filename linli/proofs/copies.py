"""Nothing is decided on a copy: a real standby that is behind, then too far behind, then dead.

The standby stops replaying before the first matter is told, and the limit of its lag is lifted, so
that it is read although it knows of nothing. Then people tell, join, handle, answer, confirm and
withdraw through the real pages, and the worker follows. All of it must go as without a copy, and no
statement but those of public pages may have reached the standby. After that the limit is back: the
copy is not read until it has caught up, and its death costs no visitor a page.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from linli.cases.models import Case, State
from linli.letters.worker import work_once
from linli.lib import clock
from linli.people.acting import CHOSEN
from linli.people.models import Appointment
from linli.postgres import Server
from linli.proofs.county import CODES, new_id, people_of_today, prepare
from linli.proofs.ground import own_server
from linli.proofs.result import Result, Watch
from linli.site import static_files
from linli.site.wiring import FOLLOWERS, JOBS
from linli.web import shelf
from linli.web.replica_health import HEALTH, REPLAYED
from linli.web.replicas import ReplicaRouter

PROMISE = "Nothing is decided on a copy of the database"
BROKEN = ("reads-anywhere",)
COPY = "replica1"
FAR = 1e9  # seconds: a copy may be as old as it likes
PATIENCE = 20.0


def prove(n: int, seed: int, broken: str) -> Result:
    """`n` matters on their whole way while the copy stands still; then lag, catching up, death."""
    prepare()
    people_of_today()
    static_files.collect_when_stale()
    server = own_server()
    if server is None:
        raise SystemExit("This proof needs a PostgreSQL of its own.")
    limit = settings.LINLI_REPLICA_LAG
    result, watch = Result(PROMISE, n, seed), Watch()
    copy = server.standby(port=int(settings.DATABASES[COPY]["PORT"]))
    try:
        wait_for(caught_up, result, "the copy never caught up")
        stand_still(copy, "pg_wal_replay_pause")
        settings.LINLI_REPLICA_LAG = FAR
        honest = ReplicaRouter.db_for_read
        if broken:
            setattr(ReplicaRouter, "db_for_read", reads_anywhere)  # noqa: B010
        with watching(COPY) as seen:
            stage = Stage(result, watch, seen, Random(seed))
            for k in range(n):
                stage.one_matter(k)
            stage.follow()
        setattr(ReplicaRouter, "db_for_read", honest)  # noqa: B010
        settings.LINLI_REPLICA_LAG = limit
        if not broken:
            behind_then_dead(result, copy)
    finally:
        copy.remove()
    result.faults = 3
    result.p99_ms = watch.percentile(0.99)
    result.more |= {"matters": Case.objects.count(), "pages_from_the_copy": stage.from_copy}
    return result


@dataclass
class Stage:
    """The people of one run, each in a browser of their own."""

    result: Result
    watch: Watch
    seen: list[str]
    rng: Random
    from_copy: int = 0
    staff: dict[int, Client] = field(default_factory=dict)

    def one_matter(self, k: int) -> None:
        """From the first word to the last, by the pages; every second one takes a detour."""
        asker, number = Client(), ""
        with self.deciding("telling"):
            number = self.tell(asker, f"第{k}盏路灯不亮了")
        if not number:
            return
        self.public(number)
        neighbour = Client()
        with self.deciding("joining"):
            joined = self.tell(neighbour, f"我也看到第{k}盏灯不亮", join=number)
        with self.deciding("handling"):
            self.verb(number, "accept")
            self.verb(number, "note", words="已经打过电话")
            if k % 2:
                self.verb(number, "transfer", unit="water-company", words="是检修口的灯")
                self.verb(number, "refuse", reason="not-our-duty", words="小区里的灯")
            self.verb(number, "answer", words="灯泡已换好。")
        with self.deciding("the last word"):
            self.post(asker, "reply", [number], reply="solved", satisfied="1")
            self.post(neighbour, "reply", [joined or number], reply="solved", satisfied="1")
        self.must(Case.objects.get(number=number).state == State.CONFIRMED, "it is not confirmed")
        with self.deciding("withdrawing"):
            other = self.tell(asker, f"另一件事{k}")
            self.post(asker, "withdraw", [other])
        self.must(
            Case.objects.filter(number=other, state=State.WITHDRAWN).exists(), "not withdrawn"
        )

    def tell(self, browser: Client, text: str, **more: str) -> str:
        """The number on the receipt, "" if there was none."""
        fields = {"client_id": str(new_id(self.rng)), "text": text, "place": CODES["village"],
                  "category": "street-light", "visibility": "public", "send": "1", **more}  # fmt: skip
        with self.watch.time():
            sent = browser.post(reverse("tell"), fields)
        self.must(sent.status_code == 302, f"telling was answered with {sent.status_code}")
        if sent.status_code != 302:
            return ""
        receipt = browser.get(sent["Location"])
        self.must(
            receipt.status_code == 200, f"the receipt was answered with {receipt.status_code}"
        )
        return sent["Location"].strip("/").rpartition("/")[2]

    def verb(self, number: str, verb: str, **fields: str) -> None:
        """One button of the desk, by somebody of the unit that has it now."""
        case = Case.objects.get(number=number)
        browser = self.staff.setdefault(case.owner_id, signed_in(case.owner_id))
        self.post(browser, f"desk-{verb}", [number], revision=case.revision, **fields)

    def post(self, browser: Client, name: str, args: list[str], **fields: Any) -> None:
        with self.watch.time():
            answer = browser.post(reverse(name, args=args), fields)
        self.must(answer.status_code == 302, f"{name} was answered with {answer.status_code}")

    def public(self, number: str) -> None:
        """A stranger's look: the list from the copy, and what the copy lacks from the original."""
        shelf.SHELF.clear()
        before = len(self.seen)
        stranger = Client(raise_request_exception=False)
        listed = stranger.get(reverse("cases"))
        self.must(len(self.seen) > before, "the list was not read from the copy: nothing is tested")
        self.from_copy += len(self.seen) > before
        self.must(listed.status_code == 200, f"the list was answered with {listed.status_code}")
        shown = stranger.get(reverse("case", args=[number]))
        self.must(shown.status_code == 200, f"a new matter was answered with {shown.status_code}")

    def follow(self) -> None:
        """The worker, until it has nothing left to do."""
        with self.deciding("the worker"):
            while work_once(FOLLOWERS, JOBS):
                pass

    @contextmanager
    def deciding(self, what: str) -> Iterator[None]:
        """Nothing inside may ask the copy; what fails inside is a violation, not the proof's end."""
        before = len(self.seen)
        try:
            yield
        except Exception as error:
            self.result.violated(f"{what}: {error!r}"[:300])
        asked = len(self.seen) - before
        if asked:
            self.result.violated(f"{what} asked the copy {asked} times")

    def must(self, true: bool, words: str) -> None:
        if not true:
            self.result.violated(words)


def signed_in(unit: int) -> Client:
    """Somebody who holds a post in this unit today."""
    row = Appointment.objects.in_force(clock.today()).filter(post__organisation=unit).first()
    assert row is not None
    browser = Client(raise_request_exception=False)
    browser.force_login(row.user)
    session = browser.session
    session[CHOSEN] = str(row.pk)
    session.save()
    return browser


def behind_then_dead(result: Result, copy: Server) -> None:
    """The limit of lag counts again: too old, caught up, gone."""
    wait_for(lambda: HEALTH.fresh() is None, result, "a copy that stands still is still read")
    newest = Case.objects.filter(state=State.CONFIRMED).order_by("received_at", "pk").last()
    if newest is None:
        return  # nothing got so far, and that has been said
    for stage, fresh in (("too old", False), ("caught up", True)):
        if fresh:
            stand_still(copy, "pg_wal_replay_resume")
            wait_for(lambda: HEALTH.fresh() == COPY, result, "the copy is never read again")
        asked, shown = list_of_a_stranger()
        if bool(asked) is not fresh:
            result.violated(f"{stage}: the copy was asked {asked} times")
        if newest.pretty_number not in shown:
            result.violated(f"{stage}: the list lacks the newest matter")
    copy.kill()
    began = time.monotonic()
    _asked, shown = list_of_a_stranger()
    result.more["page_after_its_death_ms"] = round((time.monotonic() - began) * 1000)
    if newest.pretty_number not in shown:
        result.violated("the death of the copy cost a visitor a page")
    if HEALTH.fresh() is not None:
        result.violated("a dead copy counts as fresh")


def list_of_a_stranger() -> tuple[int, str]:
    """How many statements reached the copy, and the page; "" if it was no page."""
    shelf.SHELF.clear()
    with watching(COPY) as seen:
        answer = Client(raise_request_exception=False).get(reverse("cases"))
    return len(seen), answer.content.decode() if answer.status_code == 200 else ""


def caught_up() -> bool:
    return HEALTH.fresh() == COPY


def wait_for(true: Callable[[], bool], result: Result, otherwise: str) -> None:
    until = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > until:
            result.violated(otherwise)
            return
        time.sleep(0.1)


def stand_still(copy: Server, function: str) -> None:
    """Stop or resume what the standby replays."""
    with psycopg.connect(copy.url, autocommit=True) as link:
        link.execute(f"SELECT {function}()".encode())


@contextmanager
def watching(alias: str) -> Iterator[list[str]]:
    """The statements that reach this database meanwhile, but for the question how far it is."""
    seen: list[str] = []

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql != REPLAYED:
            seen.append(sql)
        return execute(sql, params, many, context)

    with connections[alias].execute_wrapper(look):
        yield seen


def reads_anywhere(router: ReplicaRouter, model: type[Model], **hints: Any) -> str:
    """Broken: every reading from the copy, every writing to the original, as is usually shown."""
    return COPY
