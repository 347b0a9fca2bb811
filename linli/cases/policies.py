"""Who may do what to this case. The button on the page asks the same rule as the action."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli import playbook
from linli.cases.models import OPEN, Asker, Case, State
from linli.cases.models.case import WORKING
from linli.cases.steps import waits_for
from linli.people.actors import Actor
from linli.people.policies import Denied
from linli.people.roles import Role
from linli.playbook.schema import CaseKind


@dataclass(frozen=True)
class Tie:
    """How a person in their present role stands to a case."""

    own: bool = False
    assigned: bool = False
    in_scope: bool = False
    conflict: bool = False
    verifies: bool = False  # holds the post of those who go and see, and this case waits for them

    def assigned_for(self, action: str) -> bool:
        """Whether the table's A opens this action: by name, or for going and seeing alone."""
        return self.assigned or (self.verifies and action in TO_VERIFY)


VERIFIER = "verifier"  # the post, and how the playbook calls who does such a step
# What it takes to go and see: reading what it is about, and saying what was found.
TO_VERIFY = frozenset(
    {"case.view_progress", "case.view_text", "case.view_photo", "case.step"}
)  # fmt: skip


def tie(actor: Actor, case: Case, asker: Asker | None = None) -> Tie:
    """The tie that the permission table's letters (O, A, S, conflict) ask about."""
    own = asker is not None and asker.case_id == case.pk
    organisation = actor.organisation
    if organisation is None:
        return Tie(own=own)
    appointment = actor.appointment
    assigned = (actor.user is not None and case.handler_id == actor.user.pk) or (
        appointment is not None and case.owner_post_id == appointment.post_id
    )
    if case.is_sealed:
        readers = case.rule.sealed_readers
        named = appointment is not None and appointment.post.kind in readers
        return Tie(
            own=own,
            assigned=named and case.owner_id == organisation.pk,
            in_scope=named and case.owner_id == organisation.pk,
            conflict=_conflict(case, organisation.pk),
        )
    unit = organisation.pk in {case.owner_id, case.first_owner_id, case.sender_id}
    office = playbook.current().county.organisation(organisation.kind).territorial
    inside = office and bool(actor.place_path) and case.place_path.startswith(actor.place_path)
    in_scope = unit or inside
    post = appointment.post.kind if appointment is not None else ""
    verifies = post == VERIFIER and in_scope and waits_for(case, VERIFIER)
    return Tie(own, assigned, in_scope, _conflict(case, organisation.pk), verifies)


def _conflict(case: Case, organisation: int) -> bool:
    return case.about_id is not None and case.about_id == organisation


def may(action: str, actor: Actor, case: Case, asker: Asker | None = None) -> bool:
    """Whether the permission table opens `action` on this case to this person."""
    stand = tie(actor, case, asker)
    return actor.may(
        action,
        own=stand.own,
        assigned=stand.assigned_for(action),
        in_scope=stand.in_scope,
        conflict=stand.conflict,
    )


def check_can_open(rule: CaseKind, actor: Actor) -> None:
    """Whether this person may bring in a case of this kind."""
    if "anyone" in rule.opens_by:
        return
    if actor.user is None:
        raise Denied(_("Please sign in first: this kind of matter needs to know who asks."))
    if "resident" in rule.opens_by:
        return
    post = actor.appointment.post.kind if actor.appointment else ""
    staff = actor.role in {Role.GRID, Role.MGR, Role.CTY} and "staff" in rule.opens_by
    if not staff and post not in rule.opens_by and actor.role not in rule.opens_by:
        raise Denied(_("Only the people named for this kind of matter can bring it in."))


def check_can_handle(case: Case, actor: Actor, action: str = "case.transition") -> None:
    """Whether this person may act on the case for its owner."""
    if not may(action, actor, case):
        raise Denied(_("Only the unit that has this matter can do that."))


def check_is_owner(case: Case, actor: Actor) -> None:
    """Accepting, answering and refusing belong to the unit that has it, not to those above it."""
    check_can_handle(case, actor)
    if actor.organisation is None or actor.organisation.pk != case.owner_id:
        raise Denied(_("This matter is with %(unit)s now.") % {"unit": case.owner.name})


def check_state(case: Case, *states: str) -> None:
    """The same sentence for every verb that comes too late."""
    if case.state not in states:
        raise Denied(
            _("That cannot be done now: this matter is “%(state)s”.")
            % {"state": State(case.state).label}
        )


def check_can_accept(case: Case, actor: Actor) -> None:
    check_state(case, State.ROUTED)
    check_is_owner(case, actor)


def check_can_answer(case: Case, actor: Actor) -> None:
    check_state(case, *WORKING)
    check_is_owner(case, actor)
    check_can_handle(case, actor, "case.publish_answer")


def check_can_refuse(case: Case, actor: Actor) -> None:
    check_state(case, *WORKING)
    check_is_owner(case, actor)
    if case.backstopped:
        raise Denied(
            _("Two units have already said no. This unit is the last: it must deal with it.")
        )


def check_can_transfer(case: Case, actor: Actor) -> None:
    """The unit that has it, the one before, and the office of a place above it, may send it on.

    So the table's Y for the county coordinator reaches as far as the county, and a sealed matter
    is moved by its readers alone.
    """
    check_state(case, *WORKING)
    check_can_handle(case, actor, "case.reassign")
    if not actor.is_system and not tie(actor, case).in_scope:
        raise Denied(_("Only the unit that has this matter can do that."))


def check_can_extend(case: Case, actor: Actor) -> None:
    check_state(case, *WORKING)
    check_is_owner(case, actor)
    rule = case.rule
    if case.extensions >= rule.max_extensions:
        raise Denied(_("The time for this kind of matter can be extended %(n)s times, no more.")
                     % {"n": rule.max_extensions})  # fmt: skip
    if case.is_late:
        raise Denied(_("The time is over. It can only be extended before it runs out."))


def check_can_decline(case: Case, actor: Actor) -> None:
    """Declining ends the matter for everybody, so it takes the right to answer."""
    check_can_answer(case, actor)


def check_can_merge(case: Case, actor: Actor) -> None:
    check_state(case, *WORKING)
    check_can_handle(case, actor, "case.merge")


def check_can_note(case: Case, actor: Actor) -> None:
    check_can_handle(case, actor, "case.write_note")


def check_can_publish(case: Case, actor: Actor) -> None:
    if case.visibility != "public" and not (case.is_sealed and case.rule.public_text == "topic"):
        raise Denied(_("The asker did not agree that everybody may read this."))
    if case.state == State.MERGED:
        raise Denied(_("This matter was joined to another one; publish that one."))
    check_can_handle(case, actor, "case.publish_answer")


def check_can_withdraw(case: Case, asker: Asker) -> None:
    if asker.case_id != case.pk or case.state not in OPEN:
        raise Denied(_("Only an open matter of your own can be withdrawn."))


def check_can_join(case: Case) -> None:
    """Neighbours may join what lies open to everybody: a lamp, a road; never a wish or a dispute."""
    check_state(case, *WORKING)
    if case.visibility != "public" or case.rule.alias or case.rule.steps:
        raise Denied(_("This kind of matter is for one person each; please send your own."))
