"""P10: anyone can recount, and ten kinds of tampering are found and named."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from unittest import mock

from linli.ballots import boards, definition, receipts, recount
from linli.ballots.counting import RULES, count
from linli.ballots.models import Ballot
from linli.lib import ids
from linli.places.models import Place
from linli.proofs.result import Result

PROMISE = "Anyone can recount"
BROKEN = ("skip-fingerprints", "skip-head")
Board = dict[str, Any]
NAMES = ["road", "lamp", "well", "tree", "hall"]
OPENS = datetime(2026, 3, 2, 1, tzinfo=UTC)


def prove(n: int, seed: int, broken: str) -> Result:
    """`n` elections over all rules, each recounted, then tampered with in ten ways, twice over.

    Once clumsily, leaving the fingerprints; once carefully, making every fingerprint anew, against
    a witness who kept the published head and an earlier copy.
    """
    rng, result = Random(seed), Result(PROMISE, n, seed)
    before: Board | None = None
    for k in range(n):
        board, outcome = election(rng, RULES[k % len(RULES)])
        if recount.recount(board, board["head"], board["digests"]["ballot"], board):
            result.violated(f"a good board is refused: {recount.recount(board)[:1]}")
        again = recount.count(board["ballot"], recount.all_papers(board) or [])
        if again["winners"] != list(outcome.winners) or again["counts"] != outcome.counts:
            result.violated(f"another result: {again['winners']} and {outcome.winners}")
        with mock.patch.object(recount, "check_prints", broken_prints(broken)):
            for kind, what in KINDS.items():
                _try(result, rng, board, before, kind, what)
        before = board
    result.more = {"kinds": len(KINDS), "found": result.faults - result.lost}
    return result


def _try(
    result: Result, rng: Random, board: Board, other: Board | None,
    kind: str, what: tuple[Callable[..., object], set[str]],
) -> None:  # fmt: skip
    """One kind of tampering, clumsy and careful; both must be found, the clumsy one by its name."""
    change, names = what
    for careful in (False, True):
        bad = copy.deepcopy(board)
        if kind == "replay" and other is not None:
            bad = copy.deepcopy(other)
        elif change(bad, rng) is False:
            continue  # this board has nothing of the kind
        if careful and kind != "truncate":
            reprint(bad)
        result.faults += 1
        known = careful or kind == "replay"
        head, earlier = (board["head"], board) if known else ("", None)
        found = {name for name, _s in recount.recount(bad, head, "", earlier)}
        if not found or (not careful and not found & names):
            result.lost += 1
            if len(result.notes) < 10:
                result.notes.append(f"{kind}, {'careful' if careful else 'clumsy'}: {found}")


def election(rng: Random, rule: str) -> tuple[Board, Any]:
    """A board of a random election, by the server's own code; no database."""
    size = rng.randint(12, 60)
    names = ["yes", "no"] if rule == "yes_no" else rng.sample(NAMES, rng.randint(3, 5))
    costs = {name: rng.randint(5, 60) if rule == "budget" else None for name in names}
    ballot = Ballot(
        id=ids.new_uuid(), place=Place(code="320481"), title="t", question="q", rule=rule,
        options=[{"id": name, "text": name, "cost": costs[name]} for name in names],
        secrecy=rng.choice(["secret", "open"]), channels=["web"], roll_size=size, roll_digest="0",
        base={"voters": size}, opens_at=OPENS, closes_at=OPENS + timedelta(days=1),
        budget=rng.randint(40, 120) if rule == "budget" else None,
    )  # fmt: skip
    found = _collected(rng, ballot, names)
    ballot.frozen = definition.digest(definition.of(ballot))
    board, _outcome = boards.build(ballot, found)
    return board, count(ballot.terms, found.votes())


