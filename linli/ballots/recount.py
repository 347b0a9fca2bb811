"""Count a published ballot again, and say what was tampered with.

    python recount.py BOARD.json [--head HEX] [--frozen HEX] [--earlier OLD.json] [--receipt WORD]

A program of its own: it needs Python 3.11 and nothing else, asks no server, and shares no line with
the program that counted first. --head is the fingerprint that was published when the ballot closed,
--frozen the one from its opening, --earlier a copy of the board that you saved before. Without them
it finds what does not fit together; with them also a board that was made anew as a whole.
Exit 0: the same result. 1: tampered, and with what, or no board at all.
"""

import argparse
import hashlib
import json
from collections import Counter
from fractions import Fraction
from typing import Any

PARTS = ("ballot", "receipts", "votes", "papers", "hands", "result")
FIELDS = {"about", "base", "budget", "channels", "closes", "id", "opens", "options", "place",
          "question", "roll", "rule", "seats", "secrecy", "title"}  # fmt: skip
LETTERS = set("23456789ACDEFHJKMNPRTUWXY")
FEWEST = 10
Board = dict[str, Any]
Findings = list[tuple[str, str]]


def canonical(thing: object) -> str:
    return json.dumps(thing, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(thing: object) -> str:
    return hashlib.sha256(canonical(thing).encode()).hexdigest()


def by_marks(options: list[str], papers: list[list[str]]) -> Board:
    """Most marks win; equals stand on one level. What nobody marks, wins nothing."""
    marks = Counter(one for paper in papers for one in paper)
    levels = [[o for o in options if marks[o] == n] for n in sorted(set(marks.values()))[::-1]]
    return {"counts": {o: marks[o] for o in options}, "levels": levels, "more": {}}


def by_schulze(options: list[str], papers: list[list[str]]) -> Board:
    """Schulze 2011, winning votes; strengths by who reaches whom over duels of at least that."""
    duels: Counter[tuple[str, str]] = Counter()
    for paper in papers:
        place = {option: n for n, option in enumerate(paper)}
        for a in paper:
            duels.update((a, b) for b in options if place[a] < place.get(b, len(options)))
    won = {pair: n for pair, n in duels.items() if n > duels[pair[1], pair[0]]}
    strength: dict[tuple[str, str], int] = {}
    for least in sorted(set(won.values())):
        for a in options:
            for b in reached(a, [pair for pair, n in won.items() if n >= least]):
                strength[a, b] = least
    left, levels = list(options) if papers else [], []
    while left:
        top = [a for a in left
               if all(strength.get((a, b), 0) >= strength.get((b, a), 0) for b in left)]  # fmt: skip
        levels.append(top)
        left = [one for one in left if one not in top]
    first = Counter(paper[0] for paper in papers)
    told = {"duels": [[a, b, duels[a, b]] for a, b in sorted(duels)], "levels": levels}
    return {"counts": {o: first[o] for o in options}, "levels": levels, "more": told}


def reached(start: str, links: list[tuple[str, str]]) -> set[str]:
    found: set[str] = set()
    edge = [start]
    while edge:
        here = edge.pop()
        nearby = {b for a, b in links if a == here} - found - {start}
        found |= nearby
        edge += nearby
    return found


def by_shares(ballot: Board, papers: list[list[str]]) -> Board:
    """Equal shares for cost satisfaction, voter by voter; then by support while it fits."""
    cost = {one["id"]: one["cost"] for one in ballot["options"]}
    fans = {o: [n for n, paper in enumerate(papers) if o in paper] for o in cost}
    purse = [Fraction(ballot["budget"], max(1, len(papers)))] * len(papers)
    lots: list[list[str]] = []

    def first(equal: list[str]) -> str:
        rank = {o: (-len(fans[o]), cost[o]) for o in equal}
        same = sorted(o for o in equal if rank[o] == min(rank.values()))
        if len(same) > 1:
            lots.append(same)
        return min(same, key=lambda o: hashlib.sha256(f"{ballot['id']}|lot|{o}".encode()).digest())

    shared: list[str] = []
    while True:
        asked = {o: most_paid(cost[o], sorted(purse[n] for n in fans[o]))
                 for o in cost if o not in shared and fans[o]}  # fmt: skip
        price = {o: paid / cost[o] for o, paid in asked.items() if paid is not None}
        if not price:
            break
        bought = first([o for o in price if price[o] == min(price.values())])
        for n in fans[bought]:
            purse[n] -= min(purse[n], price[bought] * cost[bought])
        shared.append(bought)
    rest: list[str] = []
    while True:
        money = ballot["budget"] - sum(cost[o] for o in shared + rest)
        fits = [o for o in cost if fans[o] and o not in shared + rest and cost[o] <= money]
        if not fits:
            break
        rank = {o: (-len(fans[o]), cost[o]) for o in fits}
        rest.append(first([o for o in fits if rank[o] == min(rank.values())]))
    told = {"by_shares": shared, "by_completion": rest, "lots": lots,
            "spent": sum(cost[o] for o in shared + rest)}  # fmt: skip
    return {"counts": {o: len(fans[o]) for o in cost}, "winners": shared + rest, "ties": [],
            "more": told}  # fmt: skip


def most_paid(cost: int, purses: list[Fraction]) -> Fraction | None:
    """What the richest pay if the poorer give all they have; None if it is not enough."""
    missing = Fraction(cost)
    for n, purse in enumerate(purses):
        even = missing / (len(purses) - n)
        if even <= purse:
            return even
        missing -= purse
    return None


def count(ballot: Board, papers: list[list[str]]) -> Board:
    options, named = [one["id"] for one in ballot["options"]], [paper for paper in papers if paper]
    common = {"valid": len(papers), "abstentions": len(papers) - len(named)}
    if ballot["rule"] == "budget":
        return {**by_shares(ballot, named), **common}
    found = (by_schulze if ballot["rule"] == "ranked" else by_marks)(options, named)
    taken: list[str] = []
    for level in found["levels"]:
        if len(taken) + len(level) > ballot["seats"]:
            ties = level if len(taken) < ballot["seats"] else []
            return {**found, **common, "winners": taken, "ties": ties}
        taken = taken + level
    return {**found, **common, "winners": taken, "ties": []}


def check_prints(board: Board, head: str, frozen: str) -> Findings:
    found: Findings = []
    for part in PARTS:
        if fingerprint(board[part]) != board["digests"].get(part):
            found.append((part, f"the part “{part}” is not what its fingerprint says"))
    if fingerprint(board["digests"]) != board["head"]:
        found.append(("head", "the head is not the fingerprint of the parts"))
    if head and head != board["head"]:
        found.append(("head", "this is not the board that was published at closing: another head"))
    if frozen and frozen != fingerprint(board["ballot"]):
        found.append(("ballot", "question, paper, roll or times are not those of the opening"))
    return found


def check_lists(board: Board) -> Findings:
    """Order, doubles, receipts and marks."""
    found: Findings = []
    receipts, votes = list[str](board["receipts"]), board["votes"]
    if receipts != sorted(receipts):
        found.append(("receipts", "receipts were reordered: they stand in the order of letters"))
    for one, n in Counter(receipts).items():
        if n > 1:
            found.append(("receipts", f"the receipt {one} is there {n} times: a vote was taken"))
        if len(one) != 20 or set(one) - LETTERS:
            found.append(("receipts", f"{one!r} is no receipt"))
    if votes is None:
        return found
    if votes != sorted(votes):
        found.append(("votes", "votes were reordered: they stand in the order of their marks"))
    if len(votes) != len(receipts):
        found.append(("votes", f"{len(votes)} votes, {len(receipts)} receipts: added or dropped"))
    if board["ballot"]["secrecy"] == "open":
        size = board["ballot"]["roll"]["size"]
        if any(n > 1 or not 1 <= k <= size for k, n in Counter(v[0] for v in votes).items()):
            found.append(("votes", "a number votes twice or is not on the roll"))
    return found


def check_sums(board: Board) -> Findings:
    """Roll, papers and votes must add up."""
    found: Findings = []
    ballot, papers, result = board["ballot"], board["papers"], board["result"]
    size, hands = ballot["roll"]["size"], board["hands"]
    if not size == result["roll"] == ballot["base"].get("voters"):
        found.append(("roll", "roll and base of quorum say different numbers of voters"))
    valid = len(board["receipts"]) + sum(n for _c, n in hands or [])
    spoilt = given = 0
    if papers:
        valid, spoilt, given = valid + papers["valid"], papers["spoilt"], papers["given"]
        lines = papers["votes"]
        if lines is not None and sum(n for _c, n in lines) != papers["valid"]:
            found.append(("papers", "the lines of the papers do not add up to the valid ones"))
        if papers["valid"] + spoilt > given:
            found.append(("papers", "more papers in the box than were handed out"))
        if papers["valid"] + spoilt + papers["unused"] != papers["printed"] and not papers["note"]:
            found.append(("papers", "printed is not valid + spoilt + unused, and nobody says why"))
    if (result["valid"], result["spoilt"], result["cast"]) != (valid, spoilt, valid + spoilt):
        found.append(("result", "cast, valid and spoilt do not follow from votes and papers"))
    if len(board["receipts"]) + given > size or valid + spoilt > size:
        found.append(("roll", "more votes than people on the roll"))
    return found


def check_result(board: Board, papers: list[list[str]]) -> Findings:
    ballot, said = board["ballot"], board["result"]
    options = [one["id"] for one in ballot["options"]]
    most = 1 if ballot["rule"] in ("yes_no", "single") else len(options)
    for paper in papers:
        if set(paper) - set(options) or len(set(paper)) != len(paper) or len(paper) > most:
            return [("votes", f"{paper} cannot be marked on this paper")]
    again = count(ballot, papers)
    return [("result", f"{name}: the board says {said[name]}, the recount {again[name]}")
            for name in ("counts", "winners", "ties", "valid", "abstentions", "more")
            if canonical(said[name]) != canonical(again[name])]  # fmt: skip


def check_earlier(board: Board, earlier: Board) -> Findings:
    """A board only grows: what stood on it once, stays."""
    if earlier.get("ballot", {}).get("id") != board["ballot"]["id"]:
        return [("replay", "this is the board of another ballot")]
    found: Findings = []
    if earlier["ballot"] != board["ballot"]:
        found.append(("ballot", "question, paper, roll or times were changed after that copy"))
    if "receipts" in earlier and earlier["head"] != board["head"]:
        lost: Counter[str] = Counter(earlier["receipts"]) - Counter(board["receipts"])
        found.append(("replay", f"another board was published; {len(lost)} receipts are gone"))
    return found


def all_papers(board: Board) -> list[list[str]] | None:
    """Every valid vote, one by one; None where fewer than ten are not broken down."""
    lines, papers, votes = list(board["hands"] or []), board["papers"], board["votes"]
    if votes is None or (papers and papers["votes"] is None):
        return None
    numbered = board["ballot"]["secrecy"] == "open"
    lines += papers["votes"] if papers else []
    single = [vote[1] if numbered else vote for vote in votes]
    return single + [choice for choice, n in lines for _ in range(n)]


def recount(board: Board, head: str = "", frozen: str = "", earlier: Any = None) -> Findings:
    """Everything that is wrong with a board, as (what, sentence); an empty list is good."""
    missing = sorted({"format", *PARTS, "digests", "head"} - set(board))
    if missing:
        return [("truncated", f"the board lacks: {', '.join(missing)}")]
    try:
        found = check_prints(board, head, frozen) + check_lists(board) + check_sums(board)
        if set(board["ballot"]) != FIELDS:
            found.append(("ballot", "the ballot part has other fields than a ballot has"))
        papers = all_papers(board)
        if papers is None and board["result"]["valid"] >= FEWEST:
            found.append(("votes", "votes are kept back although there are ten or more"))
        if papers is not None:
            found += check_result(board, papers)
        if earlier is not None:
            found += check_earlier(board, earlier)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as odd:
        return [("truncated", f"something is missing or no longer of its kind: {odd!r}")]
    return found


def read(path: str) -> Board:
    try:
        with open(path, encoding="utf-8") as file:
            board = json.load(file)
    except (OSError, ValueError) as why:
        raise SystemExit(f"{path} cannot be read as a board: {why}") from None
    if not isinstance(board, dict) or board.get("format") != "linli-board-1":
        raise SystemExit(f"{path} is no board of this kind.")
    return board


def main(words: list[str] | None = None) -> int:
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    asked.add_argument("board")
    for name in ("--head", "--frozen", "--earlier", "--receipt"):
        asked.add_argument(name, default="")
    args = asked.parse_args(words)
    board, earlier = read(args.board), read(args.earlier) if args.earlier else None
    if board.get("open") is True:
        raise SystemExit("This ballot is still open. Keep the file: it is good as --earlier.")
    found = recount(board, args.head.strip(), args.frozen.strip(), earlier)
    for what, sentence in found:
        print(f"TAMPERED {what}: {sentence}")
    if args.receipt and not found:
        there = "".join(args.receipt.upper().split()) in board["receipts"]
        print("Your receipt is on the board." if there else "Your receipt is NOT on the board.")
    if not found:
        said = board["result"]
        hidden = "" if said["counts"] is not None else " (fewer than ten: not counted again)"
        print(f"The same result{hidden}: {said['winners']}, ties {said['ties']}; "
              f"{said['valid']} valid, {said['spoilt']} spoilt, {said['roll']} on the roll. "
              f"Head {board['head']}")  # fmt: skip
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
