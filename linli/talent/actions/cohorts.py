"""A cohort begins, people come in, sessions are held and counted, people finish or leave."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli import playbook
from linli.facilities.models import Facility
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import User
from linli.people.policies import Denied, allowed
from linli.playbook.membership import Length
from linli.talent.actions.core import raced, said, tell
from linli.talent.models import Cohort, Session, Trainee
from linli.talent.policies import check_own, check_runs, check_starts

LONGEST_REASON = 400
LONGEST_TOPIC = 80
MOST_CAME = 2000
State = Trainee.State


@transaction.atomic
def begin(
    kind: str, name: str, *, name_en: str = "", starts_on: date, apply_until: date, by: Actor
) -> Cohort:
    """Announce a cohort. Its size, length and stages are the playbook's. Raises Denied."""
    rule = playbook.current().cohorts.get(kind)
    if rule is None:
        raise Denied(_("There is no such kind of cohort."))
    check_starts(by, rule)
    assert by.organisation is not None  # asked just now
    ends_on = Length(rule.months, "month").after(starts_on)
    if not clock.today() <= apply_until <= ends_on:
        raise Denied(_("People need a day to apply until: not in the past, and before its end."))
    try:
        with transaction.atomic():
            row = Cohort.objects.create(
                kind=kind, name=said(name, 60), name_en=name_en.strip()[:80], size=rule.size,
                organisation=by.organisation, starts_on=starts_on, ends_on=ends_on,
                apply_until=apply_until,
            )  # fmt: skip
    except IntegrityError as error:
        raise Denied(_("There is a cohort of that name already.")) from error
    tell(row, "cohort.begun", by=by, size=row.size)
    return row


@transaction.atomic
def apply(cohort: Cohort, *, by: Actor) -> Trainee:
    """Apply for oneself. Raises Denied: too late, or in it already."""
    by.check("talent.own", own=True)
    if by.user is None:
        raise Denied(_("Sign in first."))
    if clock.today() > cohort.apply_until:
        raise Denied(_("The time to apply is over."))
    row = _enter(cohort, by.user, State.APPLIED, by)
    tell(row, "cohort.applied", by=by)
    return row


@transaction.atomic
def enter(cohort: Cohort, user: User, *, by: Actor) -> Trainee:
    """The desk enters somebody, who is asked first."""
    check_runs(by, cohort)
    row = _enter(cohort, user, State.ASKED, by)
    tell(row, "cohort.asked", by=by)
    return row


def _enter(cohort: Cohort, user: User, state: str, by: Actor) -> Trainee:
    if clock.today() > cohort.ends_on:
        raise Denied(_("This cohort is over."))
    try:
        with transaction.atomic():
            return Trainee.objects.create(cohort=cohort, user=user, state=state, entered_by=by.id)
    except IntegrityError as error:
        raise Denied(_("This person has applied or takes part already.")) from error


def _to(row: Trainee, before: str, after: str, **more: object) -> None:
    if not Trainee.objects.filter(pk=row.pk, state=before).update(state=after, **more):
        raise raced()
    row.refresh_from_db()


def _seat(cohort: Cohort) -> None:
    rows = Cohort.objects.filter(pk=cohort.pk, taken__lt=F("size"))
    if not rows.update(taken=F("taken") + 1):
        raise Denied(_("All %(n)s places of this cohort are taken.") % {"n": cohort.size})


@transaction.atomic
def answer(row: Trainee, yes: bool, *, by: Actor) -> None:
    """Somebody whom the desk entered says yes, and has a place with it, or no."""
    check_own(by, row)
    if yes:
        _seat(row.cohort)
        _to(row, State.ASKED, State.MEMBER)
        tell(row, "cohort.joined", by=by)
        return
    _to(row, State.ASKED, State.DECLINED, ended_at=clock.now())
    tell(row, "cohort.declined", by=by)


@transaction.atomic
def admit(row: Trainee, yes: bool, reasons: str = "", *, by: Actor) -> None:
    """The desk takes somebody in who applied, or does not and says why."""
    check_runs(by, row.cohort)
    if yes:
        _seat(row.cohort)
        _to(row, State.APPLIED, State.MEMBER)
    else:
        words = said(reasons, LONGEST_REASON)
        _to(row, State.APPLIED, State.REFUSED, reasons=words, ended_at=clock.now())
    tell(row, "cohort.answered", by=by, taken=yes)


@transaction.atomic
def finish(row: Trainee, *, by: Actor) -> None:
    """Somebody has come to the end, not before the last stage."""
    check_runs(by, row.cohort)
    if clock.today() < last_stage_from(row.cohort):
        raise Denied(_("Nobody finishes before the last stage has begun."))
    _to(row, State.MEMBER, State.FINISHED, ended_at=clock.now())
    tell(row, "cohort.finished", by=by)


@transaction.atomic
def leave(row: Trainee, *, by: Actor) -> None:
    """Somebody leaves by their own wish, or the desk notes that they have gone."""
    if not allowed(check_own, by, row):
        check_runs(by, row.cohort)
    if row.state == State.MEMBER:
        _to(row, State.MEMBER, State.LEFT, ended_at=clock.now())
        Cohort.objects.filter(pk=row.cohort_id, taken__gt=0).update(taken=F("taken") - 1)
    else:
        _to(row, State.APPLIED, State.LEFT, ended_at=clock.now())
    tell(row, "cohort.left", by=by)


def stage_days(cohort: Cohort) -> list[tuple[str, date, date]]:
    """Each stage with its first day and the first day after it."""
    found, months = [], 0
    for stage in cohort.rule.stages:
        first = Length(months, "month").after(cohort.starts_on)
        months += stage.months
        found.append((stage.id, first, Length(months, "month").after(cohort.starts_on)))
    return found


def last_stage_from(cohort: Cohort) -> date:
    """The first day of the last stage."""
    return stage_days(cohort)[-1][1]


@transaction.atomic
def plan(cohort: Cohort, facility: Facility, on: date, topic: str, *, by: Actor) -> Session:
    """A session at a training place on a day of the cohort. Raises Denied."""
    check_runs(by, cohort)
    if facility.kind not in cohort.rule.places:
        raise Denied(_("Sessions are held at other kinds of places."))
    if not Facility.objects.running(on).filter(pk=facility.pk).exists():
        raise Denied(_("This place is not open to the public on that day."))
    stage = next((s for s, first, end in stage_days(cohort) if first <= on < end), "")
    if not stage:
        raise Denied(_("The day lies outside the time of the cohort."))
    try:
        with transaction.atomic():
            row = Session.objects.create(cohort=cohort, facility=facility, on=on, stage=stage,
                                         topic=said(topic, LONGEST_TOPIC))  # fmt: skip
    except IntegrityError as error:
        raise Denied(_("This session is planned already.")) from error
    tell(cohort, "cohort.session_planned", by=by, day=on.isoformat())
    return row


@transaction.atomic
def count(session: Session, came: int, *, by: Actor) -> None:
    """How many came: a number, and no list. It can be put right later."""
    check_runs(by, session.cohort)
    if session.on > clock.today():
        raise Denied(_("The session is still to come."))
    if not 0 <= came <= MOST_CAME:
        raise Denied(_("That is no number of people."))
    Session.objects.filter(pk=session.pk).update(came=came, noted_by=by.id)
    tell(session.cohort, "cohort.session_held", by=by, came=came)
