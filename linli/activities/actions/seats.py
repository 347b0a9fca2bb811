"""Signing up and withdrawing: exactly as many as there are seats, the rest in a fair queue."""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from linli.activities.actions.core import tell
from linli.activities.models import Occurrence, Seat, SignUp
from linli.activities.models.people import Going
from linli.activities.policies import check, check_can_sign_up, check_is_open
from linli.lib import clock
from linli.people.actors import SYSTEM, Actor
from linli.people.models import User
from linli.people.policies import Denied


@transaction.atomic
def sign_up(occurrence: Occurrence, role: str, *, by: Actor) -> SignUp:
    """Take a seat, or a place on the waiting list; asking twice gives the same answer.

    Raises Denied with a sentence if all is full, it has begun, or it is not for this person.
    """
    seat = _locked(occurrence, role)
    check_can_sign_up(seat, by)
    if by.user is None:
        raise Denied(_("Please sign in first."))
    return _enter(seat, by.user, by=by, asked=False)


@transaction.atomic
def assign(occurrence: Occurrence, role: str, user: User, *, by: Actor) -> SignUp:
    """The organiser puts somebody in; they are told and may withdraw like everybody.

    Only a free seat is given, never one of the waiting list. Raises Denied.
    """
    check("activity.create", by, occurrence)
    seat = _locked(occurrence, role)
    check_is_open(seat.occurrence)
    mine = SignUp.objects.filter(occurrence=occurrence, user=user).first()
    if seat.free < 1 and (mine is None or mine.state == Going.WITHDRAWN):
        raise Denied(_("All seats are taken."))
    return _enter(seat, user, by=by, asked=True)


def enter_standing(occurrence: Occurrence, role: str, user: User) -> SignUp:
    """Who holds a role of the series is in each time; inside the caller's transaction."""
    return _enter(_locked(occurrence, role), user, by=SYSTEM, asked=True)


@transaction.atomic
def withdraw(sign_up: SignUp, *, by: Actor) -> None:
    """Give the seat back. The first of the waiting list moves up at once and is told."""
    own = by.user is not None and by.user.pk == sign_up.user_id
    if not own:
        check("activity.create", by, sign_up.occurrence)
    check_is_open(sign_up.occurrence)
    seat = _locked(sign_up.occurrence, sign_up.seat.role)
    sign_up.refresh_from_db()
    if sign_up.state not in (Going.GOING, Going.STANDBY):
        raise Denied(_("You are not on the list any more."))
    was_going = sign_up.state == Going.GOING
    _set(sign_up, Going.WITHDRAWN)
    tell(sign_up.occurrence, "activity.withdrawn", by=by,
         facts={"role": seat.role, "own": own, "was": "going" if was_going else "standby"})  # fmt: skip
    if was_going:
        _move_up(seat)
    else:
        Seat.objects.filter(pk=seat.pk).update(waiting=F("waiting") - 1)


def _enter(seat: Seat, user: User, *, by: Actor, asked: bool) -> SignUp:
    mine = SignUp.objects.filter(occurrence=seat.occurrence, user=user).first()
    if mine is not None and mine.state != Going.WITHDRAWN:
        if mine.seat_id != seat.pk:
            raise Denied(_("You are on the list already, in another role. Withdraw there first."))
        return mine
    state = _take(seat)
    values = {"seat": seat, "state": state, "asked_at": clock.now(), "was_asked": asked}
    if mine is None:
        mine = SignUp.objects.create(occurrence=seat.occurrence, user=user, **values)
    else:
        SignUp.objects.filter(pk=mine.pk).update(**values)
        mine.refresh_from_db()
    verb = "activity.assigned" if asked and by.user else "activity.signed_up"
    tell(seat.occurrence, verb, by=by, facts={
        "role": seat.role, "state": state, **({"user": str(user.pk)} if asked else {}),
    })  # fmt: skip
    return mine


def _take(seat: Seat) -> Going:
    """A seat if one is free, else the waiting list: guarded UPDATEs that the database checks."""
    rows = Seat.objects.filter(pk=seat.pk)
    if rows.filter(taken__lt=F("seats")).update(taken=F("taken") + 1):
        return Going.GOING
    if rows.filter(waiting__lt=F("standby")).update(waiting=F("waiting") + 1):
        return Going.STANDBY
    raise Denied(_("All seats are taken, and the waiting list is full."))


def _move_up(seat: Seat) -> None:
    """The free seat goes to the first who waits; without one it is free."""
    first = SignUp.objects.filter(seat=seat).queue().first()
    if first is None:
        Seat.objects.filter(pk=seat.pk).update(taken=F("taken") - 1)
        return
    _set(first, Going.GOING)
    Seat.objects.filter(pk=seat.pk).update(waiting=F("waiting") - 1)
    tell(seat.occurrence, "activity.moved_up", by=SYSTEM,
         facts={"role": seat.role, "user": str(first.user_id)})  # fmt: skip


def _set(row: SignUp, state: Going) -> None:
    row.state = state
    row.save(update_fields=["state"])


def _locked(occurrence: Occurrence, role: str) -> Seat:
    """The role's row, held until the transaction ends: who signs up and who withdraws take turns.

    On SQLite the transaction itself has the lock (BEGIN IMMEDIATE).
    """
    rows = Seat.objects.select_for_update(of=("self",)).select_related("occurrence__organisation")
    seat = rows.filter(occurrence=occurrence, role=role).first()
    if seat is None:
        raise Denied(_("There is no role “%(role)s” here.") % {"role": role[:40]})
    return seat
