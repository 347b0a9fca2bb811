"""Who may do what to an occurrence. The button on the page asks the same rule as the action."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from linli import playbook
from linli.activities.models import Occurrence, Seat, Series
from linli.activities.models.people import SEATED
from linli.lib import clock, text
from linli.people.actors import Actor
from linli.people.models import Organisation
from linli.people.policies import Denied
from linli.places.models import Place
from linli.playbook.schema import ActivityKind
from linli.web.language import lang

LONGEST_REASON = 200


@dataclass(frozen=True)
class Tie:
    """How a person in their present role stands to an occurrence."""

    assigned: bool = False
    in_scope: bool = False


def in_scope(actor: Actor, organisation: Organisation, path: str) -> bool:
    """Whether it is of the actor's own body, or at a place their office serves."""
    own = actor.organisation
    if own is None:
        return False
    if own.pk == organisation.pk:
        return True
    office = playbook.current().county.organisation(own.kind).territorial
    return office and bool(actor.place_path) and path.startswith(actor.place_path)


def tie(actor: Actor, occurrence: Occurrence) -> Tie:
    """The tie that the permission table's letters A and S ask about."""
    if actor.user is None:
        return Tie()
    named = occurrence.organiser_id == actor.user.pk or _leads(actor, occurrence)
    return Tie(named, in_scope(actor, occurrence.organisation, occurrence.place_path))


def _leads(actor: Actor, occurrence: Occurrence) -> bool:
    rule = playbook.current().activities.get(occurrence.kind)
    roles = [role.id for role in rule.roles if role.leads] if rule else []
    if not roles:
        return False
    mine = occurrence.sign_ups.filter(user=actor.user, state__in=SEATED, seat__role__in=roles)
    return mine.exists()


def check(action: str, actor: Actor, occurrence: Occurrence, *, reason: str = "") -> None:
    """Raise Denied unless the permission table opens `action` on this occurrence."""
    stand = tie(actor, occurrence)
    actor.check(
        action,
        assigned=_assigned(action, actor, occurrence, stand),
        in_scope=stand.in_scope,
        reason=reason,
    )


def may(action: str, actor: Actor, occurrence: Occurrence) -> bool:
    """Whether `check` would pass."""
    stand = tie(actor, occurrence)
    named = _assigned(action, actor, occurrence, stand)
    return actor.may(action, assigned=named, in_scope=stand.in_scope)


def _assigned(action: str, actor: Actor, occurrence: Occurrence, stand: Tie) -> bool:
    """Planning belongs to the named organiser; who leads on the day keeps the list and the note."""
    if action == "activity.create":
        return actor.user is not None and occurrence.organiser_id == actor.user.pk
    return stand.assigned


def check_can_plan(
    rule: ActivityKind, organisation: Organisation, place: Place, by: Actor,
    series: Series | None = None,
) -> None:  # fmt: skip
    """Whether this person may plan it there for that body, and the body may hold it."""
    if organisation.kind not in rule.host:
        raise Denied(
            _("%(unit)s is no body that holds “%(what)s”.")
            % {"unit": organisation.name_for(lang()), "what": rule.name.text(lang())}
        )
    named = series is not None and by.user is not None and series.organiser_id == by.user.pk
    by.check(
        "activity.create", assigned=named, in_scope=in_scope(by, organisation, place.path)
    )  # fmt: skip


def check_is_open(occurrence: Occurrence) -> None:
    """The same sentence for every verb that comes too late."""
    if not occurrence.is_open:
        raise Denied(
            _("That cannot be done now: this is “%(state)s”.")
            % {"state": occurrence.get_state_display()}
        )


def can_see(actor: Actor, occurrence: Occurrence) -> bool:
    """Public ones are seen by all; others by the host, who is named, and whoever is signed up."""
    if occurrence.is_public or actor.is_system:
        return True
    if actor.user is None:
        return False
    stand = tie(actor, occurrence)
    return (
        stand.assigned
        or stand.in_scope
        or any(fits(actor, role.by, occurrence) for role in occurrence.rule.roles)
        or occurrence.sign_ups.filter(user=actor.user).exists()
    )


def check_can_sign_up(seat: Seat, actor: Actor) -> None:
    """Whether this person may take that role now."""
    occurrence = seat.occurrence
    check_is_open(occurrence)
    actor.check("activity.sign_up", own=True)
    if occurrence.starts_at <= clock.now():
        raise Denied(_("It has begun; ask the organiser at the door."))
    if not fits(actor, seat.rule.by, occurrence):
        post = playbook.current().posts[seat.rule.by]
        raise Denied(
            _("Only the people appointed as “%(post)s” here can do this.")
            % {"post": post.name.text(lang())}
        )


def fits(actor: Actor, by: str, occurrence: Occurrence) -> bool:
    """Whether a role of this kind ("anyone", "volunteer" or a post) is for this person here."""
    if actor.user is None:
        return False
    if by in ("anyone", "volunteer"):
        return occurrence.is_public or by == "volunteer"
    return any(
        row.post.kind == by and _near(row.post.organisation_id, row.post.on_place.path, occurrence)
        for row in actor.appointments
    )


def fits_body(actor: Actor, by: str, organisation: Organisation, place: Place) -> bool:
    """Whether the person holds that post in this body, for this place."""
    return any(
        row.post.kind == by
        and row.post.organisation_id == organisation.pk
        and place.path.startswith(row.post.on_place.path)
        for row in actor.appointments
    )


def _near(organisation: int, path: str, occurrence: Occurrence) -> bool:
    here = occurrence.place_path
    return organisation == occurrence.organisation_id or here.startswith(path)


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
