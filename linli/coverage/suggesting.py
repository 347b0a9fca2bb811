"""Who could be asked to close a gap: people nearby who agreed to be asked, and nobody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli import playbook
from linli.coverage.models import Gap
from linli.lib import clock
from linli.people import actions
from linli.people.actors import Actor
from linli.people.models import Appointment, Invitation, Organisation, Post, User, Willing
from linli.people.policies import Denied
from linli.places.models import VILLAGES, Kind, Place, path_range
from linli.playbook.schema import PostKind
from linli.web.language import lang

MOST: Final = 8
LOOKED_AT: Final = 400
REST: Final = timedelta(days=90)  # after a no, the same office does not ask for the same post


@dataclass(frozen=True)
class Suggestion:
    """Somebody who may be asked: under the name they show to others, and roughly from where."""

    user: User
    name: str
    near: str
    posts: int  # of this kind that they hold already


def suggestions(gap: Gap, actor: Actor) -> list[Suggestion]:
    """People near the gap who agreed to be asked for such a post, from its village first."""
    kind = _kind(gap)
    if kind is None:
        return []
    line = [*gap.place.ancestors(), gap.place]
    found = _nearby(line, kind.id)
    held = _held(kind.id, [one.user_id for one in found])
    shut = _not_again(gap, kind)
    rows = [
        Suggestion(one.user, str(one.user.display_name or _("somebody without a shown name")),
                   one.place.name_for(lang()), held.get(one.user_id, 0))
        for one in found
        if held.get(one.user_id, 0) < kind.per_person and one.user_id not in shut
        and (actor.user is None or one.user_id != actor.user.pk)
    ]  # fmt: skip
    return rows[:MOST]


def asked(gap: Gap) -> list[Invitation]:
    """Who is being asked for this post now."""
    post = _post(gap)
    if post is None:
        return []
    states = (Invitation.State.ASKED, Invitation.State.AGREED)
    return list(post.invitations.filter(state__in=states).select_related("user"))


@transaction.atomic
def invite(gap: Gap, user_id: str, *, by: Actor) -> Invitation:
    """Ask one of the suggested people; the post is opened if the gap never had one.

    Raises Denied for anybody who is not among them.
    """
    chosen = [one.user for one in suggestions(gap, by) if str(one.user.pk) == user_id]
    if not chosen or gap.closed_at is not None:
        raise Denied(_("This person cannot be asked for it now."))
    post = _post(gap) or _opened(gap, by)
    return actions.invite(post, chosen[0], by=by)


def _kind(gap: Gap) -> PostKind | None:
    rule = gap.asks
    return playbook.current().posts.get(rule.has.post or "") if rule else None


def _nearby(line: list[Place], kind: str) -> list[Willing]:
    """From the village of the gap first, then from its town; at a line or the county, from all."""
    village = next((place for place in line if place.kind in VILLAGES), None)
    town = next((place for place in line if place.kind == Kind.TOWN), line[0])
    rows = Willing.objects.filter(path_range(town, "place__path"), user__is_active=True)
    near = rows.select_related("user", "place").defer("place__boundary").order_by("since", "pk")
    fits = [one for one in near[:LOOKED_AT] if not one.kinds or kind in one.kinds]
    return sorted(fits, key=lambda one: village is None or one.place_id != village.pk)


def _held(kind: str, users: Iterable[UUID]) -> dict[UUID, int]:
    rows = Appointment.objects.in_force(clock.today()).filter(post__kind=kind, user__in=users)
    found: dict[UUID, int] = {}
    for user in rows.values_list("user_id", flat=True):
        found[user] = found.get(user, 0) + 1
    return found


def _not_again(gap: Gap, kind: PostKind) -> set[object]:
    """Who is being asked already, or said no not long ago."""
    rows = Invitation.objects.filter(post__kind=kind.id)
    open_ = rows.filter(state__in=[Invitation.State.ASKED, Invitation.State.AGREED])
    post = _post(gap)
    no = rows.filter(state=Invitation.State.DECLINED, answered_at__gt=clock.now() - REST, post=post)
    return {*open_.values_list("user_id", flat=True), *no.values_list("user_id", flat=True)}


def _post(gap: Gap) -> Post | None:
    """The post that is empty, if it was ever opened."""
    rule = gap.asks
    if rule is None or not rule.has.post:
        return None
    rows = Post.objects.in_force(clock.today()).of_kind(rule.has.post)
    rows = rows.select_related("organisation__place", "place")
    if rule.each.kind == "bodies":
        return rows.filter(organisation=gap.subject).order_by("pk").first()
    return rows.on(gap.place).order_by("pk").first()


def _opened(gap: Gap, by: Actor) -> Post:
    rule, kind = gap.asks, _kind(gap)
    if rule is None or kind is None:
        raise Denied(_("The playbook no longer asks for this."))
    if rule.each.kind == "bodies":
        body: Organisation | None = Organisation.objects.filter(pk=gap.subject).first()
        return _open(kind, body, None, by)
    bodies = Organisation.objects.above(gap.place, clock.today())
    body = bodies.of_kind(*kind.bodies).first() if kind.bodies else gap.owner
    return _open(kind, body, gap.place, by)


def _open(kind: PostKind, body: Organisation | None, place: Place | None, by: Actor) -> Post:
    if body is None:
        raise Denied(_("No body here can have this post yet."))
    return actions.open_post(kind.id, body, by=by, place=place)
