"""Handing over: what is open moves to another of the same body, with their yes."""

from datetime import date
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from linli.journal.record import record
from linli.lib import clock
from linli.people import work
from linli.people.actors import SYSTEM, Actor
from linli.people.models import Appointment, Handed, Handover
from linli.people.models.appointment import AppointmentQuerySet
from linli.people.policies import Denied

State = Handover.State
LIVE: Final = (State.PROPOSED, State.AGREED, State.MOVED)
LONGEST: Final = 92  # days; longer is no holiday: end the appointment and give it anew


def receivers(row: Appointment, on: date | None = None) -> AppointmentQuerySet:
    """Who could take over: others in posts of the same body, deputies of this post first.

    Nobody gains a right by a handover: they hold theirs already.
    """
    found = Appointment.objects.in_force(on or clock.today()).with_posts()
    found = found.filter(post__organisation=row.post.organisation_id).exclude(user=row.user_id)
    return found.order_by("-is_deputy", "post__kind", "from_date", "pk")


@transaction.atomic
def propose(
    row: Appointment, to: Appointment, starts_on: date, ends_on: date, *, by: Actor
) -> Handover:
    """Ask somebody to take over for some days, from `starts_on` until the day before `ends_on`."""
    if by.user is None or by.user.pk != row.user_id:
        raise Denied(_("Only who holds a post hands it over."))
    _check_days(row, starts_on, ends_on)
    if not receivers(row, starts_on).filter(pk=to.pk).exists():
        raise Denied(_("Only somebody who has a post in the same unit on that day can take over."))
    try:
        with transaction.atomic():
            made = Handover.objects.create(
                giver=row, receiver=to, starts_on=starts_on, ends_on=ends_on,
                asked_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:
        raise Denied(_("You are handing over already. Take that back first.")) from None
    _tell("post.handover_proposed", made, by)
    return made


def _check_days(row: Appointment, starts_on: date, ends_on: date) -> None:
    if starts_on < clock.today() or ends_on <= starts_on:
        raise Denied(_("A handover begins today or later, and ends after it begins."))
    if (ends_on - starts_on).days > LONGEST:
        raise Denied(_("A handover is for %(n)s days at most.") % {"n": LONGEST})
    if row.from_date > starts_on or (row.to_date is not None and row.to_date <= starts_on):
        raise Denied(_("You do not hold the post on that day."))


@transaction.atomic
def answer(handover: Handover, yes: bool, *, by: Actor) -> Handover:
    """The receiver's own answer; with a yes on or after the first day, the work moves at once."""
    if by.user is None or by.user.pk != handover.receiver.user_id:
        raise Denied(_("Only who was asked can answer."))
    if handover.state == State.PROPOSED and handover.ends_on <= clock.today():
        raise Denied(_("These days are over."))
    _win(handover, State.PROPOSED, State.AGREED if yes else State.DECLINED)
    _tell("post.handover_agreed" if yes else "post.handover_declined", handover, by)
    if yes and handover.starts_on <= clock.today():
        _move(handover, by)
    return handover


@transaction.atomic
def take_back(handover: Handover, *, by: Actor) -> None:
    """The giver is back early, or no longer asks: what moved and is still open comes back."""
    if by.user is None or by.user.pk != handover.giver.user_id:
        raise Denied(_("Only who handed over takes it back."))
    if handover.state == State.MOVED:
        _bring_back(handover, by)
    elif handover.state in LIVE:
        _win(handover, handover.state, State.WITHDRAWN)
        _tell("post.handover_withdrawn", handover, by)
    else:
        raise Denied(_("This handover is over already."))


def _move(handover: Handover, by: Actor) -> None:
    moved = work.give_all(handover.giver, handover.receiver, by)
    Handed.objects.bulk_create(
        Handed(handover=handover, holder=holder, key=key)
        for holder, keys in moved.items() for key in keys
    )  # fmt: skip
    _win(handover, State.AGREED, State.MOVED)
    _tell("post.handed_over", handover, by, n=sum(map(len, moved.values())))


def _bring_back(handover: Handover, by: Actor) -> None:
    """Only what the receiver still has open: the rest is done, or went on to others."""
    giver, receiver, back = handover.giver, handover.receiver, 0
    still = Appointment.objects.in_force(clock.today()).filter(pk=giver.pk).exists()
    for name, holder in work.HOLDERS.items():
        mine = set(handover.handed.filter(holder=name).values_list("key", flat=True))
        keys = [item.key for item in holder.held(receiver) if item.key in mine]
        if keys and still:
            back += len(holder.give(receiver, keys, giver, by))
    _win(handover, State.MOVED, State.BACK)
    _tell("post.handed_back", handover, by, n=back)


def follow_days() -> int:
    """What the days bring: agreed handovers begin, holidays end, unanswered ones lapse."""
    today, done = clock.today(), 0
    rows = Handover.objects.select_related(
        "giver__post__organisation__place", "giver__post__place", "giver__user",
        "receiver__post__organisation", "receiver__user",
    )  # fmt: skip
    for handover in rows.filter(state=State.PROPOSED, ends_on__lte=today):
        done += _step(handover, State.LAPSED)
    for handover in rows.filter(state=State.AGREED, starts_on__lte=today):
        done += _step(handover, State.MOVED)
    for handover in rows.filter(state=State.MOVED, ends_on__lte=today):
        done += _step(handover, State.BACK)
    return done


@transaction.atomic
def _step(handover: Handover, to: str) -> int:
    """One of them, in a transaction of its own; 0 if somebody was faster."""
    try:
        with transaction.atomic():
            if to == State.MOVED:
                _move(handover, SYSTEM)
            elif to == State.BACK:
                _bring_back(handover, SYSTEM)
            else:
                _win(handover, State.PROPOSED, State.LAPSED)
                _tell("post.handover_lapsed", handover, SYSTEM)
    except Denied:
        return 0
    return 1


def settle_ended(most: int = 200) -> int:
    """Appointments whose days ran out: what is still open goes to the unit; how many.

    Ending one by hand does so at once; this catches those that end by themselves.
    """
    today = clock.today()
    again = Appointment.objects.in_force(today).filter(
        user=OuterRef("user"), post=OuterRef("post")
    )  # fmt: skip
    rows = Appointment.objects.filter(to_date__lte=today, settled_at=None).with_posts()
    ended = list(rows.annotate(renewed=Exists(again)).order_by("pk")[:most])
    for row in ended:
        _settle(row, None, SYSTEM, renewed=getattr(row, "renewed"))  # noqa: B009
    return len(ended)


@transaction.atomic
def _settle(row: Appointment, to: Appointment | None, by: Actor, *, renewed: bool) -> None:
    if not Appointment.objects.filter(pk=row.pk, settled_at=None).update(settled_at=clock.now()):
        return
    if not renewed:
        give_on(row, to, by)


def give_on(row: Appointment, to: Appointment | None, by: Actor) -> int:
    """Everything open with this person in this post goes to another or to the unit; how much.

    Inside the caller's transaction.
    """
    moved = work.give_all(row, to, by)
    count = sum(map(len, moved.values()))
    if count:
        post = row.post
        record("post.work_given", on=row, by=by, place=post.on_place.path,
               org=str(post.organisation_id),
               facts={"n": count, "to": str(to.user_id) if to else "unit"})  # fmt: skip
    return count


def _win(handover: Handover, was: str, becomes: str) -> None:
    rows = Handover.objects.filter(pk=handover.pk, state=was)
    changes = {"answered_at": clock.now()} if was == State.PROPOSED else {}
    if not rows.update(state=becomes, **changes):
        raise Denied(_("Someone else has just acted on this handover. Look at it again."))
    handover.refresh_from_db(fields=["state", "answered_at"])


def _tell(verb: str, handover: Handover, by: Actor, **facts: int) -> None:
    post = handover.giver.post
    record(verb, on=handover, by=by, place=post.on_place.path, org=str(post.organisation_id),
           facts={"post": post.kind, "user": str(handover.giver.user_id),
                  "to": str(handover.receiver.user_id),
                  "from_day": handover.starts_on.isoformat(),
                  "until_day": handover.ends_on.isoformat(), **facts})  # fmt: skip
