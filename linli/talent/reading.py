"""What the pages show: numbers for everybody, waiting work for the desk, one's own for the person."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from linli import playbook
from linli.lib import clock
from linli.pairings.models import Contact, Party, Tie
from linli.people.actors import Actor
from linli.playbook.talent import CohortKind, Pool, Tier
from linli.talent.actions.cohorts import stage_days
from linli.talent.models import Appeal, Candidate, Cohort, Review, Session, TierBook, Trainee
from linli.web.language import lang

PAGE: Final = 25
LEAST: Final = 5
FEW: Final = 60


def few(n: int) -> str:
    """A number of people for everybody: one to four stay "fewer than 5"."""
    return _("fewer than %(k)s") % {"k": LEAST} if 0 < n < LEAST else str(n)


@dataclass(frozen=True)
class TierView:
    """One tier: taken, places, and how many have the mentor that they were promised."""

    tier: Tier
    filled: int
    mentored: int
    names: list[str]


@dataclass(frozen=True)
class PoolView:
    """A pool in numbers."""

    rule: Pool
    tiers: list[TierView]
    waiting: int
    graduated: int
    pairs: int
    meetings: int
    appeals: dict[str, int]


def has_mentor(pairing: str) -> Exists:
    """Whether the user of the outer row has a running tie to a mentor."""
    return Exists(
        Party.objects.filter(
            user=OuterRef("user"), side="b", tie__kind=pairing, tie__state=Tie.State.RUNNING
        )
    )


def pool_view(rule: Pool) -> PoolView:
    """A pool for everybody. Seven statements."""
    inside = Candidate.objects.inside().filter(pool=rule.id)
    by_tier = Counter(inside.filter(has_mentor(rule.pairing)).values_list("tier", flat=True))
    filled = dict(TierBook.objects.filter(pool=rule.id).values_list("tier", "filled"))
    names: dict[str, list[str]] = {}
    for tier, name in (
        inside.exclude(shown_as="").order_by("shown_as").values_list("tier", "shown_as")[:500]
    ):
        names.setdefault(tier, []).append(name)
    states = dict(
        Candidate.objects.filter(pool=rule.id).order_by().values_list("state")
        .annotate(n=Count("pk"))
    )  # fmt: skip
    ties = Tie.objects.filter(kind=rule.pairing)
    appeals = dict(
        Appeal.objects.filter(decision__candidate__pool=rule.id).order_by().values_list("state")
        .annotate(n=Count("pk"))
    )  # fmt: skip
    return PoolView(
        rule,
        [TierView(tier, filled.get(tier.id, 0), by_tier[tier.id], names.get(tier.id, []))
         for tier in rule.tiers],
        states.get(Candidate.State.NOMINATED, 0), states.get(Candidate.State.GRADUATED, 0),
        ties.running().count(), Contact.objects.filter(tie__in=ties).count(), appeals,
    )  # fmt: skip


def without_mentor(rule: Pool) -> QuerySet[Candidate]:
    """Those in the tiers that promise a mentor who have none now."""
    promised = [tier.id for tier in rule.tiers if tier.mentor]
    rows = Candidate.objects.inside().filter(pool=rule.id, tier__in=promised)
    return rows.exclude(has_mentor(rule.pairing)).select_related("user").order_by("tier", "pk")


def hosted(actor: Actor) -> list[Pool]:
    """The pools that this office reviews and decides."""
    own = actor.organisation
    return [one for one in playbook.current().pools.values() if own and own.kind in one.hosts]


def nominated_to(actor: Actor) -> list[Pool]:
    """The pools to which this body may propose people."""
    own = actor.organisation
    return [one for one in playbook.current().pools.values() if own and own.kind in one.nominators]


def runs(actor: Actor) -> list[CohortKind]:
    """The kinds of cohort that this office may begin."""
    own = actor.organisation
    return [one for one in playbook.current().cohorts.values() if own and own.kind in one.hosts]


def of_desk(pools: Iterable[Pool], which: str) -> QuerySet[Candidate]:
    """What waits at the desk: "review", "appeals", "due", or "all" that is open."""
    rows = Candidate.objects.filter(pool__in=[rule.id for rule in pools])
    if which == "review":
        return rows.filter(state=Candidate.State.NOMINATED)
    if which == "due":
        return rows.inside().filter(review_due__lte=clock.today())
    if which == "appeals":
        return rows.filter(decisions__appeal__state=Appeal.State.OPEN).distinct()
    return rows.filter(state__in=(Candidate.State.NOMINATED, Candidate.State.POOL))


def counts(pools: Iterable[Pool]) -> dict[str, int]:
    """How many wait in each list. One statement and one for the appeals."""
    rows = Candidate.objects.filter(pool__in=[rule.id for rule in pools])
    found = rows.aggregate(
        review=Count("pk", filter=Q(state=Candidate.State.NOMINATED)),
        due=Count("pk", filter=Q(state=Candidate.State.POOL, review_due__lte=clock.today())),
    )
    open_ones = Appeal.objects.filter(decision__candidate__in=rows, state=Appeal.State.OPEN)
    return {**found, "appeals": open_ones.count()}


def page_of(rows: QuerySet[Candidate], before: str = "") -> tuple[list[Candidate], str]:
    """A page, the longest waiting first, and the key of the next. ValueError: no such key."""
    ordered = rows.select_related("user", "body").order_by("nominated_at", "pk")
    if before:
        moment, _tilde, last = before.partition("~")
        when, key = datetime.fromisoformat(moment), UUID(last)
        ordered = ordered.filter(Q(nominated_at__gt=when) | Q(nominated_at=when, pk__gt=key))
    found = list(ordered[: PAGE + 1])
    if len(found) <= PAGE:
        return found, ""
    end = found[PAGE - 1]
    return found[:PAGE], f"{end.nominated_at.isoformat()}~{end.pk}"


@dataclass(frozen=True)
class Answer:
    """One criterion as a reviewer answered it."""

    name: str
    met: bool
    evidence: str


def answers(row: Review, rule: Pool) -> list[Answer]:
    """A review in words."""
    names = {one.id: one.name.text(lang()) for one in rule.criteria}
    return [Answer(names.get(key, key), bool(met), text) for key, met, text in row.answers]


def of_me(actor: Actor) -> QuerySet[Candidate]:
    """The ways through pools of this person, the newest first."""
    rows = Candidate.objects.filter(user=actor.user) if actor.user else Candidate.objects.none()
    return rows.select_related("body").prefetch_related(
        "reviews", "decisions__appeal"
    ).order_by("-nominated_at", "pk")  # fmt: skip


@dataclass(frozen=True)
class StageView:
    """A stage of a cohort with its days and sessions."""

    name: str
    first: object
    end: object
    is_now: bool
    sessions: list[Session]


@dataclass(frozen=True)
class CohortView:
    """A cohort in numbers."""

    cohort: Cohort
    stages: list[StageView]
    members: int
    applied: int
    finished: int
    left: int
    mentored: int
    held: int
    came: int


def cohort_view(cohort: Cohort) -> CohortView:
    """A cohort with its sessions. Three statements."""
    states = Counter(cohort.trainees.values_list("state", flat=True))
    inside = Trainee.objects.inside().filter(cohort=cohort)
    pairing = cohort.rule.pairing
    sessions = list(cohort.sessions.select_related("facility").order_by("on", "pk")[:500])
    days = {key: (first, end) for key, first, end in stage_days(cohort)}
    today = clock.today()
    stages = [
        StageView(
            stage.name.text(lang()), *days[stage.id],
            days[stage.id][0] <= today < days[stage.id][1],
            [row for row in sessions if row.stage == stage.id],
        )
        for stage in cohort.rule.stages
    ]  # fmt: skip
    held = [row.came for row in sessions if row.came is not None]
    return CohortView(
        cohort, stages, states["member"], states["applied"], states["finished"], states["left"],
        inside.filter(has_mentor(pairing)).count() if pairing else 0, len(held), sum(held),
    )  # fmt: skip


def cohorts() -> QuerySet[Cohort]:
    """All cohorts, the newest first."""
    return Cohort.objects.select_related("organisation").order_by("-starts_on", "pk")
