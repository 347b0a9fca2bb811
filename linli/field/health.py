"""How the telephones are: what waits on them for how long, what the office has to look at (O30)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from linli.field.models import Device, Item, Rival
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import Appointment, User
from linli.people.roles import Role
from linli.places.models import path_range

INCOMPLETE: Final = timedelta(hours=24)
MOST: Final = 50


@dataclass(frozen=True)
class Health:
    """The numbers of the page, within what the reader may see."""

    devices: list[Device]
    tasks: int
    conflicts: int
    incomplete: int
    replays: int


def people_of(actor: Actor) -> QuerySet[User]:
    """Whose telephones this person looks after: those of their own unit and area; all for a county."""
    if actor.is_system or actor.role in (Role.CTY, Role.ADM):
        return User.objects.all()
    if actor.organisation is None:
        return User.objects.none()
    body = Q(post__organisation=actor.organisation)
    if actor.place_path:
        body |= path_range(actor.place_path, "post__organisation__place__path")
    held = Appointment.objects.in_force(clock.today()).filter(body)
    return User.objects.filter(pk__in=held.values("user"))


def items_of(actor: Actor) -> QuerySet[Item]:
    return Item.objects.filter(person__in=people_of(actor))


def rivals_of(actor: Actor) -> QuerySet[Rival]:
    return Rival.objects.filter(person__in=people_of(actor))


def devices_of(actor: Actor) -> QuerySet[Device]:
    return Device.objects.filter(user__in=people_of(actor))


def of(actor: Actor) -> Health:
    """Counts and ages; nobody's words."""
    now = clock.now()
    items = items_of(actor)
    waiting = devices_of(actor).filter(revoked_at=None).select_related("user")
    return Health(
        devices=list(waiting.order_by("-unsent", "oldest_unsent_at")[:MOST]),
        tasks=open_items(actor).count() + open_rivals(actor).count(),
        conflicts=rivals_of(actor).filter(decision="").count(),
        incomplete=items.filter(
            state=Item.State.RECEIVED, received_at__lt=now - INCOMPLETE
        ).count(),
        replays=items.filter(replayed_at__gte=_midnight()).count(),
    )


def open_items(actor: Actor) -> QuerySet[Item]:
    """Records that nobody has understood yet, and pictures that could not be filed."""
    states = [Item.State.STAFF_TASK, Item.State.COMPLETE]
    return items_of(actor).filter(state__in=states).order_by("received_at")


def open_rivals(actor: Actor) -> QuerySet[Rival]:
    """What writers asked the office to put right."""
    return rivals_of(actor).filter(closed_at=None).exclude(decision="").order_by("decided_at")


def incomplete(actor: Actor) -> QuerySet[Item]:
    """Records whose pictures have been missing for more than a day: they are chased."""
    before = clock.now() - INCOMPLETE
    rows = items_of(actor).filter(state=Item.State.RECEIVED, received_at__lt=before)
    return rows.select_related("person").order_by("received_at")


def _midnight() -> datetime:
    local = clock.now().astimezone(clock.LOCAL)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)
