"""Who may do what at a facility. The button on the page asks the same rule as the action."""

from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from linli import playbook
from linli.facilities.models import Booking, Facility, Room
from linli.facilities.models.booking import State
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.playbook.facility import Rooms

STEP = 15  # minutes: bookings begin and end on a quarter of an hour


def in_scope(actor: Actor, facility: Facility) -> bool:
    """Whether it is of the actor's own body, or at a place their office serves."""
    own = actor.organisation
    if own is None:
        return False
    if own.pk == facility.organisation_id:
        return True
    office = playbook.current().county.organisation(own.kind).territorial
    return office and bool(actor.place_path) and facility.place_path.startswith(actor.place_path)


def check(action: str, actor: Actor, facility: Facility) -> None:
    """Raise Denied unless the permission table opens `action` at this facility."""
    actor.check(action, in_scope=in_scope(actor, facility))


def may(action: str, actor: Actor, facility: Facility) -> bool:
    """Whether `check` would pass."""
    return actor.may(action, in_scope=in_scope(actor, facility))


def rooms_of(facility: Facility) -> Rooms:
    """How its rooms are lent. Raises Denied where none are."""
    rule = facility.rule
    if rule is None or rule.rooms is None:
        raise Denied(_("No rooms are lent here."))
    return rule.rooms


def check_time(room: Room, start: datetime, end: datetime, people: int) -> None:
    """Whether anybody may have this room then, were it free. Raises Denied."""
    rules, now = rooms_of(room.facility), clock.now()
    local = [moment.astimezone(clock.LOCAL) for moment in (start, end)]
    if any(moment.minute % STEP or moment.second or moment.microsecond for moment in local):
        raise Denied(_("Rooms are lent from quarter hour to quarter hour."))
    if start < now:
        raise Denied(_("This time is over already."))
    if not start < end <= start + timedelta(minutes=rules.longest):
        said = _("A room is lent for at most %(n)s minutes at a time.")
        raise Denied(said % {"n": rules.longest})
    if start > now + timedelta(days=rules.ahead.amount):
        said = _("It can be booked %(n)s days ahead, not earlier.")
        raise Denied(said % {"n": rules.ahead.amount})
    if room.valid_to and local[1].date() >= room.valid_to:
        raise Denied(_("This room is not lent any more then."))
    if not room.facility.opening.covers(start, end):
        raise Denied(_("It is closed then."))
    if not 1 <= people <= room.seats:
        raise Denied(_("The room has %(n)s seats.") % {"n": room.seats})
    if rules.people is not None and people > rules.people:
        raise Denied(_("A group has at most %(n)s people here.") % {"n": rules.people})


def check_purpose(room: Room, purpose: str) -> None:
    """Where groups say what they come for, they do. Raises Denied."""
    if rooms_of(room.facility).purpose and not purpose.strip():
        raise Denied(_("Write what you would like to learn; who receives you prepares for it."))


def check_groups(room: Room, start: datetime, end: datetime) -> None:
    """Whether the place takes one more group on these days. Raises Denied with the next free day."""
    most = rooms_of(room.facility).groups_a_day
    if most is None or groups(room.facility, start.astimezone(clock.LOCAL).date()) < most:
        return
    said = _("That day has its %(n)s groups already.") % {"n": most}
    free = next_day_with_room(room.facility, start.astimezone(clock.LOCAL).date())
    if free is not None:
        said += " " + _("The next day with room is %(day)s.") % {"day": free.isoformat()}
    raise Denied(said)


def groups(facility: Facility, day: date) -> int:
    """How many groups come on a day, to all its rooms."""
    begin = datetime.combine(day, time(), clock.LOCAL)
    rows = Booking.objects.filter(room__facility=facility).live()
    return rows.filter(starts_at__gte=begin, starts_at__lt=begin + timedelta(days=1)).count()


def next_day_with_room(facility: Facility, after: date) -> date | None:
    """The first day after that one that is open and takes one more group, as far as one can book."""
    rules = rooms_of(facility)
    last = clock.today() + timedelta(days=rules.ahead.amount)
    day = after + timedelta(days=1)
    while day <= last:
        if facility.opening.on(day) and groups(facility, day) < (rules.groups_a_day or 1):
            return day
        day += timedelta(days=1)
    return None


def check_has_few(room: Room, actor: Actor) -> None:
    """Nobody keeps all the rooms: a person has only so many bookings open."""
    rules = rooms_of(room.facility)
    open_now = Booking.objects.filter(
        user=actor.user, room__facility__kind=room.facility.kind, state=State.HELD,
        ends_at__gt=clock.now(), repeat=None,
    ).count()  # fmt: skip
    if open_now >= rules.each:
        said = _("You have %(n)s bookings open already. Give one back first.")
        raise Denied(said % {"n": open_now})


def is_own(actor: Actor, booking: Booking) -> bool:
    """Whether it is the actor's own."""
    return actor.user is not None and booking.user_id == actor.user.pk
