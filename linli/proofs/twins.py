"""O21: the same client id five times at once gives one matter and five equal receipts."""

from collections.abc import Callable
from random import Random

from django.db import connection, models

from linli.cases.actions.join import join
from linli.cases.actions.receive import Draft, Receipt, receive
from linli.cases.models import Asker, Case
from linli.journal.models import Entry
from linli.people.actors import ANONYMOUS
from linli.proofs.county import prepare
from linli.proofs.result import Result, Watch
from linli.proofs.threads import at_once

PROMISE = "One thing said once is one matter, however often it is sent"
PARALLEL = 5
BROKEN = ("no-constraint",)


def prove(n: int, seed: int, broken: str) -> Result:
    """`n` client ids, each sent five times at once; every third one joins a neighbour's matter."""
    county, rng = prepare(), Random(seed)
    if broken == "no-constraint":
        drop_constraint()
    result, watch = Result(PROMISE, n, seed, faults=n * (PARALLEL - 1)), Watch()
    first = receive(county.draft(rng, "村口的路灯不亮。"), by=ANONYMOUS).case
    for k in range(n):
        draft = county.draft(rng, f"第{k}件事：村口的路灯不亮。")
        to = first if k % 3 == 2 else None
        found = at_once([_sending(draft, to, watch)] * PARALLEL)
        _compare(result, draft, found, joined=to is not None)
    result.p99_ms = watch.percentile(0.99)
    result.more = {"requests": n * PARALLEL, "receipts": len(watch.times)}
    return result


def _sending(draft: Draft, to: Case | None, watch: Watch) -> Callable[[], Receipt]:
    def send() -> Receipt:
        with watch.time():
            if to is None:
                return receive(draft, by=ANONYMOUS)
            # Each sender looked at the neighbour's matter for itself, as each request does.
            return join(Case.objects.get(pk=to.pk), draft, by=ANONYMOUS)

    return send


def _compare(
    result: Result, draft: Draft, found: list[Receipt | Exception], *, joined: bool
) -> None:
    receipts = [one for one in found if isinstance(one, Receipt)]
    for error in found:
        if isinstance(error, Exception):
            result.lost += 1
            result.notes = [*result.notes, f"{type(error).__name__}: {error}"][:10]
    if len({(one.number, one.word) for one in receipts}) > 1:
        result.violated("twins hold different receipts")
    rows = Asker.objects.filter(client_id=draft.client_id)
    result.duplicated += max(0, rows.count() - 1)
    if not rows.exists():
        result.violated("receipts without a row")
    if not joined:
        cases = Case.objects.filter(text=draft.text)
        result.duplicated += max(0, cases.count() - 1)
        lines = Entry.objects.filter(verb="case.received",
                                     subject__in=[f"cases.Case:{c.pk}" for c in cases])  # fmt: skip
        if lines.count() != 1:
            result.violated(f"{lines.count()} lines say that it was received")


def drop_constraint() -> None:
    """The broken variant: look whether it is there first, without a constraint behind it."""
    kept = Asker._meta.get_field("client_id")
    loose = models.UUIDField()
    loose.set_attributes_from_name("client_id")
    loose.model = Asker
    with connection.schema_editor() as editor:
        editor.alter_field(Asker, kept, loose)
