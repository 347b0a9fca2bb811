"""Ties between two parties, the contacts kept, and the three lists that are matched."""

from linli.pairings.models.lists import Listing, Match
from linli.pairings.models.tie import Contact, Party, Tie

__all__ = ["Contact", "Listing", "Match", "Party", "Tie"]
