"""Clubs, the children who have a place, who may fetch them, and the sessions."""

from linli.clubs.models.child import Child, PickUp
from linli.clubs.models.club import Club, Helper
from linli.clubs.models.session import Incident, Presence, Session, Shift

__all__ = ["Child", "Club", "Helper", "Incident", "PickUp", "Presence", "Session", "Shift"]
