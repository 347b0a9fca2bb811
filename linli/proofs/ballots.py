"""P9: one person, one counted vote, whichever ways they try at once."""

import time
from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.db.models import F

from linli.ballots import keys, policies, receipts, results
from linli.ballots.actions import cast, serve, tally
from linli.ballots.models import Ballot, Board, RollEntry, Slot
from linli.ballots.models.sealed import Taken
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.proofs.ballots_ground import OPTIONS, Village, build
from linli.proofs.result import Result, Watch
from linli.proofs.threads import at_once

PROMISE = "One person, one counted vote"
BROKEN = ("python-only", "no-closing-time")
TRIES = 6  # at once, a voter: three votes at home, a paper, a code, and a worker that dies
LATE = 8  # who send in the second in which voting ends
CHOICES = [one.id for one in OPTIONS]


def prove(n: int, seed: int, broken: str) -> Result:
    """`n` voters, each trying six ways at once; then votes over the closing second."""
    village, rng = build(n), Random(seed)
    if broken == "python-only":
        vars(serve)["hand_out"] = looked_at_in_python
    if broken == "no-closing-time":
        for module in (cast, policies):
            vars(module)["check_runs"] = always
    result, watch = Result(PROMISE, n, seed, faults=n * (TRIES - 1) + LATE), Watch()
    ballot = village.hold(channels={"web", "kiosk", "paper"}, rule="single")
    serve.print_papers(ballot, n, by=village.manager)
    codes = serve.print_codes(ballot, n, by=village.manager)
    given: dict[str, str] = {}
    papers = 0
    for k, voter in enumerate(village.voters):
        found = at_once(_tries(village, ballot, voter, codes[k], rng, watch))
        papers += sum(one == "paper" for one in found)
        _polite(result, found)
        kept = _kept(ballot, voter)
        given |= {voter.id: kept} if kept else {}
    late = _closing_second(village, ballot, village.voters[: min(n, LATE)], rng)
    _polite(result, late)
    try:
        _count(village, ballot, papers)
        _compare(result, ballot, given, n)
    except Denied as denied:
        result.violated(f"it cannot be counted: {denied}")
    result.p99_ms = watch.percentile(0.99)
    result.more = {
        "casts": len(watch.times),
        "after_closing": sum(isinstance(x, str) for x in late),
    }
    result.violations += sum(isinstance(one, str) for one in late)
    return result


Job = Callable[[], Any]


def _tries(
    village: Village, ballot: Ballot, voter: Actor, code: str, rng: Random, watch: Watch
) -> list[Job]:
    entry = RollEntry.objects.get(ballot=ballot, user=voter.user)

    def at_home(choice: str) -> Job:
        def run() -> str:
            with watch.time():
                return cast.vote(ballot, [choice], by=voter)

        return run

    def on_paper() -> str:
        serve.hand_out(ballot, entry, Taken.PAPER, by=village.manager)
        return "paper"

    def with_code() -> str:
        serve.hand_out(ballot, entry, Taken.CODE, by=village.manager)
        return cast.vote_with_code(ballot, [rng.choice(CHOICES)], code)

    @transaction.atomic
    def dies() -> None:
        cast.vote(ballot, [CHOICES[0]], by=voter)
        raise Died

    home = [at_home(rng.choice(CHOICES)) for _n in range(3)]
    if entry.number % 3 == 1:  # some stay at home all day
        return [*home, dies, *home[:2]]
    return [*home, on_paper, with_code, dies]


class Died(Exception):
    """The worker is gone before its transaction ended."""


def _kept(ballot: Ballot, voter: Actor) -> str:
    """The receipt of what stands in the voter's slot now, as the closing will find it."""
    key = keys.of(ballot)
    entry = RollEntry.objects.get(ballot=ballot, user=voter.user)
    slot = Slot.objects.get(ballot=ballot, token=key.token(entry.key))
    vote = key.open(slot.token, slot.sealed)
    if vote is None or slot.taken:
        return ""
    return receipts.receipt(str(ballot.pk), vote["c"], vote["o"], vote["s"])


def _closing_second(
    village: Village, ballot: Ballot, voters: list[Actor], rng: Random
) -> list[Any]:
    """Votes sent in the last second, by clocks that jump over it: too late is too late."""

    def late(voter: Actor) -> Job:
        jump = timedelta(seconds=rng.choice([0, 1, 3600, 86400]))

        def run() -> str:
            with clock.moved_to(village.closes + jump):
                return cast.vote(ballot, [CHOICES[0]], by=voter)

        return run

    return at_once([late(voter) for voter in voters])


def _count(village: Village, ballot: Ballot, papers: int) -> None:
    """Every paper that was handed out is in the box; two count it; two close."""
    ballot.refresh_from_db()
    figures = tally.Figures({(CHOICES[0],): papers}, unused=ballot.papers - papers)
    with clock.moved_to(village.closes + timedelta(minutes=1)):
        for who in (village.manager, village.second):
            tally.enter(ballot, "paper", figures, by=who)
    village.close(ballot)


def _polite(result: Result, found: list[Any]) -> None:
    for one in found:
        if isinstance(one, Exception) and not isinstance(one, Denied | Died):
            result.violated(f"no polite refusal: {one!r}")


def _compare(result: Result, ballot: Ballot, given: dict[str, str], n: int) -> None:
    said = results.of(ballot)
    result.duplicated += max(0, said.cast - n)
    result.lost += max(0, n - said.cast)
    took_part = RollEntry.objects.filter(ballot=ballot, took_part=True).count()
    if took_part != n:
        result.violated(f"{took_part} of {n} took part")
    text = Board.objects.get(ballot=ballot).text
    result.lost += sum(f'"{one}"' not in text for one in given.values())
    if said.roll != n:
        result.violated("the roll is not the one that was frozen")


def looked_at_in_python(ballot: Ballot, entry: RollEntry, what: str, *, by: Actor) -> None:
    """The broken variant: look first whether it is free, then write, and nothing in between."""
    key = keys.of(ballot)
    slot = Slot.objects.get(ballot=ballot, token=key.token(entry.key))
    if slot.taken:
        raise Denied("taken")
    time.sleep(0.05)
    Slot.objects.filter(pk=slot.pk).update(taken=what, sealed=key.seal(slot.token, None))
    if what == Taken.CODE:
        Ballot.objects.filter(pk=ballot.pk).update(codes_given=F("codes_given") + 1)


def always(ballot: Ballot, channel: str = "") -> None:
    """The broken variant: nobody looks at the clock when a vote comes in."""
