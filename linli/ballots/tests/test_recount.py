"""The separate counter gives the same result, or the name of what was tampered with."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from linli.ballots import recount
from linli.ballots.actions import cast as casting
from linli.ballots.actions import serve, tally
from linli.ballots.actions.close import close_ballot
from linli.ballots.models import Board, RollEntry
from linli.ballots.tests.conftest import AFTER
from linli.lib import clock

PROGRAM = Path(recount.__file__)


@pytest.fixture
def board(hold, people, cast):
    """A closed ballot with twelve sealed votes and four papers."""
    ballot = hold(people, rule="single")
    rng = random.Random(3)
    for one in people:
        casting.vote(ballot, [rng.choice(["red", "green", "blue"])], by=one)
    serve.print_papers(ballot, 6, by=cast.manager)
    for entry in RollEntry.objects.filter(key__startswith="x")[:5]:
        serve.hand_out(ballot, entry, "paper", by=cast.manager)
    with clock.moved_to(AFTER):
        for who in (cast.manager, cast.town_handler):
            tally.enter(ballot, "paper", tally.Figures({("red",): 3, (): 1}, 1, 1), by=who)
        close_ballot(ballot, by=cast.manager, second=cast.auditor)
    return json.loads(Board.objects.get().text)


def reprint(board):
    """What somebody does who makes the whole board anew."""
    board["digests"] = {part: recount.fingerprint(board[part]) for part in recount.PARTS}
    board["head"] = recount.fingerprint(board["digests"])


def test_the_same_result(board):
    assert recount.recount(board) == []
    assert recount.recount(board, board["head"], board["digests"]["ballot"], board) == []


def test_it_is_a_small_program_of_its_own():
    text = PROGRAM.read_text("utf-8")
    assert len(text.splitlines()) <= 300
    modules = {
        line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))
    }
    assert modules <= sys.stdlib_module_names


def test_it_runs_with_python_alone(board, tmp_path):
    file = tmp_path / "BOARD.json"
    file.write_text(json.dumps(board), "utf-8")
    mine = board["receipts"][0]

    def run(*words):
        words = [sys.executable, "-I", str(PROGRAM), str(file), *words]
        return subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)

    good = run("--receipt", " ".join((mine[:10], mine[10:])), "--head", board["head"])
    assert good.returncode == 0, good.stderr
    assert "Your receipt is on the board." in good.stdout
    assert "The same result" in good.stdout
    assert run("--head", "0" * 64).returncode == 1
    file.write_text("no board", "utf-8")
    assert run().returncode == 1
    file.write_text('{"format": "linli-board-1", "open": true}', "utf-8")
    assert "still open" in run().stderr


@pytest.mark.parametrize("part", recount.PARTS)
def test_a_part_that_is_gone(board, part):
    del board[part]
    assert recount.recount(board)[0][0] == "truncated"


def change_receipt(board):
    board["receipts"][3] = board["receipts"][2]


def add_vote(board):
    board["votes"].append(["red"])


def unknown_mark(board):
    board["votes"][0] = ["gold"]


def count_typed(board):
    board["result"]["counts"]["red"] += 1


def winner_typed(board):
    board["result"]["winners"] = ["blue"]


def roll_smaller(board):
    board["ballot"]["roll"]["size"] = 9


def base_typed(board):
    board["ballot"]["base"]["voters"] = 500


def papers_more(board):
    board["papers"]["votes"][1][1] += 3


def papers_given(board):
    board["papers"]["given"] = 1


def papers_lost(board):
    board["papers"]["unused"] = 0


def hidden(board):
    board["votes"] = None


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (change_receipt, "receipts"), (add_vote, "votes"), (unknown_mark, "votes"),
        (count_typed, "result"), (winner_typed, "result"), (roll_smaller, "roll"),
        (base_typed, "roll"), (papers_more, "papers"), (papers_given, "papers"),
        (papers_lost, "papers"), (hidden, "votes"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_even_if_every_fingerprint_was_made_anew(board, change, what):
    change(board)
    reprint(board)
    assert what in {name for name, _sentence in recount.recount(board)}


def test_a_board_made_anew_as_a_whole_needs_the_published_head_or_an_earlier_copy(board):
    before, head = json.loads(json.dumps(board)), board["head"]
    board["votes"] = sorted([["blue"], *board["votes"][:-1]])
    again = recount.count(board["ballot"], recount.all_papers(board) or [])
    board["result"] |= {name: again[name] for name in board["result"].keys() & again.keys()}
    reprint(board)
    assert recount.recount(board) == []
    assert recount.recount(board, head)[0][0] == "head"
    assert recount.recount(board, earlier=before)[0][0] == "replay"
