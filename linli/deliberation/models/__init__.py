"""Motions and their stages, rolls, sittings, what was published, and what came of it."""

from linli.deliberation.models.concern import Concern
from linli.deliberation.models.doing import Opinion, Rating, Task
from linli.deliberation.models.motion import Choice, Draft, Motion, State, Step, Support
from linli.deliberation.models.roll import Roll, RollChange, RollEntry
from linli.deliberation.models.showing import Notice, Objection
from linli.deliberation.models.sitting import Sheet, Sitting, Slip

__all__ = [
    "Choice",
    "Concern",
    "Draft",
    "Motion",
    "Notice",
    "Objection",
    "Opinion",
    "Rating",
    "Roll",
    "RollChange",
    "RollEntry",
    "Sheet",
    "Sitting",
    "Slip",
    "State",
    "Step",
    "Support",
    "Task",
]
