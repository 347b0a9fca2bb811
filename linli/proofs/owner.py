"""No open matter without an owner and a due time, at any instant, whatever happens to it."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, time, timedelta
from random import Random
from threading import Event, Thread
from typing import Any

from django.db import connection, models
from django.db.models import Q

from linli.cases.actions import pass_on, tick
from linli.cases.actions.asker import reply, withdraw
from linli.cases.actions.core import win
from linli.cases.actions.handle import accept, answer, decline, extend
from linli.cases.actions.join import join, merge
from linli.cases.actions.pass_on import refuse, transfer
from linli.cases.actions.receive import receive
from linli.cases.models import CLOSED, OPEN, Asker, Case, Reply, State
from linli.lib import clock
from linli.people.actors import ANONYMOUS, Actor
from linli.people.policies import Denied
from linli.proofs.county import SINCE, County, prepare
from linli.proofs.result import Result, Watch

PROMISE = "Every open matter has an owner and a day, at every instant"
BROKEN = ("clears-due",)
CATEGORIES = ["street-light", "water-supply", "cleaning", "other", "safety"]
MOST_OPEN = 25


def prove(n: int, seed: int, broken: str) -> Result:
    """`n` random steps of random people over days; checked after each and from beside."""
    county, rng = prepare(), Random(seed)
    if broken == "clears-due":
        clear_due()
    result, watch = Result(PROMISE, n, seed), Watch()
    done, over = Counter[str](), Event()
    beside = Reader(over)
    beside.start()
    try:
        live(n, county, rng, result, watch, done)
    finally:
        over.set()
        beside.join()
    for words in beside.seen:
        result.violated(f"seen from beside: {words}")
    result.p99_ms = watch.percentile(0.99)
    result.more = {
        "steps": dict(done),
        "looks_from_beside": beside.looks,
        "cases": Case.objects.count(),
    }
    return result


def live(
    n: int, county: County, rng: Random, result: Result, watch: Watch, done: Counter[str]
) -> None:
    """The days of a small county, one random step after the other."""
    moment = datetime.combine(SINCE + timedelta(days=7), time(9), clock.LOCAL)
    for _k in range(n):
        moment += timedelta(minutes=rng.choice([1, 20, 60, 200, 600, 3000]))
        with clock.moved_to(moment):
            name, act = step(county, rng)
            try:
                with watch.time():
                    act()
            except Denied:
                name = "refused"
        done[name] += 1
        for words in unowned():
            result.violated(f"after {name}: {words}")


def unowned() -> list[str]:
    """What is wrong with any case right now, in words; the rule said once more, apart from the code."""
    bad = Case.objects.filter(
        Q(state__in=OPEN) & (Q(due_at=None) | Q(owner=None) | ~Q(closed_at=None))
        | Q(state__in=CLOSED) & (Q(closed_at=None) | ~Q(due_at=None))
        | ~Q(state__in=[*OPEN, *CLOSED])
        | Q(about=models.F("owner"))
    )
    return [f"{case} is {case.state}, owner {case.owner_id}, due {case.due_at}" for case in bad]


class Reader(Thread):
    """Looks at the same rows all the time, over a connection of its own."""

    def __init__(self, over: Event) -> None:
        super().__init__()
        self.over, self.looks, self.seen = over, 0, list[str]()

    def run(self) -> None:
        try:
            while not self.over.is_set():
                self.seen += unowned()[: max(0, 5 - len(self.seen))]
                self.looks += 1
                self.over.wait(0.002)
        finally:
            connection.close()


# ── what people may do, at random ────────────────────────────────────────────────────────────────
def step(county: County, rng: Random) -> tuple[str, Callable[[], object]]:
    """One thing that somebody does now; it may well be refused."""
    rows = list(Case.objects.open().select_related("owner", "place"))
    if not rows or (len(rows) < MOST_OPEN and rng.random() < 0.25):
        about = rng.choice([None, None, None, *county.units.values()])
        draft = county.draft(
            rng, f"第{rng.random()}件事。", category=rng.choice(CATEGORIES), about=about
        )
        return "receive", lambda: receive(draft, by=ANONYMOUS)
    case = rng.choice(rows)
    by = rng.choice(county.staff[case.owner_id] if rng.random() < 0.9 else everybody(county))
    acts = choices(county, rng, case, by, rng.choice(rows))
    # What fits the state is likelier than what will be refused; both are tried.
    fitting = ["reply"] * 30 if case.state == State.ANSWERED else ["accept", "answer", "refuse"] * 4
    name = rng.choice([*acts, *fitting])
    return name, acts[name]


def everybody(county: County) -> list[Actor]:
    return [actor for actors in county.staff.values() for actor in actors]


def choices(
    county: County, rng: Random, case: Case, by: Actor, other: Case
) -> dict[str, Callable[[], object]]:
    """Everything that can be done with a case."""
    asker = rng.choice(list(Asker.objects.filter(case=case)))
    word = rng.choice([Reply.SOLVED, Reply.UNSOLVED, Reply.UNSOLVED, Reply.UNSURE])
    to = rng.choice(list(county.units.values()))
    later = case.answer_due_at + timedelta(days=rng.randint(-1, 9))
    same = county.draft(rng, "我家也是。", category=case.category)
    return {
        "accept": lambda: accept(case, by=by),
        "answer": lambda: answer(case, "已修好，请看看。", by=by),
        "extend": lambda: extend(case, later, "等配件到货。", by=by),
        "refuse": lambda: refuse(case, "不在我们的范围。", by=by),
        "transfer": lambda: transfer(case, to, "请接着办。", by=by),
        "decline": lambda: decline(case, "法院正在处理。", "请找承办法院", by=by),
        "merge": lambda: merge(case, other, by=by),
        "join": lambda: join(case, same, by=ANONYMOUS),
        "reply": lambda: reply(asker, word, by=ANONYMOUS),
        "withdraw": lambda: withdraw(asker, by=ANONYMOUS),
        "silence": tick.close_silent,
        "lateness": tick.note_late,
    }


# ── the broken variant ───────────────────────────────────────────────────────────────────────────
def clear_due() -> None:
    """A transfer that forgets the day, in a database that does not mind."""
    rule = next(c for c in Case._meta.constraints if c.name == "case_open_has_due")
    Case._meta.constraints = [c for c in Case._meta.constraints if c is not rule]
    with connection.schema_editor() as editor:
        editor.remove_constraint(Case, rule)
        if connection.vendor == "postgresql":  # the kept counts would refuse an empty day as well
            editor.execute("ALTER TABLE cases_case DISABLE TRIGGER cases_tally_update")

    def forgetful(case: Case, *, states: tuple[str, ...], **changes: Any) -> None:
        win(case, states=states, **{**changes, "due_at": None})

    vars(pass_on)["win"] = forgetful
