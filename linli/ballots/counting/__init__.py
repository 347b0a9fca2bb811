"""Counting votes: plain Python, exact, the same votes always give the same result.

A choice is a tuple of option ids: one for a yes-or-no or single choice, several for an approval or
a budget, in order of preference for a ranking; an empty one is an abstention. Nothing here knows
who voted, or when.
"""

from linli.ballots.counting.choices import (
    BUDGET,
    RANKED,
    RULES,
    WrongChoice,
    WrongTerms,
    check_terms,
    normal,
)
from linli.ballots.counting.count import Outcome, Terms, count

__all__ = [
    "BUDGET",
    "RANKED",
    "RULES",
    "Outcome",
    "Terms",
    "WrongChoice",
    "WrongTerms",
    "check_terms",
    "count",
    "normal",
]
