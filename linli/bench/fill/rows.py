"""Cases as rows: what was said, where it went, what came of it; nothing lies in the future."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

from linli import playbook
from linli.bench.fill.ground import LIT, County
from linli.demo.invented import table
from linli.lib import ids
from linli.people.models import Organisation
from linli.places.models import Place

Row = dict[str, Any]

APART: Final = timedelta(minutes=5)  # one case after the other: a county of 800,000 people
AT_LEAST: Final = timedelta(days=30)  # that few cases are spread over, so that most have ended
EACH_DESK: Final = 7  # every so many-th case belongs to the unit whose desk is measured
OWED, WAITING, RETURNED = 80, 30, 10  # what lies on that desk at any size
EACH_LIVELY: Final = 20  # every so many-th case has a timeline of twenty public lines
JOINERS: Final = 5_000_000  # neighbours' numbers begin here within a year, cases' at 0
OFFICE_ONLY, SIGNED_IN, JOINED = 0.08, 0.3, 0.05  # shares of all cases
CHECKED: Final = 0.9  # of public cases, whose text a person has read and put on the page

LIVELY: Final = (
    "received", "routed", "published", "accepted", "joined", "joined", "extended", "transferred",
    "accepted", "joined", "answered", "replied", "reopened", "accepted", "joined", "extended",
    "answered", "joined", "replied", "confirmed",
)  # fmt: skip
SAID: Final = {"extended": "extensions", "transferred": "transfers"}


@dataclass
class Batch:
    """Rows of the four tables, by attribute name."""

    cases: list[Row] = field(default_factory=list)
    askers: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)
    words: list[Row] = field(default_factory=list)
    said: list[tuple[Row, str, str, bool]] = field(
        default_factory=list
    )  # entry, purpose, text, public


class Stories:
    """All cases from the oldest to the one of just now, batch by batch."""

    def __init__(
        self, county: County, rows: int, draw: random.Random, now: datetime, first_line: int
    ) -> None:
        self.county, self.rows, self.draw, self.now = county, rows, draw, now
        self.done = 0
        self._apart = max(APART, AT_LEAST / rows)
        self._seq = first_line
        self._joined = 0
        self._first: Row = {}  # who asked first in the case that is being told
        self._version = playbook.current().version
        self._topics = _topics()
        self._owners: dict[tuple[str, int], Organisation] = {}

    def next(self, most: int) -> Batch | None:
        """The next rows; None when all are made. Journal lines come in the order of time."""
        if self.done == self.rows:
            return None
        batch = Batch()
        for n in range(self.done, min(self.done + most, self.rows)):
            self._add(batch, n)
        self.done = min(self.done + most, self.rows)
        batch.entries.sort(key=lambda row: row["when"])
        for row in batch.entries:
            row["seq"] = self._seq
            self._seq += 1
        for entry, purpose, text, public in batch.said:
            batch.words.append({"case_id": entry["case"], "entry": entry["seq"], "purpose": purpose,
                                "text": text, "public": public, "sealed": False})  # fmt: skip
        for row in batch.entries:
            del row["case"]
        return batch

    def _add(self, batch: Batch, n: int) -> None:
        at = self.now - self._apart * (self.rows - n)
        for_desk = n % EACH_DESK == 0
        topic = LIT if for_desk else self.draw.choice(self._topics)
        village = self.draw.choice(self.county.villages)
        case = self._case(n, at, topic, village)
        lively = n % EACH_LIVELY == EACH_LIVELY // 2 and not for_desk
        if lively:
            case |= {"visibility": "public", "public_text": case["text"],
                     "published_at": at + timedelta(minutes=1)}  # fmt: skip
        self._first = self._asker(case, number=case["number"], first=True)
        batch.cases.append(case)
        batch.askers.append(self._first)
        if for_desk and (self.rows - 1 - n) // EACH_DESK < OWED + WAITING + RETURNED:
            self._on_the_desk(batch, case, (self.rows - 1 - n) // EACH_DESK)
        elif lively:
            self._lively(batch, case)
        else:
            self._ordinary(batch, case)

    # ── the rows ─────────────────────────────────────────────────────────────────────────────
    def _case(self, n: int, at: datetime, topic: str, village: Place) -> Row:
        draw, text = self.draw, self._text(topic)
        owner = self._owner(topic, village)
        public = draw.random() >= OFFICE_ONLY
        checked = public and draw.random() < CHECKED
        body = f"{at.year % 100:02d}{n % JOINERS:07d}"
        due = at + timedelta(days=draw.choice((1, 5, 15)))
        assert village.lon is not None
        assert village.lat is not None
        return {
            "id": self._uuid(), "number": body + ids.check_digit(body), "kind": "request",
            "playbook": self._version, "channel": draw.choice(("web", "web", "desk", "phone")),
            "category": topic, "place_id": village.pk, "place_path": village.path,
            "lon": village.lon + draw.uniform(-0.01, 0.01),
            "lat": village.lat + draw.uniform(-0.01, 0.01),
            "text": text, "public_text": text if checked else "",
            "published_at": at + timedelta(minutes=1) if checked else None,
            "visibility": "public" if public else "office", "state": "routed",
            "owner_id": owner.pk, "first_owner_id": owner.pk, "received_at": at,
            "accept_due_at": at + timedelta(days=1), "answer_due_at": due, "due_at": due,
            "accepted_at": None, "answered_at": None, "closed_at": None, "refusals": 0,
            "askers_count": 1, "revision": 0, "extensions": 0, "reopened": 0,
        }  # fmt: skip

    def _asker(self, case: Row, *, number: str, first: bool) -> Row:
        known = self.draw.random() < SIGNED_IN
        user = self.draw.choice(self.county.residents) if known else None
        return {
            "id": self._uuid(), "case_id": case["id"], "number": number, "client_id": self._uuid(),
            "digest": f"{self.draw.getrandbits(256):064x}",
            "word_hash": f"{self.draw.getrandbits(256):064x}",
            "user_id": user.pk if user else None, "subject": user.vault_subject if user else "",
            "anonymity": "L2" if user else "L3", "is_first": first, "joined_at": case["received_at"],
            "asked_at": None, "reply": "", "replied_at": None, "satisfied": None,
        }  # fmt: skip

    def _line(
        self, batch: Batch, case: Row, verb: str, when: datetime, facts: Row | None = None,
        words: str = "", purpose: str = "reason",
    ) -> Row:  # fmt: skip
        row = {
            "case": case["id"], "id": self._uuid(), "at": when, "when": when, "verb": f"case.{verb}",
            "subject": f"cases.Case:{case['id']}", "place": case["place_path"],
            "org": str(case["owner_id"]), "actor": "system", "method": case["kind"],
            "facts": {"kind": case["kind"], **(facts or {})},
        }  # fmt: skip
        batch.entries.append(row)
        if words:
            batch.said.append((row, purpose, words, case["visibility"] == "public"))
        return row

    # ── the stories ──────────────────────────────────────────────────────────────────────────
    def _opened(self, batch: Batch, case: Row) -> None:
        at = case["received_at"]
        self._line(batch, case, "received", at, {
            "category": case["category"], "channel": case["channel"], "anonymity": "L3",
            "visibility": case["visibility"], "due": case["answer_due_at"].isoformat(),
        })  # fmt: skip
        self._line(batch, case, "routed", at, {"to": case["owner_id"], "rule": "", "post": None})
        if case["published_at"]:
            self._line(batch, case, "published", case["published_at"])

    def _on_the_desk(self, batch: Batch, case: Row, place: int) -> None:
        """Owed, waiting for the asker's word, or given back: as many of each at any size."""
        self._opened(batch, case)
        at = case["received_at"]
        if place < OWED:
            if place % 8 == 0:  # some late, some due soon
                due = at + timedelta(hours=self.draw.randint(6, 60))
                case |= {"due_at": due, "answer_due_at": due}
            elif place % 2:
                self._accepted(batch, case, at + (self.now - at) / 2)
        elif place < OWED + WAITING:
            self._accepted(batch, case, at + (self.now - at) / 4)
            self._answered(batch, case, at + (self.now - at) / 2)
        else:
            case["refusals"] = 1

    def _ordinary(self, batch: Batch, case: Row) -> None:
        """Accepted, answered and closed after usual times, as far as these have passed by now."""
        self._opened(batch, case)
        if self.draw.random() < JOINED:
            self._joined_by(batch, case, case["received_at"] + timedelta(seconds=30))
        at = case["received_at"]
        accepted = at + timedelta(days=self.draw.expovariate(2))
        answered = accepted + timedelta(days=self.draw.expovariate(1 / 3))
        closed = answered + timedelta(days=min(14.0, self.draw.expovariate(1 / 5)))
        if accepted < self.now:
            self._accepted(batch, case, accepted)
        if answered < self.now:
            self._answered(batch, case, answered)
        if closed < self.now:
            self._closed(batch, case, closed)

    def _lively(self, batch: Batch, case: Row) -> None:
        """Twenty lines that everybody may read, then closed."""
        at = case["received_at"]
        step = min(timedelta(days=1), (self.now - at) / (len(LIVELY) + 1))
        phrases = table("phrases")
        self._opened(batch, case)
        for n, verb in enumerate(LIVELY):
            when, unit = at + n * step, case["owner_id"]
            if verb in {"received", "routed", "published"}:
                continue
            if verb == "joined":
                self._joined_by(batch, case, when)
            elif verb == "accepted":
                self._accepted(batch, case, when)
            elif verb == "answered":
                self._answered(batch, case, when)
            elif verb == "confirmed":
                self._closed(batch, case, when, "confirmed")
            elif verb == "replied":
                self._replied(batch, case, when, "solved" if n > 15 else "unsolved")
            else:
                facts = {"to": (when + step).isoformat() if verb == "extended" else unit}
                words = self.draw.choice(phrases[SAID[verb]]) if verb in SAID else ""
                self._line(batch, case, verb, when, facts, words)
        case |= {"extensions": 1, "reopened": 1}

    def _joined_by(self, batch: Batch, case: Row, when: datetime) -> None:
        body = f"{when.year % 100:02d}{JOINERS + self._joined % JOINERS:07d}"
        self._joined += 1
        asker = self._asker(case, number=body + ids.check_digit(body), first=False)
        batch.askers.append(asker)
        case["askers_count"] += 1
        batch.said.append((self._line(batch, case, "joined", when, {"asker": str(asker["id"])}),
                           "message", self._text(case["category"]), False))  # fmt: skip

    def _accepted(self, batch: Batch, case: Row, when: datetime) -> None:
        case |= {"state": "accepted", "accepted_at": when, "accept_due_at": None, "revision": 1}
        self._line(batch, case, "accepted", when)

    def _answered(self, batch: Batch, case: Row, when: datetime) -> None:
        waits = when + timedelta(days=14)
        case |= {"state": "answered", "answered_at": when, "due_at": waits, "revision": 2}
        words = self.draw.choice(_stories()[case["category"]]["done"])
        in_time = when <= case["answer_due_at"]
        facts = {"in_time": in_time, "due": case["answer_due_at"].isoformat(),
                 "askers": case["askers_count"], "received": case["received_at"].isoformat(),
                 "round": case["reopened"] + 1}  # fmt: skip
        self._line(batch, case, "answered", when, facts, words, "answer")
        self._first["asked_at"] = when

    def _replied(self, batch: Batch, case: Row, when: datetime, reply: str) -> None:
        asker = self._first
        satisfied = self.draw.choice((True, True, False, None)) if reply == "solved" else False
        asker |= {"reply": reply, "replied_at": when, "satisfied": satisfied}
        self._line(batch, case, "replied", when, {
            "asker": str(asker["id"]), "reply": reply, "satisfied": satisfied,
        })  # fmt: skip

    def _closed(self, batch: Batch, case: Row, when: datetime, state: str = "") -> None:
        if not state:
            state = "confirmed" if self.draw.random() < 0.6 else "silent"
            if state == "confirmed":
                self._replied(batch, case, when, "solved")
        case |= {"state": state, "closed_at": when, "due_at": None, "revision": 3}
        self._line(batch, case, state, when)

    # ── what it is made of ───────────────────────────────────────────────────────────────────
    def _uuid(self) -> UUID:
        return UUID(int=self.draw.getrandbits(128), version=4)

    def _owner(self, topic: str, village: Place) -> Organisation:
        key = (topic, village.pk)
        if key not in self._owners:
            self._owners[key] = self.county.owner(topic, village)
        return self._owners[key]

    def _text(self, topic: str) -> str:
        words, draw = table("requests"), self.draw
        pattern = draw.choice(_stories()[topic]["said"])
        said = pattern.format(
            spot=draw.choice(words["rural"]), span=draw.choice(words["spans"]),
            when=draw.choice(words["whens"]),
        )  # fmt: skip
        return str(draw.choice(words["openers"]) + said + draw.choice(words["closers"]))


@cache
def _stories() -> dict[str, Any]:
    return {row["category"]: row for row in table("requests")["story"]}


@cache
def _topics() -> list[str]:
    """Topics of which the stories know what people say, sensitive ones left out."""
    known = playbook.current().county.categories
    open_ones = {row.id for row in known if not row.sensitive}
    return [topic for topic in _stories() if topic in open_ones and topic != LIT]
