"""People in pools by tier, how it was decided, and cohorts with their sessions."""

from linli.talent.models.cohort import Cohort, Session, Trainee
from linli.talent.models.pool import Appeal, Candidate, Decision, Review, TierBook

__all__ = [
    "Appeal", "Candidate", "Cohort", "Decision", "Review", "Session", "TierBook", "Trainee",
]  # fmt: skip
