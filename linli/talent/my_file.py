"""What pools and cohorts hold about one person, for their own file; and cutting it off."""

from typing import Any

from django.db.models import F

from linli.lib import clock
from linli.people.models import User
from linli.talent.actions.nominating import release
from linli.talent.models import Appeal, Candidate, Cohort, Decision, Review, Trainee


def held(user: User) -> dict[str, Any]:
    """Everything that was written about this person, as plain values; no reviewer by name."""
    rows = Candidate.objects.filter(user=user).prefetch_related("reviews", "decisions__appeal")
    places = Trainee.objects.filter(user=user).select_related("cohort")
    return {
        "pools": [_one(row) for row in rows.order_by("nominated_at", "pk")],
        "cohorts": [
            {"cohort": row.cohort.name, "state": row.state, "at": row.at.isoformat(),
             "reasons": row.reasons}
            for row in places.order_by("at", "pk")
        ],
    }  # fmt: skip


def _one(row: Candidate) -> dict[str, Any]:
    return {
        "pool": row.pool, "state": row.state, "tier": row.tier, "words": row.words,
        "shown_as": row.shown_as, "nominated": row.nominated_at.isoformat(),
        "reviews": [one.answers for one in row.reviews.all()],
        "decisions": [
            {"outcome": one.outcome, "reasons": one.reasons, "on": one.decided_at.isoformat(),
             "appeal": one.appeal.words if hasattr(one, "appeal") else "",
             "appeal_reasons": one.appeal.reasons if hasattr(one, "appeal") else ""}
            for one in row.decisions.all()
        ],
    }  # fmt: skip


def erase(user: User) -> None:
    """The words about the person go, and so do their places; that somebody was there is counted."""
    mine = Candidate.objects.filter(user=user)
    for row in mine.inside():
        release(row.pool, row.tier)
    ids = list(mine.values_list("pk", flat=True))
    open_ones = mine.open()
    open_ones.update(state=Candidate.State.LEFT, tier="", shown_as="", ended_at=clock.now())
    Review.objects.filter(candidate__in=ids).update(answers=[])
    Decision.objects.filter(candidate__in=ids).update(reasons="")
    Appeal.objects.filter(decision__candidate__in=ids).update(words="", reasons="")
    Candidate.objects.filter(nominated_by=str(user.pk)).update(nominated_by="gone")
    Candidate.objects.filter(pk__in=ids).update(user=None, words="", shown_as="")
    trainees = Trainee.objects.filter(user=user)
    for cohort in trainees.inside().values_list("cohort", flat=True):
        Cohort.objects.filter(pk=cohort, taken__gt=0).update(taken=F("taken") - 1)
    trainees.inside().update(state=Trainee.State.LEFT, ended_at=clock.now())
    trainees.filter(state__in=(Trainee.State.ASKED, Trainee.State.APPLIED)).update(
        state=Trainee.State.DECLINED, ended_at=clock.now()
    )
    trainees.update(user=None, reasons="", entered_by="gone")
