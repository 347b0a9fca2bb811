"""P4: a phone's record arrives exactly once.

Telephones that keep the law of the queue drive the real server over a line that loses answers, cuts
requests, shows portals and sends twins, while the server is killed with -9; before that a state
machine of Hypothesis looks for sequences that break one of the invariants I1 to I8 (promises §6.3).
"""

import time
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from importlib import import_module
from random import Random
from threading import Event, Thread
from uuid import UUID

from django.conf import settings
from django.db import connection, models

from linli.cases.models import Asker, Case
from linli.field import receipts
from linli.field.models import Item
from linli.journal.models import Entry
from linli.proofs.county import new_id, prepare
from linli.proofs.phone_ground import Person, people, picture
from linli.proofs.phone_law import Kept, Law
from linli.proofs.phone_line import FAULTS, Line
from linli.proofs.phone_time import forty_days
from linli.proofs.receipts import Web, free_port
from linli.proofs.result import Result, Watch
from linli.site import static_files
from linli.site.processes import APPLICATION

PROMISE = "A phone's record arrives exactly once"
BROKEN = ("count-200", "no-constraint", "forget-ids")
PER_PHONE = 50
PATIENCE = 300.0  # seconds in which everything must have arrived once nobody kills any more
PIECE = 8_000  # bytes: several pieces for one picture


