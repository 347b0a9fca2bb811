"""Which bodies a person may plan for: their own, and those of the ground that their office serves."""

from linli import playbook
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import Organisation
from linli.people.models.organisation import OrganisationQuerySet
from linli.playbook.schema import ActivityKind


def ground(actor: Actor) -> OrganisationQuerySet:
    """The bodies of today on the ground that the actor's office serves; none for other bodies."""
    own = actor.organisation
    rows: OrganisationQuerySet = Organisation.objects.in_force(clock.today())
    if own is None or not actor.place_path:
        return rows.none()
    if not playbook.current().county.organisation(own.kind).territorial:
        return rows.none()
    return rows.filter(place__path__startswith=actor.place_path)


def below(actor: Actor, rule: ActivityKind) -> OrganisationQuerySet:
    """Those of them that hold such activities, in the order of places."""
    return ground(actor).of_kind(*rule.host).order_by("place__path", "name")


def kinds(actor: Actor) -> list[ActivityKind]:
    """The activities that a person can plan for one of these bodies, or for their own."""
    there = set(ground(actor).values_list("kind", flat=True).distinct())
    if actor.organisation is not None:
        there.add(actor.organisation.kind)
    book = playbook.current()
    return [kind for kind in book.activities.values() if there.intersection(kind.host)]


def named(actor: Actor, rule: ActivityKind, number: str) -> Organisation | None:
    """The body with this key, or without one the actor's own; None if they may not plan for it."""
    own = actor.organisation
    if own is not None and number in ("", str(own.pk)):
        return own if own.kind in rule.host else None
    if not number.isdecimal():
        return None
    return below(actor, rule).filter(pk=number).select_related("place").first()
