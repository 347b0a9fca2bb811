"""P11: nobody can link a ballot to a voter from what is stored.

A linker gets everything: every table as it lay on disk while voting ran (the backup of that hour)
and after closing, with row order, transaction ids and every column; and besides it knows from the
door in which order people came. It tries every order and every join. It may be right as often as
somebody who guesses, and not more.
"""

import json
import math
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.db import OperationalError, connection

from linli.ballots.actions import cast
from linli.ballots.models import Ballot, Board
from linli.journal.models import Entry
from linli.lib import clock
from linli.people.actors import Actor
from linli.proofs.ballots_ground import OPTIONS, Village, build
from linli.proofs.result import Result

PROMISE = "Nobody can link a ballot to a voter from what is stored"
BROKEN = ("serial", "created-at")
VOTERS = 30
UNLIKELY = 0.01  # below this, over all ways together, it is no chance any more
Rows = list[tuple[Any, ...]]
Dump = dict[str, tuple[list[str], Rows]]  # table -> names of columns, rows as they lie on disk
Vote = tuple[str, ...]


def prove(n: int, seed: int, broken: str) -> Result:
    """`n` elections of 30 voters with 30 different rankings; every way of linking is counted."""
    village, rng = build(VOTERS), Random(seed)
    result, hits = Result(PROMISE, n, seed, faults=n), dict[str, int]()
    for k in range(n):
        ballot = village.hold(title=f"proof {k}")
        came, votes, before = _vote(village, ballot, rng, broken)
        if Entry.objects.count() != before:
            result.violated("the journal says something about who voted")
        during = dump()
        village.close(ballot)
        if broken == "serial":
            _board_in_order(ballot, [votes[voter.id] for voter in came])
        for when, tables in (("during", during), ("after", dump())):
            for way, right in link(tables, ballot, came, votes):
                name = f"{when}: {way}"
                hits[name] = hits.get(name, 0) + right
        _words_on_disk(result, f"canary{k}x")
    _judge(result, hits, n)
    return result


def _judge(result: Result, hits: dict[str, int], n: int) -> None:
    """Each way may be right as often as chance is; with many ways the bar is shared out."""
    bar = UNLIKELY / max(1, len(hits))
    for way, right in sorted(hits.items()):
        if chance(right, n * VOTERS) < bar:
            result.violated(f"{way}: {right} of {n * VOTERS} right")
    result.more = {"ways": len(hits), "voters": n * VOTERS, "by_chance": n,
                   "best": max(hits.values(), default=0)}  # fmt: skip


def chance(right: int, tries: int, share: float = 1 / VOTERS) -> float:
    """How likely it is to be right at least so often by guessing."""
    return sum(
        math.comb(tries, k) * share**k * (1 - share) ** (tries - k) for k in range(right, tries + 1)
    )


def _vote(
    village: Village, ballot: Ballot, rng: Random, broken: str
) -> tuple[list[Actor], dict[str, Vote], int]:
    """Everybody votes, in an order that the door knows; some of them twice."""
    names = [one.id for one in OPTIONS]
    rankings: set[Vote] = set()
    while len(rankings) < VOTERS:
        rankings.add(tuple(rng.sample(names, rng.randint(3, 5))))
    chosen = rng.sample(sorted(rankings), VOTERS)
    came = rng.sample(village.voters, VOTERS)
    votes = {voter.id: choice for voter, choice in zip(came, chosen, strict=True)}
    before = Entry.objects.count()
    for voter in rng.sample(came, 6):
        cast.vote(ballot, [names[0]], by=voter, own_word="canaryFirst")
    for place, voter in enumerate(came):
        cast.vote(ballot, votes[voter.id], by=voter, own_word=f"canary{ballot.title[6:]}x{place}")
        if broken == "created-at":
            _row_with_time(votes[voter.id], place)
    return came, votes, before


# ── the linker ──────────────────────────────────────────────────────────────────────────────────


def link(
    tables: Dump, ballot: Ballot, came: Sequence[Actor], votes: dict[str, Vote]
) -> Iterator[tuple[str, int]]:
    """Every way to pair voters with votes: how often each is right."""
    roll = [str(key) for key in ballot.roll.order_by("number").values_list("user_id", flat=True)]
    people = {"door": [voter.id for voter in came], "roll": roll, "id": sorted(votes)}
    for source, found in _votes_in(tables, ballot):
        if len(found) < VOTERS:
            continue
        for order, ids in people.items():
            pairs = zip(ids, found[-VOTERS:], strict=True)
            yield f"{source} by {order}", sum(votes[who] == vote for who, vote in pairs)
    joined = _joined(tables, ballot, votes)
    yield "joined by a value of the voter", joined


