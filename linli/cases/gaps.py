"""Gaps: what the playbook says must be held by somebody, and is not."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, Exists, Max, OuterRef, Q, QuerySet, Subquery

from linli import playbook
from linli.cases.desk import is_office
from linli.lib import clock
from linli.people.actors import Actor
from linli.people.models import Appointment, Post
from linli.people.roles import Role
from linli.places.models import Place
from linli.playbook.base import LEVEL_OF_PLACE
from linli.web.language import lang

MOST = 60


@dataclass(frozen=True)
class Gap:
    """Somebody is missing: where, as what, and since when if there was somebody before."""

    post: str
    place: str
    code: str
    since: date | None


def count(actor: Actor) -> int:
    """How many gaps this person's unit has to fill; at most two statements."""
    return sum(rows.count() for rows in (_uncovered(actor), _vacant(actor)) if rows is not None)


def listed(actor: Actor) -> list[Gap]:
    """The first gaps, the longest empty first within each kind of post; two statements."""
    tongue = lang()
    posts = playbook.current().posts
    found = []
    for place in (_uncovered(actor) or Place.objects.none())[:MOST]:
        for name in _missing_on(place):
            since = getattr(place, f"since_{name.replace('-', '_')}")
            called = posts[name].name.text(tongue)
            found.append(Gap(called, place.name_for(tongue), place.code, since))
    for post in (_vacant(actor) or Post.objects.none())[:MOST]:
        name = posts[post.kind].name.text(tongue) if post.kind in posts else post.kind
        where = post.place or post.organisation
        found.append(Gap(name, where.name_for(tongue), "", getattr(post, "since")))  # noqa: B009
    return found


def _wanted() -> dict[str, str]:
    """Posts that may not stay empty, with the level of place each is held on."""
    kinds = playbook.current().posts.values()
    return {kind.id: kind.on for kind in kinds if kind.vacancy and kind.on in LEVEL_OF_PLACE}


def _holders(name: str) -> QuerySet[Appointment]:
    today = clock.today()
    return Appointment.objects.in_force(today).main().filter(
        post__kind=name, post__place=OuterRef("pk")
    )  # fmt: skip


def _uncovered(actor: Actor) -> Any:
    """Places below mine on which a wanted post has no holder; only the office of a place asks."""
    unit = actor.organisation
    if unit is None or actor.role == Role.GRID or not is_office(unit) or not actor.place_path:
        return None
    empty = Q(pk__in=[])
    extra: dict[str, Any] = {}
    for name, level in _wanted().items():
        kinds = [kind for kind, of in LEVEL_OF_PLACE.items() if of == level]
        key = name.replace("-", "_")
        extra[f"held_{key}"] = Exists(_holders(name))
        extra[f"since_{key}"] = _since(name)
        empty |= Q(kind__in=kinds, **{f"held_{key}": False})
    rows = Place.objects.current().within(actor.place_path).annotate(**extra)
    return rows.filter(empty).order_by("path")


def _since(name: str) -> Subquery:
    """When the last holder's time ended."""
    before = (
        Appointment.objects.filter(post__kind=name, post__place=OuterRef("pk"), is_deputy=False)
        .order_by()
        .values("post__kind")
        .annotate(last=Max("to_date"))
        .values("last")
    )
    return Subquery(before, output_field=DateField())


def _missing_on(place: Place) -> list[str]:
    level = LEVEL_OF_PLACE.get(place.kind)
    return [
        name for name, on in _wanted().items()
        if on == level and not getattr(place, f"held_{name.replace('-', '_')}")
    ]  # fmt: skip


def _vacant(actor: Actor) -> Any:
    """Posts of my own unit that nobody holds and that no place shows already."""
    unit = actor.organisation
    if unit is None or actor.role == Role.GRID:
        return None
    rows = Post.objects.vacant(clock.today()).filter(organisation=unit)
    if is_office(unit):
        rows = rows.exclude(kind__in=list(_wanted()), place__isnull=False)
    last = Max("appointments__to_date", filter=Q(appointments__is_deputy=False))
    return rows.select_related("organisation", "place").annotate(since=last).order_by("kind", "pk")
