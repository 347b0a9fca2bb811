"""Who may do what to a motion. The button on the page asks the same rule as the action."""

from contextlib import suppress
from uuid import UUID

from django.utils.translation import gettext as _

from linli import playbook
from linli.deliberation.models import Motion, Objection, Roll, RollEntry, Slip, State
from linli.lib import text
from linli.people.actors import Actor
from linli.people.models import Organisation
from linli.people.policies import Denied, NeedsSecond, allowed

LONGEST_REASON = 400


def in_scope(actor: Actor, organisation: Organisation, path: str) -> bool:
    """Whether it is of the actor's own body, or at a place their office serves."""
    own = actor.organisation
    if own is None:
        return False
    if own.pk == organisation.pk:
        return True
    office = playbook.current().county.organisation(own.kind).territorial
    return office and bool(actor.place_path) and path.startswith(actor.place_path)


def _assigned(actor: Actor, organisation: Organisation) -> bool:
    """Whoever holds a post in the body that carries it, in the role they use now."""
    return actor.organisation is not None and actor.organisation.pk == organisation.pk


def check_carries(actor: Actor, motion: Motion) -> None:
    """Raise Denied unless this person carries the motion through its stages."""
    actor.check(
        "matter.carry",
        assigned=_assigned(actor, motion.organisation),
        in_scope=in_scope(actor, motion.organisation, motion.place_path),
    )


def carries(actor: Actor, motion: Motion) -> bool:
    """Whether `check_carries` would pass."""
    return allowed(check_carries, actor, motion)


def check_keeps_log(actor: Actor, organisation: Organisation, path: str) -> None:
    """Who writes down and sorts what people bring to this body."""
    actor.check(
        "concern.keep",
        assigned=_assigned(actor, organisation),
        in_scope=in_scope(actor, organisation, path),
    )


def check_sets(actor: Actor, motion: Motion) -> None:
    """Who settles the terms before anything opens; afterwards nobody does."""
    scope = in_scope(actor, motion.organisation, motion.place_path)
    assigned = _assigned(actor, motion.organisation)
    if actor.role.is_staff and assigned and not scope:
        scope = True
    actor.check("matter.configure_before_open", in_scope=scope, assigned=assigned)


def check_manages(actor: Actor, organisation: Organisation) -> None:
    """One of the two who change a roll; the other comes besides."""
    with suppress(NeedsSecond):
        actor.check("roll.manage")
    if not in_scope(actor, organisation, organisation.place.path):
        raise Denied(_("In your present role you cannot do this."))


def manages(actor: Actor, organisation: Organisation) -> bool:
    """Whether `check_manages` would pass."""
    return allowed(check_manages, actor, organisation)


def check_reads_roll(actor: Actor, organisation: Organisation, reason: str) -> None:
    """Names of a roll are opened with a typed reason, and everybody on it can see that."""
    actor.check(
        "roll.list", in_scope=in_scope(actor, organisation, organisation.place.path), reason=reason
    )


def check_can_object(actor: Actor, motion: Motion) -> None:
    """A resident's own objection while something is published."""
    actor.check("objection.file", own=True)
    step = motion.step
    rule = step.rule.objections if step else None
    if step is None or rule is None or not step.notices.exists():
        raise Denied(_("Nothing is published at the moment that could be objected to."))
    if rule.by == "roll" and not on_roll(actor, motion):
        raise Denied(_("Only people on the roll can object here."))


def check_can_take_back(actor: Actor, objection: Objection) -> None:
    """Only whoever objected takes it back."""
    actor.check("objection.file", own=True)
    if actor.user is None or objection.user_id != actor.user.pk:
        raise Denied(_("This objection is somebody else's."))


def check_can_support(actor: Actor, motion: Motion) -> None:
    """A resident stands behind a proposal that waits to be taken up."""
    actor.check("matter.propose")
    if actor.user is None or motion.state != State.PROPOSED:
        raise Denied(_("This proposal does not wait for support any more."))
    if motion.proposer_id == actor.user.pk:
        raise Denied(_("It is your own proposal."))


def on_roll(actor: Actor, motion: Motion) -> list[str]:
    """On which rolls of this procedure the person is now; the words are the bases."""
    if actor.user is None:
        return []
    rows = RollEntry.objects.current().filter(
        user=actor.user, roll__organisation=motion.organisation_id, roll__base__in=motion.rule.bases
    )
    return sorted(rows.values_list("roll__base", flat=True))


def slip_of(actor: Actor, sitting_id: int) -> Slip | None:
    """The person's own line on a frozen roll."""
    if actor.user is None:
        return None
    return Slip.objects.filter(sitting=sitting_id, user=actor.user).first()


def check_two(first: str, by: Actor) -> None:
    """The second of two is never the first."""
    if first == by.id:
        raise NeedsSecond(_("The second person must be somebody else."))


def own_rolls(user_id: UUID) -> list[RollEntry]:
    """Every roll that a person is on, for their own file."""
    rows = RollEntry.objects.current().filter(user=user_id)
    return list(rows.select_related("roll__organisation").order_by("roll_id"))


def roll_of(organisation: Organisation, base: str) -> Roll | None:
    """The roll of a body of this organisation, if it has one."""
    return Roll.objects.filter(organisation=organisation, base=base).first()


def check_public_words(words: str, what: str, *, most: int = LONGEST_REASON) -> str:
    """Words that everybody will read, without space around; Denied if empty, long or personal."""
    clean = words.strip()
    if not clean:
        raise Denied(_("Please write %(what)s.") % {"what": what})
    if len(clean) > most:
        raise Denied(_("That is %(n)s characters; %(most)s fit.") % {"n": len(clean), "most": most})
    hits = [hit for hit in text.find_personal(clean) if hit.kind != "landline"]
    if hits:
        found = "、".join(sorted({hit.text for hit in hits}))
        raise Denied(
            _("Everybody will read this, and it holds something personal: %(found)s.")
            % {"found": found}
        )
    return clean
