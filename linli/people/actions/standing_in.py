"""“I cannot come tomorrow”: the deputy is asked first, then the standby list, one after the other."""

from datetime import datetime, timedelta
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.journal.record import record
from linli.lib import clock
from linli.people import work
from linli.people.actors import SYSTEM, Actor
from linli.people.models import Ask, StandIn
from linli.people.policies import Denied

AHEAD: Final = timedelta(days=60)  # how far ahead one can say it
MOST_TIME: Final = timedelta(hours=4)  # for one answer, when there is time enough
LEAST_TIME: Final = timedelta(minutes=15)
KEEP: Final = timedelta(days=90)
State = StandIn.State


@transaction.atomic
def cannot_come(holder: str, key: str, *, by: Actor) -> StandIn:
    """Say it; no reason is asked for. Raises Denied if one is not expected there, or too late."""
    if by.user is None:
        raise Denied(_("Please sign in first."))
    now = clock.now()
    mine = [d for d in work.duties(by.user, now, now + AHEAD) if (d.holder, d.key) == (holder, key)]
    if not mine:
        raise Denied(_("You are not expected there, or it has begun."))
    duty = mine[0]
    try:
        with transaction.atomic():
            row = StandIn.objects.create(
                user=by.user, holder=holder, key=key, starts_at=duty.starts, said_at=now,
                place_path=duty.place_path, org=duty.org,
            )  # fmt: skip
    except IntegrityError:
        raise Denied(_("You have said so already; somebody else is being asked.")) from None
    people = dict.fromkeys(work.DUTIES[holder].candidates(by.user, key))
    Ask.objects.bulk_create(
        Ask(stand_in=row, user=user, turn=turn) for turn, user in enumerate(people, 1)
    )
    _tell("post.cannot_come", row, by, n=len(people))
    _ask_next(row)
    return row


def _ask_next(row: StandIn) -> None:
    """One message to the next; after the last, or when it begins, the seat goes back to the host."""
    now = clock.now()
    following = row.asks.filter(state=Ask.State.QUEUED).order_by("turn").first()
    if following is None or now + LEAST_TIME > row.starts_at:
        _nobody(row)
        return
    expires = now + _time_for(row, now)
    done = Ask.objects.filter(pk=following.pk, state=Ask.State.QUEUED)
    if done.update(state=Ask.State.ASKED, asked_at=now, expires_at=expires):
        _tell("post.asked", row, SYSTEM, ask=str(following.pk), user=str(following.user_id))


def _time_for(row: StandIn, now: datetime) -> timedelta:
    """A fair share of the time that is left: everybody in the queue should have their turn."""
    queue = row.asks.filter(state=Ask.State.QUEUED).count()
    share = (row.starts_at - now) / (queue + 1)
    return max(LEAST_TIME, min(MOST_TIME, share))


def _nobody(row: StandIn) -> None:
    _finish(row, State.NOBODY)
    work.DUTIES[row.holder].give_back(row.user, row.key)
    _tell("post.stand_in_missing", row, SYSTEM)


@transaction.atomic
def answer(ask: Ask, yes: bool, *, by: Actor) -> StandIn:
    """The asked person's own answer. Raises Denied when it is too late or somebody else has it."""
    if by.user is None or by.user.pk != ask.user_id:
        raise Denied(_("Only who was asked can answer."))
    row = StandIn.objects.select_for_update().get(pk=ask.stand_in_id)
    now = clock.now()
    mine = Ask.objects.filter(pk=ask.pk, state=Ask.State.ASKED, expires_at__gt=now)
    state = Ask.State.YES if yes else Ask.State.NO
    if row.state != State.ASKING or not mine.update(state=state, answered_at=now):
        raise Denied(_("Thank you, but the question is over: somebody else was asked."))
    if not yes:
        work.DUTIES[row.holder].said_no(by.user, row.key)
        _tell("post.asked_said_no", row, by)
        _ask_next(row)
        return row
    work.DUTIES[row.holder].swap(row.user, row.key, by.user)
    _finish(row, State.TAKEN)
    _tell("post.stood_in", row, by, user=str(by.user.pk))
    return row


def _finish(row: StandIn, state: str) -> None:
    StandIn.objects.filter(pk=row.pk).update(state=state)
    row.state = state
    row.asks.filter(state=Ask.State.QUEUED).update(state=Ask.State.OVER)


def lapse() -> int:
    """Go on to the next where nobody answered in time; how many questions ended."""
    late = Ask.objects.filter(state=Ask.State.ASKED, expires_at__lte=clock.now())
    return sum(_lapse(ask) for ask in late.order_by("expires_at"))


@transaction.atomic
def _lapse(ask: Ask) -> int:
    row = StandIn.objects.select_for_update().select_related("user").get(pk=ask.stand_in_id)
    mine = Ask.objects.filter(pk=ask.pk, state=Ask.State.ASKED, expires_at__lte=clock.now())
    if not mine.update(state=Ask.State.LAPSED):
        return 0
    _tell("post.ask_lapsed", row, SYSTEM)
    if row.state == State.ASKING:
        _ask_next(row)
    return 1


def forget() -> int:
    """Erase who could not come and who was asked, a while after the day (the journal has ids)."""
    return StandIn.objects.filter(starts_at__lt=clock.now() - KEEP).delete()[0]


def _tell(verb: str, row: StandIn, by: Actor, **facts: str | int) -> None:
    record(verb, on=row, by=by, place=row.place_path, org=row.org,
           facts={"duty": f"{row.holder}:{row.key}", **facts})  # fmt: skip
