"""Users, organisations, posts and dated appointments; codes of sign-in and counts of limits."""

from linli.people.models.appointment import Appointment, Post
from linli.people.models.counts import DailySalt, RateCount
from linli.people.models.organisation import Organisation
from linli.people.models.user import SignInAddress, SignInCode, User

__all__ = [
    "Appointment",
    "DailySalt",
    "Organisation",
    "Post",
    "RateCount",
    "SignInAddress",
    "SignInCode",
    "User",
]
