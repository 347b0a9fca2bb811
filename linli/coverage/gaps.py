"""The gaps of a desk: how many, the list, and whether this person may open one."""

from django.db.models import Q

from linli.cases.desk import is_office
from linli.coverage.models import Gap, GapQuerySet
from linli.people.actors import Actor
from linli.people.roles import Role
from linli.places.models import path_range

PAGE = 60


def of(actor: Actor) -> GapQuerySet:
    """The open gaps that are this unit's task; an office also sees what is open below it."""
    unit = actor.organisation
    if unit is None or actor.role not in {Role.MGR, Role.CTY}:
        return Gap.objects.none()
    mine = Q(owner=unit)
    if actor.place_path and is_office(unit):
        mine |= path_range(actor.place_path, "place_path")
    return Gap.objects.open().filter(mine)


def count(actor: Actor) -> int:
    """The number on the desk; at most one statement."""
    return of(actor).count()


def may_close(actor: Actor, gap: Gap) -> bool:
    """Whether the gap is in this person's area, so that they can invite somebody."""
    near = bool(actor.place_path) and gap.place_path.startswith(actor.place_path)
    mine = actor.organisation is not None and actor.organisation.pk == gap.owner_id
    return actor.may("post.fill", in_scope=near or mine)
