"""Who brings something, from whose telephone, and in which of their posts it was written."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from linli.field.models import Device
from linli.field.notes import Note
from linli.lib import clock
from linli.people.actors import Actor, as_resident, under
from linli.people.models import Appointment, User
from linli.people.policies import Denied
from linli.people.roles import Role

RESIDENT = "resident"


class Locked(Denied):
    """The session must show its passkey or code again before this post acts (401)."""


class RightsEnded(Denied):
    """The post in which it was written is over (403)."""


@dataclass(frozen=True)
class Sender:
    """The session that brings a record, and the telephone that froze it.

    They may belong to two people: a desk imports what a broken telephone could not send.
    """

    actor: Actor
    device: Device | None = None
    unlocked: bool = True  # the second factor was shown, or none is asked

    @property
    def person(self) -> User:
        """Whose words they are: the telephone's owner's, else the sender's."""
        person = self.device.user if self.device else self.actor.user
        if person is None:
            raise Locked(_("Please sign in first."))
        return person

    def writer(self, note: Note) -> Actor:
        """The person in the post in which they wrote it. Raises Locked and RightsEnded."""
        person = self.person
        held = self._held(person)
        if note.acting in ("", RESIDENT):
            return as_resident(person, held)
        row = next((row for row in held if str(row.pk) == note.acting), None)
        if row is None:
            raise RightsEnded(_("The post in which this was written has ended. Ask your unit."))
        if Role(row.role).is_staff and not self.unlocked:
            raise Locked(_("Please sign in again with your passkey or the code of your app."))
        return under(row, held)

    def _held(self, person: User) -> tuple[Appointment, ...]:
        if self.actor.user == person:
            return self.actor.appointments
        return held_by(person, clock.today())


def held_by(person: User, day: date) -> tuple[Appointment, ...]:
    """The appointments of a person in force on that day."""
    rows = Appointment.objects.in_force(day).filter(user=person).with_posts()
    return tuple(rows.order_by("from_date", "pk"))
