"""Users, organisations, posts and dated appointments; who was asked, and work that changes hands."""

from linli.people.models.appointment import Appointment, Post
from linli.people.models.asking import Invitation, Willing
from linli.people.models.counts import DailySalt, RateCount
from linli.people.models.handing import Ask, Handed, Handover, StandIn
from linli.people.models.organisation import Organisation
from linli.people.models.user import SignInAddress, SignInCode, User

__all__ = [
    "Appointment",
    "Ask",
    "DailySalt",
    "Handed",
    "Handover",
    "Invitation",
    "Organisation",
    "Post",
    "RateCount",
    "SignInAddress",
    "SignInCode",
    "StandIn",
    "User",
    "Willing",
]
