"""P6: every letter is sent once in effect, none gets stuck, and ten modules at once are one message.

Workers are processes that are really killed (SIGKILL): between claim and send, between send and
mark, after the mark. The receiver fails a third of the time, half of it after it took the message;
it records keys, and twice the same key is one effect. Half of the letters go to telephones that
somebody left with one matter; the others come from ten modules at once to people with an account,
of whom each may get one message that day (linli/letters/budget.py).
"""

import json
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.db import connections, transaction

from linli.letters import budget, delivery
from linli.letters.channels import sms
from linli.letters.delivery import deliver
from linli.letters.models import Channel, Letter, State
from linli.letters.outbox import WAYS, Recipient, send
from linli.letters.templates import TEMPLATES
from linli.people import actions
from linli.people.actors import SYSTEM
from linli.proofs.result import Result
from linli.vault import sealing

PROMISE: Final = "Every letter has its effect once, and one person is called once a day"
BROKEN: Final = ("mark-first", "no-lease", "no-budget")
MODULES: Final = 10  # letters to one person at once
POINTS: Final = ("claimed", "sent", "marked")
LEASE, STEP = timedelta(seconds=0.4), timedelta(seconds=0.02)
LONGEST: Final = 120.0  # seconds until somebody would call it stuck


def prove(n: int, seed: int, broken: str) -> Result:
    """`n` letters to telephones and `n` to accounts, until the outbox is empty."""
    call_command("migrate", verbosity=0, interactive=False)
    settings.LINLI_SMS = "linli.proofs.letters.unsure"
    settings.LINLI_QUIET_HOURS = ""
    vars(delivery).update(LEASE=LEASE, STEP=STEP, MOST_ATTEMPTS=60)  # kills are far denser here
    write(n)
    result, kills = Result(PROMISE, n, seed), Counter[str]()
    draw, began = random.Random(seed), time.monotonic()
    while _waiting() and time.monotonic() - began < LONGEST:
        plans = [(draw.choice(POINTS), draw.randrange(12), draw.random()) for _ in range(2)]
        children = [fork(plan, broken) for plan in plans]
        for child, plan in zip(children, plans, strict=True):
            status = os.waitpid(child, 0)[1]
            if status not in (0, signal.SIGKILL):
                result.violated(f"a worker ended by itself: {status}")
            kills[plan[0]] += status == signal.SIGKILL
        time.sleep(STEP.total_seconds())
    result.faults = sum(kills.values())
    result.more = {f"killed_{point}": kills[point] for point in POINTS}
    compare(result)
    return result


# ── what is written ──────────────────────────────────────────────────────────────────────────


def write(n: int) -> None:
    """`n` letters to telephones, and `n` by modules that fire at once at every ten people."""
    plain = [name for name, one in sorted(TEMPLATES.items()) if _in_budget(name)]
    for k in range(n):
        _send(Recipient(subject=_telephone(k)), "case.answered", "1")
    for person in range(max(1, n // MODULES)):
        user = actions.open_account(display_name="somebody", by=SYSTEM)
        user.vault_subject = _telephone(n + person)
        user.save(update_fields=["vault_subject"])
        for k in range(MODULES):
            _send(Recipient(user=user), plain[k % len(plain)], str(k))


def _in_budget(template: str) -> bool:
    one = TEMPLATES[template]
    return one.inbox and not one.asks and not one.now


def _send(to: Recipient, template: str, key: str) -> None:
    context = {name: f"/{name}/" for name in TEMPLATES[template].needs}
    with transaction.atomic():
        send(to, template, context, key=key)


def _telephone(k: int) -> str:
    """A file of the vault with a number that nobody has."""
    subject = sealing.new_subject()
    sealing.seal(subject, "phone", f"199000{k:05d}", purpose="contact")
    return subject


# ── who delivers it, and dies ────────────────────────────────────────────────────────────────


def unsure(address: str, body: str, key: str) -> None:
    """A gateway that is down a third of the time: before it took the message, or after."""
    drawn = random.random()
    if drawn < 0.2:
        raise ConnectionError
    sms.to_file(address, body, key)
    if drawn > 0.87:
        raise TimeoutError


def fork(plan: tuple[str, int, float], broken: str) -> int:
    """A worker with connections of its own, who dies where the plan says; its process id."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    try:
        point, after, seed = plan
        random.seed(seed)
        if broken:
            VARIANTS[broken]()
        die_at(point, after)
        for _round in range(4):
            deliver()
        os._exit(0)
    except BaseException:
        os._exit(1)


def die_at(point: str, after: int) -> None:
    """Have this process killed once it has come to `point` for the `after`th time."""
    left = [after]
    claim, mark = delivery._claim, delivery._mark_sent

    def here(name: str) -> None:
        left[0] -= name == point
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def claimed(letter: Letter) -> bool:
        mine = claim(letter)
        here("claimed")
        return mine

    def marked(letter: Letter) -> str:
        here("sent")
        way = mark(letter)
        here("marked")
        return way

    vars(delivery).update(_claim=claimed, _mark_sent=marked)


def mark_first() -> None:
    """Broken: mark, then send. Whoever dies or fails in between has lost a letter."""
    carry, mark = delivery._carry, delivery._mark_sent

    def carried(letter: Letter) -> None:
        mark(letter)
        carry(letter)

    vars(delivery)["_carry"] = carried


def no_lease() -> None:
    """Broken: nobody claims, and the key is the worker's own, so two send the same."""

    def send_anew(address: str, text: Any, key: str) -> None:
        sms.send(address, text, f"{key}#{os.getpid()}")

    vars(delivery)["_claim"] = lambda _letter: True
    keyless = type("Keyless", (), {"address_kind": "phone", "send": staticmethod(send_anew)})
    vars(delivery)["WAYS"] = {**WAYS, Channel.SMS: keyless}


def no_budget() -> None:
    """Broken: every module calls for itself."""
    vars(budget)["held"] = lambda _letter: False


VARIANTS: Final[dict[str, Callable[[], None]]] = {
    "mark-first": mark_first, "no-lease": no_lease, "no-budget": no_budget,
}  # fmt: skip


# ── what came of it ──────────────────────────────────────────────────────────────────────────


def _waiting() -> bool:
    return Letter.objects.filter(state=State.WAITING).exists()


def compare(result: Result) -> None:
    """Each letter to a telephone had one effect; each person with an account got one message."""
    path = sms.log_path()
    got = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    keys = {(one["key"].partition("#")[0], one["key"]) for one in got}
    effects = Counter(letter for letter, _key in keys)
    called = {one["key"].partition("#")[0]: one["to"] for one in got}
    for letter in Letter.objects.filter(channel=Channel.SMS):
        said_by = letter.folded_into_id or letter.pk
        result.lost += not effects[str(said_by)]
        result.duplicated += max(0, effects[str(letter.pk)] - 1)
        if letter.state not in (State.SENT, State.FOLDED):
            result.violated(f"a letter is stuck: {letter.state}")
    for times in Counter(called.values()).values():
        if times > 1:
            result.violated(f"one person was called {times} times on one day")
    result.more |= {"letters": Letter.objects.filter(channel=Channel.SMS).count(),
                    "people": len(set(called.values())), "calls": len(called),
                    "sent_again_under_one_key": len(got) - len(keys)}  # fmt: skip