def prove(n: int, seed: int, broken: str) -> Result:
    """`n` records from one telephone for each fifty, and n/20 sequences of the state machine.

    A broken variant that the machine has found costs no servers, unless `n` asks for a long run.
    """
    prepare()
    if broken == "no-constraint":
        drop_constraints()
    result = Result(PROMISE, n, seed)
    # Hypothesis is there where tests run, and nowhere else.
    machine = import_module("linli.proofs.phone_machine")
    found = machine.search(max(30 if broken else 4, n // 20), seed, broken)
    for words in found.problems:
        result.violated(words)
    result.more |= {"sequences": found.sequences, "steps": found.steps}
    if not (broken and found.problems and n < PER_PHONE):
        drive(result, broken)
    return result


def drive(result: Result, broken: str) -> None:
    """Real servers that are killed, and telephones on a bad line."""
    n, seed = result.n, result.seed
    before = set(Item.objects.values_list("client_id", flat=True))  # the machine's
    rng = Random(seed)
    crowd = people(max(2, n // PER_PHONE), rng)
    keys = receipts.public_keys()
    connection.close()
    settings.DATA.joinpath("static").mkdir(exist_ok=True)
    static_files.collect_when_stale()
    watch, stop, web = Watch(), Event(), Web(free_port(), APPLICATION)
    web.start()
    share = [n // len(crowd) + (k < n % len(crowd)) for k in range(len(crowd))]
    phones = [Phone(k, person, web.port, seed, Law(keys, broken == "count-200"), count, stop, watch)
              for k, (person, count) in enumerate(zip(crowd, share, strict=True))]  # fmt: skip
    if broken == "no-constraint":  # the fault that it does not bear, more often
        for phone in phones:
            phone.line.shares = {"twin": 0.7, "answer": 0.1}
    try:
        for phone in phones:
            phone.start()
        trouble(web, phones, n, rng, forget=broken == "forget-ids")
        stop.set()
        until = time.monotonic() + PATIENCE
        for phone in phones:
            phone.join(max(0.0, until - time.monotonic()))
    finally:
        web.kill()
    compare(result, phones, before)
    result.p99_ms = watch.percentile(0.99)
    result.more["server_kills"] = len(web.recoveries) - 1


class Phone(Thread):
    """One telephone: notes its records, and flushes until nothing waits."""

    def __init__(self, place: int, person: Person, port: int, seed: int, law: Law, count: int,
                 stop: Event, watch: Watch) -> None:  # fmt: skip
        super().__init__(daemon=True)
        self.rng = Random(f"{seed}-phone-{place}")
        self.line = Line(port, person, self.rng)
        self.person, self.law, self.count, self.stop, self.watch = person, law, count, stop, watch
        self.items: list[Kept] = []
        self.texts: dict[str, str] = {}
        self.pictures: dict[str, int] = {}

    def run(self) -> None:
        while True:
            for _n in range(min(3, self.count - len(self.items))):
                self.note()
            with self.watch.time():
                self.flush()
            if self.stop.is_set():
                self.line.quiet = True
                if len(self.items) == self.count and all(item.done for item in self.items):
                    return
                if any(item.state == "needs_help" for item in self.items):
                    return
            if self.rng.random() < 0.1:
                self.ask()
            time.sleep(0.01)

    def note(self) -> None:
        text = (
            f"{self.person.user.pk} 说：第{len(self.items)}盏路灯不亮了，{new_id(self.rng).hex}。"
        )
        photos = {}
        for _n in range(self.rng.randrange(3)):
            data = picture(self.rng)
            photos[sha256(data).hexdigest()] = data
        frozen = self.person.record(self.rng, text, list(photos))
        self.items.append(Kept(str(frozen.id), frozen.sha256, frozen, photos))
        self.texts[str(frozen.id)], self.pictures[str(frozen.id)] = text, len(photos)

    def flush(self) -> None:
        """Text first, of every item; then the pictures, each from where it stopped."""
        for item in self.items:
            if item.state == "frozen" and item.frozen is not None:
                answer = self.line.text(item.frozen.headers, item.frozen.body)
                self.law.after_text(item, answer)
        for item in self.items:
            if item.state == "stored":
                for sha, data in list(item.photos.items()):
                    self.send_picture(item, sha, data)

    def send_picture(self, item: Kept, sha: str, data: bytes) -> None:
        answer = self.line.where(sha)
        for _piece in range(2 + len(data) // PIECE):
            said = answer.said if answer.ours else {}
            for receipt in said.get("receipts", []):
                if receipt.get("id") == item.name and self.law.receipt(item, receipt):
                    return
            offset = said.get("offset")
            if not isinstance(offset, int):
                return  # nobody of ours answered: it goes on from there the next time
            answer = self.line.piece(sha, offset, len(data), data[offset : offset + PIECE])

    def ask(self) -> None:
        """A start: what the server knows of every name (O24)."""
        answer = self.line.status([item.name for item in self.items])
        if answer.ours and answer.status == 200:
            said = answer.said["items"]
            for item in self.items:
                self.law.after_status(item, said.get(item.name, {}))


def trouble(web: Web, phones: list[Phone], n: int, rng: Random, *, forget: bool) -> None:
    """Kill the server again and again until most is there; once, forty days go by."""
    kills, aged = max(1, n // PER_PHONE), False
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        time.sleep(rng.uniform(0.4, 1.2))
        sent = sum(item.done for phone in phones for item in phone.items)
        if len(web.recoveries) <= kills:
            web.kill()
            web.start()
        if not aged and sent > n // 3:
            forty_days(forget)
            connection.close()
            aged = True
        if sent > n * 0.8 and aged and len(web.recoveries) > kills:
            return


def compare(result: Result, phones: list[Phone], before: set[UUID]) -> None:
    """Each record there once, with its pictures, and the telephones empty."""
    rows = Counter(Case.objects.values_list("text", flat=True))
    items = {str(item.client_id): item for item in Item.objects.prefetch_related("photos")}
    for phone in phones:
        for item in phone.items:
            text = phone.texts[item.name]
            result.lost += rows[text] == 0
            result.duplicated += max(0, rows[text] - 1)
            check(result, item, items.get(item.name), phone.pictures[item.name])
    names = Counter(Item.objects.values_list("client_id", flat=True))
    result.duplicated += sum(count - 1 for count in names.values())  # I1
    faults = sum((Counter(phone.line.faults) for phone in phones), Counter())
    result.faults = faults.total()
    again = Item.objects.filter(replays__gt=0).exclude(client_id__in=before).count()
    result.more |= {
        "deliveries": sum(phone.line.deliveries for phone in phones), "sent_again": again,
        **{f"{name}s" if name != "lost" else "requests_lost": faults[name] for name in FAULTS},
    }  # fmt: skip
    if not again:
        result.violated("nothing was tested: no record had to be sent twice")
    _one_line_each(result)


def check(result: Result, kept: Kept, item: Item | None, pictures: int) -> None:
    if not kept.done:
        result.violated(f"{kept.name} still waits on the telephone: {kept.state} {kept.why}")
    if item is None:
        result.violated(f"{kept.name} has no row")
        return
    if item.sha256 != kept.sha256:
        result.violated(f"{kept.name} has other bytes")
    here = sum(row.arrived_at is not None for row in item.photos.all())
    if item.state != Item.State.PROCESSED or here != pictures:
        result.violated(f"{kept.name}: {item.state} with {here} of {pictures} pictures")


def _one_line_each(result: Result) -> None:
    """I6: each matter was received once by the journal too."""
    lines = Counter(Entry.objects.filter(verb="case.received").values_list("subject", flat=True))
    result.duplicated += sum(count - 1 for count in lines.values())


def drop_constraints() -> None:
    """The broken variant: look whether it is there first, without a constraint behind it."""
    changes: list[tuple[type[models.Model], Callable[[], models.Field[object, object]]]] = [
        (Item, models.UUIDField), (Asker, models.UUIDField),
    ]  # fmt: skip
    for model, make in changes:
        kept, loose = model._meta.get_field("client_id"), make()
        loose.set_attributes_from_name("client_id")
        loose.model = model
        with connection.schema_editor() as editor:
            editor.alter_field(model, kept, loose)  # type: ignore[arg-type]
