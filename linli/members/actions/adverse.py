"""Steps against somebody. Notice, evidence, reply, second person, appeal: none can be left out.

These are floors that no playbook lowers: 7 days to reply and 7 to appeal at least, three different
people, a closed list of grounds, and words that are destroyed after 12 months at most.
"""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from linli.lib import clock
from linli.members.actions.core import put, raced, tell
from linli.members.actions.moving import check_ready, step_of
from linli.members.models import Member, Move, Proceeding
from linli.members.models.proceeding import ANSWER, APPEAL, EVIDENCE, REPLY, WHY
from linli.members.policies import (
    check_decides,
    check_decides_appeal,
    check_keeps,
    check_not_about,
    check_own,
)
from linli.people.actors import SYSTEM, Actor
from linli.people.policies import Denied
from linli.playbook.grounds import forbidden_in
from linli.playbook.membership import Length
from linli.vault import sealing
from linli.web.language import lang

State = Proceeding.State
MOST = 4000  # characters of evidence, of a reply, of reasons
LEAST = 10
LEAST_REPLY, LEAST_APPEAL = Length(7, "day"), Length(7, "day")
LONGEST_LAPSE = Length(12, "month")


def check_words(words: str, what: str, *, least: int = LEAST) -> str:
    """The words without space around; Denied if too few or too many."""
    clean = words.strip()
    if len(clean) < least or len(clean) > MOST:
        raise Denied(
            _("%(what)s takes %(least)s to %(most)s characters.")
            % {"what": what, "least": least, "most": MOST}
        )
    return clean


def check_ground(words: str, *, but: str = "") -> None:
    """Raise Denied if what is held against somebody is on the closed list of forbidden grounds.

    `but` is the one ground whose words may be said: an answer to an appeal speaks of the appeal.
    """
    found = forbidden_in(words, but=but)
    if found is not None:
        ground, word = found
        raise Denied(
            _("This speaks of “%(word)s”: %(ground)s is never held against anybody. Take it out; "
              "if nothing else is left, there is no ground.")
            % {"word": word, "ground": ground.text(lang())}
        )  # fmt: skip


def _longer(one: Length, other: Length) -> Length:
    return one if one.days >= other.days else other


def _shorter(one: Length, other: Length) -> Length:
    return one if one.days <= other.days else other


@transaction.atomic
def give_notice(
    member: Member, step_id: str, *, ground: str, evidence: str, by: Actor
) -> Proceeding:
    """Begin: the person is told the step, the ground and the evidence, and has time to reply."""
    check_keeps(by, member.organisation)
    check_not_about(by, member)
    step = step_of(member, step_id)
    if not step.adverse:
        raise Denied(_("This step is not against anybody; it needs no notice."))
    check_ground(ground)
    if ground not in {row.id for row in member.rule.grounds}:
        raise Denied(_("Only the grounds of the rules count: choose one of them."))
    words = check_words(evidence, _("The evidence"))
    check_ground(words)
    if Proceeding.objects.filter(member=member, state__in=Proceeding.OPEN).exists():
        raise Denied(_("A step against this person is under way already."))
    subject = sealing.seal_new({EVIDENCE: words}, purpose="a step against a member")
    row = Proceeding.objects.create(
        member=member, step=step.id, ground=ground, subject=subject, opened_by=by.id,
        opened_body=by.organisation,
        reply_until=_longer(member.rule.reply, LEAST_REPLY).after(clock.today()),
    )  # fmt: skip
    tell(member, "member.noticed", by=by, facts={"step": step.id})
    return row


@transaction.atomic
def reply(row: Proceeding, words: str, *, by: Actor, on_paper: bool = False) -> None:
    """The person's own view; for somebody without an account the office writes down their letter."""
    if on_paper:
        check_keeps(by, row.member.organisation)
        if row.member.user_id is not None:
            raise Denied(_("This person has an account and writes their own words."))
    else:
        check_own(by, row.member)
    if row.state != State.NOTICED:
        raise Denied(_("It has been decided already: now an appeal is possible."))
    clean = check_words(words, _("The reply"), least=1)
    _go(row, State.NOTICED, {"replied_at": clock.now()})
    sealing.seal(row.subject, REPLY, clean, purpose="a step against a member")
    tell(row.member, "member.replied", by=by, facts={"paper": on_paper})


@transaction.atomic
def decide(row: Proceeding, *, upheld: bool, why: str, by: Actor) -> None:
    """A second person decides, not before the time to reply is over or the reply is there."""
    check_decides(by, row)
    today, member = clock.today(), row.member
    if row.replied_at is None and today <= row.reply_until:
        raise Denied(
            _("The person may reply until %(day)s; nothing is decided before.")
            % {"day": row.reply_until.isoformat()}
        )
    reasons = check_words(why, _("The reason"))
    check_ground(reasons)
    if upheld:
        check_ready(member, step_of(member, row.step), today)
    values: dict[str, object] = {"decided_by": by.id, "decided_at": clock.now()}
    if upheld:
        until = _longer(member.rule.appeal, LEAST_APPEAL).after(today)
        values |= {"state": State.DECIDED, "appeal_until": until}
    else:
        values |= _closed(row, State.DROPPED)
    _go(row, State.NOTICED, values)
    sealing.seal(row.subject, WHY, reasons, purpose="a step against a member")
    tell(member, "member.decided", by=by, facts={"step": row.step, "upheld": upheld})


