"""The state machine of promises §6.3: any order of noting, sending, losing, killing and erasing.

The model is a dict of names. After every step the invariants hold: I1 one object a name, I2 a receipt
means a row with those bytes, I3 nothing is let go without one, I4 frozen bytes are constant, I5 a name
is on the telephone or on the server, I6 one effect a name, I7 the server's order is the order of its
receipts, I8 what needs help is only let go by a person.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from random import Random
from typing import Any, ClassVar
from unittest.mock import patch
from uuid import UUID

from django.db import OperationalError
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from linli.cases.models import Asker
from linli.field import receipts
from linli.field.actions import erasing, take
from linli.field.actions.sender import Sender
from linli.field.envelope import Envelope
from linli.field.models import Item, Rival, Tombstone
from linli.journal.models import Entry
from linli.people.actors import SYSTEM
from linli.proofs.phone_ground import Person, people, picture
from linli.proofs.phone_law import NOTHING, PORTAL, Answer, Kept, Law
from linli.proofs.phone_time import forty_days

LONGEST = 50  # steps of a sequence
FAULT = st.sampled_from(["", "", "", "answer", "lost", "portal", "twin", "kill"])
PICK = st.integers(0, 1_000)


@dataclass
class Found:
    """How much was tried, and what broke."""

    sequences: int = 0
    steps: int = 0
    problems: list[str] = field(default_factory=list)


class Telephone(RuleBasedStateMachine):
    """One telephone and one server; class attributes are the ground of all sequences."""

    person: ClassVar[Person]
    found: ClassVar[Found]
    rng: ClassVar[Random]
    broken: ClassVar[str] = ""

    @initialize()
    def begin(self) -> None:
        self.found.sequences += 1
        self.client = Client()
        for name, value in self.person.cookies.items():
            self.client.cookies[name] = value
        self.law = Law(receipts.public_keys(), self.broken == "count-200")
        self.items: dict[str, Kept] = {}
        self.hashes: dict[str, str] = {}
        self.sent: dict[str, bytes] = {}
        self.let_go: set[str] = set()
        self.gone: set[str] = set()
        self.signed_in = True
        self.form = 1

    # ── on the telephone ─────────────────────────────────────────────────────────────────────────
    @rule(pictures=st.integers(0, 2), bad=st.booleans())
    def note(self, pictures: int, bad: bool) -> None:
        """Open, write, freeze; now and then with words that a rule refuses."""
        self.found.steps += 1
        photos = {sha256(data).hexdigest(): data
                  for data in (picture(self.rng) for _n in range(pictures))}  # fmt: skip
        text = " " if bad and pictures == 0 else f"路灯不亮了，{self.rng.randbytes(6).hex()}。"
        frozen = self.person.record(self.rng, text, list(photos), form=f"case:request@{self.form}")
        self.items[str(frozen.id)] = Kept(str(frozen.id), frozen.sha256, frozen, photos)
        self.hashes[str(frozen.id)] = frozen.sha256

    @precondition(lambda self: any(item.state == "frozen" for item in self.items.values()))
    @rule(pick=PICK, fault=FAULT)
    def send(self, pick: int, fault: str) -> None:
        self.found.steps += 1
        item = self._one(pick, "frozen")
        assert item.frozen is not None
        self.sent[item.name] = item.frozen.body
        self.law.after_text(item, self._bring(item.frozen.headers, item.frozen.body, fault))

    @precondition(lambda self: any(item.state == "stored" for item in self.items.values()))
    @rule(pick=PICK, fault=FAULT)
    def send_picture(self, pick: int, fault: str) -> None:
        self.found.steps += 1
        item = self._one(pick, "stored")
        sha, data = next(iter(item.photos.items()))
        half = len(data) // 2
        for offset, piece in ((0, data[:half]), (half, data[half:])):
            answer = self._ask("put", f"/sync/blob/{sha}", piece, {
                "Upload-Offset": str(offset), "Upload-Length": str(len(data))}, fault)  # fmt: skip
            for receipt in answer.said.get("receipts", []) if answer.ours else []:
                if receipt["id"] == item.name:
                    self.law.receipt(item, receipt)

    @rule()
    def start_again(self) -> None:
        """The browser is killed: memory is gone, the store is not. Then it asks what is known."""
        self.found.steps += 1
        body = json.dumps({"ids": list(self.items)}).encode()
        answer = self._ask("post", "/sync/status", body, {}, "")
        if answer.ours and answer.status == 200:
            for name, said in answer.said["items"].items():
                self.law.after_status(self.items[name], said)

    @precondition(lambda self: self.sent)
    @rule(pick=PICK)
    def two_tabs(self, pick: int) -> None:
        """Another tab froze other words under the same name."""
        self.found.steps += 1
        name = sorted(self.sent)[pick % len(self.sent)]
        other = self.person.telephone.freeze_bytes(
            self.sent[name] + b" ", f"case:request@{self.form}", name=UUID(name)
        )
        answer = self._bring(other.headers, other.body, "")
        if answer.status == 409:
            assert Rival.objects.filter(client_id=other.id, sha256=other.sha256).count() == 1

    @precondition(lambda self: any(i.state == "needs_help" for i in self.items.values()))
    @rule(pick=PICK)
    def a_person_lets_go(self, pick: int) -> None:
        """Only a person, and only what needs help (I8)."""
        self.found.steps += 1
        item = self._one(pick, "needs_help")
        self.let_go.add(item.name)
        item.frozen, item.state = None, "wiped"

    @rule()
    def sign_out_or_in(self) -> None:
        self.found.steps += 1
        self.signed_in = not self.signed_in
        session = self.person.cookies["sessionid"]
        self.client.cookies["sessionid"] = session if self.signed_in else "nobody"

    @rule()
    def another_form(self) -> None:
        self.form += 1

    # ── on the server ────────────────────────────────────────────────────────────────────────────
    @precondition(lambda self: self.sent)
    @rule(pick=PICK)
    def erase(self, pick: int) -> None:
        """The owner deletes it on purpose; then it is sent again and stays deleted."""
        self.found.steps += 1
        name = sorted(self.sent)[pick % len(self.sent)]
        item = Item.objects.filter(client_id=name).first()
        if item is None:
            return
        erasing.bury(item, why="withdrawn", by=SYSTEM)
        self.gone.add(name)

    @precondition(lambda self: self.sent)
    @rule()
    def forty_days(self) -> None:
        """The telephone is silent, and the server sweeps."""
        self.found.steps += 1
        forty_days(self.broken == "forget-ids")

    # ── what always holds ────────────────────────────────────────────────────────────────────────
    @invariant()
    def promises(self) -> None:
        names = list(getattr(self, "items", {}))
        if not names:
            return
        rows = list(Item.objects.filter(client_id__in=names).order_by("pk"))
        by_name = {str(row.client_id): row for row in rows}
        assert len(rows) == len(by_name), "I1: two objects under one name"
        effects = list(
            Asker.objects.filter(client_id__in=names).values_list("client_id", flat=True)
        )
        assert len(effects) == len(set(effects)), "I6: two effects under one name"
        assert [r.received_at for r in rows] == sorted(r.received_at for r in rows), "I7: order"
        for name, item in self.items.items():
            self._check(name, item, by_name.get(name))

    def _check(self, name: str, item: Kept, row: Item | None) -> None:
        if item.frozen is not None:
            assert item.frozen.sha256 == self.hashes[name], "I4: frozen bytes changed"
        here = row is not None and row.sha256 == self.hashes[name]
        if item.receipt is not None and name not in self.gone:
            assert here, "I2: a receipt without its row"
        if not item.present and name not in self.let_go:
            assert item.receipt is not None, "I3: let go without a receipt"
        kept = item.present or here or name in self.gone or name in self.let_go
        assert kept, "I5: neither on the telephone nor on the server"

    # ── the way between ──────────────────────────────────────────────────────────────────────────
    def _one(self, pick: int, state: str) -> Kept:
        rows = [item for item in self.items.values() if item.state == state]
        return rows[pick % len(rows)]

    def _bring(self, headers: dict[str, str], body: bytes, fault: str) -> Answer:
        return self._ask("post", "/sync/items", body, headers, fault)

    def _ask(
        self, method: str, path: str, body: bytes, headers: dict[str, Any], fault: str
    ) -> Answer:
        if fault == "lost":
            return NOTHING
        if fault == "portal":
            return PORTAL
        if fault == "kill":  # the database is away just before the commit: all of it is undone
            with patch.object(take, "record", side_effect=OperationalError("killed")):
                self._call(method, path, body, headers)
            return NOTHING
        if fault == "twin":  # it looked before the first was there: only the unique index stops it
            self._call(method, path, body, headers)
            with patch.object(take, "replay", looked_too_early()):
                self._call(method, path, body, headers)
        answer = self._call(method, path, body, headers)
        return NOTHING if fault == "answer" else answer

    def _call(self, method: str, path: str, body: bytes, headers: dict[str, Any]) -> Answer:
        said = {"X-Linli-Device": self.person.telephone.device, **headers}
        try:
            got = getattr(self.client, method)(
                path, body, content_type="application/octet-stream", headers=said
            )
        except OperationalError:
            return NOTHING
        return Answer(got.status_code, dict(got.headers.items()), got.content)


def looked_too_early() -> Callable[..., take.Taken | None]:
    """`replay` as a twin at the same moment sees it: nothing is here; the second look is the real one."""
    real, looks = take.replay, count()

    def look(envelope: Envelope, *, sender: Sender) -> take.Taken | None:
        return real(envelope, sender=sender) if next(looks) else None

    return look


def search(sequences: int, seed: int, broken: str) -> Found:
    """So many sequences of up to fifty steps; what broke, in words with the steps that led there."""
    rng = Random(f"{seed}-machine")
    found = Found()
    bound = {"person": people(1, rng)[0], "found": found, "rng": rng, "broken": broken}
    machine = type("Machine", (Telephone,), bound)
    way = settings(
        max_examples=sequences, stateful_step_count=LONGEST, deadline=None, database=None,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck), print_blob=False,
        report_multiple_bugs=False,
    )  # fmt: skip
    logging.disable(logging.CRITICAL)  # requests are broken on purpose
    try:
        run_state_machine_as_test(seeded(seed)(machine), settings=way)
    except AssertionError as error:
        found.problems.append(f"state machine: {str(error).splitlines()[0]}")
    finally:
        logging.disable(logging.NOTSET)
    lines = Entry.objects.filter(verb="field.buried").count()
    if found.sequences > 5 and not (lines and Tombstone.objects.exists()):
        found.problems.append("nothing was erased, so erasing was not tried")
    return found