def _votes_in(tables: Dump, ballot: Ballot) -> Iterator[tuple[str, list[Vote]]]:
    """Every order in which votes can be read out of the tables."""
    for table, (columns, rows) in tables.items():
        for place, column in enumerate(columns):
            read = [(row, _as_votes(row[place], ballot)) for row in rows]
            lists = [found for _row, found in read if len(found) > 1]
            for found in lists:
                yield f"{table}.{column}, in the text", found
            single = [(row, found[0]) for row, found in read if len(found) == 1]
            for by, name in enumerate(columns) if single else ():
                ordered = sorted(single, key=lambda pair: str(pair[0][by]).zfill(40))
                yield f"{table}.{column} sorted by {name}", [vote for _row, vote in ordered]
            if single:
                yield f"{table}.{column} as it lies", [vote for _row, vote in single]


def _as_votes(cell: object, ballot: Ballot) -> list[Vote]:
    """The votes that a cell holds in clear: one, or the list of a board; else none."""
    if not isinstance(cell, str) or not cell.startswith(("[", "{")):
        return []
    try:
        said = json.loads(cell)
    except ValueError:
        return []
    if isinstance(said, dict):
        said = said["votes"] if said.get("ballot", {}).get("id") == str(ballot.pk) else []
        return [tuple(vote) for vote in said if isinstance(vote, list)]
    names = {one.id for one in OPTIONS}
    clear = bool(said) and all(isinstance(one, str) and one in names for one in said)
    return [tuple(said)] if clear else []


def _joined(tables: Dump, ballot: Ballot, votes: dict[str, Vote]) -> int:
    """Rows that hold a value of the voter, or its plain hash, beside the voter's own vote."""
    right = 0
    keys = dict(ballot.roll.values_list("user_id", "key"))
    for who, vote in votes.items():
        key = next(key for user, key in keys.items() if str(user) == who)
        said = json.dumps(list(vote), separators=(",", ":"))
        known = {who, who.replace("-", ""), key, sha256(key.encode()).hexdigest()}
        known |= {sha256(one.encode()).hexdigest() for one in known}
        for columns, rows in tables.values():
            for row in rows:
                cells = {str(cell) for cell in row[: len(columns)]}
                right += bool(cells & known) and said in cells
    return right


def dump() -> Dump:
    """Every table, with where each row lies and the transaction that wrote it."""
    extra = "ctid::text, xmin::text" if connection.vendor == "postgresql" else "rowid"
    found: Dump = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            try:
                cursor.execute(f"SELECT {extra}, * FROM {name}")
            except OperationalError:  # a table that has no place of its own for a row
                cursor.execute(f"SELECT * FROM {name}")
            columns = [column[0] for column in cursor.description]
            found[table] = (columns, [tuple(map(_plain, row)) for row in cursor.fetchall()])
    return found


def _plain(cell: object) -> object:
    return json.dumps(cell, separators=(",", ":")) if isinstance(cell, list | dict) else cell


def _words_on_disk(result: Result, canary: str) -> None:
    """The voters' own words, which only sealed votes hold, are nowhere in the files of SQLite."""
    if connection.vendor != "sqlite":
        return
    file = Path(str(settings.DATABASES["default"]["NAME"]))
    for path in (file, file.with_name(file.name + "-wal")):
        if path.exists() and canary.encode() in path.read_bytes():
            result.violated(f"a word of a voter is readable in {path.name}")


# ── broken variants ─────────────────────────────────────────────────────────────────────────────


def _board_in_order(ballot: Ballot, votes: Sequence[Vote]) -> None:
    """The broken variant: the board lists votes as they came, as a serial key would."""
    row = Board.objects.get(ballot=ballot)
    said = json.loads(row.text) | {"votes": [list(vote) for vote in votes]}
    Board.objects.filter(pk=row.pk).update(text=json.dumps(said))


def _row_with_time(vote: Vote, place: int) -> None:
    """The broken variant: a row for each vote with the second it was cast."""
    at = clock.now().timestamp() + place
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS proof_vote (choice text, created_at integer)")
        if place == 0:
            cursor.execute("DELETE FROM proof_vote")
        said = json.dumps(list(vote), separators=(",", ":"))
        cursor.execute("INSERT INTO proof_vote VALUES (%s, %s)", [said, int(at)])
