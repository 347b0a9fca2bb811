"""Two handlers act on one matter at once: one wins, the other is told politely, one line is written."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from linli.cases.actions import handle, pass_on
from linli.cases.actions.handle import accept, answer, extend
from linli.cases.actions.pass_on import refuse, transfer
from linli.cases.actions.receive import receive
from linli.cases.models import Case
from linli.journal.models import Entry
from linli.people.actors import ANONYMOUS, Actor
from linli.people.policies import Denied
from linli.proofs.county import County, prepare
from linli.proofs.result import Result, Watch
from linli.proofs.threads import at_once

PROMISE = "Two people never undo each other's work on one matter"
BROKEN = ("unguarded-save",)
Act = Callable[[Case, Actor], object]


def prove(n: int, seed: int, broken: str) -> Result:
    """`n` matters, each acted on by two handlers at once, who both looked at it before."""
    county, rng = prepare(), Random(seed)
    if broken == "unguarded-save":
        for module in (handle, pass_on):
            vars(module)["win"] = unguarded
    result, watch = Result(PROMISE, n, seed, faults=n), Watch()
    for k in range(n):
        case = receive(county.draft(rng, f"第{k}件事：路灯不亮。"), by=ANONYMOUS).case
        first, second = acts(county, rng, k)
        if first is not accept_it:
            accept(case, by=county.staff[case.owner_id][0])
        before = Entry.objects.order_by("-seq").values_list("seq", flat=True)[0]
        pairs = zip((first, second), county.staff[case.owner_id], strict=True)
        jobs = [_acting(act, Case.objects.get(pk=case.pk), by, watch) for act, by in pairs]
        _compare(result, case, at_once(jobs), before)
    result.p99_ms = watch.percentile(0.99)
    return result


def accept_it(case: Case, by: Actor) -> None:
    accept(case, by=by)


def acts(county: County, rng: Random, k: int) -> tuple[Act, Act]:
    """What the two want to do: the same thing, or two that cannot both be."""
    town = county.units["town-office"]
    choices: list[Act] = [
        lambda case, by: answer(case, "已修好，请看看。", by=by),
        lambda case, by: refuse(case, "不在我们的范围。", by=by),
        lambda case, by: transfer(case, town, "请接着办。", by=by),
        lambda case, by: extend(case, case.answer_due_at + timedelta(days=1), "等配件。", by=by),
    ]
    if k % 4 == 0:
        return accept_it, accept_it
    return rng.choice(choices), rng.choice(choices)


def _acting(act: Act, case: Case, by: Actor, watch: Watch) -> Callable[[], object]:
    def run() -> str:
        with watch.time():
            act(case, by)
        return "won"

    return run


def _compare(result: Result, case: Case, found: list[Any], before: int) -> None:
    """Exactly one won, the other heard a sentence, and the journal has the winner's line alone."""
    won = found.count("won")
    refused = [one for one in found if isinstance(one, Denied)]
    lines = Entry.objects.filter(seq__gt=before, subject=f"cases.Case:{case.pk}").count()
    if won != 1:
        result.violated(f"{won} won")
    if won + len(refused) != len(found):
        odd = next(one for one in found if one != "won" and not isinstance(one, Denied))
        result.violated(f"no polite refusal: {odd!r}")
    if any(not str(one).strip() for one in refused):
        result.violated("a refusal without a sentence")
    if lines != 1:
        result.violated(f"{lines} lines in the journal")


def unguarded(case: Case, *, states: tuple[str, ...], **changes: Any) -> None:
    """The broken variant: set and save the whole row, as it is usually done."""
    for name, value in changes.items():
        kept = getattr(case, name) + 1 if hasattr(value, "resolve_expression") else value
        setattr(case, name, kept)
    case.save()
