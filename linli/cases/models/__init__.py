"""The rows of a case: the case, its askers, and what was said and done along the way."""

from linli.cases.models.asker import Asker, Reply
from linli.cases.models.case import CLOSED, OPEN, Case, State, Visibility
from linli.cases.models.groups import Group, Member
from linli.cases.models.records import CasePhoto, Claim, Refusal, StepDone, Words
from linli.cases.models.search import DeskLine, SearchLine, Tally

__all__ = [
    "CLOSED",
    "OPEN",
    "Asker",
    "Case",
    "CasePhoto",
    "Claim",
    "DeskLine",
    "Group",
    "Member",
    "Refusal",
    "Reply",
    "SearchLine",
    "State",
    "StepDone",
    "Tally",
    "Visibility",
    "Words",
]