def _collected(rng: Random, ballot: Ballot, names: list[str]) -> boards.Collected:
    found, most = boards.Collected(), 1 if ballot.rule in ("yes_no", "single") else len(names)
    cast = rng.randint(10, ballot.roll_size - 1)
    for number in range(1, cast + 1):
        choice = rng.sample(names, rng.randint(0, most))
        chosen = tuple(choice if ballot.rule == "ranked" else [x for x in names if x in choice])
        word = str(rng.random())
        found.receipts.append(receipts.receipt(str(ballot.pk), chosen, word, "s"))
        found.sealed.append(chosen)
        found.numbered.append((number, chosen))
    if ballot.secrecy == "open":
        found.sealed = []
        return found
    found.numbered = []
    rest = ballot.roll_size - cast
    spoilt, blank = rng.randint(0, rest // 2), rest // 3
    found.papers = {(names[0],): rest - spoilt - blank, (): blank}
    found.spoilt, found.given, found.unused, found.printed = spoilt, rest, 4, rest + 4
    return found


# ── ten kinds of tampering ──────────────────────────────────────────────────────────────────────


def drop(board: Board, rng: Random) -> None:
    """A vote and its receipt are taken away."""
    del board["votes"][rng.randrange(len(board["votes"]))]
    del board["receipts"][rng.randrange(len(board["receipts"]))]


def add(board: Board, rng: Random) -> None:
    """A vote is put in for somebody who did not vote."""
    new = rng.choice(board["votes"])
    board["votes"] = sorted([*board["votes"], new])
    board["receipts"] = sorted([*board["receipts"], receipts.receipt("x", [], "o", "s")])


def swap(board: Board, rng: Random) -> object:
    """The names of two options change places: every vote then means the other."""
    one, other = rng.sample(board["ballot"]["options"], 2)
    one["text"], other["text"] = other["text"], one["text"]
    return None


def edit(board: Board, rng: Random) -> object:
    """One vote says something else."""
    place = rng.randrange(len(board["votes"]))
    vote = board["votes"][place]
    marks = vote[1] if board["ballot"]["secrecy"] == "open" else vote
    first = board["ballot"]["options"][0]["id"]
    marks[:] = [] if marks == [first] else [first]
    return None


def reorder(board: Board, rng: Random) -> object:
    """The lists stand in another order, which could say who voted when."""
    ordered = list(board["receipts"])
    rng.shuffle(board["receipts"])
    return board["receipts"] != ordered


def double(board: Board, rng: Random) -> None:
    """Two people hold the same receipt, and one vote is free to be anything."""
    place = rng.randrange(len(board["receipts"]) - 1)
    board["receipts"][place] = board["receipts"][place + 1]


def roll(board: Board, rng: Random) -> None:
    """The roll was smaller or larger than it was."""
    board["ballot"]["roll"]["size"] += rng.choice([-3, 5, 40])


def base(board: Board, rng: Random) -> None:
    """What the quorum is counted against."""
    board["ballot"]["base"]["voters"] -= rng.randint(1, 5)


def replay(board: Board, rng: Random) -> object:
    """The board of another ballot, or this one under another name."""
    board["ballot"]["id"] = str(ids.new_uuid())
    return None


def truncate(board: Board, rng: Random) -> None:
    """A part is missing, or cut."""
    part = rng.choice(["votes", "receipts", "papers", "result", "digests"])
    if rng.random() < 0.5 or not isinstance(board[part], list):
        del board[part]
    else:
        board[part] = board[part][: len(board[part]) // 2]


KINDS: dict[str, tuple[Callable[..., object], set[str]]] = {
    "drop": (drop, {"votes", "receipts", "result"}),
    "add": (add, {"votes", "receipts", "result"}),
    "swap": (swap, {"ballot"}),
    "edit": (edit, {"votes", "result"}),
    "reorder": (reorder, {"receipts", "votes"}),
    "double": (double, {"receipts"}),
    "roll": (roll, {"roll", "ballot"}),
    "base": (base, {"roll", "ballot"}),
    "replay": (replay, {"replay", "head"}),
    "truncate": (truncate, {"truncated", "votes", "receipts"}),
}


def reprint(board: Board) -> None:
    """What a careful forger does: the sums and every fingerprint made anew."""
    papers = recount.all_papers(board)
    if papers is not None and not _marks_wrong(board, papers):
        again = recount.count(board["ballot"], papers)
        board["result"] |= {name: again[name] for name in board["result"].keys() & again.keys()}
        board["result"]["cast"] = board["result"]["valid"] + board["result"]["spoilt"]
    board["result"]["roll"] = board["ballot"]["roll"]["size"]
    board["digests"] = {part: recount.fingerprint(board[part]) for part in recount.PARTS}
    board["head"] = recount.fingerprint(board["digests"])


def _marks_wrong(board: Board, papers: list[list[str]]) -> bool:
    known = {one["id"] for one in board["ballot"]["options"]}
    return any(set(paper) - known for paper in papers)


def broken_prints(broken: str) -> Callable[..., recount.Findings]:
    """The check of fingerprints, whole or as a broken variant leaves it out."""
    whole = recount.check_prints

    def none(board: Board, head: str, frozen: str) -> recount.Findings:
        return [("head", "another head")] if head and head != board["head"] else []

    def no_head(board: Board, head: str, frozen: str) -> recount.Findings:
        return whole(board, "", "")

    if broken == "skip-fingerprints":
        return none
    if broken == "skip-head":
        vars(recount)["check_earlier"] = lambda board, earlier: []
        return no_head
    return whole
