"""Which role a session acts in, and for how long a session lives.

A session remembers one appointment. Whether it is still in force is asked of the database at every
request, so a right ends with the appointment and not with the session (reading rule 9).
"""

from copy import copy
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.journal.record import record
from linli.lib import clock
from linli.people import second_factor
from linli.people.actors import ANONYMOUS, Actor, as_resident, under
from linli.people.models import Appointment, User
from linli.people.policies import Denied
from linli.people.roles import Role
from linli.web import shelf
from linli.web.prepared import Prepared

CHOSEN: Final = "acting"  # in the session: the number of an appointment, or RESIDENT
RESIDENT: Final = "resident"
SEEN: Final = "seen"  # in the session: the last use, in seconds, to the nearest STEP

STAFF_IDLE: Final = timedelta(hours=12)  # R37
RESIDENT_IDLE: Final = timedelta(days=30)
STAFF_STEP: Final = timedelta(minutes=10)  # how exactly the last use is kept: writes are dear
RESIDENT_STEP: Final = timedelta(days=1)


def find(request: HttpRequest) -> Actor:
    """The person of this request in the role of their session.

    A visitor costs no query and no session. A session unused for too long ends here; one that
    has not shown the second factor of a staff post is a resident's.
    """
    user = request.user
    if not isinstance(user, User):
        return ANONYMOUS
    held = _in_force(user)
    if _idle_too_long(request.session, held):
        logout(request)
        return ANONYMOUS
    chosen = str(request.session.get(CHOSEN, ""))
    if chosen == RESIDENT or not held:
        return as_resident(user, held)
    row = next((row for row in held if str(row.pk) == chosen), held[0])
    if _locked(request, user, row):
        return replace(as_resident(user, held), waiting=row)
    return under(row, held)


def _locked(request: HttpRequest, user: User, row: Appointment) -> bool:
    """A staff post gives no right at all to a session without a second factor (D16)."""
    staff = Role(row.role).is_staff
    return staff and second_factor.required() and not second_factor.shown(request, user)


# What of an appointment gives rights, asked at every request; the objects around it are kept.
_RIGHTS: Final = (
    "pk", "role", "from_date", "to_date", "is_deputy", "post_id", "post__kind", "post__place_id",
    "post__organisation_id", "post__organisation__kind", "post__place__path",
    "post__organisation__place__path",
)  # fmt: skip
_HELD: Final = Prepared(
    lambda user, day: (
        Appointment.objects.in_force(day)
        .filter(user=user)
        .order_by("from_date", "pk")
        .values_list(*_RIGHTS)
    ),
    user=UUID,
    day=date,
)
_SIZE: Final = 4_000  # bytes that an appointment with its post, body and places takes, roughly


def _in_force(user: User) -> tuple[Appointment, ...]:
    """The person's appointments today. Names around them (of a body, of a place) may be a minute old."""
    today = clock.today()
    rights = tuple(_HELD(user=user.pk, day=today))
    if not rights:
        return ()

    def read() -> tuple[tuple[Appointment, ...], int]:
        rows = Appointment.objects.in_force(today).filter(user=user).with_posts()
        return tuple(rows.order_by("from_date", "pk")), _SIZE * len(rights)

    held = tuple(copy(row) for row in shelf.remember(("held", user.pk, rights), read))
    for row in held:
        row.user = user  # the same object as request.user, with what was loaded already
    return held


def _idle_too_long(session: SessionBase, held: tuple[Appointment, ...]) -> bool:
    """Note the use of a session, or say that it has slept too long.

    Who holds a staff post has the short span in every role, else the switch would lengthen it.
    """
    staff = any(Role(row.role).is_staff for row in held)
    span, step = (STAFF_IDLE, STAFF_STEP) if staff else (RESIDENT_IDLE, RESIDENT_STEP)
    now = int(clock.now().timestamp())
    seen = session.get(SEEN)
    if seen is not None and now - seen > span.total_seconds():
        return True
    if seen is None or abs(now - seen) > step.total_seconds():
        session[SEEN] = now
    return False


def switch(request: HttpRequest, actor: Actor, choice: str) -> Actor:
    """Act in another of one's own roles from now on. Raises Denied for somebody else's."""
    held = {str(row.pk): row for row in actor.appointments}
    if actor.user is None or choice not in {RESIDENT, *held}:
        raise Denied(_("You do not hold this post, or no longer."))
    row = held.get(choice)
    new = under(row, actor.appointments) if row else as_resident(actor.user, actor.appointments)
    with transaction.atomic():
        record(
            "role.switched",
            on=actor.user,
            by=actor,
            place=new.place_path,
            org=str(new.organisation.pk) if new.organisation else "",
            facts={"from": str(actor.role), "to": str(new.role), "appointment": choice},
        )
    request.session[CHOSEN] = choice
    return new
