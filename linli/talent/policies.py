"""Who may do what in a pool or a cohort. The button on a page asks the same rule as the action."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli.lib import clock
from linli.pairings.models import Party, Tie
from linli.people.actors import Actor
from linli.people.models import Appointment
from linli.people.policies import Denied, allowed
from linli.playbook.talent import CohortKind, Pool
from linli.talent.models import Appeal, Candidate, Cohort, Decision, Review, Trainee


def check_own(actor: Actor, row: Candidate | Trainee) -> None:
    """One's own place and nobody else's."""
    own = actor.user is not None and row.user_id == actor.user.pk
    if not own:
        raise Denied(_("This is somebody else's."))
    actor.check("talent.own", own=True)


def check_nominates(actor: Actor, rule: Pool) -> None:
    """Staff of a body that the playbook lets propose people."""
    own = actor.organisation
    fits = own is not None and actor.is_staff and own.kind in rule.nominators
    actor.check("talent.nominate", in_scope=fits)


def check_hosts(actor: Actor, rule: Pool) -> None:
    """Staff of an office that reviews and decides."""
    own = actor.organisation
    actor.check("talent.review", in_scope=own is not None and own.kind in rule.hosts)


def conflict_of(actor: Actor, candidate: Candidate) -> str:
    """Why this person may not judge this candidate; "" if nothing is known against it."""
    user, own = actor.user, actor.organisation
    if user is None or own is None:
        return _("Only somebody in a post can review.")
    if candidate.user_id == user.pk:
        return _("Nobody reviews themselves.")
    if candidate.nominated_by == actor.id or candidate.body_id == own.pk:
        return _("Whoever proposed somebody does not review them, nor do their colleagues.")
    if candidate.user_id is None:
        return ""
    theirs = Appointment.objects.in_force(clock.today()).filter(user_id=candidate.user_id)
    if theirs.filter(post__organisation=own).exists():
        return _("They work for your own unit, so others review them.")
    mine = Party.objects.filter(user=user, tie__in=Tie.objects.open()).values("tie")
    if Party.objects.filter(user_id=candidate.user_id, tie__in=mine).exists():
        return _("You are tied to this person, so others review them.")
    return ""


def check_judges(actor: Actor, candidate: Candidate) -> None:
    """A host without a conflict."""
    check_hosts(actor, candidate.rule)
    why = conflict_of(actor, candidate)
    if why:
        raise Denied(why)


def check_reviews(actor: Actor, candidate: Candidate) -> None:
    """A host without a conflict who has not reviewed this time."""
    check_judges(actor, candidate)
    _review_waits(actor, candidate)


def _review_waits(actor: Actor, candidate: Candidate) -> None:
    if not is_under_review(candidate):
        raise Denied(_("There is nothing to review now."))
    if Review.objects.filter(candidate=candidate, turn=candidate.turn, by=actor.id).exists():
        raise Denied(_("You have reviewed this already; the second review is another person's."))


def is_under_review(candidate: Candidate) -> bool:
    """Proposed and not decided yet, or in the pool with the yearly review due."""
    due = candidate.review_due
    return candidate.state == Candidate.State.NOMINATED or (
        candidate.state == Candidate.State.POOL and due is not None and due <= clock.today()
    )


def check_decides(actor: Actor, candidate: Candidate) -> None:
    """A host without a conflict, once all reviews are there."""
    check_judges(actor, candidate)
    _decision_waits(candidate)


def _decision_waits(candidate: Candidate) -> None:
    if not is_under_review(candidate):
        raise Denied(_("There is nothing to review now."))
    there = Review.objects.filter(candidate=candidate, turn=candidate.turn).count()
    if there < candidate.rule.reviewers:
        raise Denied(_("%(n)s people review first, each by themselves.")
                     % {"n": candidate.rule.reviewers})  # fmt: skip


def check_decides_appeal(actor: Actor, appeal: Appeal) -> None:
    """Somebody who neither reviewed this time nor decided, without a conflict."""
    check_judges(actor, appeal.decision.candidate)
    _had_no_part(actor, appeal)


def _had_no_part(actor: Actor, appeal: Appeal) -> None:
    decision = appeal.decision
    judged = Review.objects.filter(candidate=decision.candidate, turn=decision.turn, by=actor.id)
    if decision.by == actor.id or judged.exists():
        raise Denied(_("An appeal is looked at by somebody who had no part in the decision."))


@dataclass(frozen=True)
class Can:
    """What the page of one candidate offers; `why_not` says what speaks against this person."""

    why_not: str
    review: bool
    decide: bool
    appeal: bool


def can(actor: Actor, candidate: Candidate, appeal: Appeal | None) -> Can:
    """All of it at once, so that a conflict is looked for once. `actor` is a host."""
    why = conflict_of(actor, candidate)
    if why:
        return Can(why, review=False, decide=False, appeal=False)
    return Can(
        "", allowed(_review_waits, actor, candidate), allowed(_decision_waits, candidate),
        appeal is not None and allowed(_had_no_part, actor, appeal),
    )  # fmt: skip


def check_appeals(actor: Actor, decision: Decision) -> None:
    """The person themselves, within the time, once."""
    check_own(actor, decision.candidate)
    if decision.appeal_until is None or clock.now() > decision.appeal_until:
        raise Denied(_("The time for an appeal is over."))
    if Appeal.objects.filter(decision=decision).exists():
        raise Denied(_("You have appealed already."))
    if decision.candidate.decisions.filter(decided_at__gt=decision.decided_at).exists():
        raise Denied(_("A later decision holds now."))


def check_starts(actor: Actor, rule: CohortKind) -> None:
    """Staff of an office that may run a cohort of this kind."""
    own = actor.organisation
    actor.check("talent.cohort", in_scope=own is not None and own.kind in rule.hosts)


def check_runs(actor: Actor, cohort: Cohort) -> None:
    """Staff of the office that runs this cohort."""
    own = actor.organisation
    actor.check("talent.cohort", in_scope=own is not None and own.pk == cohort.organisation_id)
