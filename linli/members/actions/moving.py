"""Steps that are not against anybody: proposed by one, and where it takes two, agreed by another."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from linli.lib import clock
from linli.members import standing
from linli.members.actions.core import check_day, put, raced, tell
from linli.members.models import Member, Move
from linli.members.policies import check_agrees, check_keeps, check_not_about
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.playbook.membership import Step


def step_of(member: Member, step_id: str) -> Step:
    """The step, if it leads on from where the member stands. Raises Denied."""
    step = next((row for row in member.rule.steps_from(member.stage) if row.id == step_id), None)
    if step is None or member.left_on or not member.stage:
        raise Denied(_("This step does not lead on from here; none is left out."))
    return step


@transaction.atomic
def propose(member: Member, step_id: str, *, by: Actor, on: date | None = None) -> Move:
    """Take a step, or propose it where it takes two. Raises Denied with everything that is lacking."""
    check_keeps(by, member.organisation)
    check_not_about(by, member)
    step, day = step_of(member, step_id), on or clock.today()
    if step.adverse:
        raise Denied(_("A step against somebody begins with a notice: nobody can simply take it."))
    check_day(day, since=member.since)
    check_ready(member, step, day)
    if member.moves.filter(state=Move.State.WAITING).exists():
        raise Denied(_("Another step waits for a second person. Decide about that one first."))
    move = Move.objects.create(
        member=member, step=step.id, from_stage=member.stage, to_stage=step.to, on=day,
        by=by.id, by_body=by.organisation,
    )  # fmt: skip
    if step.second:
        tell(member, "member.step_proposed", by=by, facts={"step": step.id})
        return move
    _done(move, by)
    return move


def check_ready(member: Member, step: Step, day: date) -> None:
    """Raise Denied unless the least time is over and every paper is there."""
    papers = standing.days_of(member.papers.all())
    if missing := standing.lacking(member, step, papers, day):
        raise Denied(_("Not yet: %(why)s.") % {"why": _("; ").join(missing)})


@transaction.atomic
def agree(move: Move, *, by: Actor) -> None:
    """The second person agrees; whatever has gone missing since is looked at once more."""
    check_agrees(by, move)
    member = move.member
    if move.step:
        check_ready(member, step_of(member, move.step), move.on)
    move.second = by.id
    _done(move, by)


@transaction.atomic
def refuse(move: Move, *, by: Actor) -> None:
    """Not agreed, or taken back by who proposed it. Who was to come in from elsewhere does not."""
    member = move.member
    if by.id == move.by:
        check_keeps(by, member.organisation)
    else:
        check_agrees(by, move)
    rows = Move.objects.filter(pk=move.pk, state=Move.State.WAITING)
    second = "" if by.id == move.by else by.id
    if not rows.update(state=Move.State.REFUSED, second=second, decided_at=clock.now()):
        raise raced()
    if not member.stage:
        Member.objects.filter(pk=member.pk).update(left_on=max(clock.today(), member.entered_on))
    tell(member, "member.step_refused", by=by, facts={"step": move.step})


def _done(move: Move, by: Actor) -> None:
    rows = Move.objects.filter(pk=move.pk, state=Move.State.WAITING)
    if not rows.update(state=Move.State.DONE, second=move.second, decided_at=clock.now()):
        raise raced()
    move.state = Move.State.DONE
    member = move.member
    put(member, move.to_stage, move.on)
    facts = {"step": move.step, "from": move.from_stage, "to": move.to_stage}
    tell(member, "member.moved", by=by, facts=facts)
