"""The outbox, what time does, and letters to an audience."""

from linli.letters.models.campaign import Addressee, Campaign, OptOut
from linli.letters.models.outbox import Channel, Job, Letter, LetterQuerySet, Nudge, State

__all__ = [
    "Addressee", "Campaign", "Channel", "Job", "Letter", "LetterQuerySet", "Nudge", "OptOut", "State",
]  # fmt: skip