@transaction.atomic
def appeal(row: Proceeding, words: str, *, by: Actor, on_paper: bool = False) -> None:
    """The person appeals; nothing takes effect until a third person has decided."""
    if on_paper:
        check_keeps(by, row.member.organisation)
        if row.member.user_id is not None:
            raise Denied(_("This person has an account and writes their own words."))
    else:
        check_own(by, row.member)
    if row.state != State.DECIDED:
        raise Denied(_("There is no decision that could be appealed against."))
    if row.appeal_until is not None and clock.today() > row.appeal_until:
        raise Denied(_("The time to appeal is over."))
    clean = check_words(words, _("The appeal"), least=1)
    _go(row, State.DECIDED, {"state": State.APPEALED, "appealed_at": clock.now()})
    sealing.seal(row.subject, APPEAL, clean, purpose="a step against a member")
    tell(row.member, "member.appealed", by=by, facts={"paper": on_paper})


@transaction.atomic
def decide_appeal(row: Proceeding, *, upheld: bool, why: str, by: Actor) -> None:
    """A third person, of another body, decides the appeal. `upheld`: the step stands."""
    check_decides_appeal(by, row)
    reasons = check_words(why, _("The reason"))
    check_ground(reasons, but="appeal")
    if row.state != State.APPEALED:
        raise Denied(_("There is no appeal to decide."))
    values = {"appeal_by": by.id, **_closed(row, State.IN_FORCE if upheld else State.DROPPED)}
    _go(row, State.APPEALED, values)
    sealing.seal(row.subject, ANSWER, reasons, purpose="a step against a member")
    tell(row.member, "member.appeal_decided", by=by, facts={"step": row.step, "upheld": upheld})
    if upheld:
        _take(row, by)


def settle() -> int:
    """What was decided and not appealed against in time takes effect. For the worker."""
    rows = Proceeding.objects.filter(state=State.DECIDED, appeal_until__lt=clock.today())
    count = 0
    for row in rows.select_related("member__organisation__place"):
        with transaction.atomic():
            values = _closed(row, State.IN_FORCE)
            if Proceeding.objects.filter(pk=row.pk, state=State.DECIDED).update(**values):
                _take(row, SYSTEM)
                count += 1
    return count


def lapse() -> int:
    """Destroy the words of what is over for so long, and the ground with them. For the worker."""
    rows = Proceeding.objects.filter(lapses_on__lte=clock.today(), lapsed_at=None)
    count = 0
    for row in rows.select_related("member__organisation__place"):
        with transaction.atomic():
            if Proceeding.objects.filter(pk=row.pk, lapsed_at=None).update(
                lapsed_at=clock.now(), ground=""
            ):
                sealing.destroy(row.subject, by=SYSTEM, reason="an adverse entry lapses")
                tell(row.member, "member.entry_lapsed", by=SYSTEM)
                count += 1
    return count


def _closed(row: Proceeding, state: str) -> dict[str, object]:
    """The last state, the day of the review and the day on which the words are destroyed."""
    today = clock.today()
    ends = _shorter(row.member.rule.lapse, LONGEST_LAPSE).after(today)
    review: date = today + timedelta(days=(ends - today).days // 2)
    return {"state": state, "closed_at": clock.now(), "review_on": review, "lapses_on": ends}


def _go(row: Proceeding, state: str, values: dict[str, object]) -> None:
    """From this state on; Denied if somebody else was quicker."""
    if not Proceeding.objects.filter(pk=row.pk, state=state).update(**values):
        raise raced()
    row.refresh_from_db()


def _take(row: Proceeding, by: Actor) -> None:
    """The step itself, once nothing stands in its way any more."""
    member = row.member
    step = member.rule.step(row.step)
    if member.stage not in step.from_ or member.left_on:
        return  # they have left of their own will, or died: there is nothing to take
    today = clock.today()
    Move.objects.filter(member=member, state=Move.State.WAITING).update(
        state=Move.State.REFUSED, decided_at=clock.now()
    )
    Move.objects.create(
        member=member, step=step.id, from_stage=member.stage, to_stage=step.to, on=today,
        state=Move.State.DONE, by=row.opened_by, by_body=row.opened_body, second=row.decided_by,
        decided_at=clock.now(),
    )  # fmt: skip
    facts = {"step": step.id, "from": member.stage, "to": step.to}
    put(member, step.to, today)
    tell(member, "member.moved", by=by, facts=facts)
