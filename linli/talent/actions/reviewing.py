"""Two reviews apart, a decision with reasons, an appeal to somebody else."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Min
from django.utils.translation import gettext as _

from linli.lib import clock, workdays
from linli.people.actors import Actor
from linli.people.policies import Denied, NeedsReason
from linli.playbook.talent import Pool
from linli.talent.actions.core import raced, said, tell
from linli.talent.actions.nominating import release, take
from linli.talent.models import Appeal, Candidate, Decision, Review
from linli.talent.models.pool import IN_POOL, REFUSED
from linli.talent.policies import (
    check_appeals,
    check_decides,
    check_decides_appeal,
    check_reviews,
)

LONGEST_EVIDENCE = 400
LONGEST = 800
State = Candidate.State


@transaction.atomic
def review(
    candidate: Candidate, answers: Mapping[str, tuple[bool, str]], *, free: bool, by: Actor
) -> Review:
    """One reviewer's answers: criterion -> (met, evidence). `free`: they say that nothing ties them.

    Raises Denied: a conflict, a criterion without an answer or evidence, reviewed already.
    """
    check_reviews(by, candidate)
    if not free:
        raise Denied(_("Say first that no kinship, debt or business ties you to this person."))
    rule = candidate.rule
    rows = []
    for criterion in rule.criteria:
        if criterion.id not in answers or not answers[criterion.id][1].strip():
            raise NeedsReason(_("Answer every criterion, each with what you saw."))
        met, evidence = answers[criterion.id]
        rows.append([criterion.id, met, said(evidence, LONGEST_EVIDENCE, rule=rule)])
    try:
        with transaction.atomic():
            made = Review.objects.create(
                candidate=candidate, turn=candidate.turn, by=by.id, office=by.label[:120],
                answers=rows, met=sum(bool(row[1]) for row in rows),
            )  # fmt: skip
    except IntegrityError as error:
        raise raced() from error
    tell(candidate, "talent.reviewed", by=by, turn=candidate.turn)
    return made


def met_by_all(candidate: Candidate) -> int:
    """How many criteria the strictest reviewer of this turn found met."""
    rows = Review.objects.filter(candidate=candidate, turn=candidate.turn)
    return rows.aggregate(least=Min("met"))["least"] or 0


@transaction.atomic
def decide(candidate: Candidate, outcome: str, reasons: str, *, by: Actor) -> Decision:
    """In which tier, in the pool without one, or not; with reasons that the person reads.

    Raises Denied: a conflict, a review that is missing, criteria not met, no free place.
    """
    check_decides(by, candidate)
    rule = candidate.rule
    _check_outcome(candidate, outcome)
    tier = rule.tier(outcome)
    if tier is not None and met_by_all(candidate) < tier.needs:
        raise Denied(_("This tier needs %(n)s criteria that every reviewer found met.")
                     % {"n": tier.needs})  # fmt: skip
    first = candidate.state == State.NOMINATED
    before = "" if first else candidate.tier or IN_POOL
    kind = Decision.Kind.FIRST if first else Decision.Kind.YEARLY
    turn = candidate.turn
    words = said(reasons, LONGEST, rule=rule)
    _move(candidate, outcome, turn=turn + 1)
    made = Decision.objects.create(
        candidate=candidate, kind=kind, turn=turn, before=before, outcome=outcome, reasons=words,
        by=by.id, appeal_until=_appeal_until(rule),
    )  # fmt: skip
    tell(candidate, "talent.decided", by=by, outcome=outcome, kind=kind)
    return made


def _appeal_until(rule: Pool) -> datetime:
    return workdays.add(clock.now(), rule.appeal)


def _check_outcome(candidate: Candidate, outcome: str) -> None:
    rule = candidate.rule
    if outcome not in {IN_POOL, REFUSED, *(tier.id for tier in rule.tiers)}:
        raise Denied(_("Choose what is decided."))
    if outcome == REFUSED and candidate.state == State.POOL:
        raise Denied(_("Somebody in the pool is not put out: another tier, or none for now."))


def _move(candidate: Candidate, outcome: str, *, turn: int) -> None:
    """Set state and tier, and turn the places of both tiers over. Inside a transaction."""
    rule, old = candidate.rule, candidate.tier
    new = outcome if rule.tier(outcome) else ""
    inside = outcome != REFUSED
    if new != old:
        release(candidate.pool, old)
        take(rule, new)
    rows = Candidate.objects.filter(
        pk=candidate.pk, state=candidate.state, tier=old, turn=candidate.turn
    )
    if not rows.update(
        state=State.POOL if inside else State.REFUSED, tier=new, turn=turn,
        review_due=rule.review.after(clock.today()) if inside else None,
        ended_at=None if inside else clock.now(),
    ):  # fmt: skip
        raise raced()
    candidate.refresh_from_db()


@transaction.atomic
def appeal(decision: Decision, words: str, *, by: Actor) -> Appeal:
    """The person does not agree. Raises Denied: too late, not theirs, done already."""
    check_appeals(by, decision)
    try:
        with transaction.atomic():
            made = Appeal.objects.create(
                decision=decision, words=said(words, LONGEST, rule=decision.candidate.rule)
            )
    except IntegrityError as error:
        raise raced() from error
    tell(decision.candidate, "talent.appealed", by=by)
    return made


@transaction.atomic
def decide_appeal(row: Appeal, outcome: str, reasons: str, *, by: Actor) -> None:
    """Another reviewer lets it stand, or changes it; the first decision stays to be read.

    `outcome` is what shall hold; the same as before means that the decision stays.
    """
    check_decides_appeal(by, row)
    decision = row.decision
    candidate = decision.candidate
    words = said(reasons, LONGEST, rule=candidate.rule)
    changed = outcome != decision.outcome
    state = Appeal.State.CHANGED if changed else Appeal.State.UPHELD
    rows = Appeal.objects.filter(pk=row.pk, state=Appeal.State.OPEN)
    if not rows.update(state=state, reasons=words, by=by.id, decided_at=clock.now()):
        raise raced()
    if changed:
        _check_outcome(candidate, outcome)
        if candidate.state not in (State.POOL, State.REFUSED):
            raise Denied(_("The person has left meanwhile; the decision can only stay."))
        _check_not_back(candidate)
        _move(candidate, outcome, turn=candidate.turn)
        Decision.objects.create(candidate=candidate, kind=Decision.Kind.APPEAL, turn=decision.turn,
                                before=decision.outcome, outcome=outcome, reasons=words,
                                by=by.id)  # fmt: skip
    tell(candidate, "talent.appeal_decided", by=by, state=str(state))


def _check_not_back(candidate: Candidate) -> None:
    """Somebody who was refused may have been proposed again meanwhile."""
    again = Candidate.objects.open().filter(pool=candidate.pool, user=candidate.user_id)
    if again.exclude(pk=candidate.pk).exists():
        raise Denied(_("The person has been proposed again meanwhile; that is decided instead."))
