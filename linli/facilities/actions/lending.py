"""Booking rooms: exactly one winner, a waiting list for the others, and a record of use."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from linli.facilities import policies
from linli.facilities.actions.core import tell
from linli.facilities.models import Booking, Facility, Repeat, Room, Waiting
from linli.facilities.models.booking import State
from linli.lib import clock
from linli.people.actors import SYSTEM, Actor
from linli.people.policies import Denied

LONGEST_REASON = 200


@transaction.atomic
def book(
    room: Room, start: datetime, end: datetime, *, people: int, by: Actor, weeks: int = 1,
    purpose: str = "",
) -> list[Booking]:  # fmt: skip
    """Lend a room, for one time or the same time in several weeks: all of them or none.

    Raises Denied with a sentence if it is taken, closed, too long, too early or too many.
    """
    _hold_days(room)
    room = _locked(room)
    by.check("booking.create")
    if by.user is None:
        raise Denied(_("Please sign in first."))
    times = [(start + timedelta(weeks=n), end + timedelta(weeks=n)) for n in range(weeks)]
    if weeks > 1 and weeks > policies.rooms_of(room.facility).weeks:
        said = _("It can be repeated for at most %(n)s weeks.")
        raise Denied(said % {"n": policies.rooms_of(room.facility).weeks})
    policies.check_has_few(room, by)
    policies.check_time(room, *times[0], people)
    policies.check_purpose(room, purpose)
    for one in times:
        policies.check_groups(room, *one)
    for one in times[1:]:
        if not room.facility.opening.covers(*one):
            said = _("On %(day)s it is closed then.")
            raise Denied(said % {"day": one[0].astimezone(clock.LOCAL).date().isoformat()})
    repeat = Repeat.objects.create(weeks=weeks) if weeks > 1 else None
    what = " ".join(purpose.split())
    made = [_keep(room, *one, people, by, repeat, what) for one in times]
    tell(room.facility, "booking.made", by=by, facts={"room": room.pk, "times": weeks})
    return made


def _keep(
    room: Room, start: datetime, end: datetime, people: int, by: Actor, repeat: Repeat | None,
    purpose: str,
) -> Booking:  # fmt: skip
    """The row itself: looked at before for a clear sentence, refused by the database whatever happens."""
    taken = _taken(start)
    if Booking.objects.filter(room=room).live().between(start, end).exists():
        raise taken
    try:
        with transaction.atomic():
            return Booking.objects.create(
                room=room, user=by.user, people=people, starts_at=start, ends_at=end,
                repeat=repeat, purpose=purpose,
            )  # fmt: skip
    except IntegrityError:
        raise taken from None


def _taken(start: datetime) -> Denied:
    said = _("The room is taken then (%(day)s). Choose another time, or wait for it.")
    return Denied(said % {"day": start.astimezone(clock.LOCAL).date().isoformat()})


@transaction.atomic
def cancel(booking: Booking, *, by: Actor, reason: str = "") -> None:
    """Give the room back; who waits for this time gets it. Another's only with a reason.

    Raises Denied.
    """
    room = _locked(booking.room)
    own = policies.is_own(by, booking)
    if not own:
        policies.check("booking.cancel_other", by, room.facility)
        if not reason.strip():
            raise Denied(_("Write why: the person who booked is told."))
    rows = Booking.objects.filter(pk=booking.pk, state=State.HELD, starts_at__gt=clock.now())
    if not rows.update(state=State.CANCELLED, reason=reason.strip()[:LONGEST_REASON]):
        raise Denied(_("This booking has begun, or is cancelled already."))
    facts = {"room": room.pk, "own": own, "booking": str(booking.pk)}
    if not own and booking.user_id:
        facts["user"] = str(booking.user_id)
    tell(room.facility, "booking.cancelled", by=by, facts=facts)
    _hand_on(room, booking.starts_at, booking.ends_at)


@transaction.atomic
def wait(room: Room, start: datetime, end: datetime, *, people: int, by: Actor) -> Waiting:
    """Be told, and get the room, if this time becomes free. Asking twice is asking once."""
    room = _locked(room)
    by.check("booking.create")
    if by.user is None:
        raise Denied(_("Please sign in first."))
    policies.check_time(room, start, end, people)
    if not Booking.objects.filter(room=room).live().between(start, end).exists():
        raise Denied(_("The room is free then: book it."))
    row, made = Waiting.objects.get_or_create(
        room=room, user=by.user, starts_at=start, defaults={"ends_at": end, "people": people}
    )
    if made:
        tell(room.facility, "booking.waited_for", by=by, facts={"room": room.pk})
    return row


def _hand_on(room: Room, start: datetime, end: datetime) -> None:
    """The first who waits and now fits gets the time and is told."""
    rows = Waiting.objects.filter(
        room=room, starts_at__lt=end, ends_at__gt=start, starts_at__gt=clock.now()
    )
    for row in rows.select_related("user").order_by("asked_at", "pk"):
        if Booking.objects.filter(room=room).live().between(row.starts_at, row.ends_at).exists():
            continue
        booking = Booking.objects.create(
            room=room, user=row.user, people=row.people, starts_at=row.starts_at,
            ends_at=row.ends_at,
        )  # fmt: skip
        row.delete()
        tell(room.facility, "booking.handed_on", by=SYSTEM, facts={
            "room": room.pk, "booking": str(booking.pk), "user": str(booking.user_id),
        })  # fmt: skip


@transaction.atomic
def note_use(booking: Booking, came: bool, *, by: Actor) -> None:
    """Whether somebody came, once the time has begun; the desk may correct itself. Raises Denied."""
    policies.check("booking.contact", by, booking.room.facility)
    rows = Booking.objects.filter(pk=booking.pk, starts_at__lte=clock.now())
    state = State.USED if came else State.NO_SHOW
    if not rows.exclude(state=State.CANCELLED).update(state=state):
        raise Denied(_("This booking has not begun yet, or was cancelled."))
    tell(booking.room.facility, "booking.noted", by=by, facts={"came": came})


def _hold_days(room: Room) -> None:
    """Where groups are counted for the whole place, its row is held first: rooms take turns."""
    rule = room.facility.rule
    if rule and rule.rooms and rule.rooms.groups_a_day is not None:
        Facility.objects.select_for_update().filter(pk=room.facility_id).first()


def _locked(room: Room) -> Room:
    """The room's row, held until the transaction ends: who books and who gives back take turns."""
    Room.objects.select_for_update().filter(pk=room.pk).first()
    return Room.objects.select_related("facility").get(pk=room.pk)
