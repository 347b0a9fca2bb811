"""Where a case goes: place × category × kind gives the organisation and the post (design §5).

The lowest body that owns the duty gets it; a body never gets a case about itself; above every body
there is a backstop, so no case is ever without an owner.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.core.exceptions import ImproperlyConfigured

from linli import playbook
from linli.cases.models import Case
from linli.lib import clock
from linli.people.models import Organisation, Post
from linli.places.models import Closure, Place
from linli.playbook import routing as rules
from linli.playbook.base import LEVEL_OF_PLACE
from linli.playbook.schema import CaseKind, Duty
from linli.web.prepared import Prepared, PreparedObjects


@dataclass(frozen=True)
class Route:
    """Who gets it, in which post, and the rule of the playbook that said so."""

    organisation: Organisation
    post: Post | None
    rule: str


@dataclass(frozen=True)
class _Ground:
    """The organisations and posts that stand on a place or anywhere above it, today."""

    organisations: list[Organisation]
    levels: dict[int, str]  # place id -> kind of place

    def at(self, kind: str, level: str) -> Organisation | None:
        for organisation in self.organisations:
            if organisation.kind == kind and self.level_of(organisation) == level:
                return organisation
        return None

    def level_of(self, organisation: Organisation) -> str:
        level = self.levels.get(organisation.place_id, "")
        return LEVEL_OF_PLACE.get(level, level)


# Routing happens in every `tell`: its questions are prepared.
_ABOVE: Final = Prepared(
    lambda place: Closure.objects.filter(descendant=place).values_list(
        "ancestor_id", "ancestor__kind", "depth"
    ),
    place=int,
)
_BODIES: Final = PreparedObjects(
    Organisation,
    lambda place, day: Organisation.objects.in_force(day).filter(place__below__descendant=place),
    place=int,
    day=date,
)
_POSTS: Final = PreparedObjects(
    Post,
    lambda body, kind, day: Post.objects.in_force(day).filter(organisation=body, kind=kind),
    body=int,
    kind=str,
    day=date,
)


def _ground(place: Place, on: date) -> _Ground:
    above = _ABOVE(place=place.pk)
    depth = {pk: depth for pk, _kind, depth in above}
    found = _BODIES.all(place=place.pk, day=on)
    nearest = sorted(found, key=lambda o: (depth[o.place_id], o.pk))
    return _Ground(nearest, {pk: kind for pk, kind, _depth in above})


def route(
    rule: CaseKind,
    category: str,
    place: Place,
    *,
    avoid: Iterable[Organisation] = (),
) -> Route:
    """The first body of the playbook's list that exists at this place and is not in `avoid`."""
    rows = rules.candidates(rule, category, playbook.current().county)
    return _first(rows, place, {organisation.pk for organisation in avoid}, rule)


def backstop(
    rule: CaseKind, owner: Organisation, place: Place, *, avoid: Iterable[Organisation] = ()
) -> Route:
    """The office of the level above `owner`: it takes what two units have refused.

    At the top it is the county desk itself, which cannot refuse.
    """
    level = LEVEL_OF_PLACE.get(owner.place.kind, "county")
    rows = rules.backstop(rule, level, playbook.current().county)
    return _first(rows, place, {owner.pk, *(organisation.pk for organisation in avoid)}, rule)


def above(case: Case) -> Organisation | None:
    """The office that watches over the unit that has this case; None for the highest of all.

    Of a sealed case it is the next body whose post may read it. Never the unit it is about.
    """
    level = LEVEL_OF_PLACE.get(case.owner.place.kind, "county")
    rows = rules.backstop(case.rule, level, playbook.current().county)
    shut = {pk for pk in (case.owner_id, case.about_id) if pk}
    found = _named(rows, case.place, shut, _ground(case.place, clock.today()))
    return found.organisation if found else None


def _first(rows: Iterable[Duty], place: Place, shut: set[int], rule: CaseKind) -> Route:
    ground = _ground(place, clock.today())
    return _named(rows, place, shut, ground) or _last_resort(ground, shut)


def _named(rows: Iterable[Duty], place: Place, shut: set[int], ground: _Ground) -> Route | None:
    """The first of the rows that stands on this place today."""
    on = clock.today()
    for duty in rows:
        if duty.body is None:
            post = _post_at(duty.post, place, on)
            if post and post.organisation_id not in shut:
                return Route(post.organisation, post, f"{duty.post}@{duty.at}")
            continue
        organisation = ground.at(duty.body, duty.at)
        if organisation and organisation.pk not in shut:
            return Route(
                organisation, _post_of(organisation, duty.post, on), f"{duty.body}@{duty.at}"
            )
    return None


def _last_resort(ground: _Ground, shut: set[int]) -> Route:
    """The county desk, which answers for everything that nobody else does."""
    desks = [o for o in ground.organisations if o.kind == playbook.current().county.desk.body]
    if not desks:
        raise ImproperlyConfigured("No county desk: `linli people` must create one first.")
    free = [o for o in desks if o.pk not in shut]
    if free:
        return Route(free[0], None, "county desk")
    # A complaint about the desk itself: the government above it, or any other office of the county.
    others = [o for o in ground.organisations if o.pk not in shut]
    if not others:
        raise ImproperlyConfigured("A complaint about the county desk has nowhere to go.")
    return Route(others[-1], None, "not the unit complained about")


def _post_at(kind: str | None, place: Place, on: date) -> Post | None:
    posts = Post.objects.in_force(on).filter(kind=kind, place=place).select_related("organisation")
    return next((post for post in posts if post.holders(on).exists()), None)


def _post_of(organisation: Organisation, kind: str, on: date) -> Post | None:
    found = _POSTS.all(body=organisation.pk, kind=kind, day=on)
    return min(found, key=lambda post: post.pk, default=None)
