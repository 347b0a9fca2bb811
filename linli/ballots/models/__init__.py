"""Ballots, their rolls, what is sealed while they are open, counts on paper, and the board."""

from linli.ballots.models.ballot import Ballot, Rule, Secrecy, State
from linli.ballots.models.board import Board
from linli.ballots.models.roll import RollEntry
from linli.ballots.models.sealed import Code, Secret, Slot, Spent
from linli.ballots.models.tally import Closing, Tally

__all__ = [
    "Ballot",
    "Board",
    "Closing",
    "Code",
    "RollEntry",
    "Rule",
    "Secrecy",
    "Secret",
    "Slot",
    "Spent",
    "State",
    "Tally",
]
