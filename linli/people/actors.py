"""Who acts: one person in one role, as every action and policy sees them."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.people.models import Appointment, Organisation, User
from linli.people.policies import Denied, NeedsReason, NeedsSecond, allowed
from linli.people.roles import LABELS, Code, Role, grant
from linli.web.language import lang

PUBLIC, STANDARD, FULL, TOTALS, NOTHING = "public", "standard", "full", "totals", "nothing"
_LEVELS = {
    Code.NO: NOTHING,
    Code.PUBLIC: PUBLIC,
    Code.SCOPE: STANDARD,
    Code.TOTALS: TOTALS,
}


@dataclass(frozen=True, slots=True)
class Reader:
    """All that the frame around a page shows of who reads it: equal readers get equal frames."""

    signed_in: bool
    staff: bool
    acting: str  # the post in use, in the reader's language
    posts: bool  # whether there is another role to change to


@dataclass(frozen=True)
class Actor:
    """A person in the one role that they use now. It is made anew for each request."""

    id: str
    role: Role = Role.ANON
    user: User | None = None
    appointment: Appointment | None = None
    organisation: Organisation | None = None
    place_path: str = ""
    # Every appointment in force, the one in use among them: what /acting/ offers.
    appointments: tuple[Appointment, ...] = ()
    # The staff post that opens once this session has shown a passkey or an authenticator code.
    waiting: Appointment | None = None

    def __str__(self) -> str:
        return self.id

    @property
    def is_staff(self) -> bool:
        """Whether the role in use is a grid worker's or above."""
        return self.role.is_staff

    @property
    def is_system(self) -> bool:
        return self.id == SYSTEM_ID

    @property
    def label(self) -> str:
        """Office and post, as a resident is shown who did something; never a private name."""
        if self.appointment:
            return self.appointment.post.title(lang())
        return str(LABELS[self.role])

    @property
    def reader(self) -> Reader:
        """What a page's frame may depend on; nothing else of a person may stand in one."""
        many = len(self.appointments) > 1 or self.waiting is not None
        return Reader(
            self.user is not None, self.is_staff, self.label if self.is_staff else "", many
        )

    def check(
        self,
        action: str,
        *,
        own: bool = False,
        assigned: bool = False,
        in_scope: bool = False,
        conflict: bool = False,
        reason: str = "",
    ) -> None:
        """Raise Denied unless the permission table opens `action` to this person here and now.

        NeedsReason: a typed `reason` would open it; NeedsSecond: a second person would.
        KeyError: the action is not in the table.
        """
        code = grant(action, self.role)
        if self.is_system:
            return
        scope = in_scope or assigned
        if conflict:  # beats everything but the auditor's need to know (reading rule 4)
            if not (self.role is Role.AUD and code is Code.NEED and scope):
                raise Denied(_("This is about your own unit, so others deal with it."))
        elif own and self._own_things(action, code):
            return
        if code is Code.TWO:
            raise NeedsSecond(_("This needs a second person: one alone cannot do it."))
        if code is Code.NEED and scope:
            if reason.strip():
                return
            raise NeedsReason(_("Write down why you need this; the person concerned will see it."))
        if not _opens(code, assigned=assigned, scope=scope):
            raise Denied(_("In your present role you cannot do this."))

    def may(
        self,
        action: str,
        *,
        own: bool = False,
        assigned: bool = False,
        in_scope: bool = False,
        conflict: bool = False,
        reason: str = "",
    ) -> bool:
        """Whether `check` would pass. Without a `reason`, what needs one counts as no."""
        return allowed(
            self.check,
            action,
            own=own,
            assigned=assigned,
            in_scope=in_scope,
            conflict=conflict,
            reason=reason,
        )

    def _own_things(self, action: str, code: Code) -> bool:
        """Whether it opens as one's own: in this role, or because any resident has it (rule 3)."""
        if self.user is not None:
            return Code.OWN in (code, grant(action, Role.RES))
        return code is Code.OWN

    def enters(self, action: str) -> bool:
        """Whether the door of a page opens, before any record is known.

        What lies behind the door asks `check` again with the record in hand.
        """
        code = grant(action, self.role)
        return self.is_system or code is not Code.NO or self._own_things(action, code)

    def level(self, action: str) -> str:
        """How much the role shows: "public", "standard", "full", "totals" or "nothing"."""
        return _LEVELS.get(grant(action, self.role), FULL)

    def needs_reason(self, action: str) -> bool:
        """Whether a typed reason must come first, so that the page shows where to write it."""
        return grant(action, self.role) is Code.NEED


def _opens(code: Code, *, assigned: bool, scope: bool) -> bool:
    """The letters that open by themselves, or by standing near enough."""
    if code in (Code.YES, Code.PUBLIC, Code.TOTALS):
        return True
    if code is Code.ASSIGNED:
        return assigned
    return code in (Code.SCOPE, Code.FULL) and scope


SYSTEM_ID = "system"
ANONYMOUS = Actor("anonymous")
SYSTEM = Actor(SYSTEM_ID)


def as_resident(user: User, appointments: tuple[Appointment, ...] = ()) -> Actor:
    """The person as themselves, whatever posts they hold."""
    return Actor(str(user.pk), Role.RES, user, appointments=appointments)


def under(appointment: Appointment, appointments: tuple[Appointment, ...] = ()) -> Actor:
    """The holder of a post, in that post. No query after `Appointment.objects.with_posts()`."""
    post = appointment.post
    return Actor(
        str(appointment.user_id),
        Role(appointment.role),
        appointment.user,
        appointment,
        post.organisation,
        post.on_place.path,
        appointments or (appointment,),
    )


def actor_of(request: HttpRequest) -> Actor:
    """The actor of this request, as the middleware found them."""
    return cast(Actor, getattr(request, "actor", ANONYMOUS))
